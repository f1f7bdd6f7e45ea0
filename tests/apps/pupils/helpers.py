"""Pupils of the cast's county: admitted by the services, as clerks do."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from django.utils import timezone
from tests.cast import ACTOR

from xingtan.apps.base.pupils.checks import Facts, Who
from xingtan.apps.base.pupils.grades import grades
from xingtan.apps.base.pupils.models import Child, Enrolment, Pupil, SchoolClass, Sweep, Transfer
from xingtan.apps.base.pupils.moving import Seat
from xingtan.apps.base.pupils.services import class_open, pupil_admit
from xingtan.apps.base.pupils.services.children import Listed, children_list, sweep_start
from xingtan.apps.base.pupils.services.movements import Ground
from xingtan.apps.base.pupils.services.transfers import Proposal, transfer_propose

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


def propose(pupil: Pupil, target: Any, day: date | None = None, proposer: Any = None) -> Transfer:
    """A transfer proposed by the school that has the pupil."""
    source = pupil.spells.order_by("-valid_from")[0].school
    wanted = Proposal(target, proposer or source, day or timezone.localdate(), evidence="家长申请")
    return transfer_propose(pupil=pupil, wanted=wanted, actor=ACTOR)


def listed(org: Any, name: str = "适龄一", birth: date = date(2016, 5, 6), year: int | None = None, **more: Any) -> Child:
    """A child on the list of this school year (or another) kept by an organisation."""
    year = year if year is not None else grades(org.place).year_of(timezone.localdate())
    return children_list(org=org, year=year, listed=[Listed(name, birth=birth, **more)], actor=ACTOR)[0]


def swept(org: Any) -> Sweep:
    """A sweep with one child whom nobody has found."""
    child = listed(org, "未入学的")
    today = timezone.localdate()
    return sweep_start(org=org, year=child.year, day=today, due=today, title="开学前排查", actor=ACTOR)
