"""The cells of a roster, column by column. Plain cells take the fast lane; every other distinct text is read once, by the rules that the
pages follow, so that both say the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from xingtan.apps.base.orgs.names import text_faults
from xingtan.apps.base.people import identity
from xingtan.apps.base.people.identity import Particulars, normal_number, number_faults, particular_faults
from xingtan.apps.base.pupils.checks import NATIONAL, NUMBER, birth_faults
from xingtan.apps.base.pupils.rules import Rules
from xingtan.apps.base.vault.masks import mask
from xingtan.apps.record.imports.body import ROW, Body
from xingtan.apps.record.imports.findings import Findings
from xingtan.apps.record.ledgers.cells import CLEAR
from xingtan.apps.record.ledgers.times import read_date
from xingtan.apps.record.ledgers.values import Fault
from xingtan.kernel.issues import Issue, error
from xingtan.kernel.period import Period
from xingtan.kernel.text import T, Text

from .fields import Column

YES = frozenset({"是", "有", "1", "y", "yes", "√", "true", "对"})
NO = frozenset({"否", "无", "没有", "0", "n", "no", "×", "false", "不是"})
BOARDS, DAILY = frozenset({"住校", "寄宿", "住宿", "2", "寄宿生", "住宿生", "住校生"}), frozenset({"走读", "1", "走读生", "通学", "不住校"})
_ODD = r"[\x00-\x1f\x7f-\x{9f}]"
_PHONE = r"^[0-9]{7,11}$"
_NUMBER = re.compile(r"^\d(\.\d+)?[eE]\+?\d+$|\.0+$")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*月?")
Read = tuple[Any, list[Issue]]


def wrong(code: str, message: Text, hint: Text | None = None) -> Issue:
    """A fault of a cell; its place is told by whoever notes it."""
    return error(code, message, hint=hint)


@dataclass(slots=True)
class Cells:
    """Reads the columns of a body; faults go to `findings`. A faulty cell is null, a cleared one "", a blank one null."""

    rules: Rules
    body: Body
    findings: Findings
    today: date
    lost: frozenset[tuple[int, int]] = frozenset()  # cells (row, column of the file) whose last digits the spreadsheet threw away

    def read(self, column: Column) -> pl.Series:
        """The cells of a column as what they mean."""
        raw = self.body.texts(column.id)
        if raw.null_count() == raw.len():
            return pl.Series(column.id, [None] * raw.len(), dtype=TYPES.get(column.reads, pl.String))
        return self._lane(column, raw).alias(column.id)

    def _lane(self, column: Column, raw: pl.Series) -> pl.Series:
        if column.reads in {"text", "name"}:
            plain = ~raw.str.contains(_ODD) & (raw.str.len_chars() <= column.limit) & (raw != CLEAR)
            return self._rest(column, raw, plain, self._text)
        if column.reads == "phone":
            return self._rest(column, raw, raw.str.contains(_PHONE), self._phone)
        if column.reads == "number":
            return self._rest(column, raw.str.to_uppercase(), raw.str.contains(r"^[0-9A-Z-]{1,17}$"), self._number)
        if column.reads == "id_number":
            return raw.map_elements(normal_number, return_dtype=pl.String)
        return self._spread(column, raw, READERS[column.reads], TYPES.get(column.reads, pl.String))

    def _rest(self, column: Column, raw: pl.Series, plain: pl.Series, read: Callable[[Column, str], Read]) -> pl.Series:
        """Plain cells as they stand; the others one by one."""
        plain = plain.fill_null(value=True)
        if plain.all():
            return raw
        odd = self._spread(column, raw.set(plain, None), lambda _cells, col, text: read(col, text), pl.String)
        return raw.zip_with(plain, odd)

    def _spread(self, column: Column, raw: pl.Series, read: Callable[[Cells, Column, str], Read], kind: Any) -> pl.Series:
        """Read each distinct text once; tell every row in which a faulty one stands."""
        known, bad = {}, {}
        for text in raw.drop_nulls().unique().to_list():
            value, issues = read(self, column, text)
            known[text] = value
            if issues:
                bad[text] = issues
        if bad:
            self._tell(column, raw, bad)
        return raw.replace_strict(list(known), list(known.values()), default=None, return_dtype=kind)

    def _tell(self, column: Column, raw: pl.Series, bad: dict[str, list[Issue]]) -> None:
        hit = raw.is_in(list(bad)).fill_null(value=False)
        for row, text in zip(self.body.table[ROW].filter(hit).to_list(), raw.filter(hit).to_list(), strict=True):
            for issue in bad[text]:
                self.fault(row, column, issue, text)

    def lost_rows(self, column: Column) -> frozenset[int]:
        """Rows in which the column's number had more digits than a spreadsheet keeps."""
        at = self.body.column(column.id)
        return frozenset(row for row, place in self.lost if place == at)

    def fault(self, row: int, column: Column, issue: Issue, text: str = "") -> None:
        """Note a fault at a cell. What is sealed in the register is not kept openly among the findings."""
        shown = mask(column.sealed, text) if column.sealed else text
        fault = Fault(issue.code, issue.message, issue.hint, issue.severity)
        self.findings.add(row, fault, column=self.body.column(column.id), title=column.title, value=shown)

    def _text(self, column: Column, text: str) -> Read:
        if text == CLEAR and column.reads != "name":
            return "", []
        faults = text_faults(column.id, column.label, text, column.limit)
        return (None if faults else text), faults

    def _phone(self, column: Column, text: str) -> Read:
        if text == CLEAR:
            return "", []
        faults = particular_faults(Particulars(phone=text))
        return (None if faults else text.strip()), faults

    def _number(self, column: Column, text: str) -> Read:
        if _NUMBER.search(text):
            message = T("学籍号被表格软件改成了数值，后面的数字已经丢失")
            return None, [wrong("people.id_destroyed", message, T("把这一栏设为“文本”格式，重新填写完整的号码"))]
        if NATIONAL.fullmatch(text) or NUMBER.fullmatch(text):
            return text, []
        return None, [wrong("pupils.number", T("学籍号只能有数字、英文字母和横线，最多 32 位"), T("核对后重填"))]


