"""The marked-up copy of an xlsx is the very file: its dress, other sheets and everything else stay."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from tests.apps.record.imports.helpers import HEAD, issues, read, xlsx

from xingtan.apps.record.imports.marked import marked_copy

ROWS = [tuple(HEAD.split(",")), ("XS-11", "2008-2009", "初中", "许多人", 2), ("XS-12", "2008-2009", "小学", 240, 3)]


def dressed(sheet: Any) -> None:
    """A sheet as a clerk makes it look."""
    sheet.title = "在校生"
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True, color="FF0000FF"), PatternFill("solid", fgColor="FFDDEEFF")
    sheet["D2"].font, sheet["D2"].border = Font(italic=True), Border(bottom=Side(style="double"))
    sheet["D2"].number_format, sheet["D2"].alignment = "#,##0", Alignment(horizontal="right")
    sheet.column_dimensions["A"].width = 33
    sheet.column_dimensions.group("E", "Z", hidden=True)
    sheet.freeze_panes = "B2"
    rule = DataValidation(type="list", formula1='"初中,小学"')
    rule.add("C2:C9")
    sheet.add_data_validation(rule)
    sheet.parent.create_sheet("说明")["B3"] = "请勿改动 & <表头>"


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def test_the_copy_is_the_very_file_with_faulty_cells_coloured(cast):
    book = opened(marked_copy(read(cast, xlsx(*ROWS, shape=dressed), name="表.xlsx")))
    sheet = book["在校生"]
    spot = sheet["D2"]
    assert (spot.value, spot.fill.fgColor.rgb, spot.font.italic) == ("许多人", "FFF8D9D6", True)
    assert (spot.border.bottom.style, spot.number_format, spot.alignment.horizontal) == ("double", "#,##0", "right")
    assert sheet["F2"].value.startswith("D2 在校生数：“许多人”不是数")
    assert sheet["F1"].value == "〔批注〕"
    assert (sheet["A1"].font.bold, sheet["A1"].fill.fgColor.rgb, sheet["D3"].fill.fgColor.rgb) == (True, "FFDDEEFF", "00000000")
    assert (sheet.column_dimensions["A"].width, sheet.freeze_panes) == (33, "B2")
    assert sheet.column_dimensions["F"].width == 60
    assert not sheet.column_dimensions["F"].hidden, "reasons in a hidden column help nobody"
    assert sheet.column_dimensions["G"].hidden
    assert sheet.data_validations.dataValidation[0].sqref.ranges
    assert book["说明"]["B3"].value == "请勿改动 & <表头>"


def test_a_copy_that_is_mended_by_half_and_sent_again_is_marked_anew(cast):
    rows = [*ROWS[:2], ("XS-12", "2008-2009", "小学", "不少", 3)]
    book = opened(marked_copy(read(cast, xlsx(*rows, shape=dressed), name="表.xlsx")))
    book["在校生"]["D2"] = 300
    target = io.BytesIO()
    book.save(target)
    again = opened(marked_copy(read(cast, target.getvalue(), name="表_批注.xlsx")))["在校生"]
    assert (again["D2"].fill.fill_type, again["D2"].number_format) == (None, "#,##0"), "what was mended is no longer coloured"
    assert again["F2"].value is None
    assert again["D3"].fill.fgColor.rgb == "FFF8D9D6"
    assert again["F3"].value.startswith("D3 ")
    assert again.max_column == 6


def test_rows_and_cells_that_are_not_in_the_file_are_marked_where_they_would_stand(cast):
    source = read(cast, xlsx((), (), *ROWS[:1], ("XS-11", "2008-2009", None, 300, 2)), name="表.xlsx")
    assert [issue.where.cell for issue in issues(source)] == ["C4"]
    sheet = opened(marked_copy(source)).active
    assert sheet["C4"].fill.fgColor.rgb == "FFF8D9D6"
    assert sheet["F4"].value.startswith("C4 ")
    assert sheet["F1"].value == "〔批注〕"


@pytest.mark.parametrize("name", ["xl/vbaProject.bin", "xl/externalLinks/externalLink1.xml", "xl/embeddings/oleObject1.bin"])
def test_macros_and_ties_to_the_outside_are_not_handed_on(cast, name):
    data = io.BytesIO(xlsx(*ROWS, shape=dressed))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr(name, b"<x/>")
    copy = marked_copy(read(cast, data.getvalue(), name="表.xlsx"))
    assert name not in zipfile.ZipFile(io.BytesIO(copy)).namelist()
    assert opened(copy).active["D2"].fill.fgColor.rgb == "FFF8D9D6"


def test_reasons_that_quote_odd_signs_make_no_broken_file(cast):
    rows = [*ROWS[:1], ("XS-11", "2008-2009", "初中", "<&>]]>\x09许多", 2)]
    assert "<&>]]>" in opened(marked_copy(read(cast, xlsx(*rows), name="表.xlsx"))).active["F2"].value
