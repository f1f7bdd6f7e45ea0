"""Who is silent: owed a return and sent neither a row nor a nil return, or is spoken for by one above it only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from xingtan.engine.indicators.leaves import bulk
from xingtan.engine.indicators.world import matches

if TYPE_CHECKING:
    from xingtan.engine.indicators.cells import Cells
    from xingtan.engine.indicators.tree import Tree


def owing(cells: Cells, sheet: int) -> npt.NDArray[np.bool_] | None:
    """Slots × organisations (own, not rolled up): due and absent. None if nothing is due."""
    due = cells.program.sheets[sheet].dataset.due_from
    if not due:
        return None
    whole, setting = cells.whole, cells.setting
    kinds = list(frozenset().union(*(cells.kinds(kind) for kind in due)))
    own = whole.leaves(sheet)
    rows = own.spread()[:, :, own.place("n")[0]] > 0
    members, result = setting.axis.members, []
    for number, period in enumerate(setting.periods):
        open_now = setting.world.tree(period.end)
        owes = open_now.present[members] & np.isin(open_now.kind[members], kinds) & ~rows[:, number]
        nil = [org for org, text in setting.world.returns.get(own_dataset(cells, sheet), ()) if text and matches(period, (text, None))]
        owes[[int(place) for place in setting.axis.place[nil] if place >= 0]] = False
        result.append(owes)
    return np.repeat(np.stack(result), len(setting.groups), axis=0)


def own_dataset(cells: Cells, sheet: int) -> str:
    return cells.program.sheets[sheet].dataset.id


def counts(cells: Cells, sheet: int, at: str) -> npt.NDArray[Any] | None:
    """How many organisations below each (itself included) owe; slots × organisations."""
    found = owing(cells, sheet)
    if found is None or not found.any():
        return None
    matrix = found.T.astype(np.int64)
    heirs = cells.setting.heirs or {}
    for org in np.flatnonzero(matrix.any(axis=1)):
        for heir, _ in heirs.get(int(org), ()):
            matrix[heir] += matrix[org]
    result = np.empty(found.shape, dtype=np.int64)
    for slot, tree in enumerate(cells.trees(at)):
        column = matrix[:, slot].copy()
        tree.roll(column)
        result[slot] = column
    return result


def codes(cells: Cells, sheet: int, at: str, slot: int, org: int) -> list[str]:
    """Codes of the organisations below one that owe, sorted."""
    found = owing(cells, sheet)
    if found is None:
        return []
    inside = cells.trees(at)[slot].below(org)
    heirs = cells.setting.heirs or {}
    owes = [one for one in np.flatnonzero(found[slot]) if any(inside[heir] for heir in _homes(int(one), heirs))]
    return sorted(cells.setting.codes[int(one)].as_py() for one in owes)


def _homes(org: int, heirs: Any) -> list[int]:
    return [heir for heir, _ in heirs[org]] if org in heirs else [org]


def summed(cells: Cells, sheet: int, at: str) -> npt.NDArray[np.bool_] | None:
    """Slots × organisations with neither row nor nil return of their own or below them, while one above reported for the period.

    What the one above stated holds some unknown part of them: theirs is unknown, not 0. None if nobody is in that case.
    """
    setting = cells.setting
    if cells.program.sheets[sheet].rule.kind != "period" or setting.heirs is not None:
        return None
    dataset = own_dataset(cells, sheet)
    found = [_spoken_for(cells, dataset, number, at) for number in range(len(setting.periods))]
    if not any(one.any() for one in found):
        return None
    rows = bulk(cells.whole.rolled(sheet, at), cells.whole.leaves(sheet).place("n"))
    return np.asarray(np.repeat(np.stack(found) & (np.asarray(rows) == 0), len(setting.groups), axis=0))


def _spoken_for(cells: Cells, dataset: str, number: int, at: str) -> npt.NDArray[np.bool_]:
    """Organisations on the axis strictly below one that reported for the period, except where a nil return says there is nothing."""
    setting = cells.setting
    period = setting.periods[number]
    tree = setting.full_tree(period, at)
    result = np.zeros(len(setting.world.codes), dtype=bool)
    for org in setting.world.tops(dataset, period):
        inside = tree.below(org)
        inside[org] = False
        result |= inside
    for org, text in setting.world.returns.get(dataset, ()):
        if text and matches(period, (text, None)):
            result &= ~_around(tree, org)
    return result[setting.axis.members]


def _around(tree: Tree, org: int) -> npt.NDArray[np.bool_]:
    """The organisations below one, itself, and those above it: a nil return somewhere below is a return."""
    result = tree.below(org)
    above = int(tree.parent[org])
    while above >= 0 and not result[above]:
        result[above] = True
        above = int(tree.parent[above])
    return result