def _code(cells: Cells, column: Column, text: str) -> Read:
    if text == CLEAR:
        return "", []
    word = cells.rules.read(column.codes, text)
    faults = cells.rules.fault(column.codes, column.id, column.label, word)
    faults += [] if len(word) <= column.limit or faults else text_faults(column.id, column.label, word, column.limit)
    return (None if faults else word), faults


def _sex(cells: Cells, column: Column, text: str) -> Read:
    found = {"男": "男", "1": "男", "男性": "男", "m": "男", "女": "女", "2": "女", "女性": "女", "f": "女"}.get(text.lower())
    if found:
        return found, []
    return None, [wrong("people.sex", T("性别“%(sex)s”读不懂", sex=text[:10]), T("填男或女，不详则留空"))]


def _date(cells: Cells, column: Column, text: str) -> Read:
    found = read_date(text)
    if isinstance(found, date):
        faults = birth_faults(found, cells.today)
        return (None if faults else found), faults
    if isinstance(found, Period):
        return None, [wrong("cell.date", T("“%(text)s”没有写到日", text=text[:40]), T("请写成 2015-03-08 或 2015年3月8日"))]
    return None, [wrong("cell.date", T("“%(text)s”不是日期", text=text[:40]), T("请写成 2015-03-08 或 2015年3月8日"))]


def _month(cells: Cells, column: Column, text: str) -> Read:
    found, day = _MONTH.fullmatch(text), read_date(text)
    if isinstance(day, date) and not found:
        return f"{day:%Y-%m}", []
    if found and 1 <= int(found[2]) <= 12 and 1950 <= int(found[1]) <= cells.today.year + 1:
        return f"{found[1]}-{int(found[2]):02d}", []
    return None, [wrong("pupils.month", T("入学年月“%(text)s”读不懂", text=text[:12]), T("写成 2023-09"))]


def _yes(cells: Cells, column: Column, text: str) -> Read:
    low = text.lower()
    if low in YES or low in NO:
        return low in YES, []
    return None, [wrong("cell.boolean", T("“%(text)s”不是“是”或“否”", text=text[:20]), T("请填是或否，不详则留空"))]


def _boarding(cells: Cells, column: Column, text: str) -> Read:
    low = text.lower()
    if low in BOARDS or low in DAILY:
        return low in BOARDS, []
    return _yes(cells, column, text) if low not in {"1", "2"} else (low == "2", [])


def _flag(cells: Cells, column: Column, text: str) -> Read:
    """是, 否, or the form's own words: 非留守儿童, 单亲留守儿童."""
    low = text.lower()
    return low not in NO and not low.startswith(("非", "不", "无")), []


def _postcode(cells: Cells, column: Column, text: str) -> Read:
    if re.fullmatch(r"\d{5,6}", text, re.ASCII):
        return text.zfill(6), []
    return None, [wrong("pupils.postcode", T("邮政编码应为 6 位数字"), T("核对后重填，不详则留空"))]


def _as_is(cells: Cells, column: Column, text: str) -> Read:
    return text, []


