"""Pupils of the cast's county: admitted by the services, as clerks do."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from tests.cast import ACTOR

from xingtan.apps.base.pupils.checks import Facts, Who
from xingtan.apps.base.pupils.models import Enrolment, Pupil, SchoolClass
from xingtan.apps.base.pupils.moving import Seat
from xingtan.apps.base.pupils.services import class_open, pupil_admit
from xingtan.apps.base.pupils.services.movements import Ground

START = date(2024, 9, 1)
GROUND = Ground(ACTOR, evidence="有材料")
_numbers = count(1)


def citizen_number(birth: date, sex: str = "男", serial: int = 1) -> str:
    """A resident identity number with a right check digit, of an invented person."""
    body = f"220523{birth:%Y%m%d}{serial * 2 + (1 if sex == '男' else 0):03d}"
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


def open_class(school: Any, stage: str = "初中", year: int = 2024, number: int = 1) -> SchoolClass:
    return class_open(school=school, stage=stage, entry_year=year, number=number, day=date(year, 9, 1), actor=ACTOR)


def admit(
    school: Any, name: str = "", *, day: date = START, stage: str = "初中", grade: int = 1, facts: Facts | None = None, **more: Any
) -> Pupil:
    """A pupil on the roll of a school from the day on. `more`: columns of the seat, or of who (sex, birth, id_number)."""
    name = name or f"学生{next(_numbers)}"
    who = Who(name, **{key: more.pop(key) for key in ("sex", "birth", "id_number", "phone") if key in more})
    return pupil_admit(place=school.place, who=who, seat=Seat(school, stage, grade, **more), day=day, actor=ACTOR, facts=facts)


def spells(pupil: Pupil) -> list[tuple[Any, ...]]:
    """The spells in force, as plain values."""
    rows = Enrolment.objects.filter(pupil=pupil).order_by("valid_from")
    return [
        (row.school_id, row.stage, row.grade, row.school_class_id, row.status, row.boarding, row.valid_from, row.valid_to)
        for row in rows
        if row.valid_from < row.valid_to
    ]
