"""A ledger that no golden answer exercises: nobody has worked its figures by hand."""

from __future__ import annotations

from collections.abc import Iterator

from xingtan.kernel.issues import Severity
from xingtan.kernel.text import T

from .lint import Finding, Lint, Rule


def find(lint: Lint) -> Iterator[Finding]:
    """Own ledgers read by indicators of which none, directly or through others, is answered in a golden world."""
    uses = {name: found[0].uses for name, found in lint.formulas.of("indicators").items()}
    tried: set[str] = set()
    todo = [answer.indicator for world in lint.pack.golden.values() for answer in world.answers]
    while todo:
        name = todo.pop()
        if name not in tried and name in uses:
            tried.add(name)
            todo.extend(uses[name].indicators)
    proved = {dataset for name in tried for dataset in uses[name].datasets}
    read = {dataset for one in uses.values() for dataset in one.datasets}
    for name, ledger in lint.own("ledgers"):
        if name in read and name not in proved:
            message = T("台账“%(title)s”的指标没有一个有手算的标准答案", title=ledger.title)
            hint = T("在 golden 里写一个小例子，列出手算步骤")
            yield Finding(Severity.WARNING, "ledgers", name, ("id",), message, hint)


RULE = Rule("unproved_ledger", T("台账的指标要有标准答案"), T("每本台账至少有一个指标在 golden 里有手算的答案，改动才有据可查。"), find)
