"""What a class must be taught by the pack's curriculum, held against what it is taught. Plain values in and out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xingtan.pack import Pack
from xingtan.pack.schema.curriculum import Curriculum

Given = Mapping[str, Decimal]  # subject → periods a week; a class whose timetable nobody has stated has None instead


@dataclass(frozen=True, slots=True)
class Need:
    """A subject that a grade must have. `required` None: the plan states no number of periods."""

    subject: str
    required: Decimal | None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A need and what there is: None throughout while the class has stated no timetable."""

    need: Need
    opened: bool | None
    given: Decimal | None

    @property
    def counted(self) -> Decimal | None:
        """Periods given as far as they are required; None where either is not known or not stated."""
        if self.given is None or self.need.required is None:
            return None
        return min(self.given, self.need.required)

    @property
    def short(self) -> Decimal | None:
        """How many periods are missing; None where that cannot be said."""
        return None if self.counted is None or self.need.required is None else self.need.required - self.counted


def plan_of(pack: Pack, stage: str, year_begins: date) -> Curriculum | None:
    """The curriculum of a stage for the school year that begins on a day; of several, the latest."""
    found = [
        plan
        for plan in pack.curricula.values()
        if plan.stage == stage and plan.from_ <= year_begins and (plan.to is None or year_begins <= plan.to)
    ]
    return max(found, key=lambda plan: plan.from_, default=None)


def needs(plan: Curriculum, grade: int) -> list[Need]:
    """The subjects of a grade, in the plan's order."""
    return [Need(course.subject, course.asked(grade), course.parts) for course in plan.courses if grade in course.grades]


def hold(need: Need, given: Given | None) -> Held:
    """A subject is opened when it is taught itself, or all its parts are; their periods add up."""
    if given is None:
        return Held(need, None, None)
    total = sum((given.get(name, Decimal(0)) for name in (need.subject, *need.parts)), Decimal(0))
    whole = need.subject in given or (bool(need.parts) and all(part in given for part in need.parts))
    return Held(need, whole, total)


def compare(plan: Curriculum | None, grade: int, given: Given | None) -> list[Held]:
    """All needs of a grade. A place whose pack has no curriculum for the stage asks for nothing."""
    return [hold(need, given) for need in needs(plan, grade)] if plan else []
