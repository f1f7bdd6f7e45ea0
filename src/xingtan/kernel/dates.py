"""The arithmetic of days under the periods: where the n-th period of a kind begins."""

from __future__ import annotations

from datetime import date

SCHOOL_YEAR_MONTH, SECOND_TERM_MONTH = 9, 2  # where a calendar states no dates of its own
PARTS = {"school_year": 1, "year": 1, "term": 2, "half_year": 2, "quarter": 4, "month": 12}
MONTHS = {"year": 12, "half_year": 6, "quarter": 3, "month": 1}


def start(kind: str, index: int) -> date:
    """First day of the index-th period of a kind that has dates."""
    if kind == "day":
        return date.fromordinal(index)
    if kind == "week":
        return monday(index)
    year, part = divmod(index, PARTS[kind])
    if kind == "school_year":
        return date(year, SCHOOL_YEAR_MONTH, 1)
    if kind == "term":
        return date(year + 1, SECOND_TERM_MONTH, 1) if part else date(year, SCHOOL_YEAR_MONTH, 1)
    return date(year, part * MONTHS[kind] + 1, 1)


def index_at(kind: str, day: date) -> int:
    """The running number of the period of a kind that a day lies in."""
    if kind == "day":
        return day.toordinal()
    if kind == "week":
        return (day.toordinal() - 1) // 7  # day 1 of the calendar is a Monday
    if kind in MONTHS:
        return PARTS[kind] * day.year + (day.month - 1) // MONTHS[kind]
    year = day.year if day.month >= SCHOOL_YEAR_MONTH else day.year - 1
    return year if kind == "school_year" else 2 * year + (SECOND_TERM_MONTH <= day.month < SCHOOL_YEAR_MONTH)


def year_of(kind: str, index: int) -> int:
    """The calendar year, the first year of a school year, or the ISO year of a week."""
    if kind == "day":
        return date.fromordinal(index).year
    if kind == "week":
        return monday(index).isocalendar().year
    return index // PARTS[kind]


def monday(index: int) -> date:
    """The Monday of the index-th week."""
    return date.fromordinal(index * 7 + 1)


def weeks_in(year: int) -> int:
    """52 or 53: 28 December always lies in the last ISO week."""
    return date(year, 12, 28).isocalendar().week


def a_year_before(day: date, year: int) -> date:
    """The same day in another year; 29 February becomes the 28th where there is none."""
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) and not _leap(year) else day.replace(year=year)


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
