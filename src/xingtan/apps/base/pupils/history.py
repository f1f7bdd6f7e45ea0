"""A pupil's schooling in words: spells on a line of time, and what happened when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from xingtan.apps.base.orgs.models import FOREVER
from xingtan.apps.base.orgs.tree import day_text
from xingtan.kernel.text import T, Text

from .grades import Grades
from .models import Enrolment, Movement, Pupil, SchoolClass
from .selectors import movements_of, spells_of

Kind = Movement.Kind


@dataclass(frozen=True)
class Piece:
    """One spell as it is drawn."""

    spell: Enrolment
    grade: str
    school_class: Text | str
    start: Text
    end: Text
    open: bool

    @property
    def suspended(self) -> bool:
        return self.spell.status == Enrolment.Status.SUSPENDED


@dataclass(frozen=True)
class Moment:
    """Something that happened."""

    movement: Movement
    day: Text
    what: Text
    latest: bool


def line_of_time(pupil: Pupil, law: Grades, until: date = FOREVER) -> list[Piece]:
    """Spells that began before a day, the latest first; one that reaches beyond it ends there for the reader."""
    rows = [spell for spell in spells_of(pupil) if spell.valid_from < until]
    return [
        Piece(
            spell, law.word(spell.stage, spell.grade), class_word(spell.school_class, law, spell.valid_from), day_text(spell.valid_from),
            day_text(min(spell.valid_to, until)), min(spell.valid_to, until) == FOREVER,
        )
        for spell in reversed(rows)
    ]  # fmt: skip


def class_word(row: SchoolClass | None, law: Grades, day: date) -> Text | str:
    if row is None:
        return ""
    grade = law.grade_on(row.entry_year, day)
    if row.title or not law.within(row.stage, grade):  # not yet, or no longer, in a grade of the stage
        return row.title or T("%(year)s级%(number)s班", year=row.entry_year, number=row.number)
    return T("%(grade)s%(number)s班", grade=law.word(row.stage, grade), number=row.number)


def history(pupil: Pupil, law: Grades, until: date = FOREVER) -> list[Moment]:
    """What happened up to a day, the latest first. Only the very latest act can be undone."""
    rows = [row for row in movements_of(pupil) if row.day < until or (row.day == until and row.begun_id is None)]
    return [Moment(row, day_text(row.day), told(row, law), at == 0) for at, row in enumerate(rows)]


def told(row: Movement, law: Grades) -> Text:
    """One movement in a sentence."""
    begun, ended = row.begun, row.ended
    if row.kind in {Kind.ENTER, Kind.IN} and begun is not None:
        return T("%(kind)s%(school)s，%(grade)s", kind=row.kind, school=begun.school.name, grade=law.word(begun.stage, begun.grade))
    if row.kind == Kind.OUT and ended is not None:
        return T("从%(school)s转出，转往%(to)s", school=ended.school.name, to=row.to or T("未写明"))
    if row.kind == Kind.REHOME and begun is not None:
        return T("随学校合并到%(school)s", school=begun.school.name)
    if row.kind in {Kind.PROMOTE, Kind.REPEAT, Kind.SKIP} and begun is not None:
        return T("%(kind)s，现为%(grade)s", kind=row.kind, grade=law.word(begun.stage, begun.grade))
    if row.kind == Kind.CLASS and begun is not None:
        return T("编入%(class)s", **{"class": class_word(begun.school_class, law, row.day) or T("未分班")})
    return T("%(kind)s：%(reason)s", kind=row.kind, reason=row.reason) if row.reason else T("%(kind)s", kind=row.kind)
