"""The rows a sheet sees: a dataset joined with the periods asked, kept to the organisations asked, split by the groups asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis

from xingtan.engine.indicators.sheet import Sheet
from xingtan.engine.indicators.spec import NUMERIC, DatasetSpec
from xingtan.engine.indicators.sql.row import time_column
from xingtan.engine.indicators.sql.values import Truth

DECIMAL = "decimal(38, 10)"
ASKED, SCOPE, GROUPS = "asked", "scope", "groups"
NO_DATE = "1000-01-01"  # stands for "the row's period decides" in the key of the asked periods
BASE = {
    "row_id": "string",
    "org": "string",
    "period": "string",
    "date": "date",
    "doubt": "string",
    "valid_from": "date",
    "valid_to": "date",
}


@dataclass(frozen=True)
class Shape:
    """What changes the text of a sheet's query besides its formulas."""

    exact: frozenset[str] = frozenset()
    dated: bool = True  # some rows have no period, their date decides
    scoped: bool = False  # only the organisations of the table `scope`
    by: str = ""  # field of the breakdown
    times: tuple[str, ...] = ()
    flat: bool = False  # few rows: let them come as they are, and be added up where they are rolled up anyhow
    free: bool = False  # all rows with their own period and date, whatever periods and organisations are asked

    @property
    def key(self) -> str:
        return f"{sorted(self.exact)}{self.dated}{self.scoped}{self.by}{self.times}{self.flat}{self.free}"


def dataset_table(dataset: DatasetSpec) -> Any:
    """The unbound table of a dataset, as contracts.md §2 lays it out."""
    columns = dict(BASE)
    for field in dataset.fields:
        if field.type in NUMERIC:
            columns |= {
                f"{field.id}__lo": DECIMAL,
                f"{field.id}__hi": DECIMAL,
                f"{field.id}__lo_open": "bool",
                f"{field.id}__hi_open": "bool",
            }
        else:
            columns[field.id] = {"date": "date", "boolean": "bool"}.get(field.type, "string")
        columns[f"{field.id}__reason"] = "string"
    return ibis.table(columns, name=dataset.id)


def asked_schema(sheet: Sheet, shape: Shape) -> dict[str, str]:
    """Columns of the table of periods asked: `slot` numbers them; the rest is what the time rule joins on."""
    keys = {"period": {"row_period": "string"}, "on": {"day": "date"}, "within": {"after": "date", "until": "date"}}[sheet.rule.kind]
    if sheet.rule.kind == "period" and shape.dated:
        keys["row_date"] = "date"
    times = {time_column(name): "string" if name == "term" else "date" for name in shape.times}
    return {"slot": "int32", **keys, **times}


def joined(sheet: Sheet, shape: Shape, rows: Any) -> Any:
    """Rows × periods asked (× groups): the columns of `rows` and `slot`, the time names (and `group`, `group_value`).

    A free shape asks for no period: its rows are placed by their own `period` and `date` afterwards.
    """
    if shape.free:
        return rows
    asked = ibis.table(asked_schema(sheet, shape), name=ASKED)
    found = rows.inner_join(asked, _join(sheet, shape, rows, asked))
    if not shape.by:
        return found
    groups = ibis.table({"group": "int32", "group_value": "string"}, name=GROUPS)
    unknown = (found[f"{shape.by}__reason"] == "unknown").fill_null(False)
    return found.inner_join(groups, (found[shape.by] == groups.group_value).fill_null(False) | unknown)


def keys(sheet: Sheet, shape: Shape) -> tuple[str, ...]:
    """The columns that place a row and that the join reads."""
    if sheet.rule.kind == "on":
        return "org", "valid_from", "valid_to"
    if sheet.rule.kind == "within":
        return "org", "date"
    return ("org", "period", "date") if shape.dated else ("org", "period")


def placing(shape: Shape) -> tuple[str, ...]:
    """The columns of an answer that say where its rows belong."""
    if shape.free:
        return ("org", "period", "date") if shape.dated else ("org", "period")
    return ("org", "slot", "group") if shape.by else ("org", "slot")


def scoped(table: Any, shape: Shape) -> Any:
    """Only the rows of the organisations asked."""
    return table.semi_join(ibis.table({"org": "string"}, name=SCOPE), "org") if shape.scoped else table


def rule_truth(sheet: Sheet, table: Any) -> Truth:
    """Whether the time rule takes a row that the join let through: undecided where the row does not say its day."""
    if sheet.rule.kind == "period":
        return Truth(True, True)
    day = table.valid_from if sheet.rule.kind == "on" else table.date
    known = day.notnull()
    return Truth(known, True, ~known)


def _join(sheet: Sheet, shape: Shape, rows: Any, asked: Any) -> list[Any]:
    if sheet.rule.kind == "on":
        begun = (rows.valid_from <= asked.day).fill_null(True)
        return [begun, rows.valid_from.isnull() | rows.valid_to.isnull() | (asked.day < rows.valid_to)]
    if sheet.rule.kind == "within":
        return [(rows.date > asked.after).fill_null(True), (rows.date <= asked.until).fill_null(True)]
    if not shape.dated:
        return [rows.period == asked.row_period]
    day = ibis.ifelse(rows.period == "", rows.date, ibis.literal(NO_DATE, type="date"))
    return [rows.period == asked.row_period, day == asked.row_date]
