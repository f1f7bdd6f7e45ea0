"""Why a figure is what it is: the sentences beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xingtan.engine.indicators.rewrite import references
from xingtan.engine.indicators.spec import IndicatorSpec, Interval
from xingtan.kernel.formula.nodes import Name, walk
from xingtan.kernel.quantity import Quantity, Reason
from xingtan.kernel.text import T, Text

if TYPE_CHECKING:
    from xingtan.engine.indicators.cells import Cells


def implausible(spec: IndicatorSpec, value: Quantity) -> bool:
    """Whether the value surely lies outside the declared plausible range."""
    if spec.plausible is None or value.is_not_applicable:
        return False
    low, high = spec.plausible.lo, spec.plausible.hi
    return (low is not None and value.compare("<", low) is True) or (high is not None and value.compare(">", high) is True)


def of(cells: Cells, spec: IndicatorSpec, cell: tuple[int, int], value: Quantity, counts: tuple[int, int]) -> tuple[Text, ...]:
    """`counts`: how many returns are missing, how many rows are doubtful."""
    slot, org = cell
    absent, doubtful = counts
    found: list[Text] = []
    if value.is_not_applicable:
        found.append(T("这个机构在这一期没有这个指标"))
    if value.is_unknown:
        found += _unknown(cells, spec, slot, org)
    if value.reason is Reason.APPROXIMATE:
        found.append(T("有的数是约数"))
    if absent:
        found.append(T("应报未报：%(number)s 个机构", number=absent))
    if doubtful:
        found.append(T("有 %(number)s 行存疑", number=doubtful))
    if implausible(spec, value) and spec.plausible is not None:
        found.append(_range(spec.plausible))
    return tuple(found)


def _range(plausible: Interval) -> Text:
    low, high = ("不限" if end is None else f"{end:f}" for end in (plausible.lo, plausible.hi))
    return T("超出合理范围（%(low)s 至 %(high)s）", low=low, high=high)


def _unknown(cells: Cells, spec: IndicatorSpec, slot: int, org: int) -> list[Text]:
    found: list[Text] = []
    period = cells.setting.period_of(slot)
    for sheet in cells.program.unions[spec.id]:
        title = cells.program.sheets[sheet].dataset.title
        if not cells.whole.answers.reported(sheet)[slot // len(cells.setting.groups)]:
            found.append(T("%(period)s没有《%(dataset)s》的记录", period=period.label(), dataset=title))
        elif _spoken_for(cells, spec.id, sheet, slot, org):
            found.append(T("《%(dataset)s》只有上级单位的合计，没有本单位的数", dataset=title))
    found += [T("参数“%(title)s”没有给出", title=title) for title in dict.fromkeys(_parameters(cells, spec.id))]
    _, denominator = cells.parts(spec.id, slot, org)
    if denominator is not None and not denominator.is_unknown and denominator.contains(0):
        found.append(T("除数是 0 或可能是 0"))
    return found or [T("有的数不明")]


def _spoken_for(cells: Cells, indicator: str, sheet: int, slot: int, org: int) -> bool:
    ways = {one.at for one in cells.program.rows[indicator] if one.sheet == sheet}
    return any((silent := cells.summed(sheet, at)) is not None and bool(silent[slot, org]) for at in ways)


def _parameters(cells: Cells, indicator: str) -> list[str]:
    """The parameters of the formula that the source masks, by title."""
    names = (node.id for node in walk(cells.model.formulas[indicator]) if isinstance(node, Name))
    parameters = cells.model.spec.parameters
    return [parameters[name].title or name for name in names if name in parameters and parameters[name].value is None]


def assumptions(cells: Cells, indicator: str) -> tuple[str, ...]:
    """Those of the indicator and of every indicator it rests on."""
    found: dict[str, None] = {}
    todo, seen = [indicator], set[str]()
    while todo:
        name = todo.pop(0)
        if name not in seen:
            seen.add(name)
            found |= dict.fromkeys(cells.model.indicators[name].assumptions)
            todo += [one for one in references(cells.model.formulas[name]) if one in cells.model.formulas]
    return tuple(found)


def doubts(cells: Cells, indicator: str, slot: int, org: int) -> tuple[str, ...]:
    """The stated reasons of the doubtful rows under a figure, sorted."""
    found: dict[str, None] = {}
    for sheet, union in cells.program.unions[indicator].items():
        at = next(one.at for one in cells.program.rows[indicator] if one.sheet == sheet)
        below = inside(cells, at, slot, org)
        table = cells.doubtful(sheet, union)
        mask = below[table["at"].to_numpy()] & (table["slot"].to_numpy() == slot) & (table["at"].to_numpy() >= 0)
        found |= dict.fromkeys(table["doubt"].filter(mask).to_pylist())
    return tuple(sorted(found))


def inside(cells: Cells, at: str, slot: int, org: int) -> np.ndarray:
    """Which organisations' rows are seen from one: its subtree, and whoever handed numbers on into it."""
    found = cells.trees(at)[slot].below(org)
    for own, goals in (cells.setting.heirs or {}).items():
        found[own] = any(found[heir] for heir, _ in goals)
    return found
