"""Spreadsheets: tables in, xlsx bytes out. The same input gives the same bytes.

Text is always written as text: a cell that begins with ``=`` is data a clerk typed, never a formula.
A `Quantity` that is exact becomes a number; any other is written in the words it came with (10余, 未知).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, Literal

import xlsxwriter

from xingtan.kernel.errors import XingtanError
from xingtan.kernel.quantity import Quantity
from xingtan.kernel.text import T

Kind = Literal["text", "number", "money", "percent", "date", "boolean"]
Mark = Literal["", "error", "doubt", "muted", "strong"]
MAX_TEXT = 32_767  # characters in one cell, set by the file format
MAX_ROWS = 1_048_576
EPOCH = datetime(2000, 1, 1)
FONT = "等线"
INK, MUTED, HAIRLINE, HEAD = "#1d2530", "#5a6472", "#e4e1d9", "#eef2f5"
FILLS: dict[str, str] = {"error": "#f8d9d6", "doubt": "#fbecd2"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: heading, how its values are shown, and what a person filling it in should know."""

    title: str
    kind: Kind = "text"
    unit: str = ""
    digits: int | None = None
    width: float | None = None
    note: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """The title with its unit in brackets."""
        return f"{self.title}（{self.unit}）" if self.unit else self.title


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with a mark (colour) and a note that opens under the pointer. `kind`, `digits`: where they are not the column's."""

    value: object = None
    mark: Mark = ""
    note: str = ""
    kind: Kind | None = None
    digits: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table. `above` are lines over the headings (what, whose, when), `below` lines under the last row."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[object]] = ()
    above: Sequence[str] = ()
    below: Sequence[str] = ()
    blank_rows: int = 0


@dataclass(frozen=True, slots=True)
class Properties:
    """Who made the file, when and why; kept in the file's properties."""

    title: str = ""
    author: str = ""
    comment: str = ""
    created: datetime = EPOCH


@dataclass(slots=True)
class _Formats:
    book: Any
    made: dict[tuple[str, ...], Any] = field(default_factory=dict)

    def get(self, *key: str, **options: object) -> Any:
        if key not in self.made:
            self.made[key] = self.book.add_format({"font_name": FONT, "font_size": 11, "font_color": INK, "valign": "vcenter", **options})
        return self.made[key]

    def heading(self, required: bool) -> Any:
        look = {"bold": True, "bg_color": HEAD, "bottom": 1, "bottom_color": INK, "text_wrap": True}
        return self.get("head", str(required), **look, **({"font_color": "#a33024"} if required else {}))

    def cell(self, column: Column, mark: str, text: bool) -> Any:
        options: dict[str, object] = {"num_format": _number_format(column) if not text else "@", "bottom": 4, "bottom_color": HAIRLINE}
        if not text:
            options["align"] = "left" if column.kind == "date" else "right"
        elif column.kind in {"number", "money", "percent"}:
            options["align"] = "right"
        if mark in FILLS:
            options["bg_color"] = FILLS[mark]
        elif mark == "muted":
            options["font_color"] = MUTED
        elif mark == "strong":
            options["bold"] = True
        return self.get("cell", column.kind, str(column.digits), mark, str(text), **options)


def write(sheets: Iterable[Sheet], properties: Properties = Properties()) -> bytes:
    """Return the workbook as bytes."""
    stream = io.BytesIO()
    write_to(stream, sheets, properties)
    return stream.getvalue()


def write_to(stream: IO[bytes], sheets: Iterable[Sheet], properties: Properties = Properties()) -> None:
    """Write the workbook to a binary stream. Raises XingtanError when a text or table exceeds what the format can hold."""
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {"title": properties.title, "author": properties.author, "comments": properties.comment, "created": properties.created}
    )
    formats, taken = _Formats(book), set[str]()
    for sheet in sheets:
        _sheet(book, formats, sheet, sheet_name(sheet.title, taken))
    book.close()


def sheet_name(title: str, taken: set[str]) -> str:
    """A name the format allows (31 characters, none of ``[]:*?/\\``), distinct from those taken; `taken` grows by it."""
    clean = "".join("－" if char in "[]:*?/\\" else char for char in title).strip("'") or "Sheet"
    name, n = clean[:31], 1
    while name.casefold() in taken:
        n += 1
        name = f"{clean[:28]}_{n}"
    taken.add(name.casefold())
    return name


