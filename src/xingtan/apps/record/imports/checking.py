"""Required columns, keys and the ledger's checks over all rows. A check is evaluated once for each distinct combination it reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from xingtan.apps.record.ledgers.cells import Cell
from xingtan.apps.record.ledgers.checks import Checker, fault_of, values
from xingtan.apps.record.ledgers.rows import ORG, PERIOD, missing
from xingtan.apps.record.ledgers.shape import Shape
from xingtan.apps.record.ledgers.values import Fault, Reader
from xingtan.kernel.formula import Expr, Name, evaluate, walk
from xingtan.kernel.issues import Severity
from xingtan.kernel.quantity import Quantity
from xingtan.kernel.text import T
from xingtan.pack.schema.ledger import NUMERIC, Check

from .assemble import Rows
from .body import ROW, Body
from .columns import Column
from .findings import Findings
from .targets import FIELD, title_of


def check_keys(shape: Shape, body: Body, rows: Rows, findings: Findings) -> None:
    """Blank or masked parts of the key, organisations that do not keep the ledger or were closed by then, two rows with one key."""
    for name in shape.ledger.key:
        column, target = rows.columns[name], f"{FIELD}{name}"
        faulty = column.raw.is_in(column.faulty()).fill_null(value=False)
        bad = column.key.is_null() & ~faulty & ~rows.table["nil"]
        spots = zip(rows.table[ROW].filter(bad).to_list(), column.raw.filter(bad).to_list(), strict=True)
        for row, text in spots:
            fault = missing(shape, column.field, cell_of(column, text, Reader(shape)))
            if fault:
                findings.add(row, fault, column=body.column(target), title=column.field.title, value=text or "")
    _not_kept(shape, body, rows, findings)
    _closed(shape, body, rows, findings)
    _twins(shape, body, rows, findings)


def _not_kept(shape: Shape, body: Body, rows: Rows, findings: Findings) -> None:
    """Rows of organisations that do not keep the ledger, by `held_by` of the pack."""
    for org_id in rows.table["org_id"].drop_nulls().unique().to_list():
        miss = shape.not_kept_by(org_id)
        if miss:
            mine = rows.table[ROW].filter((rows.table["org_id"] == org_id).fill_null(value=False)).to_list()
            fault = Fault(miss.code, miss.message, miss.hint)
            findings.add_rows(mine, fault, column=body.column(ORG), title=title_of(shape, ORG))


def _closed(shape: Shape, body: Body, rows: Rows, findings: Findings) -> None:
    for org_id in shape.orgs.closed:
        mine = rows.table.filter(pl.col("org_id") == org_id).select(ROW, pl.coalesce("date", "ends").alias("day"))
        for row, day in mine.rows():
            gone = shape.orgs.closed_before(org_id, day)
            if gone:
                findings.add(
                    row,
                    Fault(gone.code, gone.message, gone.hint),
                    column=body.column(ORG),
                    value=shape.orgs.titles[shape.orgs.codes[org_id]],
                )


def _twins(shape: Shape, body: Body, rows: Rows, findings: Findings) -> None:
    if not shape.keyed:
        return
    good = findings.good(rows.table[ROW])
    table = rows.table.filter(good & ~rows.table["nil"]).select(ROW, "key_hash")
    twins = table.filter(pl.col("key_hash").is_duplicated()).with_columns(pl.col(ROW).first().over("key_hash").alias("first"))
    first_key = next((f"{FIELD}{name}" for name in shape.ledger.key), ORG)
    columns = "、".join([title_of(shape, ORG), title_of(shape, PERIOD), *(shape.fields[name].title for name in shape.ledger.key)])
    for row, _, first in twins.filter(pl.col(ROW) != pl.col("first")).rows():
        message = T("与第 %(row)s 行重复：%(columns)s都相同", row=first, columns=columns)
        hint = T("请保留一行；确是两件事的，请在这几栏里写出区别")
        findings.add(row, Fault("key.duplicate", message, hint), column=body.column(first_key), title=title_of(shape, first_key))


def check_required(body: Body, rows: Rows, fresh: pl.Series, findings: Findings) -> None:
    """Required columns left blank in rows that are new; in rows that stand in the ledger a blank keeps what stands there."""
    known = {(found.row, found.title) for found in findings.items}
    for name, column in rows.columns.items():
        if not column.field.required or body.column(f"{FIELD}{name}") is None:
            continue
        blank = column.raw.is_null() & fresh & ~rows.table["nil"]
        fault = Fault("cell.required", T("“%(field)s”必须填写", field=column.field.title), T("确实不知道时请填“××”，不适用时请填“不适用”"))
        for row in rows.table[ROW].filter(blank).to_list():
            if (row, column.field.title) not in known:
                findings.add(row, fault, column=body.column(f"{FIELD}{name}"), title=column.field.title)


def check_rows(shape: Shape, body: Body, rows: Rows, today: date, findings: Findings) -> dict[int, str]:
    """Run the ledger's checks. Refusals become errors; doubts are returned by row, in the pack's words."""
    checker, doubts = Checker(shape, today), dict[int, str]()
    good = findings.good(rows.table[ROW]) & ~rows.table["nil"]
    for check, expr in checker.checks:
        name = checker.column(expr)
        for row in _holding(shape, rows, good, checker, expr):
            fault = fault_of(check, checker.titles(expr))
            findings.add(row, fault, column=body.column(f"{FIELD}{name}"), title=shape.fields[name].title if name else "")
            _doubt(doubts, row, check)
    return doubts


def _doubt(doubts: dict[int, str], row: int, check: Check) -> None:
    if check.severity == "doubt":
        doubts[row] = f"{doubts[row]}；{check.say}" if row in doubts else check.say


def _holding(shape: Shape, rows: Rows, good: pl.Series, checker: Checker, expr: Expr) -> list[int]:
    """The rows for which a check holds."""
    names = list(dict.fromkeys(node.id for node in walk(expr) if isinstance(node, Name)))
    used = [name for name in names if name in rows.columns]
    beside = [column for name, column in BESIDE.items() if name in names and name not in used]
    keys = [*beside, *(f"f_{name}" for name in used)]
    if not keys:
        return []
    if not beside and _never(shape, rows, checker, expr, used):
        return []
    frame = rows.table.select(ROW, "date", "org_id", pl.col("doubt") != "").with_columns(
        rows.columns[name].raw.alias(f"f_{name}") for name in used
    )
    distinct = frame.filter(good).select(keys).unique()
    asked = _Asked(shape, rows, checker, expr, used, Reader(shape))
    true = [combination for combination in distinct.rows(named=True) if asked.holds(combination)]
    if not true:
        return []
    held = pl.DataFrame(true, schema=distinct.schema)
    return frame.filter(good).join(held, on=keys, how="semi", nulls_equal=True)[ROW].to_list()


def _never(shape: Shape, rows: Rows, checker: Checker, expr: Expr, used: list[str]) -> bool:
    """Whether the check fails for every number between the least and the greatest of each column: intervals settle it at once."""
    cells = {}
    for name in used:
        column = rows.columns[name]
        least, greatest = column.slot.min(), column.slot.max()
        if column.field.type not in NUMERIC or column.reads or column.raw.null_count() or least is None or greatest is None:
            return False
        lo, hi = float(least), float(greatest)  # type: ignore[arg-type]
        # Slots are floats: a margin, so that what stands near a limit is decided exactly, row by row.
        cells[name] = Cell(Quantity.between(lo - (abs(lo) + 1) * MARGIN, hi + (abs(hi) + 1) * MARGIN))
    return evaluate(expr, values(shape, cells, date=None, org="", doubt="", used=used), checker.env) is False


MARGIN = 1e-9
BESIDE = {"date": "date", "org": "org_id", "doubtful": "doubt"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """One check and what it reads."""

    shape: Shape
    rows: Rows
    checker: Checker
    expr: Expr
    used: list[str]
    reader: Reader

    def holds(self, said: dict[str, Any]) -> bool:
        """Whether the check surely holds for texts as they stand in the sheet."""
        cells = {name: cell for name in self.used if (cell := cell_of(self.rows.columns[name], said[f"f_{name}"], self.reader))}
        org = self.shape.orgs.codes.get(said.get("org_id") or 0, "")
        doubt = "存疑" if said.get("doubt") else ""
        row = values(self.shape, cells, date=said.get("date"), org=org, doubt=doubt, used=self.used)
        return evaluate(self.expr, row, self.checker.env) is True


def cell_of(column: Column, text: str | None, reader: Reader) -> Cell | None:
    """The cell that a text of the column means; None for a blank."""
    if text is None:
        return None
    read = column.reads.get(text)
    if read is None:
        read = column.reads[text] = reader.read(column.field, text, column.scale)
    return read.cell


__all__ = ["Severity", "cell_of", "check_keys", "check_required", "check_rows"]
