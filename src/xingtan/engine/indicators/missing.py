"""Who owed a return and sent neither a row nor a nil return."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from xingtan.engine.indicators.world import matches

if TYPE_CHECKING:
    from xingtan.engine.indicators.cells import Cells


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
