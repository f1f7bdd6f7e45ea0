"""From the texts of one row to a row that can be stored, with every fault beside its column. Forms use it; imports share its rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from datetime import date as Day  # noqa: N812 - a row's own `date` stands beside it
from typing import Any

from xingtan.kernel.issues import Issue, Where
from xingtan.kernel.period import Period
from xingtan.kernel.text import T
from xingtan.pack.schema.ledger import Field

from .books import Miss
from .cells import Cell, dump, load, plain_text
from .checks import Checker
from .keys import canonical, content_hash, digest, key_text
from .models import DATE_SLOTS, NUMBER_SLOTS, Record
from .shape import Shape
from .times import read_date, read_period
from .values import LONGEST_NAME, Fault, Read, Reader, day_of, is_masked

ORG, PERIOD, DOUBT, FROM, TO, NIL = "org", "period", "doubt", "valid_from", "valid_to", "nil"
RESERVED = (ORG, PERIOD, DOUBT, FROM, TO)
LONGEST_DOUBT = 500


@dataclass(slots=True)
class Row:
    """One row, understood. `faults` by column: a field id or one of RESERVED."""

    org_id: int | None = None
    period: str = ""
    date: Day | None = None
    starts: Day | None = None
    ends: Day | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    doubt: str = ""
    named: Period | None = None  # the month or year that the row's date names instead of a day
    cells: dict[str, Cell] = field(default_factory=dict)
    clears: frozenset[str] = frozenset()
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    key_hash: str = ""
    content: str = ""

    def data(self, shape: Shape) -> dict[str, Any]:
        """The cells in the order of the ledger, all of them open; `sealing.close` makes of them what is stored."""
        return {name: dump(self.cells[name]) for name in shape.fields if name in self.cells}


class RowReader:
    """Reads rows of one ledger as of `today`."""

    def __init__(self, shape: Shape, today: date) -> None:
        self.shape, self.today = shape, today
        self.reader, self.checker = Reader(shape), Checker(shape, today)

    def read(self, texts: Mapping[str, str]) -> Row:
        """Understand the texts of a row by column (field id or reserved name); all faults at once."""
        row = Row()
        cleared = set()
        for item in self.shape.ledger.fields:
            found = self.reader.read(item, texts.get(item.id, ""))
            row.faults += [(item.id, fault) for fault in found.faults]
            if found.cell is not None:
                row.cells[item.id] = found.cell
            if found.clears:
                cleared.add(item.id)
            if item is self.shape.date_field:
                row.named = found.period
        row.clears = frozenset(cleared)
        self._reserved(row, texts)
        self._required(row)
        self._finish(row)
        return row

    def _reserved(self, row: Row, texts: Mapping[str, str]) -> None:
        row.org_id = self._org(row, texts.get(ORG, ""))
        dated = self.shape.date_field
        row.date = day_of(row.cells.get(dated.id)) if dated else None
        place_in_time(row, self._period(row, texts.get(PERIOD, "")), self.shape)
        row.valid_from = self._day(row, FROM, texts.get(FROM, ""))
        row.valid_to = self._day(row, TO, texts.get(TO, ""))
        if row.valid_from and row.valid_to and row.valid_from >= row.valid_to:
            row.faults.append((TO, Fault("row.span", T("“止”不晚于“起”"), T("请核对两个日期；“止”是失效的第一天"))))
        row.doubt = texts.get(DOUBT, "").strip()
        if len(row.doubt) > LONGEST_DOUBT:
            row.faults.append((DOUBT, Fault("cell.long", T("存疑的理由最多 %(limit)s 个字", limit=LONGEST_DOUBT), T("请缩短"))))

    def _org(self, row: Row, text: str) -> int | None:
        found = org_of(self.shape, text)
        if isinstance(found, int):
            return found
        row.faults.append((ORG, Fault(found.code, found.message, found.hint)))
        return None

    def _period(self, row: Row, text: str) -> Period | None:
        found = period_of(self.shape, text, row.date, row.named)
        if isinstance(found, Fault):
            row.faults.append((PERIOD, found))
            return None
        return found

    def _day(self, row: Row, name: str, text: str) -> date | None:
        found = read_date(text) if text.strip() else None
        if text.strip() and not isinstance(found, date):
            row.faults.append((name, Fault("cell.date", T("“%(text)s”不是日期", text=text[:40]), T("请写成 2009-03-08 或 2009年3月8日"))))
        return found if isinstance(found, date) else None

    def _required(self, row: Row) -> None:
        wrong = {name for name, _ in row.faults}
        for item in self.shape.ledger.fields:
            half = row.named is not None and item is self.shape.date_field
            fault = None if half else missing(self.shape, item, row.cells.get(item.id))
            if fault and item.id not in wrong:
                row.faults.append((item.id, fault))
        if row.org_id:
            found = (self.shape.not_kept_by(row.org_id), self.shape.orgs.closed_before(row.org_id, row.date or row.ends))
            row.faults += [(ORG, Fault(miss.code, miss.message, miss.hint)) for miss in found if miss]

    def _finish(self, row: Row) -> None:
        if not row.faults:
            row.faults += self.checker.run(row.cells, date=row.date, org=self.shape.orgs.codes.get(row.org_id or 0, ""), doubt=row.doubt)
        seal(row, self.shape)


def missing(shape: Shape, item: Field, cell: Cell | None) -> Fault | None:
    """A required column left blank, or a key that cannot tell rows apart."""
    if item.id in shape.ledger.key and is_masked(cell):
        if cell is None:
            return Fault(
                "key.blank", T("“%(field)s”用来区分各行，不能空着", field=item.title), T("请填写；它不能缺失，缺失的内容放在其他栏")
            )
        hint = T("请填写能区分各行的内容（如编号、“第1处”），缺失的内容放在其他栏")
        return Fault("key.masked", T("“%(field)s”用来区分各行，不能是缺失、遮盖或不确定的值", field=item.title), hint)
    if item.required and cell is None:
        return Fault("cell.required", T("“%(field)s”必须填写", field=item.title), T("确实不知道时请填“××”，不适用时请填“不适用”"))
    return None


def org_of(shape: Shape, text: str) -> int | Miss:
    """The organisation of a row; an empty text means the place itself."""
    if text.strip():
        return shape.orgs.find(text)
    if shape.orgs.root_id is not None:
        return shape.orgs.root_id
    return Miss("org.blank", T("没有写明单位"), T("请填单位的全称或代码"))


def period_of(shape: Shape, text: str, day: date | None, named: Period | None) -> Period | Fault | None:
    """The period of a row: as written, else the one a date without a day names, else the one around the row's date."""
    kind = shape.ledger.period
    if text.strip():
        found = read_period(text, kind)
        return found or Fault(
            "row.period",
            T("“%(text)s”不是%(kind)s", text=text.strip()[:40], kind=kind_title(kind)),
            T("请写成 %(example)s", example=EXAMPLES[kind]),
        )
    if not kind:
        return None if day else named
    if day:
        return read_period(day.isoformat(), kind)
    if named and named.kind == kind:
        return named
    return Fault("row.period.blank", T("没有写明期间"), T("请填“期间”一栏，如 %(example)s", example=EXAMPLES[kind]))


