"""Curricula: which subjects a stage must open in which grades, and how many periods a week the plan gives them."""

from __future__ import annotations

from pydantic import Field as Slot
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from .common import Day, Model, Noun, Number, SourceRef, Title, Whole


class Course(Model):
    """One subject. Without `periods` it must be opened, and the plan leaves the number to the place."""

    subject: Title = Slot(description="a word of the code table `subject`")
    grades: tuple[Whole, ...] = Slot(min_length=1, description="grades within the stage, from 1")
    periods: tuple[Number, ...] = Slot(default=(), description="periods a week, one for each grade; empty: the plan states none")
    parts: tuple[Title, ...] = Slot(
        default=(), description="subjects that together count as this one, such as music and fine arts for the arts"
    )

    @model_validator(mode="after")
    def _one_each(self) -> Course:
        if self.periods and len(self.periods) != len(self.grades):
            raise PydanticCustomError("course_periods", "one number of periods for each grade")
        return self

    def asked(self, grade: int) -> Number | None:
        """The periods a week in a grade; None: not stated."""
        return self.periods[self.grades.index(grade)] if self.periods and grade in self.grades else None


class Curriculum(Noun):
    """The plan of one stage for the school years that begin while it is in force."""

    stage: Title = Slot(description="a word of the code table `stage`")
    from_: Day = Slot(alias="from")
    to: Day | None = Slot(default=None, description="last day on which a school year may begin under it")
    week: tuple[Number, ...] = Slot(default=(), description="all periods a week, by grade from 1; empty: the plan states none")
    courses: tuple[Course, ...] = Slot(min_length=1)
    basis: SourceRef | None = None

    def total(self, grade: int) -> Number | None:
        """All periods a week of a grade; None: not stated."""
        return self.week[grade - 1] if 1 <= grade <= len(self.week) else None
