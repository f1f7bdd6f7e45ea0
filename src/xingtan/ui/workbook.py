"""A list as xlsx: exactly what is seen, numbers as numbers, long digit strings as text."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils import timezone

from xingtan.kernel.quantity import Quantity
from xingtan.ui.figures import quantity
from xingtan.ui.text import render

# Excel keeps 15 significant digits; a longer number would be changed by opening the file.
EXACT_DIGITS = 15


def write(title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a workbook of one sheet: bold head row, frozen, with a filter."""
    target = io.BytesIO()
    # Text that begins with "=" stays text: a name typed by somebody must never run as a formula on another desk.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, options)
    sheet = book.add_worksheet(_sheet_name(title))
    bold = book.add_format({"bold": True, "bottom": 1})
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
        sheet.set_column(column, column, max(10, min(40, 2 * len(head) + 2)))
    last = 0
    for last, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            _put(sheet, last, column, plain(value))
    sheet.freeze_panes(1, 0)
    if heads:
        sheet.autofilter(0, 0, last, len(heads) - 1)
    book.close()
    return target.getvalue()


def plain(value: Any) -> str | int | float | bool | None:
    """Return what a cell holds: a number only when Excel keeps it exactly, everything else as the words on the page."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Quantity):
        return plain(value.value) if value.is_exact else quantity(value)
    if isinstance(value, (int, Decimal)):
        exact = Decimal(value)
        return float(exact) if exact.is_finite() and len(exact.as_tuple().digits) <= EXACT_DIGITS else str(value)
    if isinstance(value, float):
        return value
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).strftime("%Y-%m-%d %H:%M")
    return value.isoformat() if isinstance(value, date) else render(value)


def _put(sheet: Any, row: int, column: int, value: str | int | float | bool | None) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value)
    elif value:
        sheet.write_string(row, column, value[:32767])


def _sheet_name(title: str) -> str:
    return "".join("_" if c in "[]:*?/\\'" else c for c in title)[:31] or "Sheet1"
