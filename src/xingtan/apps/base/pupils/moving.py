"""The one way in which enrolment changes: end the spell of a day, begin the next, write the movement. Every verb goes through here.

The pupil's row is locked first; whatever the spells are then, they are no longer changed by anybody else until the transaction ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.orgs.models import FOREVER, Organisation, Place
from xingtan.apps.base.orgs.tree import day_text
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Where, error
from xingtan.kernel.text import T

from .models import Act, Enrolment, Movement, Pupil, SchoolClass
from .rules import Rules

Kind = Movement.Kind
Status = Enrolment.Status
# What must be true of a pupil before a movement: on which roll, and the last thing that happened to one who is on none.
FROM_ROLL: Mapping[str, frozenset[str]] = {
    Kind.OUT: frozenset({Status.PRESENT, Status.SUSPENDED}), Kind.DROP: frozenset({Status.PRESENT, Status.SUSPENDED}),
    Kind.DEATH: frozenset({Status.PRESENT, Status.SUSPENDED}), Kind.SUSPEND: frozenset({Status.PRESENT}),
    Kind.RESUME: frozenset({Status.SUSPENDED}), Kind.PROMOTE: frozenset({Status.PRESENT}), Kind.REPEAT: frozenset({Status.PRESENT}),
    Kind.SKIP: frozenset({Status.PRESENT}), Kind.CLASS: frozenset({Status.PRESENT, Status.SUSPENDED}),
    Kind.CHANGE: frozenset({Status.PRESENT, Status.SUSPENDED}), Kind.GRADUATE: frozenset({Status.PRESENT}),
    Kind.COMPLETE: frozenset({Status.PRESENT}), Kind.REHOME: frozenset({Status.PRESENT, Status.SUSPENDED}),
}  # fmt: skip
LEAVING = frozenset({Kind.OUT, Kind.DROP, Kind.DEATH, Kind.GRADUATE, Kind.COMPLETE})
PROVED = frozenset({Kind.OUT, Kind.DROP, Kind.DEATH, Kind.SUSPEND, Kind.REPEAT, Kind.SKIP})  # want a reason in words or papers


@dataclass(frozen=True)
class Seat:
    """Where a pupil sits from a day on: the columns of a spell."""

    school: Organisation
    stage: str
    grade: int
    school_class: SchoolClass | None = None
    seat: str = ""
    boarding: bool | None = None
    residence: str = ""
    entry_mode: str = ""
    status: str = Status.PRESENT

    @classmethod
    def of(cls, spell: Enrolment, **changed: Any) -> Seat:
        """The columns of a spell, some of them changed."""
        seat = cls(
            spell.school, spell.stage, spell.grade, spell.school_class, spell.seat, spell.boarding, spell.residence, spell.entry_mode,
            spell.status,
        )  # fmt: skip
        return replace(seat, **changed)


@dataclass(frozen=True)
class Step:
    """One pupil's movement. `seat` None: the pupil is on no roll from the day on. `at`: the school that acts must have the pupil."""

    kind: str
    day: date
    seat: Seat | None = None
    reason: str = ""
    to: str = ""
    horizon: int = 0  # days into the future that the rules allow
    at: Organisation | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


def lock(pupil: Pupil) -> Pupil:
    """The pupil's row, held to the end of the transaction. Raises `XingtanError` for a record merged into another."""
    found = Pupil.objects.select_for_update(of=("self",)).select_related("place", "person").get(pk=pupil.pk)
    if found.merged_into_id:
        raise XingtanError.one("pupils.merged", T("这份学籍已并入另一份"), T("打开保留的那份学籍办理"))
    return found


def spell_on(pupil: Pupil, day: date) -> Enrolment | None:
    """The spell in force on a day."""
    return Enrolment.objects.on(day).filter(pupil=pupil).select_related("school", "school_class").first()


def last_movement(pupil: Pupil) -> Movement | None:
    """The latest movement that stands."""
    return Movement.objects.filter(pupil=pupil, undone=False).order_by("-day", "-pk").first()


def step_faults(pupil: Pupil, step: Step, rules: Rules) -> list[Issue]:
    """Everything that speaks against a movement of a locked pupil."""
    spell, last = spell_on(pupil, step.day), last_movement(pupil)
    found = day_faults(step, last) + rules.fault("reason", "reason", T("原因"), step.reason, step.day)
    allowed = FROM_ROLL.get(step.kind)
    if step.kind == Kind.RESUME and spell is None and last is not None and last.kind == Kind.DROP:
        allowed = None  # one who dropped out comes back
    if allowed is None and spell is not None:
        found.append(_on_roll(spell, step))
    elif allowed is not None and spell is None:
        found.append(error("pupils.off_roll", T("这名学生在%(day)s不在任何学校在籍", day=day_text(step.day)), Where(field="day")))
    elif allowed is not None and spell is not None and spell.status not in allowed:
        message = T("学生现为“%(status)s”，不能办理%(kind)s", status=spell.status, kind=step.kind)
        found.append(error("pupils.status", message, Where(field="kind"), T("先核对学籍状态")))
    if spell is not None and step.at is not None and spell.school_id != step.at.pk:
        found.append(error("pupils.elsewhere", T("学生不在“%(school)s”在籍", school=step.at.name), Where(field="school")))
    if step.kind == Kind.DROP and not step.reason:
        found.append(error("pupils.reason", T("辍学要写明原因"), Where(field="reason"), T("从原因代码里选一项")))
    return found + (seat_faults(pupil.place, step.seat, step.day, rules) if step.seat else [])


