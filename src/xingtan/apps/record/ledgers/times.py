"""Dates and periods as clerks write them. Nothing is guessed: a date that names only a month or a year stays a month or a year."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from xingtan.kernel.period import Period, PeriodError, PeriodKind

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?", re.ASCII)
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?(?:份)?", re.ASCII)
_YEAR = re.compile(r"(\d{4})\s*年?度?", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
_SCHOOL_YEAR = re.compile(r"(\d{4})\s*年?[-—–~～至/]+\s*(\d{2}|\d{4})\s*年?(?:学年度?)?(?:第?([一二12])学期)?", re.ASCII)
_ONE_YEAR_TERM = re.compile(r"(\d{4})\s*年?学年度?(?:第?([一二12])学期)?", re.ASCII)
_HALF = re.compile(r"(\d{4})\s*年?度?([上下])半年", re.ASCII)
_QUARTER = re.compile(r"(\d{4})\s*年?第?([一二三四1-4])季度?", re.ASCII)
_WEEK = re.compile(r"(\d{4})\s*年?第?(\d{1,2})周", re.ASCII)
_NOMINAL = {"本年": 0, "上年": -1, "下年": 1, "XX年": 0, "××年": 0}  # as nominal years are printed
_NUMBER = {"一": 1, "二": 2, "三": 3, "四": 4, "上": 1, "下": 2}
_EPOCH = date(1899, 12, 30)  # day 0 of spreadsheets, from 1900-03-01 on
FIRST_SERIAL, LAST_SERIAL = 14611, 73050  # 1940 to 2099: anything else is a number, not a date


def read_date(text: str) -> date | Period | None:
    """The day; or the month or year when no day is named; None when the text is no date. Raises nothing."""
    text = text.strip()
    for form in (_DAY, _PACKED):
        if match := form.fullmatch(text):
            return _date(*map(int, match.groups()))
    if match := _SERIAL.fullmatch(text):
        return serial_day(int(match[1]))
    if match := _MONTH.fullmatch(text):
        return _parsed(f"{match[1]}-{int(match[2]):02d}")
    match = _YEAR.fullmatch(text)
    return _parsed(match[1]) if match else None


def serial_day(number: int) -> date | None:
    """The day a spreadsheet means by a number of days."""
    return _EPOCH + timedelta(days=number) if FIRST_SERIAL <= number <= LAST_SERIAL else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _parsed(text: str) -> Period | None:
    try:
        return Period.parse(text)
    except PeriodError:
        return None


def read_period(text: str, kind: str = "") -> Period | None:
    """The period meant; `kind` (of the ledger) settles what a bare year means. None when the text is no period of that kind."""
    text = text.strip().replace(" 00:00:00", "")
    found = _parsed(text) or _nominal(text) or _spelled(text)
    if found is None and isinstance(day := read_date(text), date):
        found = _parsed(day.isoformat())
    return fitted(found, kind) if found else None


def fitted(found: Period, kind: str) -> Period | None:
    """The period if it is of the kind wanted, nominal years stand for years; a day stands for the period of the kind around it."""
    if not kind or found.kind == kind or (found.is_nominal and kind in ("year", "school_year")):
        return found
    return Period.at(PeriodKind(kind), found.start) if found.kind is PeriodKind.DAY and found.start else None


def _nominal(text: str) -> Period | None:
    return Period(PeriodKind.NOMINAL, _NOMINAL[text]) if text in _NOMINAL else None


def _spelled(text: str) -> Period | None:
    """Years and their parts in words."""
    if match := _SCHOOL_YEAR.fullmatch(text):
        return _school_year(int(match[1]), match[2], match[3])
    if match := _ONE_YEAR_TERM.fullmatch(text):
        return _school_year(int(match[1]), str(int(match[1]) + 1), match[2])
    for form, mark in _PARTS:
        if match := form.fullmatch(text):
            part = _NUMBER.get(match[2], match[2])
            return _parsed(f"{match[1]}{mark}{int(part):02d}" if mark in ("-", "-W") else f"{match[1]}{mark}{part}")
    match = _YEAR.fullmatch(text)
    return _parsed(match[1]) if match else None


_PARTS = ((_HALF, "H"), (_QUARTER, "Q"), (_WEEK, "-W"), (_MONTH, "-"))


def _school_year(first: int, second: str, term: str | None) -> Period | None:
    last = int(second) if len(second) == 4 else first // 100 * 100 + int(second)
    part = f"T{_NUMBER.get(term, term)}" if term else ""
    return _parsed(f"{first}-{last}{part}")


def day_text(moment: datetime) -> str:
    """A moment as sheets print it: without the time when it is midnight."""
    return moment.date().isoformat() if moment.time() == datetime.min.time() else moment.isoformat(sep=" ")
