"""What an import would do to the ledger: rows added, changed, left alone; and whether so much changes that somebody should look twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db import connection

from xingtan.apps.record.ledgers.cells import Cell, load
from xingtan.apps.record.ledgers.checks import Checker
from xingtan.apps.record.ledgers.keys import canonical, content_hash
from xingtan.apps.record.ledgers.models import Record
from xingtan.apps.record.ledgers.sealing import opened
from xingtan.apps.record.ledgers.selectors import counting_sql, hidden_batches
from xingtan.apps.record.ledgers.shape import Shape
from xingtan.apps.record.ledgers.values import Fault
from xingtan.kernel.issues import Severity
from xingtan.kernel.text import T, Text

from .assemble import Rows
from .body import ROW
from .columns import slot_of
from .findings import Findings

CHUNK = 2000
DAYS = ("date", "starts", "ends", "valid_from", "valid_to")  # left blank in a file, they stay as they were
SHARE, SMALL = 3, 10  # a third; ledgers with fewer rows raise no alarm
_OLD = {
    "key_hash": pl.String,
    "old_id": pl.Int64,
    "version": pl.Int64,
    "chain": pl.Int64,
    "old_content": pl.String,
    "org_id": pl.Int64,
    "old_period": pl.String,
}


@dataclass(slots=True)
class Diff:
    """`rows.table` has `kind` (added, changed, same) beside everything, and of the row that stands there old_id, version, chain."""

    rows: Rows
    covered: int  # rows of the ledger in the periods and organisations that the file speaks of
    absent: int  # of them, those that the file does not name

    def count(self, kind: str) -> int:
        return int((self.rows.table["kind"] == kind).sum())

    @property
    def alarm(self) -> Text | None:
        """Why somebody should look twice; None when nothing is unusual."""
        if self.covered < SMALL:
            return None
        changed = self.count("changed")
        if self.absent * SHARE >= self.covered:
            return T(
                "台账里这些单位、这些期间共有 %(all)s 行，文件里缺了 %(gone)s 行（三分之一以上）。缺的行不会被删除",
                all=self.covered,
                gone=self.absent,
            )
        if changed * SHARE >= self.covered:
            return T(
                "台账里这些单位、这些期间共有 %(all)s 行，文件要改动 %(changed)s 行（三分之一以上）", all=self.covered, changed=changed
            )
        return None


def standing(shape: Shape, periods: list[str]) -> pl.DataFrame:
    """The rows that count now, in these periods (all when there are many)."""
    sql = (
        "SELECT r.key_hash, r.id, r.version, COALESCE(r.chain, r.id), r.content, r.org_id, r.period FROM ledgers_record r "  # noqa: S608 - ours
        f"WHERE r.place_id = %s AND r.ledger = %s AND {counting_sql(hidden_batches(shape.place, shape.ledger.id))}"
    )
    params: list[Any] = [shape.place.pk, shape.ledger.id]
    if len(periods) <= 500:
        sql += f" AND r.period IN ({', '.join(['%s'] * len(periods))})"
        params += periods
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return pl.DataFrame(cursor.fetchall(), schema=_OLD, orient="row")


def compare(shape: Shape, rows: Rows) -> Diff:
    """Find for each row the one with its key that counts now."""
    table = rows.table
    old = standing(shape, table["period"].unique().to_list()) if table.height else pl.DataFrame(schema=_OLD)
    old = old.unique("key_hash", keep="first") if old.height else old
    joined = table.join(old.drop("org_id", "old_period"), on="key_hash", how="left", maintain_order="left")
    kind = pl.when(pl.col("old_id").is_null()).then(pl.lit("added")).when(pl.col("old_content") == pl.col("content")).then(pl.lit("same"))
    joined = joined.with_columns(kind.otherwise(pl.lit("changed")).alias("kind"))
    scope = old.filter(
        pl.col("old_period").is_in(table["period"].unique().to_list()) & pl.col("org_id").is_in(table["org_id"].unique().to_list())
    )
    named = scope["key_hash"].is_in(table["key_hash"].drop_nulls().to_list()).sum() if scope.height else 0
    return Diff(Rows(joined, rows.columns), scope.height, scope.height - int(named))


def merge(shape: Shape, diff: Diff, today: date, findings: Findings) -> None:
    """Lay the changed rows over those that stand there: blanks keep, 清空 clears; what then says the same is left alone."""
    table = diff.rows.table
    spots = [index for index, kind in enumerate(table["kind"].to_list()) if kind == "changed"]
    if not spots:
        return
    merged = dict(_merged(shape, diff, spots, Checker(shape, today), findings))
    index = table.with_row_index("i").select("i")
    patch = pl.DataFrame([(i, *said) for i, said in merged.items()], schema={"i": pl.UInt32, **_patch_schema(shape)}, orient="row")
    names = [name for name in patch.columns if name != "i"]
    wide = index.join(patch, on="i", how="left", maintain_order="left")
    diff.rows.table = table.with_columns(wide[name].zip_with(wide["data"].is_not_null(), table[name]).alias(name) for name in names)


def _patch_schema(shape: Shape) -> dict[str, Any]:
    slots = {slot: pl.Float64 if slot[0] == "n" else pl.Date if slot[0] == "d" else pl.String for slot in _slots(shape).values()}
    return {"kind": pl.String, "data": pl.String, "doubt": pl.String, "content": pl.String, **dict.fromkeys(DAYS, pl.Date), **slots}


def _slots(shape: Shape) -> dict[str, str]:
    return {name: slot for name, slot in shape.layout.items() if name in shape.fields}


def _merged(shape: Shape, diff: Diff, spots: list[int], checker: Checker, findings: Findings) -> Iterator[tuple[int, tuple[Any, ...]]]:
    table = diff.rows.table
    clears = {name: column.clears() for name, column in diff.rows.columns.items()}
    clears = {name: mask for name, mask in clears.items() if mask.any()}
    for start in range(0, len(spots), CHUNK):
        chunk = spots[start : start + CHUNK]
        old = Record.objects.in_bulk([table["old_id"][i] for i in chunk])
        for i in chunk:
            row = table.row(i, named=True)
            before = old[row["old_id"]]
            kept = {name: stored for name, stored in opened(before.data).items() if not (name in clears and clears[name][i])}
            data = {**kept, **json.loads(row["data"])}
            data = {name: data[name] for name in shape.fields if name in data}
            yield i, _laid(shape, row, before, data, checker=checker, findings=findings)


def _laid(
    shape: Shape, row: dict[str, Any], before: Record, data: dict[str, Any], *, checker: Checker, findings: Findings
) -> tuple[Any, ...]:
    cells = {name: cell for name, stored in data.items() if (cell := load(shape.fields[name], stored)) is not None}
    doubt = row["doubt"] or before.doubt
    days = [getattr(before, name) if row[name] is None else row[name] for name in DAYS]
    row = {**row, **dict(zip(DAYS, days, strict=True))}
    for name, fault in checker.run(cells, date=row["date"], org=shape.orgs.codes.get(row["org_id"], ""), doubt=doubt):
        if fault.severity is Severity.ERROR:
            title = shape.fields[name].title if name else ""
            findings.add(
                row[ROW],
                Fault(fault.code, T("与台账里原有的内容合在一起看：%(say)s", say=fault.message), T("请把相关的栏都填上")),
                title=title,
            )
    text = canonical(data)
    span = tuple("" if row[name] is None else row[name].isoformat() for name in ("valid_from", "valid_to"))
    content = content_hash(text, org_id=row["org_id"], period=row["period"], doubt=doubt, span=(span[0], span[1]), key=shape.hash_key)
    same = content == before.content or (
        data == opened(before.data) and doubt == before.doubt and _spans(row) == (before.valid_from, before.valid_to)
    )
    slots = [_slot(shape, name, cells) for name in _slots(shape)]
    return ("same" if same else "changed", text, doubt, content, *days, *slots)


def _spans(row: dict[str, Any]) -> tuple[date | None, date | None]:
    return row["valid_from"], row["valid_to"]


def _slot(shape: Shape, name: str, cells: dict[str, Cell]) -> Any:
    return slot_of(shape.fields[name], cells[name]) if name in cells else None
