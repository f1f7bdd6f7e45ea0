"""A ledger nothing reads: clerks would fill it for nobody."""

from __future__ import annotations

from collections.abc import Iterator

from xingtan.kernel.issues import Severity
from xingtan.kernel.text import T

from .lint import Finding, Lint, Rule


def find(lint: Lint) -> Iterator[Finding]:
    """Own ledgers that no formula of an indicator, duty, scheme or allocation reads."""
    read = {name for one in lint.formulas.all if one.slot.collection != "ledgers" for name in one.checked.uses.datasets}
    schemes = [one.aid for one in lint.pack.allocations.values() if one.aid is not None]
    read |= {aid.applications for aid in schemes} | {aid.covers.ledger for aid in schemes if aid.covers is not None}
    for name, ledger in lint.own("ledgers"):
        if name not in read:
            message = T("台账“%(title)s”没有任何指标、职责或考核用到", title=ledger.title)
            yield Finding(Severity.WARNING, "ledgers", name, ("id",), message, T("写一个用到它的指标，或删去这本台账"))


RULE = Rule("idle_ledger", T("台账要有用处"), T("没有任何公式读的台账，基层填了也没有用。"), find)
