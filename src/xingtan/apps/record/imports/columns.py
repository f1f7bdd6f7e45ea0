"""One column of texts → stored cells, all rows at once. Plain cells take the fast lane; every other distinct text is read by
`ledgers.values.Reader`, once. Both give the same cells (tests hold them equal)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from dataclasses import field as slot_default
from decimal import Decimal
from typing import Any

import polars as pl

from xingtan.apps.record.ledgers.cells import CLEAR, Cell, dump, plain_text
from xingtan.apps.record.ledgers.values import LONGEST_NAME, Read, Reader, is_masked
from xingtan.kernel.quantity import Quantity
from xingtan.pack.schema.ledger import NUMERIC, Field

FEW = 1000  # up to so many distinct texts, reading each is cheaper than asking which are plain
_NUMBER = r"^(0|-?[1-9][0-9]{0,13}|-?(0|[1-9][0-9]{0,13})\.[0-9]{0,15}[1-9])$"
_DATE = r"^[12][0-9]{3}-[01][0-9]-[0-3][0-9]( 00:00:00)?$"
# What makes a text anything but itself: JSON escapes, masks, control characters, and words with a meaning of their own.
_ODD_TEXT = r'["\\\x00-\x1f\x7f×✕＊*□?？…\u{fffe}\u{ffff}]|^(缺|不详|未知|不明|不适用|清空|[nN]/[aA]|[XxＸｘ]+|[0-9.]+[eE]\+[0-9]+)$'
# All that str.strip() takes off, and the mark of byte order: both lanes must call the same cells empty.
BLANKS = "".join(
    map(
        chr,
        (*range(0x9, 0xE), *range(0x1C, 0x21), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF),
    )
)


@dataclass(slots=True)
class Column:
    """`json`: the stored cell, null for a blank; `slot`, `key`: what sorting and the key take from it (key null: cannot tell rows apart).

    `reads` holds what the slow lane found, by text; `raw` the texts without blanks around them.
    """

    field: Field
    raw: pl.Series
    json: pl.Series
    slot: pl.Series
    key: pl.Series
    scale: Decimal = Decimal(1)
    reads: dict[str, Read] = slot_default(default_factory=dict)

    def faulty(self) -> list[str]:
        """The texts that have faults."""
        return [text for text, read in self.reads.items() if read.faults]

    def clears(self) -> pl.Series:
        """Which rows say 清空."""
        return (self.raw == CLEAR).fill_null(value=False)


def stripped(raw: pl.Series) -> pl.Series:
    """Texts without blanks around; blanks become null."""
    clean = raw.str.strip_chars(BLANKS)
    return clean.set(clean == "", None)


def read_column(reader: Reader, item: Field, raw: pl.Series, scale: Decimal = Decimal(1), *, plain: bool = False) -> Column:
    """Read a whole column of texts without blanks around them. Faults stay in `reads`; a faulty cell is blank in `json`.

    `plain`: the sheet says that all cells are numbers.
    """
    easy = _easy(item, raw, scale, plain) if _many_texts(raw) else None
    if easy is None:
        return _slow(reader, item, raw, raw.drop_nulls().unique(), scale)
    odd = raw.filter(~easy.known & raw.is_not_null())
    if not odd.len():
        return Column(item, raw, easy.json, easy.slot, easy.key, scale, {})
    slow = _slow(reader, item, raw, odd.unique(), scale)
    known = easy.known
    json_, slot = easy.json.zip_with(known, slow.json), easy.slot.zip_with(known, slow.slot)
    return Column(item, raw, json_, slot, easy.key.zip_with(known, slow.key), scale, slow.reads)


def _many_texts(raw: pl.Series) -> bool:
    """Whether a column has so many distinct texts that the fast lane pays; judged by its head."""
    head = raw.head(5 * FEW)
    return head.n_unique() > min(FEW, raw.len() // 2)


@dataclass(slots=True)
class _Easy:
    known: pl.Series
    json: pl.Series
    slot: pl.Series
    key: pl.Series


def _slot_type(item: Field) -> Any:
    return pl.Float64 if item.type in NUMERIC else pl.Date if item.type == "date" else pl.String


def _slow(reader: Reader, item: Field, raw: pl.Series, texts: pl.Series, scale: Decimal) -> Column:
    """Read each distinct text once and spread the results over the rows."""
    reads = {text: reader.read(item, text, scale) for text in texts.to_list()}
    good = {text: read for text, read in reads.items() if read.cell is not None and not _refused(read)}
    words, cells = list(good), [read.cell for read in good.values() if read.cell]
    table = pl.DataFrame(
        {
            "raw": words,
            "json": [json.dumps(dump(cell), ensure_ascii=False, separators=(",", ":")) for cell in cells],
            "slot": [slot_of(item, cell) for cell in cells],
            "key": [key_of(read) for read in good.values()],
        },
        schema={"raw": pl.String, "json": pl.String, "slot": _slot_type(item), "key": pl.String},
    )
    spread = raw.rename("raw").to_frame().join(table, on="raw", how="left", maintain_order="left")
    return Column(item, raw, spread["json"], spread["slot"], spread["key"], scale, reads)


def _refused(read: Read) -> bool:
    return any(fault.severity == "error" for fault in read.faults)


def slot_of(item: Field, cell: Cell) -> Any:
    """What a slot repeats of a cell: of a number its lower or else its upper end."""
    if isinstance(cell.value, Quantity):
        number = cell.value.hi if cell.value.lo is None else cell.value.lo
        return None if number is None else float(number)
    if item.type == "date":
        return cell.value
    return (plain_text(cell.value) or cell.text)[:LONGEST_NAME] or None


def key_of(read: Read) -> str | None:
    """The cell's part of a key; None when it cannot be part of one. A date without a day is told apart by its month or year."""
    if read.period is not None:
        return read.period.text
    return None if read.cell is None or is_masked(read.cell) else plain_text(read.cell.value)


