"""The working calendar of a place: the national arrangement year by year, and the place's own days over it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from xingtan.kernel.calendar import DayStatus, TableCalendar
from xingtan.kernel.terms import SchoolTerms

from .schema.calendar import Calendar


@lru_cache(maxsize=64)
def national(year: int) -> TableCalendar:
    """The national calendar of one year: statutory holidays, days in lieu, make-up working days. Confirmed if it was published."""
    import holidays

    table = holidays.country_holidays("CN", years=year)
    make_up = {day: "" for day in table.weekend_workdays if day.year == year and day not in table}
    days_off = {day: str(title) for day, title in table.items() if day.year == year}
    return TableCalendar(days_off, make_up, frozenset({year}) if make_up else frozenset())


@dataclass(frozen=True, slots=True)
class PlaceCalendar(TableCalendar):
    """A calendar that asks the national one for every day the place does not list itself."""

    follows_nation: bool = True

    def status(self, day: date) -> DayStatus:
        if not self.follows_nation or day in self.holidays or day in self.make_up_days:
            return TableCalendar.status(self, day)
        return national(day.year).status(day)


def school_terms(calendar: Calendar) -> SchoolTerms:
    """When school years and terms of a pack's place begin and end, for `year.start`, `term.start` and their ends."""
    usual = tuple((_month_day(term.from_), _month_day(term.to)) for term in calendar.terms)
    dated = {term.term: (term.from_, term.to) for term in calendar.dated_terms}
    return SchoolTerms(_month_day(calendar.school_year_starts), usual, dated)


def _month_day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)


def working_calendar(calendar: Calendar) -> PlaceCalendar:
    """The calendar of a pack, for deadlines, duties and `workdays(a, b)`."""
    off = {day.date: day.title for day in calendar.days if day.kind == "holiday"}
    on = {day.date: day.title for day in calendar.days if day.kind == "workday"}
    return PlaceCalendar(off, on, follows_nation=calendar.country == "CN")
