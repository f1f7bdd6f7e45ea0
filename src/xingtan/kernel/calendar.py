"""The working calendar: which days people work. Holidays come as data; days beyond what was published are provisional."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T

MONDAY_TO_FRIDAY = frozenset(range(5))
SEARCH_LIMIT = 366 * 20  # a table that leaves no working day must not be searched for ever


class DayKind(StrEnum):
    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


class Certainty(StrEnum):
    """Confirmed: the year's arrangement was published. Provisional: only the weekdays are known, the answer may still change."""

    CONFIRMED = "confirmed"
    PROVISIONAL = "provisional"


@dataclass(frozen=True, slots=True)
class DayStatus:
    kind: DayKind
    certainty: Certainty
    title: str = ""

    @property
    def works(self) -> bool:
        return self.kind is DayKind.WORKDAY


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day reckoned in working days; provisional if any day on the way was."""

    day: date
    certainty: Certainty


class CalendarError(XingtanError):
    """The calendar cannot answer."""


class WorkingCalendar(Protocol):
    """What duties, cases and deadlines ask of a calendar."""

    def status(self, day: date) -> DayStatus: ...

    def workdays(self, first: date, last: date) -> int:
        """Working days from `first` to `last`, both included; 0 if `last` is before `first`."""
        ...

    def add_workdays(self, day: date, n: int) -> Deadline:
        """The n-th working day after `day` (before it, if n is negative); for n = 0 `day` itself, or the next working day."""
        ...


@dataclass(frozen=True, slots=True)
class TableCalendar:
    """A calendar from tables: days off and make-up workdays by date with their titles, and the years whose arrangement is published."""

    holidays: Mapping[date, str] = field(default_factory=dict)
    make_up_days: Mapping[date, str] = field(default_factory=dict)
    confirmed_years: frozenset[int] = frozenset()
    week: frozenset[int] = MONDAY_TO_FRIDAY

    def __post_init__(self) -> None:
        clash = sorted(self.holidays.keys() & self.make_up_days.keys())
        if clash:
            days = "、".join(day.isoformat() for day in clash)
            raise CalendarError.one("calendar.clash", T("这些日期既是假日又是工作日：%(days)s", days=days))
        if not self.week <= frozenset(range(7)):
            raise CalendarError.one("calendar.week", T("工作日只能是星期一（0）到星期日（6）"))

    @classmethod
    def of(cls, holidays: Iterable[date] = (), make_up_days: Iterable[date] = (), confirmed_years: Iterable[int] = ()) -> TableCalendar:
        """A calendar from bare dates."""
        return cls(dict.fromkeys(holidays, ""), dict.fromkeys(make_up_days, ""), frozenset(confirmed_years))

    def status(self, day: date) -> DayStatus:
        # A day that somebody listed is certain even where the year's arrangement is not yet published.
        if day in self.holidays:
            return DayStatus(DayKind.HOLIDAY, Certainty.CONFIRMED, self.holidays[day])
        if day in self.make_up_days:
            return DayStatus(DayKind.WORKDAY, Certainty.CONFIRMED, self.make_up_days[day])
        certainty = Certainty.CONFIRMED if day.year in self.confirmed_years else Certainty.PROVISIONAL
        return DayStatus(DayKind.WORKDAY if day.weekday() in self.week else DayKind.WEEKEND, certainty)

    def workdays(self, first: date, last: date) -> int:
        return sum(self.status(day).works for day in _days(first, last))

    def certainty(self, first: date, last: date) -> Certainty:
        """Confirmed if every day from `first` to `last` is."""
        statuses = (self.status(day).certainty for day in _days(first, last))
        return Certainty.PROVISIONAL if Certainty.PROVISIONAL in statuses else Certainty.CONFIRMED

    def add_workdays(self, day: date, n: int) -> Deadline:
        step = timedelta(days=-1 if n < 0 else 1)
        status = self.status(day)
        certainty, left = status.certainty, abs(n) or (0 if status.works else 1)
        for _ in range(SEARCH_LIMIT + 2 * left):
            if not left:
                return Deadline(day, certainty)
            day += step
            status = self.status(day)
            left -= status.works
            certainty = max(certainty, status.certainty)  # "provisional" sorts after "confirmed"
        raise CalendarError.one("calendar.no_workdays", T("日历里没有足够的工作日"))


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