EXAMPLES = {
    "": "2009、2008-2009、2009H1、2009Q1、2009-03", "year": "2009", "half_year": "2009H1（2009年上半年）",
    "quarter": "2009Q1（2009年第一季度）", "month": "2009-03", "week": "2009-W12", "day": "2009-03-08",
    "school_year": "2008-2009（2008—2009学年）",
    "term": "2008-2009T1（2008—2009学年第一学期）",
}  # fmt: skip
KINDS = {
    "": T("期间"), "year": T("年度"), "half_year": T("半年"), "quarter": T("季度"), "month": T("月份"), "week": T("周次"), "day": T("日期"),
    "school_year": T("学年"), "term": T("学期"),
}  # fmt: skip


def kind_title(kind: str) -> object:
    return KINDS.get(kind, KINDS[""])


def place_in_time(row: Row, period: Period | None, shape: Shape) -> None:
    """Fill in period, starts and ends."""
    row.period = period.text if period else ""
    row.starts, row.ends = (period.start, period.end) if period else (row.date, row.date)


def seal(row: Row, shape: Shape) -> None:
    """Hash key and content. Rows without any key are told apart by all they say."""
    if row.org_id is None:
        return
    data = canonical(row.data(shape))
    span = ("" if row.valid_from is None else row.valid_from.isoformat(), "" if row.valid_to is None else row.valid_to.isoformat())
    row.content = content_hash(data, org_id=row.org_id, period=row.period, doubt=row.doubt, span=span, key=shape.hash_key)
    parts = [_key_part(row, shape, name) for name in shape.ledger.key]
    row.key_hash = digest(key_text(row.org_id, row.period, parts), shape.hash_key) if shape.keyed else row.content


def _key_part(row: Row, shape: Shape, name: str) -> str:
    if row.named is not None and shape.date_field is not None and name == shape.date_field.id:
        return row.named.text
    cell = row.cells.get(name)
    return plain_text(cell.value) if cell else ""


def key_of_row(shape: Shape, old: Record, row: Row, data: Mapping[str, Any] | None = None) -> tuple[str, str]:
    """Key and content hash of a stored row with other cells (`data`) or at another organisation (`row.org_id`)."""
    stored = old.data if data is None else data
    cells = {name: cell for name in shape.fields if (cell := load(shape.fields[name], stored.get(name))) is not None}
    half = Period.parse(old.period) if old.period and old.date is None and shape.date_field and shape.date_field.id in stored else None
    row = replace(
        row, org_id=row.org_id or old.org_id, period=old.period, doubt=old.doubt, valid_from=old.valid_from, valid_to=old.valid_to
    )
    row = replace(row, cells=cells, named=half)
    seal(row, shape)
    return row.key_hash, row.content


def slot_values(cells: Mapping[str, Cell], shape: Shape) -> dict[str, Any]:
    """What is repeated in the slots for sorting and filtering: of a number its lower or else its upper end."""
    result: dict[str, Any] = {}
    for name, slot in shape.layout.items():
        cell = cells.get(name)
        if cell is None or name not in shape.fields:
            continue
        if slot in NUMBER_SLOTS:
            number = getattr(cell.value, "lo", None)
            number = getattr(cell.value, "hi", None) if number is None else number
            result[slot] = None if number is None else float(number)
        elif slot in DATE_SLOTS:
            result[slot] = day_of(cell)
        else:
            result[slot] = (plain_text(cell.value) or cell.text or None) and (plain_text(cell.value) or cell.text)[:LONGEST_NAME]
    return result


def issues_of(row: Row, titles: Mapping[str, str]) -> tuple[Issue, ...]:
    """The faults as issues; `where.field` is the column's id, so that forms put them beside their fields."""
    return tuple(
        Issue(fault.severity, fault.code, fault.message, Where(field=name if name in titles else ""), fault.hint)
        for name, fault in row.faults
    )


def cleared(row: Row, before: Mapping[str, Cell]) -> Row:
    """The row laid over an earlier one: a blank keeps what stood there, 清空 clears it."""
    kept = {name: cell for name, cell in before.items() if name not in row.clears}
    return replace(row, cells=kept | row.cells)


__all__ = ["Read", "Row", "RowReader", "issues_of", "seal", "slot_values"]
