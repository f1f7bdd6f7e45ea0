"""A formula that reads a sensitive number, date or yes-no column: snapshots hold nothing of it, so the figure would always be unknown."""

from __future__ import annotations

from collections.abc import Iterator

from xingtan.kernel.issues import Severity
from xingtan.kernel.text import T

from .lint import Finding, Lint, Rule

HELD = frozenset({"code", "org", "text", "person"})  # codes as they are, of texts a pseudonym that can be counted


def find(lint: Lint) -> Iterator[Finding]:
    """Formulas of indicators over such columns."""
    for name, checked in lint.formulas.of("indicators").items():
        for dataset, column in sorted({field for one in checked for field in one.uses.fields}):
            ledger = lint.pack.ledgers.get(dataset)
            field = ledger.field(column) if ledger is not None else None
            if ledger is None or field is None or column not in ledger.visible.sensitive or field.type in HELD:
                continue
            message = T("公式要用敏感栏“%(column)s”，而快照不保存它，结果永远是未知", column=field.title)
            hint = T("改用代码栏（如等级），或从 visible.sensitive 里去掉这一栏")
            yield Finding(Severity.WARNING, "indicators", name, ("formula",), message, hint)


ABOUT = T("敏感的数字、日期不进快照；公式用了就算不出来。代码可以用，文字只能数有几个不同的。")
RULE = Rule("sensitive_read", T("公式不用敏感栏"), ABOUT, find)
