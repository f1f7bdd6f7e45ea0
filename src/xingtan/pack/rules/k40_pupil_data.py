"""K40: personal data of pupils in public."""

from __future__ import annotations

from collections.abc import Iterator

from xingtan.kernel.text import T

from .lint import Finding, Lint, Rule, unlawful

PUBLISHED = {"pupil_ranks": T("公开学生名次"), "pupil_results": T("公开学生成绩"), "pupil_names": T("公开学生姓名")}


def find(lint: Lint) -> Iterator[Finding]:
    """Reports that publish, ledgers that anybody may read, and public lists of schemes about pupils."""
    for norm in lint.norms("K40"):
        for name, report in lint.pack.reports.items():
            for at, key in enumerate(report.publishes):
                if key in PUBLISHED:
                    yield from unlawful(lint, norm, ("reports", name, ("publishes", at)), PUBLISHED[key])
        for name, ledger in lint.pack.ledgers.items():
            personal = ledger.about == "pupil" or {"pupil_data", "pupil_results"} & set(ledger.concerns)
            if personal and "public" in ledger.visible.read:
                what = T("学生个人信息的台账“%(title)s”向公众开放", title=ledger.title)
                yield from unlawful(lint, norm, ("ledgers", name, ("visible", "read")), what)


RULE = Rule("K40", T("保护学生个人信息"), T("报告不得公开学生姓名、成绩和名次；记录学生个人信息的台账不得向公众开放。"), find, lawful=True)
