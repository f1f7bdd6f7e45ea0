"""Back from a figure to its rows: the same plan without the last aggregate."""

from __future__ import annotations

from datetime import date
from typing import Literal

import numpy as np
import pyarrow as pa

from xingtan.engine.indicators.cells import Cells
from xingtan.engine.indicators.evaluate import evaluate
from xingtan.engine.indicators.model import Model
from xingtan.engine.indicators.program import Rows
from xingtan.engine.indicators.reasons import inside
from xingtan.engine.indicators.runner import Runner
from xingtan.kernel.period import Period

Part = Literal["numerator", "denominator"]
SCHEMA = pa.schema([(name, pa.string()) for name in ("dataset", "row_id", "org", "part", "counted", "doubt")])


def rows(
    model: Model,
    runner: Runner,
    indicator: str,
    org: str,
    period: str | Period,
    *,
    part: Part | None = None,
    by: str | None = None,
    group: str | None = None,
    today: date | None = None,
    recast: date | None = None,
) -> pa.Table:
    """The rows under a figure: dataset, row_id, org (its own), part, counted, doubt; sorted by dataset, organisation and row.

    `part` is `numerator` or `denominator` where the formula divides at its top, else empty; a row that stands in both is listed in both.
    `counted` is `yes`, or `undecided` where a bound or an unknown value leaves open whether the row counts. Rows of other periods and
    organisations that the figure is compared with (previous, rank, share) are under those figures, not under this one.
    """
    table = evaluate(model, runner, orgs=[org], periods=[period], indicators=[indicator], by=by, today=today, recast=recast)
    slot, place = table.cell(org, period, group)
    found: list[dict[str, str]] = []
    for one in dict.fromkeys(model.program([indicator]).rows[indicator]):
        if part is None or one.part == part:
            found += _listed(table.cells, one, slot, place)
    surest = sorted(found, key=lambda row: row["counted"] == "yes")  # a row that one function is sure of is counted
    unique = {tuple(row[name] for name in ("dataset", "org", "row_id", "part")): row for row in surest}
    return pa.Table.from_pylist([unique[key] for key in sorted(unique)], schema=SCHEMA)


def _listed(cells: Cells, one: Rows, slot: int, place: int) -> list[dict[str, str]]:
    answers, sheet = cells.answers, cells.program.sheets[one.sheet]
    table = answers.details(one.sheet, [one.condition], answers.read_by(one.sheet, one.condition))
    below = inside(cells, one.at, slot, place)
    at = table["at"].to_numpy()
    first = slot // len(cells.setting.groups) * len(cells.setting.groups)
    slots = {slot} if answers.shape(one.sheet).by else {first, slot}
    table = table.filter(pa.array((at >= 0) & below[at] & np.isin(table["slot"].to_numpy(), list(slots))))
    counted = answers.counted(one.sheet, one.condition, table)
    columns = zip(counted, *(table[name].to_pylist() for name in ("row_id", "org", "doubt")), strict=True)
    return [
        {
            "dataset": sheet.dataset.id,
            "row_id": row_id,
            "org": org,
            "part": one.part,
            "counted": "yes" if holds else "undecided",
            "doubt": doubt or "",
        }
        for holds, row_id, org, doubt in columns
        if holds is not False
    ]
