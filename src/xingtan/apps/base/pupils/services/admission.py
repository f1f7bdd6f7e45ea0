"""Enter a pupil on a roll: somebody new, or somebody whose record the county already has."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.people.services import person_create
from xingtan.apps.base.pupils.checks import Facts, Who, facts_faults, who_faults
from xingtan.apps.base.pupils.identity import Known, known, refuse_enrolled
from xingtan.apps.base.pupils.models import Movement, Pupil
from xingtan.apps.base.pupils.moving import Seat, Step, act_of, day_faults, lock, seat_faults, step_faults, write
from xingtan.apps.base.pupils.rules import Rules, rules
from xingtan.apps.base.pupils.stamps import noted
from xingtan.apps.base.pupils.told import seat_told
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Where, error
from xingtan.kernel.text import T

from .facts import guardians_write, national_number, unique_number

Kind = Movement.Kind


@transaction.atomic
def pupil_admit(
    *, place: Place, who: Who, seat: Seat, day: date, actor: Actor, facts: Facts | None = None, from_outside: bool = False,
    evidence: str = "", attachment: Any = None,
) -> Pupil:  # fmt: skip
    """Enter a pupil at a school from a day on: 入学, or 转入 when he comes from outside the county (`from_outside`).

    An identity number that the place knows is the same person: a pupil who is on no roll now (graduated, moved away) goes on with the
    record he has. Raises `DuplicateError` when he is on a roll, `XingtanError` with everything else that is wrong.
    """
    facts, law = facts or Facts(), rules(place)
    who, facts = national_number(who, facts)
    before = known(place, who.id_number, day) if who.id_number else Known()
    refuse_enrolled(before, seat.school)
    step = Step(Kind.IN if from_outside else Kind.ENTER, day, seat, at=seat.school)
    issues = who_faults(place, who) + facts_faults(facts, law) + _someone_else(who, before) + unique_number(place, facts, before.pupil)
    pupil = lock(before.pupil) if before.pupil else None
    issues += step_faults(pupil, step, law) if pupil else _first_faults(place, step, law)
    if issues:
        raise XingtanError(issues)
    pupil = pupil or _new(place, who, before.person, facts, (step, actor))
    act = act_of(place=place, school=seat.school, kind=step.kind, day=day, actor=actor, evidence=evidence, attachment=attachment)
    write(pupil, step, act)
    noted(actor=actor, action="pupil.admit", place=place, target=pupil, after={"kind": step.kind, **seat_told(seat, day)})
    return pupil


def _first_faults(place: Place, step: Step, law: Rules) -> list[Issue]:
    return day_faults(step, None) + (seat_faults(place, step.seat, step.day, law) if step.seat else [])


def _someone_else(who: Who, before: Known) -> list[Issue]:
    """An identity number found for a person of another name or birth: one of the two was typed wrong."""
    person = before.person
    if person is None or (person.name == who.name and (who.birth is None or person.birth in {None, who.birth})):
        return []
    message = T("这个证件号在本县属于另一个姓名或出生日期的人")
    return [error("pupils.id_taken", message, Where(field="id_number"), T("核对证件；如是同一人，先更正那份资料"))]


def _new(place: Place, who: Who, person: Person | None, facts: Facts, by: tuple[Step, Actor]) -> Pupil:
    """A new record, of a new person or of one whom the place knows (a former pupil's parent, a teacher: one person for life)."""
    step, actor = by
    if person is None:
        person = person_create(place=place, name=who.name, sex=who.sex, birth=who.birth, actor=actor, **who.particulars())
    values = dict(facts.values)
    number = values.pop("number", "") or f"{step.day.year}{person.pk:07d}"
    if step.seat is not None:
        values.setdefault("residence", step.seat.residence)
        values.setdefault("entry_mode", step.seat.entry_mode)
    values.setdefault("entry_month", f"{step.day:%Y-%m}")
    pupil = Pupil(place=place, person=person, number=number, temporary=not who.id_number, since=step.day, **values)
    pupil.save(force_insert=True)
    guardians_write(pupil, facts.guardians or ())
    return pupil
