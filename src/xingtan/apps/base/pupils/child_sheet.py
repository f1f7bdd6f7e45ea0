"""Read a list of children from a spreadsheet: headings by name in any order, dates as people write them, all faults at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Where, error
from xingtan.kernel.text import T

from .rules import Rules
from .services.children import Listed

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 20_000
MOST_CHARS = 500
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "name": ("姓名", "儿童姓名", "学生姓名"),
    "sex": ("性别",),
    "birth": ("出生日期", "出生年月日", "生日"),
    "id_number": ("身份证件号", "身份证号", "证件号", "身份证号码"),
    "residence": ("城乡", "居住地类型"),
    "guardian": ("监护人", "家长", "监护人姓名"),
    "phone": ("联系电话", "电话", "手机"),
    "note": ("备注",),
}


def read(name: str, data: bytes, law: Rules) -> list[Listed]:
    """The children of a sheet. Raises `XingtanError` with what cannot be read."""
    if len(data) > MOST_BYTES:
        message = T("文件有 %(size)s MB，太大", size=len(data) // 1_048_576)
        raise XingtanError.one("pupils.sheet_size", message, T("最多 10 MB，分几次上传"), Where(field="file"))
    cells = _csv(data) if name.lower().endswith(".csv") else _xlsx(data)
    cells = [row for row in cells if any(str(cell).strip() for cell in row)]
    if len(cells) < 2:
        raise XingtanError.one("pupils.sheet_empty", T("表里没有儿童"), T("第一行写栏目名，以下每行一名"), Where(field="file"))
    if len(cells) > MOST_ROWS + 1:
        message = T("表里有 %(count)s 行，太多", count=len(cells) - 1)
        raise XingtanError.one("pupils.sheet_rows", message, T("一次最多 %(limit)s 行", limit=MOST_ROWS), Where(field="file"))
    at = _columns(cells[0])
    issues: list[Issue] = []
    found = [_listed(row, number, at, law, issues) for number, row in enumerate(cells[1:], start=2)]
    if issues:
        raise XingtanError(issues)
    return found


def _columns(head: Sequence[Any]) -> dict[str, int]:
    written = [str(cell).strip() for cell in head]
    at = {name: written.index(word) for name, words in HEADINGS.items() for word in words if word in written}
    if "name" not in at:
        titles = "、".join(words[0] for words in HEADINGS.values())
        raise XingtanError.one(
            "pupils.sheet_head", T("第一行没有“姓名”这一栏"), T("栏目名：%(titles)s", titles=titles), Where(field="file")
        )
    return at


def _listed(row: Sequence[Any], number: int, at: Mapping[str, int], law: Rules, issues: list[Issue]) -> Listed:
    values = {name: _text(row[column]) if column < len(row) else "" for name, column in at.items()}
    for name, text in values.items():
        if len(text) > MOST_CHARS:
            message = T("“%(title)s”有 %(count)s 字，太长", title=HEADINGS[name][0], count=len(text))
            issues.append(error("text.long", message, Where(row=number, field=name), T("最多 %(limit)s 字", limit=MOST_CHARS)))
    birth = _day(row[at["birth"]]) if "birth" in at and at["birth"] < len(row) else None
    if values.get("birth") and birth is None:
        message = T("出生日期“%(text)s”读不懂", text=values["birth"][:20])
        issues.append(error("pupils.sheet_date", message, Where(row=number, field="birth"), T("写成 2018-05-06")))
    values |= {"residence": law.read("residence", values.get("residence", ""))}
    return Listed(birth=birth, row=number, **{name: text for name, text in values.items() if name != "birth"})


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return f"{cell:.0f}" if abs(cell) < 1e15 else f"{cell:E}"  # beyond fifteen digits a float has lost the rest
    return str(cell).strip()


def _day(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _text(cell).replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-")
    if len(text) == 8 and text.isdigit():
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        return None


def _csv(data: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return list(csv.reader(io.StringIO(data.decode(encoding))))
        except (UnicodeDecodeError, csv.Error):
            continue
    raise XingtanError.one("pupils.sheet_text", T("这个 csv 文件读不懂"), T("另存为 xlsx，或用 UTF-8、GBK 编码"), Where(field="file"))


def _xlsx(data: bytes) -> list[list[Any]]:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        rows: list[list[Any]] = book.get_sheet_by_index(0).to_python()
    except Exception as broken:  # whatever the reader raises on a broken file, the clerk is told one thing
        raise XingtanError.one("pupils.sheet_file", T("这个文件不是能读的表格"), T("用 xlsx 或 csv"), Where(field="file")) from broken
    return rows
