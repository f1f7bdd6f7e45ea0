"""A sheet of staff or of timetables as rows of texts, each knowing its place in the file. Every form of file that ledgers take is taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from xingtan.apps.record.imports import files
from xingtan.apps.record.imports.reading.guard import letters
from xingtan.apps.record.imports.reading.headings import Target, find_head
from xingtan.apps.record.imports.reading.sheets import Sheet
from xingtan.apps.record.ledgers.times import read_date
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.text import T, Text

SEALED = frozenset({"id_number"})
MOST_ROWS = 3000  # read, tried and written while somebody waits


@dataclass(frozen=True, slots=True)
class Row:
    """One row: texts by column id, where it stands, and where each of its cells does."""

    number: int
    texts: Mapping[str, str]
    where: Where
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.texts.get(column, "")

    def at(self, column: str) -> Where:
        """The place of a cell; of a column that the sheet lacks, the row."""
        return replace(self.where, cell=self.cells.get(column, ""), field=column)

    def said(self, column: str) -> str:
        """What was written in a cell, to be shown beside its fault; never an identity number."""
        return "" if column in SEALED else self[column][:80]

    def fault(self, column: str, code: str, message: Text, hint: Text) -> Issue:
        return Issue(Severity.ERROR, code, message, self.at(column), hint, self.said(column))


@dataclass(frozen=True, slots=True)
class Read:
    """The rows, and the headings that nothing was understood of."""

    rows: tuple[Row, ...]
    left_out: tuple[str, ...]


def read(name: str, targets: Sequence[Target], required: Sequence[str]) -> Read:
    """The rows of a kept file. Raises XingtanError when a required column is missing, or the file holds too many rows or none."""
    sheet = files.workbook(name).sheet()
    head = find_head(sheet, targets)
    at = {heading.target: heading.column for heading in head.headings if heading.target}
    lacking = [target.title for target in targets if target.id in required and target.id not in at]
    if lacking:
        message = T("表里缺少“%(columns)s”列", columns="、".join(lacking))
        raise XingtanError.one("staffing.head", message, T("下载模板，照它的表头填写；列的先后不限"), Where(sheet=sheet.name))
    rows = tuple(_row(sheet, at, number) for number in range(head.row + 1, sheet.frame.height + 1))
    rows = tuple(row for row in rows if any(row.texts.values()))
    if not rows or len(rows) > MOST_ROWS:
        message = T("表里没有数据") if not rows else T("表里有 %(count)s 行，一次最多 %(most)s 行", count=len(rows), most=MOST_ROWS)
        hint = T("在表头下面填写，一行一条") if not rows else T("按学校分成几个文件")
        raise XingtanError.one("staffing.rows", message, hint, Where(sheet=sheet.name))
    return Read(rows, tuple(heading.text for heading in head.headings if not heading.target and heading.text))


def _row(sheet: Sheet, at: Mapping[str, int], number: int) -> Row:
    texts = {target: sheet.cell(number, column) for target, column in at.items()}
    cells = {target: f"{letters(sheet.columns[column])}{number}" for target, column in at.items()}
    return Row(number, texts, Where(sheet=sheet.name, row=number), cells)


def day(row: Row, column: str, issues: list[Issue]) -> date | None:
    """The day in a cell; None for a blank one. What cannot be read becomes an issue."""
    if not row[column]:
        return None
    found = read_date(row[column])
    if isinstance(found, date):
        return found
    message = T("“%(text)s”不是日期", text=row[column][:40])
    issues.append(row.fault(column, "cell.date", message, T("请写成 2009-03-08 或 2009年3月8日")))
    return None


def placed(row: Row, refused: XingtanError, columns: Mapping[str, str]) -> list[Issue]:
    """What a service said of a row, put on its cells. `columns`: field of the service → column of the sheet."""
    named = [(issue, columns.get(issue.where.field, issue.where.field)) for issue in refused.issues]
    return [replace(issue, where=row.at(column), value=row.said(column)) for issue, column in named]