def _sheet(book: Any, formats: _Formats, sheet: Sheet, name: str) -> None:
    page = book.add_worksheet(name)
    head = len(sheet.above)
    title, above = formats.get("title", bold=True, font_size=14), formats.get("above", font_color=MUTED)
    for row, line in enumerate(sheet.above):
        page.write_string(row, 0, line, above if row else title)
    for column, spec in enumerate(sheet.columns):
        page.write_string(head, column, spec.heading, formats.heading(spec.required))
        page.set_column(column, column, spec.width or _width(spec), formats.cell(spec, "", spec.kind == "text"))
        if spec.note:
            page.write_comment(head, column, spec.note, {"font_name": FONT, "font_size": 10, "x_scale": 1.6})
    last = _rows(page, formats, sheet, head + 1)
    _choices(book, page, sheet, (head + 1, max(last, head + sheet.blank_rows)), name)
    page.freeze_panes(head + 1, 0)
    if last > head:
        page.autofilter(head, 0, last, max(len(sheet.columns) - 1, 0))
    for offset, line in enumerate(sheet.below):
        page.write_string(last + 2 + offset, 0, line, above)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(head)


def _rows(page: Any, formats: _Formats, sheet: Sheet, first: int) -> int:
    """Write the rows; return the index of the last one."""
    row = first - 1
    for row, values in enumerate(sheet.rows, start=first):
        if row >= MAX_ROWS - len(sheet.below) - 2:
            raise XingtanError.one("xlsx.too_many_rows", T("一张工作表最多 %(max)s 行", max=MAX_ROWS), T("缩小筛选范围，或改为导出 csv"))
        for column, (spec, value) in enumerate(zip(sheet.columns, values, strict=True)):
            _write(page, formats, (row, column), spec, value)
    return row


def _write(page: Any, formats: _Formats, at: tuple[int, int], spec: Column, value: object) -> None:
    mark, note = "", ""
    if isinstance(value, Cell):
        spec = spec if value.kind is None else replace(spec, kind=value.kind, digits=value.digits)
        mark, note, value = value.mark, value.note, value.value
    if isinstance(value, Quantity):
        value = value.value if value.is_exact else value.words(spec.digits, "")
    if value is None or value == "":
        if mark:
            page.write_blank(*at, None, formats.cell(spec, mark, True))
    elif isinstance(value, bool):
        page.write_string(*at, "是" if value else "否", formats.cell(spec, mark, True))
    elif isinstance(value, datetime | date):
        page.write_datetime(*at, value, formats.cell(Column("", "date"), mark, False))
    elif isinstance(value, int | float | Decimal) and _exact(value):
        page.write_number(*at, value, formats.cell(spec, mark, False))
    else:
        page.write_string(*at, _text(str(value)), formats.cell(spec, mark, True))
    if note:
        page.write_comment(*at, note, {"font_name": FONT, "font_size": 10, "x_scale": 1.6})


def _exact(value: int | float | Decimal) -> bool:
    """Whether the format's 15 digits hold the number; an ID number does not fit and stays text."""
    return len(Decimal(str(value)).normalize().as_tuple().digits) <= 15


def _text(value: str) -> str:
    if len(value) > MAX_TEXT:
        raise XingtanError.one("xlsx.text_too_long", T("一个单元格最多 %(max)s 个字符", max=MAX_TEXT), T("把长文字拆成几行"))
    return value


def _number_format(column: Column) -> str:
    decimals = "" if not column.digits else "." + "0" * column.digits
    if column.kind == "percent":
        return f"0{decimals}%"
    if column.kind == "money":
        return f"#,##0{decimals or '.00'}"
    if column.kind == "date":
        return "yyyy-mm-dd"
    return f"#,##0{decimals}" if column.kind == "number" and column.digits is not None else "General"


def _width(column: Column) -> float:
    wide = sum(2 if ord(char) > 0x2E7F else 1 for char in column.heading) + 2
    return min(max(wide, 12 if column.kind in {"date", "money"} else 9), 40)


def _choices(book: Any, page: Any, sheet: Sheet, span: tuple[int, int], name: str) -> None:
    """Drop-down lists. Long ones live on a hidden sheet, since a list written in place may have 255 characters only."""
    lists: Any = None
    for column, spec in enumerate(sheet.columns):
        if not spec.choices or span[1] < span[0]:
            continue
        source: object = list(spec.choices)
        if len(",".join(spec.choices)) > 250:
            if lists is None:
                lists = book.add_worksheet(f"_{name}"[:31])
                lists.hide()
            lists.write_column(0, column, spec.choices)
            letter = xlsxwriter.utility.xl_col_to_name(column)
            source = f"='{lists.get_name()}'!${letter}$1:${letter}${len(spec.choices)}"
        rule = {
            "validate": "list",
            "source": source,
            "error_title": "请从列表中选择",
            "error_message": f"{spec.title}：请从下拉列表中选择一项",
            "error_type": "warning",
        }
        page.data_validation(span[0], column, span[1], column, rule)
