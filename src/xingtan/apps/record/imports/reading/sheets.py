"""Sheets as tables of texts, with the row and column at which each cell stands in the file."""

from __future__ import annotations

import csv
import io
import logging
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from xingtan.kernel.text import T

from . import guard
from .guard import Traits
from .sniff import Form, decoded, sniff, unreadable

MOST_ROWS, MOST_COLUMNS = 300_000, 400
logging.getLogger("fastexcel.types.dtype").setLevel(logging.ERROR)  # an empty column is no news
EXACT = 10.0**17  # whole floats up to here are spelled as whole numbers
REMARKS = "〔批注〕"  # heads the column of reasons in a marked-up copy
_DELIMITERS = ",\t;|"
Sniffed = tuple[Form, list[str]]


@dataclass(slots=True)
class Sheet:
    """`frame`: text columns c0, c1 …, empty cells null; row i stands in the file's row i + 1, column j in `columns[j]` (from 0)."""

    name: str
    frame: pl.DataFrame
    columns: list[int]
    traits: Traits = field(default_factory=Traits)
    plain: frozenset[str] = frozenset()  # columns of the frame that hold nothing but numbers under the first row

    def cell(self, row: int, column: int) -> str:
        """The text at a row (from 1) and a column of the frame; "" when empty or outside."""
        if not 1 <= row <= self.frame.height:
            return ""
        return (self.frame.item(row - 1, column) or "").strip()


class Workbook:
    """A file that was found to be a sheet. Reads on demand; raises UnreadableError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.form: Form = sniff(path.read_bytes())
        self.traits = guard.inspect(path) if self.form == "xlsx" else {}
        self._reader = None if self.form == "csv" else self._open()

    def _open(self) -> object:
        import fastexcel

        try:
            return fastexcel.read_excel(self.path)
        except fastexcel.FastExcelError as error:
            raise unreadable(
                "file.broken", T("表格文件已损坏，或不是真正的 .xlsx"), T("请在表格软件里打开核对，重新另存一次后再上传")
            ) from error

    @property
    def sheets(self) -> list[str]:
        """Names of the sheets in the order of the file; a csv has one, without name."""
        return [""] if self._reader is None else list(self._reader.sheet_names)  # type: ignore[attr-defined]

    def sheet(self, name: str = "") -> Sheet:
        """One sheet, the first without a name. Raises UnreadableError when there is no such sheet or nothing in it."""
        if self._reader is None:
            return _without_remarks(_from_csv(decoded(self.path.read_bytes())))
        wanted = name or self.sheets[0]
        if wanted not in self.sheets:
            raise unreadable(
                "file.sheet", T("文件里没有名为“%(name)s”的工作表", name=name), T("有：%(sheets)s", sheets="、".join(self.sheets))
            )
        return _without_remarks(self._load(wanted))

    def _load(self, name: str) -> Sheet:
        import fastexcel

        traits = self.traits.get(name, Traits())
        try:
            if traits.first == 1:
                loaded = self._reader.load_sheet(name, header_row=0, schema_sample_rows=None)  # type: ignore[attr-defined]
                if all(_as_written(column.name) for column in loaded.selected_columns):
                    return _sized(_typed(name, loaded, traits))
            # Blank rows above, blank headings, or one heading twice: the first row is read like all others.
            loaded = self._reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")  # type: ignore[attr-defined]
            frame = loaded.to_polars()
        except fastexcel.FastExcelError as error:
            raise unreadable("file.broken", T("工作表“%(name)s”读不出来", name=name)) from error
        columns = [column.absolute_index for column in loaded.selected_columns]
        return _sized(Sheet(name, frame.rename({old: f"c{n}" for n, old in enumerate(frame.columns)}), columns, traits))


_RENAMED = re.compile(r"__UNNAMED__\d+|.*_\d+")


def _as_written(name: str) -> bool:
    return _RENAMED.fullmatch(name) is None


def _typed(name: str, loaded: Any, traits: Traits) -> Sheet:
    """Columns that hold one type are put into words by the column, which is much cheaper than by the cell."""
    frame = loaded.to_polars()
    heads = [column.name for column in loaded.selected_columns]
    columns, plain = {}, set()
    for n, (head, series) in enumerate(zip(heads, frame.get_columns(), strict=True)):
        columns[f"c{n}"] = pl.concat([pl.Series([head], dtype=pl.String), _words(series)])
        if series.dtype.is_numeric():
            plain.add(f"c{n}")
    return Sheet(name, pl.DataFrame(columns), [column.absolute_index for column in loaded.selected_columns], traits, frozenset(plain))


def _words(series: pl.Series) -> pl.Series:
    """The texts that reading by the cell would give."""
    if series.dtype.is_float():
        whole = (series == series.floor()) & (series.abs() < EXACT)
        if whole.all():
            return series.cast(pl.Int64).cast(pl.String)
        return series.cast(pl.Int64, strict=False).cast(pl.String).zip_with(whole.fill_null(value=False), series.cast(pl.String))
    if series.dtype == pl.Boolean:
        return series.cast(pl.String)
    if series.dtype.is_temporal() and series.dtype not in (pl.Duration, pl.Time):
        days = series.cast(pl.Datetime("us"))
        midnight = (days.dt.date().cast(pl.Datetime("us")) == days).all()
        return days.dt.to_string("%Y-%m-%d" if midnight else "%Y-%m-%d %H:%M:%S")
    return series.cast(pl.String)


def _without_remarks(sheet: Sheet) -> Sheet:
    """A marked-up copy comes back mended, its column of reasons still beside the table: that column is ours, not theirs."""
    last = sheet.frame.width - 1
    if last < 1 or not sheet.cell(1, last).startswith(REMARKS):
        return sheet
    return replace(sheet, frame=sheet.frame.drop(sheet.frame.columns[last]), columns=sheet.columns[:last])


def _from_csv(text: str) -> Sheet:
    """A csv, however its author separates columns; quotes may hold line breaks."""
    head = text[:8192]
    delimiter = max(_DELIMITERS, key=head.count) if any(sign in head for sign in _DELIMITERS) else ","
    csv.field_size_limit(1 << 20)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise unreadable("file.csv", T("CSV 文件的引号不成对，或某一格太长"), T("请另存为 .xlsx 后再上传")) from error
    width = max((len(row) for row in rows), default=0)
    if width > MOST_COLUMNS:
        raise _too_wide()
    data = {f"c{n}": [row[n] if n < len(row) and row[n] else None for row in rows] for n in range(width)}
    return _sized(Sheet("", pl.DataFrame(data, schema=dict.fromkeys(data, pl.String)), list(range(width))))


def _sized(sheet: Sheet) -> Sheet:
    if sheet.frame.height > MOST_ROWS:
        hint = T("请按学校或年份分成几个文件")
        raise unreadable("file.rows", T("有 %(rows)s 行，一次最多导入 %(limit)s 行", rows=sheet.frame.height, limit=MOST_ROWS), hint)
    if sheet.frame.width > MOST_COLUMNS:
        raise _too_wide()
    if sheet.frame.height == 0 or sheet.frame.width == 0:
        raise unreadable("file.blank", T("工作表“%(name)s”里没有内容", name=sheet.name), T("请选择有数据的工作表，或核对文件"))
    return sheet


def _too_wide() -> Exception:
    return unreadable("file.columns", T("列数超过 %(limit)s", limit=MOST_COLUMNS), T("请删去多余的空列后再上传"))
