"""Amounts of a scheme come from parameters with a source, or from the row."""

from __future__ import annotations

from collections.abc import Iterator

from xingtan.kernel.issues import Severity
from xingtan.kernel.text import T

from .lint import Finding, Lint, Rule

_KEYS = frozenset({"amount", "days", "years", "persons"})


def find(lint: Lint) -> Iterator[Finding]:
    """Amounts, days and years of own schemes that name neither a parameter nor a column: a number typed where nobody can date it."""
    own = {name for name, _ in lint.own("allocations")}
    for one in lint.formulas.all:
        slot, uses = one.slot, one.checked.uses
        if slot.collection != "allocations" or slot.item not in own or slot.path[:1] != ("aid",) or slot.path[-1] not in _KEYS:
            continue
        if not one.checked.faults and not uses.parameters and not uses.fields:
            message = T("这里直接写了数 %(text)s，没有出处也没有起止", text=slot.text)
            hint = T("写进 parameters.yaml，注明单位和出处，这里写它的编号")
            yield Finding(Severity.ERROR, "allocations", slot.item, slot.path, message, hint, value=slot.text)


RULE = Rule("aid_amount", T("标准是有出处的参数"), T("资助、奖励、津贴的金额、公示天数和年限写成参数，注明单位和出处，不直接写数。"), find)
