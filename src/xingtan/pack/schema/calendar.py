"""The calendar of a place: school years, terms, school days, and days that differ from the national calendar."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Slot
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from .common import Day, Id, Model, MonthDay, SourceRef, Title

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Term(Model):
    """A term by its usual first and last day (MM-DD)."""

    id: Id
    title: Title
    from_: MonthDay = Slot(alias="from")
    to: MonthDay


class DatedTerm(Model):
    """The actual first and last school day of one term."""

    term: str = Slot(description="period of the term, such as 2008-2009T1", pattern=r"^\d{4}-\d{4}T[12]$")
    from_: Day = Slot(alias="from")
    to: Day

    @model_validator(mode="after")
    def _ordered(self) -> DatedTerm:
        if self.from_ > self.to:
            raise PydanticCustomError("dates_order", "from is after to")
        return self


class SpecialDay(Model):
    """A day that differs from the national calendar."""

    date: Day
    kind: Literal["holiday", "workday"]
    title: Title
    source: SourceRef | None = None


class Calendar(Model):
    """calendar.yaml: one mapping; a child pack's keys replace the parent's, its `days` and `dated_terms` are added."""

    country: Literal["CN", "none"] = "CN"
    school_year_starts: MonthDay = "09-01"
    week: tuple[Weekday, ...] = Slot(default=("mon", "tue", "wed", "thu", "fri"), description="school days of an ordinary week")
    terms: tuple[Term, ...] = Slot(default=(), max_length=2, description="the first and the second term")
    dated_terms: tuple[DatedTerm, ...] = ()
    days: tuple[SpecialDay, ...] = ()
