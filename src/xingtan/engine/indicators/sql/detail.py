"""The rows themselves, before anything is added up: for the drill-down, and for what only Python can look at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xingtan.engine.indicators.sheet import Sheet
from xingtan.engine.indicators.sql.leaf import Builder, columns_of
from xingtan.engine.indicators.sql.source import Shape, placing
from xingtan.engine.indicators.sql.values import both, column, either, negate

ROW = ("row_id", "org", "period", "date", "doubt", "valid_from", "valid_to")


def build(sheet: Sheet, shape: Shape, parameters: Any, numbers: Sequence[int], fields: Sequence[str], *, doubtful: bool = False) -> Any:
    """Rows that a condition of `numbers` counts surely or perhaps, with `y`, `m` and `w` of each as in `leaf` and the raw `fields`.

    A condition that only Python decides has no such columns and keeps every row. `doubtful`: only the doubtful ones.
    """
    raw = [name for field in fields for name in columns_of(sheet.dataset, field)]
    builder = Builder(sheet, shape, parameters, [*ROW, *raw])
    table, flags, perhaps = builder.table, {}, []
    for number in numbers:
        if (truth := builder.truths.get(number)) is None:
            perhaps.append(True)
            continue
        perhaps.append(truth.maybe)
        flags[f"y{number}"] = column(truth.yes)
        flags[f"m{number}"] = column(truth.maybe)
        flags[f"w{number}"] = column(False if truth.decided else both(truth.maybe, negate(truth.yes), truth.unknown))
    kept = both(either(*perhaps), builder.doubt) if doubtful else either(*perhaps)
    rows = table if kept is True else table.filter(column(kept))
    chosen = {name: table[name] for name in dict.fromkeys([*placing(shape), *ROW, *raw])}
    return rows.select(**chosen, **flags)
