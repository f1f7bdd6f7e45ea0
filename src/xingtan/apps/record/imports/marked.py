"""The marked-up copy of somebody's file: every row and column where it stood, faulty cells coloured, the reasons beside the row.

Values and places are kept, not the dress of the file: the copy is written anew.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import Any

import xlsxwriter

from xingtan.kernel.issues import Severity
from xingtan.ui.text import render

from .models import Finding
from .reading.guard import letters
from .reading.sheets import REMARKS, Sheet
from .store import unpack

_NUMBER = re.compile(r"-?(0|[1-9]\d{0,13})(\.\d{1,10})?", re.ASCII)
FILLS = {Severity.ERROR: "#f8d9d6", Severity.WARNING: "#fbecd2", Severity.DOUBT: "#fbecd2"}
LONGEST = 32_000


def marked_copy(sheet: Sheet, findings: Iterable[Finding]) -> bytes:
    """The workbook as bytes; sent back, it is read without the column of reasons."""
    by_row: dict[int, list[Finding]] = {}
    for finding in findings:
        by_row.setdefault(finding.row or 1, []).append(finding)
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, options)
    page = book.add_worksheet((sheet.name or "Sheet1")[:31])
    formats = {severity: book.add_format({"bg_color": fill}) for severity, fill in FILLS.items()}
    reason = book.add_format({"font_color": "#b23a33", "text_wrap": True})
    last = max(sheet.columns, default=0) + 1
    page.set_column(last, last, 60)
    page.write_string(0, last, REMARKS, reason)
    for row, cells in enumerate(sheet.frame.iter_rows(), 1):
        found = by_row.get(row, [])
        if found:
            told = f"{REMARKS}{_reasons(found)}" if row == 1 else _reasons(found)
            page.write_string(row - 1, last, told[:LONGEST], reason)
        _write_row(page, row, cells, sheet.columns, {f.column: formats.get(Severity(f.severity)) for f in reversed(found)})
        _write_blank(page, row, cells, sheet.columns, found=found, formats=formats)
    page.freeze_panes(1, 0)
    book.close()
    return target.getvalue()


def _write_row(page: Any, row: int, cells: tuple[Any, ...], columns: list[int], fills: dict[int | None, Any]) -> None:
    for column, text in zip(columns, cells, strict=True):
        if text is None:
            continue
        if _NUMBER.fullmatch(text):
            page.write_number(row - 1, column, float(text), fills.get(column))
        else:
            page.write_string(row - 1, column, text[:LONGEST], fills.get(column))


def _write_blank(
    page: Any, row: int, cells: tuple[Any, ...], columns: list[int], *, found: list[Finding], formats: dict[Severity, Any]
) -> None:
    """A cell that is faulty because it is empty is coloured too."""
    empty = {column for column, text in zip(columns, cells, strict=True) if text is None}
    for finding in found:
        if finding.column is not None and (finding.column in empty or finding.column not in columns):
            page.write_blank(row - 1, finding.column, None, formats.get(Severity(finding.severity)))


def _reasons(found: list[Finding]) -> str:
    lines = []
    for finding in found:
        message, hint = unpack(finding.message), unpack(finding.hint)
        place = f"{letters(finding.column)}{finding.row} " if finding.column is not None else ""
        said = render(message) if message else ""
        lines.append(f"{place}{finding.field}：{said}" + (f"（{render(hint)}）" if hint else ""))
    return "\n".join(lines)