READERS: dict[str, Callable[[Cells, Column, str], Read]] = {
    "code": _code, "sex": _sex, "date": _date, "month": _month, "yes": _yes, "boarding": _boarding, "flag": _flag, "postcode": _postcode,
    "school": _as_is, "stage": _as_is, "grade": _as_is, "class": _as_is,
}  # fmt: skip
TYPES: dict[str, Any] = {"date": pl.Date, "yes": pl.Boolean, "boarding": pl.Boolean, "flag": pl.Boolean}


def identity_checked(cells: Cells, table: pl.DataFrame, known: dict[str, Column]) -> pl.DataFrame:
    """Identity numbers against their check digit, and against birth and sex of the row, which they supply where blank.

    Numbers that are plainly right are settled by the column; the others by `people.identity`, which says what is wrong.
    """
    number = _national(table)
    table = table.with_columns(number, table["number"].set(table["number"].str.contains(NATIONAL_TEXT).fill_null(value=False), None))
    right = _right(table)
    birth = number.str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
    sex = number.str.slice(16, 1).str.contains("[13579]").replace_strict({True: "男", False: "女"}, default=None, return_dtype=pl.String)
    agree = (birth == table["birth"]).fill_null(value=True) & (sex == table["sex"]).fill_null(value=True)
    bad = _doubtful(cells, table.filter(number.is_not_null() & ~(right & agree)), known["id_number"])
    bad |= _unborn(cells, table, birth.set(~right, None), known["id_number"])
    hidden = table[ROW].is_in(list(bad))
    kind = table["id_kind"].fill_null(identity.RESIDENT).set(number.is_null(), None)
    return table.with_columns(
        number.set(hidden, None),
        pl.select(pl.coalesce(table["birth"], birth.set(~right, None))).to_series().alias("birth"),
        pl.select(pl.coalesce(table["sex"], sex.set(~right, None))).to_series().alias("sex"),
        pl.select(pl.coalesce(kind, table["id_kind"])).to_series().alias("id_kind"),
    )


def _doubtful(cells: Cells, table: pl.DataFrame, column: Column) -> set[int]:
    """What is wrong with the numbers of these rows; returns the rows."""
    lost, bad = cells.lost_rows(column), set()
    for row, text, kind, sex, birth in table.select(ROW, "id_number", "id_kind", "sex", "birth").rows():
        said = "1E+17" if row in lost else text  # whatever digits it shows, they are not those that were typed
        for issue in number_faults(kind or identity.RESIDENT, said, sex or "", birth):
            cells.fault(row, column, issue, text)
            bad.add(row)
    return bad


def _unborn(cells: Cells, table: pl.DataFrame, birth: pl.Series, column: Column) -> set[int]:
    """Rows in which only the number tells the birth, and tells one that cannot be."""
    told = birth.set(table["birth"].is_not_null(), None)
    faults = {day: found for day in told.drop_nulls().unique().to_list() if (found := birth_faults(day, cells.today))}
    hit = table.select(ROW, told.alias("day")).filter(pl.col("day").is_in(list(faults)))
    for row, day in hit.rows():
        for issue in faults[day]:
            cells.fault(row, column, issue)
    return set(hit[ROW].to_list())


NATIONAL_TEXT = r"^[A-Z]?[0-9]{17}[0-9X]$"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _national(table: pl.DataFrame) -> pl.Series:
    """The identity number; where it is blank, the one that a number of the national system carries."""
    carried = table["number"].str.extract(r"^[A-Z]?([0-9]{17}[0-9X])$", 1)
    return pl.select(pl.coalesce(table["id_number"], carried).alias("id_number")).to_series()


def _right(table: pl.DataFrame) -> pl.Series:
    """Resident numbers of 18 places whose date exists and whose check digit fits."""
    import numpy as np

    number = table["id_number"]
    resident = table["id_kind"].fill_null(identity.RESIDENT) == identity.RESIDENT
    formed = (number.str.contains(r"^[1-9][0-9]{16}[0-9X]$") & resident).fill_null(value=False)
    exists = number.str.slice(6, 8).str.to_date("%Y%m%d", strict=False).is_not_null()
    digits = np.frombuffer("".join(number.set(~formed, None).fill_null("0" * 18).to_list()).encode(), dtype=np.uint8).reshape(-1, 18)
    total = (digits[:, :17].astype(np.int64) - 48) @ np.array(WEIGHTS)
    wanted = np.frombuffer(b"10X98765432", dtype=np.uint8)[total % 11]
    return formed & exists & pl.Series(digits[:, 17] == wanted)
