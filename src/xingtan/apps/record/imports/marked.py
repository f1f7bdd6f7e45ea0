"""The marked-up copy of somebody's file: every row and column where it stood, faulty cells coloured, the reasons beside the row.

An xlsx is marked in place and keeps its dress (`marking.py`). What cannot be edited so (csv, xls, files with macros or ties to the
outside) is written anew: values and places are kept, not the dress.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import xlsxwriter

from xingtan.kernel.issues import Severity
from xingtan.ui.text import render

from . import files
from .marking import Marks, mark
from .marking_styles import ERROR, MILD, UnusualError
from .models import Finding, Import
from .reading.guard import letters
from .reading.sheets import REMARKS, Sheet
from .store import unpack

_NUMBER = re.compile(r"-?(0|[1-9]\d{0,13})(\.\d{1,10})?", re.ASCII)
FILLS = {Severity.ERROR: f"#{ERROR[2:]}", Severity.WARNING: f"#{MILD[2:]}", Severity.DOUBT: f"#{MILD[2:]}"}
LONGEST = 32_000


def marked_copy(source: Import) -> bytes:
    """The workbook as bytes; sent back, it is read without the column of reasons."""
    sheet = files.sheet(source.stored, source.sheet)
    by_row: dict[int, list[Finding]] = {}
    for finding in Finding.objects.filter(source=source):
        by_row.setdefault(finding.row or 1, []).append(finding)
    if source.form == "xlsx":
        with suppress(UnusualError):
            return mark(files.path_of(source.stored), sheet.name, _marks(sheet, by_row))
    return anew(sheet, by_row)


def _marks(sheet: Sheet, by_row: Mapping[int, list[Finding]]) -> Marks:
    fills: dict[int, dict[int, str]] = {}
    for row, found in by_row.items():
        for finding in reversed(found):
            if finding.column is not None and finding.severity in FILLS:
                fills.setdefault(row, {})[finding.column] = f"FF{FILLS[Severity(finding.severity)][1:]}"
    reasons = {row: (f"{REMARKS}{_reasons(found)}" if row == 1 else _reasons(found))[:LONGEST] for row, found in by_row.items()}
    return Marks(fills, {1: REMARKS, **reasons}, max(sheet.columns, default=0) + 1)


def anew(sheet: Sheet, by_row: Mapping[int, list[Finding]]) -> bytes:
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
