"""Periods: the years, terms, weeks and days that rows and figures belong to.

A period is a kind and a running number of that kind, so the one before and the one after are arithmetic. Years of a document that masks
them are nominal: ordered among themselves, without dates.

Spellings: 2009, 2008-2009 (school year), 2005H1, 2004-2005T1 (term), 2009Q1, 2009-03, 2009-W12 (ISO week), 2009-03-08, Y0, Y-1 (nominal).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from xingtan.kernel import dates
from xingtan.kernel.dates import PARTS
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T, Text

FIRST_YEAR, LAST_YEAR = 1000, 9998  # a school year must be able to end in the year after
LIMITS = {"day": (date(1000, 1, 1).toordinal(), date(9998, 12, 31).toordinal()), "week": (52_125, 521_669)}


class PeriodError(XingtanError):
    """A text is not a period, or a period would leave the years that dates can hold."""


class PeriodKind(StrEnum):
    """From the longest to the shortest; nominal years last, for they hold no dates."""

    SCHOOL_YEAR = "school_year"
    YEAR = "year"
    TERM = "term"
    HALF = "half_year"
    QUARTER = "quarter"
    MONTH = "month"
    WEEK = "week"
    DAY = "day"
    NOMINAL = "nominal"


RANK = {kind: rank for rank, kind in enumerate(PeriodKind)}
FORMS = (
    (PeriodKind.YEAR, re.compile(r"(\d{4})", re.ASCII)),
    (PeriodKind.SCHOOL_YEAR, re.compile(r"(\d{4})-(\d{4})", re.ASCII)),
    (PeriodKind.HALF, re.compile(r"(\d{4})H([12])", re.ASCII)),
    (PeriodKind.TERM, re.compile(r"(\d{4})-(\d{4})T([12])", re.ASCII)),
    (PeriodKind.QUARTER, re.compile(r"(\d{4})Q([1-4])", re.ASCII)),
    (PeriodKind.MONTH, re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)),
    (PeriodKind.WEEK, re.compile(r"(\d{4})-W(\d{2})", re.ASCII)),
    (PeriodKind.DAY, re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)),
    (PeriodKind.NOMINAL, re.compile(r"Y(0|-?[1-9]\d{0,2})", re.ASCII)),
)

SPELLINGS = {
    PeriodKind.YEAR: "{year}",
    PeriodKind.SCHOOL_YEAR: "{year}-{next}",
    PeriodKind.HALF: "{year}H{part}",
    PeriodKind.TERM: "{year}-{next}T{part}",
    PeriodKind.QUARTER: "{year}Q{part}",
    PeriodKind.MONTH: "{year}-{part:02d}",
    PeriodKind.WEEK: "{year}-W{part:02d}",
    PeriodKind.NOMINAL: "Y{year}",
}
LABELS = {
    PeriodKind.YEAR: (T("%(year)s年"),),
    PeriodKind.SCHOOL_YEAR: (T("%(year)s—%(next)s学年"),),
    PeriodKind.HALF: (T("%(year)s年上半年"), T("%(year)s年下半年")),
    PeriodKind.TERM: (T("%(year)s—%(next)s学年第一学期"), T("%(year)s—%(next)s学年第二学期")),
    PeriodKind.QUARTER: (T("%(year)s年第一季度"), T("%(year)s年第二季度"), T("%(year)s年第三季度"), T("%(year)s年第四季度")),
    PeriodKind.MONTH: (T("%(year)s年%(part)s月"),) * 12,
}


@dataclass(frozen=True, slots=True)
class Period:
    """`index` counts periods of the kind: years, half-years (2·year), months (12·year), ISO weeks, days (ordinal), nominal years."""

    kind: PeriodKind
    index: int

    def __post_init__(self) -> None:
        parts = PARTS.get(self.kind, 1)
        first, last = LIMITS.get(self.kind, (FIRST_YEAR * parts, (LAST_YEAR + 1) * parts - 1))
        if not self.is_nominal and not first <= self.index <= last:
            raise PeriodError.one("period.range", T("期间超出可用年份（%(first)s 至 %(last)s）", first=FIRST_YEAR, last=LAST_YEAR))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the canonical spelling, which is what `text` gives back. Raises PeriodError."""
        for kind, form in FORMS:
            if match := form.fullmatch(text):
                index = _index(kind, [int(group) for group in match.groups()])
                if index is not None:
                    return cls(kind, index)
        hint = T("可写：2009、2008-2009（学年）、2009H1、2008-2009T1（学期）、2009Q1、2009-03、2009-W12、2009-03-08、Y0")
        raise PeriodError.one("period.syntax", T("“%(text)s”不是期间", text=text), hint, value=text)

    @classmethod
    def at(cls, kind: PeriodKind, day: date) -> Self:
        """The period of a kind (not nominal) that a day lies in."""
        if kind is PeriodKind.NOMINAL:
            raise PeriodError.one("period.nominal", T("未注明年份的年度没有日期"))
        return cls(kind, dates.index_at(kind, day))

    @property
    def is_nominal(self) -> bool:
        return self.kind is PeriodKind.NOMINAL

    @property
    def year(self) -> int:
        """The calendar year, the first year of a school year, the ISO year of a week, or the number of a nominal year."""
        return self.index if self.is_nominal else dates.year_of(self.kind, self.index)

    @property
    def part(self) -> int:
        """Which half, term, quarter or month of its year, from 1; 1 for whole years."""
        return self.index % PARTS[self.kind] + 1 if self.kind in PARTS else 1

    @property
    def start(self) -> date | None:
        """First day; None for a nominal year."""
        return None if self.is_nominal else dates.start(self.kind, self.index)

    @property
    def end(self) -> date | None:
        """Last day (inclusive); None for a nominal year."""
        return None if self.is_nominal else dates.start(self.kind, self.index + 1) - timedelta(days=1)

    @property
    def text(self) -> str:
        if self.kind is PeriodKind.DAY:
            return date.fromordinal(self.index).isoformat()
        part = dates.monday(self.index).isocalendar().week if self.kind is PeriodKind.WEEK else self.part
        return SPELLINGS[self.kind].format(year=self.year, next=self.year + 1, part=part)

    def label(self) -> Text:
        """The period as a clerk writes it: 2009年, 2008—2009学年第一学期, 2009年3月8日, 本年."""
        if self.is_nominal:
            return _nominal_label(self.index)
        if self.kind is PeriodKind.DAY:
            day = date.fromordinal(self.index)
            return T("%(year)s年%(month)s月%(day)s日", year=day.year, month=day.month, day=day.day)
        if self.kind is PeriodKind.WEEK:
            return T("%(year)s年第%(week)s周", year=self.year, week=dates.monday(self.index).isocalendar().week)
        return T(LABELS[self.kind][self.part - 1].template, year=self.year, next=self.year + 1, part=self.part)

    def previous(self, n: int = 1) -> Self:
        """The n-th period of the same kind before. Raises PeriodError outside the years that dates can hold."""
        return type(self)(self.kind, self.index - n)

    def next(self, n: int = 1) -> Self:
        return type(self)(self.kind, self.index + n)

    def year_before(self, n: int = 1) -> Self:
        """The same period n years earlier (同比): week 53 becomes the last week, 29 February the 28th."""
        if self.kind in PARTS or self.is_nominal:
            return self.previous(n * PARTS.get(self.kind, 1))
        year = self.year - n
        if self.kind is PeriodKind.DAY:
            return type(self).at(self.kind, dates.a_year_before(date.fromordinal(self.index), year))
        week = min(dates.monday(self.index).isocalendar().week, dates.weeks_in(year))
        return type(self).at(self.kind, date.fromisocalendar(year, week, 1))

    def covers(self, day: date) -> bool:
        """Whether the day lies in the period; no day lies in a nominal year."""
        start, end = self.start, self.end
        return start is not None and end is not None and start <= day <= end

    def contains(self, other: Period) -> bool:
        """Whether the other period is this one or lies wholly inside it by its days."""
        if self == other:
            return True
        first, last = other.start, other.end
        return first is not None and last is not None and self.covers(first) and self.covers(last)

    def parts(self, kind: PeriodKind) -> Iterator[Period]:
        """The periods of a shorter kind that lie wholly inside, in order."""
        start, end = self.start, self.end
        if start is None or end is None:
            return
        item = Period.at(kind, start)
        while (first := item.start) is not None and first <= end:
            if self.contains(item):
                yield item
            item = item.next()

    def __lt__(self, other: Period) -> bool:
        return self._order() < other._order()

    def __le__(self, other: Period) -> bool:
        return self._order() <= other._order()

    def __gt__(self, other: Period) -> bool:
        return self._order() > other._order()

    def __ge__(self, other: Period) -> bool:
        return self._order() >= other._order()

    def __str__(self) -> str:
        return self.text

    def _order(self) -> tuple[int, int, int, int]:
        """By first day, the longer period first; nominal years after all dated ones."""
        start, end = self.start, self.end
        if start is None or end is None:
            return 1, self.index, 0, 0
        return 0, start.toordinal(), -end.toordinal(), RANK[self.kind]


def _index(kind: PeriodKind, numbers: list[int]) -> int | None:
    """The running number that the numbers of a spelling mean; None if there is no such period."""
    first, *rest = numbers
    if kind is PeriodKind.NOMINAL:
        return first
    if kind in (PeriodKind.SCHOOL_YEAR, PeriodKind.TERM):
        return None if rest[0] != first + 1 else first * PARTS[kind] + (rest[1] - 1 if rest[1:] else 0)
    try:
        if kind is PeriodKind.DAY:
            return date(first, *rest).toordinal()
        if kind is PeriodKind.WEEK:
            return dates.index_at(kind, date.fromisocalendar(first, rest[0], 1))
    except ValueError:
        return None
    return first * PARTS[kind] + (rest[0] - 1 if rest else 0)


def _nominal_label(index: int) -> Text:
    near = {-1: T("上年"), 0: T("本年"), 1: T("下年")}
    if index in near:
        return near[index]
    return T("本年后第%(years)s年", years=index) if index > 0 else T("本年前第%(years)s年", years=-index)
