"""The rows under the headings: blank rows and totals left out, merged cells filled, cells that hold no value named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from xingtan.apps.record.ledgers.values import Fault
from xingtan.kernel.issues import Severity
from xingtan.kernel.text import T

from .columns import BLANKS
from .findings import Findings
from .reading.headings import Head, Heading
from .reading.sheets import Sheet

ROW = "row"
TOTAL_COLUMNS = 3
_TOTAL = re.compile(r"^(合\s*计|总\s*计|小\s*计|总\s*数|共\s*计)[:：]?$")


@dataclass(slots=True)
class Body:
    """`table`: column `row` (from 1, as in the file) and one text column a target. `headings` by target."""

    table: pl.DataFrame
    headings: dict[str, Heading]
    columns: list[int]
    plain: frozenset[str] = frozenset()  # targets whose cells are all numbers

    def column(self, target: str) -> int | None:
        """The column of the file (from 0) that a target was read from."""
        heading = self.headings.get(target)
        return self.columns[heading.column] if heading else None

    def texts(self, target: str) -> pl.Series:
        """The texts of a target, blanks null; all null when the sheet has no such column."""
        if target not in self.headings:
            return pl.Series(target, [None] * self.table.height, dtype=pl.String)
        return self.table[target]


def body_of(sheet: Sheet, head: Head, findings: Findings, numeric: frozenset[str]) -> Body:
    """Cut the rows out of the sheet. `numeric` are the targets that hold numbers: a merged number belongs to nobody knows which row."""
    headings = {heading.target: heading for heading in head.headings if heading.target}
    columns = [
        _stripped(pl.col(f"c{heading.column}"), f"c{heading.column}" in sheet.plain).alias(target) for target, heading in headings.items()
    ]
    table = sheet.frame.slice(head.row).select(columns).with_row_index(ROW, offset=head.row + 1).with_columns(pl.col(ROW).cast(pl.Int64))
    plain = frozenset(target for target, heading in headings.items() if head.row == 1 and f"c{heading.column}" in sheet.plain)
    body = Body(table, headings, sheet.columns, plain)
    _fill_merged(sheet, head, body, findings, numeric)
    _name_empty(sheet, head, body, findings)
    body.table = _without_totals(body.table, findings)
    blank = pl.all_horizontal(pl.col(target).is_null() for target in headings) if headings else pl.lit(value=True)
    kept = pl.col(ROW).is_in(list({found.row for found in findings.items}))
    body.table = body.table.filter(~blank | kept)
    return body


def _stripped(text: pl.Expr, plain: bool) -> pl.Expr:
    """Texts without blanks around; blanks become null."""
    clean = text.str.strip_chars(BLANKS)
    return text if plain else pl.when(clean != "").then(clean)


def _without_totals(table: pl.DataFrame, findings: Findings) -> pl.DataFrame:
    """Leave out rows that begin with 合计 and the like; such a word stands in one of the first columns."""
    texts = [name for name in table.columns if name != ROW][:TOTAL_COLUMNS]
    if not texts:
        return table
    first = pl.coalesce(texts)
    total = first.str.contains(_TOTAL.pattern)
    totals = table.filter(total.fill_null(value=False))[ROW].to_list()
    for row in totals:
        findings.add(row, Fault("row.total", T("这是合计行，没有导入"), T("合计由系统计算，不必填报"), Severity.WARNING))
    return table.filter(~pl.col(ROW).is_in(totals)) if totals else table


def _fill_merged(sheet: Sheet, head: Head, body: Body, findings: Findings, numeric: frozenset[str]) -> None:
    """Words merged over several rows hold for each of them; of a number nobody knows to which row it belongs."""
    at = {sheet.columns[heading.column]: heading for heading in body.headings.values()}
    filled: dict[str, dict[int, str]] = {}
    for top, left, bottom, right in sheet.traits.merges:
        if bottom <= head.row or top == bottom:
            continue
        text = sheet.cell(top, _index(sheet, left))
        first = max(top, head.row + 1)
        for column in range(left, right + 1):
            heading = at.get(column)
            if heading is not None and heading.target in numeric:
                for row in range(first, bottom + 1):
                    findings.add(row, _merged_number(bottom - top + 1), column=column, title=heading.text, value=text)
            elif heading is not None:
                filled.setdefault(heading.target, {}).update(dict.fromkeys(range(first + 1, bottom + 1), text))
                findings.add(top, _merged_words(text), column=column, title=heading.text, value=text)
    _put(body, filled)


def _merged_number(count: int) -> Fault:
    message = T("数字合并在 %(count)s 行里，分不清属于哪一行", count=count)
    return Fault("cell.merged", message, T("请取消合并单元格，逐行填写"))


def _merged_words(text: str) -> Fault:
    message = T("合并单元格已按每行都填“%(text)s”处理", text=text[:40])
    return Fault("cell.merged.filled", message, T("如有不符，请取消合并后逐行填写"), Severity.INFO)


def _index(sheet: Sheet, absolute: int) -> int:
    return sheet.columns.index(absolute) if absolute in sheet.columns else 0


def _put(body: Body, filled: Mapping[str, Mapping[int, str]]) -> None:
    for target, texts in filled.items():
        patch = pl.DataFrame({ROW: list(texts), "patch": list(texts.values())}, schema={ROW: pl.Int64, "patch": pl.String})
        joined = body.table.join(patch, on=ROW, how="left", maintain_order="left")
        body.table = joined.with_columns(pl.coalesce(["patch", target]).alias(target)).drop("patch")


def _name_empty(sheet: Sheet, head: Head, body: Body, findings: Findings) -> None:
    """Formulas without a stored result and error cells read as empty: say so, instead of taking them for blanks."""
    at = {sheet.columns[heading.column]: heading for heading in body.headings.values()}
    for row, column in sorted(sheet.traits.formulas):
        if row > head.row and column in at:
            fault = Fault("cell.formula", T("单元格里是公式，文件里没有存下结果"), T("请在表格软件里打开并保存一次，或把公式“粘贴为数值”"))
            findings.add(row, fault, column=column, title=at[column].text)
    for (row, column), text in sorted(sheet.traits.errors.items()):
        if row > head.row and column in at:
            fault = Fault("cell.error", T("单元格显示错误 %(text)s", text=text), T("请改正公式，或直接填写数值；确实不知道时填“××”"))
            findings.add(row, fault, column=column, title=at[column].text, value=text)