def _easy_mask(item: Field, texts: pl.Series, plain: bool) -> pl.Series:
    """Which texts mean just what they say. Anything out of range is left to the reader, who says why."""
    if item.type in NUMERIC:
        number = ~texts.str.contains("e", literal=True) if plain else texts.str.contains(_NUMBER)
        value = (texts if plain else texts.set(~number, None)).cast(pl.Float64, strict=False)
        return number & _in_range(item, value)
    if item.type == "date":
        return texts.str.contains(_DATE) & texts.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False).is_not_null()
    return ~texts.str.contains(_ODD_TEXT) & (texts.str.len_chars() <= LONGEST_NAME)


def _in_range(item: Field, value: pl.Series) -> pl.Series:
    """Within the declared range by a margin that floats cannot blur."""
    inside = value.is_not_null()
    top = item.max if item.max is not None or item.type != "percent" else Decimal(1)
    if item.min is not None:
        inside &= value >= float(item.min)
    if top is not None:
        inside &= value <= float(top)
    if item.digits == 0 and item.type != "percent":
        inside &= value == value.floor()
    return inside


def _easy(item: Field, raw: pl.Series, scale: Decimal, plain: bool) -> _Easy | None:
    """The fast lane over all rows; None where a column has none (words of a table, or a heading that scales)."""
    if item.type in ("code", "org", "boolean") or scale != 1:
        return None
    known = _easy_mask(item, raw, plain).fill_null(value=False)
    text = raw.str.slice(0, 10) if item.type == "date" else raw
    text = text.set(~known, None)
    if item.type in NUMERIC:
        slot: pl.Series = text.cast(pl.Float64, strict=False)
    else:
        slot = text.str.to_date("%Y-%m-%d", strict=False) if item.type == "date" else text
    return _Easy(known, '"' + text + '"', slot, text)
