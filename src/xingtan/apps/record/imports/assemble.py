"""From the body of a sheet to rows that can be stored: all columns read, organisation, period and dates settled, keys hashed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from xingtan.apps.base.vault.masks import HIDDEN
from xingtan.apps.record.ledgers.books import Miss
from xingtan.apps.record.ledgers.keys import SEPARATOR, digest, digests
from xingtan.apps.record.ledgers.rows import DOUBT, FROM, LONGEST_DOUBT, NIL, ORG, PERIOD, TO, period_of
from xingtan.apps.record.ledgers.shape import Shape
from xingtan.apps.record.ledgers.times import read_date
from xingtan.apps.record.ledgers.values import Fault, Reader
from xingtan.kernel.period import Period
from xingtan.kernel.text import T, Text

from .body import ROW, Body
from .columns import Column, read_column
from .findings import Findings
from .targets import FIELD, title_of

YES = frozenset({"是", "√", "无", "零报告", "1", "true"})


@dataclass(slots=True)
class Rows:
    """`table`: row, org_id, period, date, starts, ends, valid_from, valid_to, doubt, nil, data, content, key_hash and the slots.

    `columns` by field id are the cells under it, row by row, for checks and for merging with what stands in the ledger.
    """

    table: pl.DataFrame
    columns: dict[str, Column]

    def keep(self, mask: pl.Series) -> Rows:
        """The rows under a mask, columns included."""
        columns = {
            name: Column(c.field, c.raw.filter(mask), c.json.filter(mask), c.slot.filter(mask), c.key.filter(mask), c.scale, c.reads)
            for name, c in self.columns.items()
        }
        return Rows(self.table.filter(mask), columns)


@dataclass(frozen=True, slots=True)
class Given:
    """What the upload says for rows that do not say it themselves."""

    org_id: int | None
    period: str = ""
    each_row_says: bool = False


def assemble(shape: Shape, body: Body, given: Given, findings: Findings) -> Rows:
    """Read the whole body. Faults go to `findings`; the table holds every row, refused ones too."""
    reader = Reader(shape)
    columns = {item.id: _column(reader, shape, body, item.id, findings) for item in shape.ledger.fields}
    table = body.table.select(ROW).with_columns(
        _orgs(shape, body, given, findings),
        columns[shape.date_field.id].slot.alias("date") if shape.date_field else pl.lit(None, pl.Date).alias("date"),
        _days(body, FROM, findings), _days(body, TO, findings), _doubts(body, findings),
        body.texts(NIL).str.to_lowercase().is_in(list(YES)).fill_null(value=False).alias("nil"),
    )  # fmt: skip
    table = _in_time(shape, body, given, table, columns=columns, findings=findings)
    table = table.with_columns([c.slot.alias(shape.layout[name]) for name, c in columns.items() if name in shape.layout])
    return Rows(seal(shape, table, columns), columns)


def _column(reader: Reader, shape: Shape, body: Body, name: str, findings: Findings) -> Column:
    target = f"{FIELD}{name}"
    heading = body.headings.get(target)
    item = shape.fields[name]
    scale = Decimal(heading.scale) if heading else Decimal(1)
    column = read_column(reader, item, body.texts(target), scale, plain=target in body.plain)
    faulty = column.faulty()
    if faulty:
        hit = column.raw.is_in(faulty)
        for row, text in zip(body.table[ROW].filter(hit).to_list(), column.raw.filter(hit).to_list(), strict=True):
            for fault in column.reads[text].faults:
                said = (fault, text) if name not in shape.ledger.visible.sensitive else (_hushed(fault), HIDDEN)
                findings.add(row, said[0], column=body.column(target), title=item.title, value=said[1])
    return column


def _hushed(fault: Fault) -> Fault:
    """A fault of a sensitive cell: what was typed is not repeated, because findings are kept."""
    return replace(
        fault,
        message=Text(fault.message.template, {**fault.message.params, **({"text": HIDDEN} if "text" in fault.message.params else {})}),
    )


def _orgs(shape: Shape, body: Body, given: Given, findings: Findings) -> pl.Series:
    raw = body.texts(ORG)
    known: dict[str, int] = {}
    for text in raw.drop_nulls().unique().to_list():
        found = shape.orgs.find(text)
        if isinstance(found, Miss):
            fault = Fault(found.code, found.message, found.hint)
            for row in body.table[ROW].filter((raw == text).fill_null(value=False)).to_list():
                findings.add(row, fault, column=body.column(ORG), title=title_of(shape, ORG), value=text)
        else:
            known[text] = found
    ids = mapped(raw, known, pl.Int64)
    if given.each_row_says:
        fault = Fault("org.blank", T("没有写明单位"), T("请填单位的全称或代码"))
        findings.add_rows(body.table[ROW].filter(raw.is_null()).to_list(), fault, column=body.column(ORG), title=title_of(shape, ORG))
        return ids.alias("org_id")
    return ids.set(raw.is_null(), given.org_id if given.org_id is not None else shape.orgs.root_id).alias("org_id")


def mapped(raw: pl.Series, known: dict[Any, Any], kind: Any) -> pl.Series:
    """Each value by what it is known as; null for the others."""
    if not known:
        return pl.Series(raw.name, [None] * raw.len(), dtype=kind)
    return raw.replace_strict(list(known), list(known.values()), default=None, return_dtype=kind)


def _days(body: Body, target: str, findings: Findings) -> pl.Series:
    raw = body.texts(target)
    known: dict[str, date] = {}
    for text in raw.drop_nulls().unique().to_list():
        found = read_date(text)
        if isinstance(found, date):
            known[text] = found
            continue
        fault = Fault("cell.date", T("“%(text)s”不是日期", text=text[:40]), T("请写成 2009-03-08 或 2009年3月8日"))
        for row in body.table[ROW].filter((raw == text).fill_null(value=False)).to_list():
            findings.add(row, fault, column=body.column(target), value=text)
    return mapped(raw, known, pl.Date).alias(target)


def _doubts(body: Body, findings: Findings) -> pl.Series:
    raw = body.texts(DOUBT).fill_null("")
    long = raw.str.len_chars() > LONGEST_DOUBT
    fault = Fault("cell.long", T("存疑的理由最多 %(limit)s 个字", limit=LONGEST_DOUBT), T("请缩短"))
    findings.add_rows(body.table[ROW].filter(long).to_list(), fault, column=body.column(DOUBT))
    return raw.str.slice(0, LONGEST_DOUBT).alias("doubt")


def _in_time(
    shape: Shape, body: Body, given: Given, table: pl.DataFrame, *, columns: dict[str, Column], findings: Findings
) -> pl.DataFrame:
    """Add period, starts and ends. Each distinct combination of written period, day and half-named date is settled once."""
    raw = body.texts(PERIOD)
    raw = raw.set(raw.is_null(), given.period) if given.period else raw
    dates = columns[shape.date_field.id] if shape.date_field else None
    named = {text: read.period for text, read in dates.reads.items() if read.period} if dates else {}
    half = dates.raw.set(~dates.raw.is_in(list(named)), None) if dates and named else pl.Series([None] * table.height, dtype=pl.String)
    table = table.with_columns(raw.fill_null("").alias("p"), half.alias("h"))
    wanted = table.select("p", "date", "h").unique(maintain_order=True)
    settled = [period_of(shape, p, day, named.get(h)) for p, day, h in wanted.rows()]
    faults = {combination: found for combination, found in zip(wanted.rows(), settled, strict=True) if isinstance(found, Fault)}
    for row, *combination in table.select(ROW, "p", "date", "h").rows() if faults else ():
        if fault := faults.get(tuple(combination)):
            findings.add(row, fault, column=body.column(PERIOD), title=title_of(shape, PERIOD), value=str(combination[0]))
    spans = wanted.with_columns(
        pl.DataFrame([_span(found, day) for found, day in zip(settled, wanted["date"].to_list(), strict=True)], schema=_SPAN, orient="row")
    )
    return table.join(spans, on=["p", "date", "h"], how="left", nulls_equal=True, maintain_order="left").drop("p", "h")


_SPAN = {"period": pl.String, "starts": pl.Date, "ends": pl.Date}


def _span(found: Period | Fault | None, day: date | None) -> tuple[str, date | None, date | None]:
    if isinstance(found, Period):
        return found.text, found.start, found.end
    return "", day, day


def seal(shape: Shape, table: pl.DataFrame, columns: dict[str, Column]) -> pl.DataFrame:
    """Add data, content, key_hash and keyless (whether a part of the key cannot tell rows apart)."""
    table = table.with_columns(_objects(columns).alias("data"))
    iso = [pl.col(name).dt.to_string("%Y-%m-%d").fill_null("") for name in ("valid_from", "valid_to")]
    said = pl.concat_str([pl.col("org_id").cast(pl.String), "period", "doubt", *iso, "data"], separator=SEPARATOR)
    keys = [columns[name].key.alias(f"k_{name}") for name in shape.ledger.key]
    key = pl.concat_str([pl.col("org_id").cast(pl.String), "period", *(pl.lit(k) for k in keys)], separator=SEPARATOR)
    table = table.with_columns(said.alias("content"), key.alias("key_hash"))
    content = _hashed(table["content"], shape.hash_key)
    key_hash = _hashed(table["key_hash"], shape.hash_key) if shape.keyed else _numbered(content)
    return table.with_columns(content.alias("content"), key_hash.alias("key_hash"))


def _objects(columns: dict[str, Column]) -> pl.Expr:
    """The stored cells of each row as one JSON object, blanks left out; one pass over all columns."""
    parts: list[pl.Expr] = []
    for name, column in columns.items():
        said = pl.lit(f',"{name}":', pl.String)
        if column.json.null_count() == column.json.len():
            continue
        parts += [(said + column.json).fill_null("")] if column.json.null_count() else [said, pl.lit(column.json)]
    inner = pl.concat_str(parts).str.slice(1) if parts else pl.lit("", pl.String)
    return "{" + inner + "}"


def _hashed(texts: pl.Series, key: bytes) -> pl.Series:
    return pl.Series(texts.name, digests(texts.to_list(), key), dtype=pl.String)


def _numbered(content: pl.Series) -> pl.Series:
    """Rows of a ledger without key: equal rows of one file are counted apart."""
    frame = content.rename("c").to_frame().with_columns((pl.int_range(pl.len()).over("c")).alias("n"))
    return pl.Series([c if not n or c is None else digest(f"{c}#{n}") for c, n in frame.rows()], dtype=pl.String)