def day_faults(step: Step, last: Movement | None) -> list[Issue]:
    """The effective date: not in the future beyond the horizon, not before what was already done."""
    found = []
    latest = timezone.localdate() + timedelta(days=step.horizon)
    if step.day > latest:
        hint = T("最晚填%(day)s", day=day_text(latest))
        found.append(error("pupils.future", T("生效日期%(day)s还没有到", day=day_text(step.day)), Where(field="day"), hint))
    if last is not None and step.day < last.day:
        params = {"kind": last.kind, "day": day_text(last.day)}
        hint = T("日期不早于它，或先撤回那次异动")
        found.append(error("pupils.before_last", T("此后已有异动：%(day)s%(kind)s", **params), Where(field="day"), hint))
    return found


def seat_faults(place: Place, seat: Seat, day: date, rules: Rules) -> list[Issue]:
    """What speaks against sitting there from the day on: school, stage, grade, class."""
    found = []
    if seat.school.place_id != place.pk:
        found.append(error("pupils.other_place", T("“%(school)s”不在本县", school=seat.school.name), Where(field="school")))
    kind = school_kind(seat.school, day)
    if kind is None:
        message = T("“%(school)s”在%(day)s不存在或已撤销", school=seat.school.name, day=day_text(day))
        found.append(error("pupils.school_closed", message, Where(field="school"), T("选当时存在的学校")))
    elif seat.stage not in rules.grades.stages_at(kind):
        taught = "、".join(rules.grades.stages_at(kind)) or T("没有学段")
        message = T("“%(school)s”不办%(stage)s", school=seat.school.name, stage=seat.stage or T("（未填学段）"))
        found.append(error("pupils.stage", message, Where(field="stage"), T("这里有：%(taught)s", taught=taught)))
    if not rules.grades.within(seat.stage, seat.grade):
        message = T("%(stage)s没有第 %(grade)s 个年级", stage=seat.stage, grade=seat.grade)
        found.append(
            error("pupils.grade", message, Where(field="grade"), T("年级在 1 到 %(last)s 之间", last=rules.grades.last(seat.stage)))
        )
    if seat.school_class is not None:
        found += class_faults(seat, seat.school_class, day)
    return found + rules.fault("residence", "residence", T("城乡"), seat.residence)


def class_faults(seat: Seat, chosen: SchoolClass, day: date) -> list[Issue]:
    """A class belongs to its school and stage and is there on the day. (A grade beside the class's own is a doubt of `people check`.)"""
    where, hint = Where(field="school_class"), T("选本校同一学段、当天已开班的班级")
    if chosen.school_id != seat.school.pk:
        return [error("pupils.class_school", T("“%(title)s”不是“%(school)s”的班", title=str(chosen), school=seat.school.name), where, hint)]
    if chosen.stage != seat.stage:
        return [error("pupils.class_stage", T("“%(title)s”不是%(stage)s的班", title=str(chosen), stage=seat.stage), where, hint)]
    if not chosen.valid_from <= day < chosen.valid_to:
        return [error("pupils.class_closed", T("“%(title)s”在%(day)s没有开班", title=str(chosen), day=day_text(day)), where, hint)]
    return []


def school_kind(school: Organisation, day: date) -> str | None:
    """The kind of an organisation on a day; None when it was not there."""
    return school.spells.filter(valid_from__lte=day, valid_to__gt=day).values_list("kind", flat=True).first()


def evidence_faults(step: Step, evidence: str, attachment: object) -> list[Issue]:
    """Movements that take something from a pupil want a ground in words or papers."""
    if step.kind in PROVED and not evidence.strip() and not attachment:
        return [error("pupils.evidence", T("%(kind)s要有依据", kind=step.kind), Where(field="evidence"), T("写明依据，或附上证明材料"))]
    return []


def write(pupil: Pupil, step: Step, act: Act) -> Movement:
    """Write a movement of a locked pupil that has no faults."""
    spell = spell_on(pupil, step.day)
    was = spell.valid_to if spell else None
    if spell is not None:
        Enrolment.objects.filter(pk=spell.pk).update(valid_to=step.day)
    begun = None
    if step.seat is not None:
        begun = Enrolment.objects.create(
            place_id=pupil.place_id, pupil=pupil, valid_from=step.day, valid_to=was or FOREVER, **columns(step.seat)
        )
    return Movement.objects.create(
        place_id=pupil.place_id, act=act, pupil=pupil, kind=step.kind, day=step.day, reason=step.reason, to=step.to[:120], ended=spell,
        ended_was=was, begun=begun,
    )  # fmt: skip


def columns(seat: Seat) -> dict[str, Any]:
    """A seat as the columns of a spell."""
    return {
        "school": seat.school, "stage": seat.stage, "grade": seat.grade, "school_class": seat.school_class, "seat": seat.seat,
        "boarding": seat.boarding, "residence": seat.residence, "entry_mode": seat.entry_mode, "status": seat.status,
    }  # fmt: skip


def act_of(
    *, place: Place, school: Organisation | None, kind: str, day: date, actor: Actor, evidence: str = "", attachment: Any = None,
    facts: Mapping[str, Any] | None = None,
) -> Act:  # fmt: skip
    """The row that holds movements together."""
    return Act.objects.create(
        place=place, school=school, kind=kind, day=day, evidence=evidence.strip()[:4000], attachment=attachment or "",
        facts=dict(facts or {}), actor_id=actor.id, actor_label=actor.label,
    )  # fmt: skip


def _on_roll(spell: Enrolment, step: Step) -> Issue:
    if step.at is not None and spell.school_id == step.at.pk:
        return error("pupils.on_roll", T("学生在本校已有学籍"), Where(field="school"), T("不必再办%(kind)s", kind=step.kind))
    hint = T("已在本县另一所学校有学籍，请发起转学")
    return error(
        "pupils.on_roll", T("学生在%(day)s已有学籍，不能%(kind)s", day=day_text(step.day), kind=step.kind), Where(field="school"), hint
    )
