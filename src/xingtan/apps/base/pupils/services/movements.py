"""Single movements of one pupil, and undoing an act. Every verb: guards, one movement, one audit event."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from xingtan.apps.base.audit.services import Actor, Target
from xingtan.apps.base.orgs.models import Organisation
from xingtan.apps.base.orgs.tree import day_text
from xingtan.apps.base.pupils.bulk import ROSTER
from xingtan.apps.base.pupils.many import followed, lock_many, take_back_all
from xingtan.apps.base.pupils.models import Act, Enrolment, Movement, Pupil, SchoolClass, Transfer
from xingtan.apps.base.pupils.moving import Seat, Step, act_of, evidence_faults, lock, spell_on, step_faults, write
from xingtan.apps.base.pupils.rules import rules
from xingtan.apps.base.pupils.stamps import noted
from xingtan.apps.base.pupils.told import seat_told, spell_told
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Where, error
from xingtan.kernel.text import T

Kind = Movement.Kind
Status = Enrolment.Status


@dataclass(frozen=True)
class Ground:
    """What every movement is asked: who acts, on what authority, why."""

    actor: Actor
    evidence: str = ""
    attachment: Any = None
    reason: str = ""
    at: Organisation | None = None  # the school that acts: it must have the pupil


def pupil_leave(*, pupil: Pupil, day: date, to: str, ground: Ground) -> Movement:
    """转出: to a school outside the county, from the day on. (Within the county a transfer is proposed: `services.transfers`.)"""
    return _moved(pupil, Step(Kind.OUT, day, to=to), ground)


def pupil_drop(*, pupil: Pupil, day: date, ground: Ground) -> Movement:
    """辍学: left without going anywhere; the reason is a code of the pack."""
    return _moved(pupil, Step(Kind.DROP, day), ground)


def pupil_die(*, pupil: Pupil, day: date, ground: Ground) -> Movement:
    """死亡."""
    return _moved(pupil, Step(Kind.DEATH, day), ground)


def pupil_graduate(*, pupil: Pupil, day: date, ground: Ground) -> Movement:
    """毕业: refused before the last grade of the stage."""
    return _moved(pupil, Step(Kind.GRADUATE, day), ground)


def pupil_complete(*, pupil: Pupil, day: date, ground: Ground) -> Movement:
    """结业: through the last grade without graduating."""
    return _moved(pupil, Step(Kind.COMPLETE, day), ground)


def pupil_suspend(*, pupil: Pupil, day: date, ground: Ground) -> Movement:
    """休学: stays on the roll of the school, does not attend."""
    return _moved(pupil, Step(Kind.SUSPEND, day), ground, {"status": Status.SUSPENDED})


def pupil_resume(*, pupil: Pupil, day: date, ground: Ground, seat: Seat | None = None) -> Movement:
    """复学: back from suspension, or (with a `seat`) of one who had dropped out."""
    step = Step(Kind.RESUME, day, seat)
    return _moved(pupil, step, ground, None if seat else {"status": Status.PRESENT})


def pupil_promote(*, pupil: Pupil, day: date, ground: Ground, school_class: SchoolClass | None = None) -> Movement:
    """升级: one grade up, in the same class unless another is named."""
    return _graded(pupil, Kind.PROMOTE, day, ground, (1, school_class))


def pupil_repeat(*, pupil: Pupil, day: date, ground: Ground, school_class: SchoolClass | None = None) -> Movement:
    """留级: once more in the grade, in a class of the next year's pupils."""
    return _graded(pupil, Kind.REPEAT, day, ground, (0, school_class))


def pupil_skip(*, pupil: Pupil, day: date, ground: Ground, school_class: SchoolClass | None = None) -> Movement:
    """跳级: two grades up."""
    return _graded(pupil, Kind.SKIP, day, ground, (2, school_class))


def pupil_change_seat(*, pupil: Pupil, day: date, ground: Ground, **columns: Any) -> Movement:
    """变更 or 分班: class, boarding, residence, number in class – from a day on, at the same school and grade."""
    kind = Kind.CLASS if "school_class" in columns else Kind.CHANGE
    return _moved(pupil, Step(kind, day), ground, columns)


def _graded(pupil: Pupil, kind: str, day: date, ground: Ground, to: tuple[int, SchoolClass | None]) -> Movement:
    up, chosen = to
    spell = spell_on(pupil, day)
    changed: dict[str, Any] = {"grade": spell.grade + up} if spell else {}
    if chosen is not None or kind != Kind.PROMOTE:
        changed["school_class"] = chosen
    return _moved(pupil, Step(kind, day), ground, changed)


@transaction.atomic
def _moved(pupil: Pupil, step: Step, ground: Ground, changed: dict[str, Any] | None = None) -> Movement:
    """Write one movement. `changed`: the columns in which the new spell differs from the one it follows."""
    locked = lock(pupil)
    spell = spell_on(locked, step.day)
    if changed is not None and spell is not None:
        step = replace(step, seat=Seat.of(spell, **changed))
    step = replace(step, reason=ground.reason, at=ground.at)
    law = rules(locked.place)
    issues = step_faults(locked, step, law) + evidence_faults(step, ground.evidence, ground.attachment) + open_transfer(locked)
    issues += _last_grade(step, spell, law.grades.last(spell.stage) if spell else 0)
    if issues:
        raise XingtanError(issues)
    school = step.seat.school if step.seat else spell.school if spell else None
    act = act_of(
        place=locked.place, school=school, kind=step.kind, day=step.day, actor=ground.actor, evidence=ground.evidence,
        attachment=ground.attachment,
    )  # fmt: skip
    movement = write(locked, step, act)
    after = {"kind": step.kind, "reason": step.reason, "day": step.day.isoformat(), **(seat_told(step.seat, step.day) if step.seat else {})}
    noted(
        actor=ground.actor, action="pupil.move", place=locked.place, target=locked, before=spell_told(spell), after=after,
        reason=ground.evidence[:500],
    )  # fmt: skip
    return movement


def _last_grade(step: Step, spell: Enrolment | None, last: int) -> list[Issue]:
    """Graduation belongs to the last grade."""
    if step.kind not in {Kind.GRADUATE, Kind.COMPLETE} or spell is None or spell.grade >= last:
        return []
    message = T("学生还没有到%(stage)s的最后一个年级", stage=spell.stage)
    return [error("pupils.last_grade", message, Where(field="kind"), T("中途离校请办转出、休学或辍学"))]


def open_transfer(pupil: Pupil) -> list[Issue]:
    """A transfer that waits for its answer: nothing else may move the pupil meanwhile."""
    if not Transfer.objects.filter(pupil=pupil, state=Transfer.State.PROPOSED).exists():
        return []
    return [error("pupils.in_transfer", T("这名学生有一项转学还没有答复"), Where(field="kind"), T("先答复或撤回那项转学"))]


@transaction.atomic
def act_undo(*, act: Act, reason: str, actor: Actor) -> Act:
    """Take an act back: every movement of it, each the latest of its pupil. Raises `XingtanError` naming what came later."""
    held = Act.objects.select_for_update(of=("self",)).select_related("place", "school").get(pk=act.pk)
    issues = [error("pupils.undone", T("这件事已经撤回"), Where(field="reason"))] if held.undone else []
    if held.kind == ROSTER:
        issues.append(error("pupils.undo_roster", T("这是整批导入的名册"), Where(field="reason"), T("请到“导入记录”里整批撤销")))
    if not reason.strip():
        issues.append(error("pupils.undo_reason", T("没有写撤回理由"), Where(field="reason"), T("写明为什么撤回")))
    if issues:
        raise XingtanError(issues)
    lock_many(held.movements.values_list("pupil", flat=True))
    if later := followed(held):
        raise XingtanError([_later(movement) for movement in later])
    count = take_back_all(held)
    held.undone, held.undone_by, held.undone_reason = timezone.now(), actor.label[:200], reason.strip()[:500]
    held.save(update_fields=["undone", "undone_by", "undone_reason"])
    Transfer.objects.filter(act=held).update(state=Transfer.State.WITHDRAWN)
    only = held.movements.select_related("pupil").first() if count == 1 else None
    target = only.pupil if only else Target("pupils.act", str(held.pk), str(held))
    told = {"kind": held.kind, "day": held.day.isoformat(), "pupils": count}
    noted(actor=actor, action="pupil.undo", place=held.place, target=target, before=told, reason=reason)
    return held


def _later(movement: Movement) -> Issue:
    message = T("学生%(pupil)s此后又有%(kind)s（%(day)s）", pupil=str(movement.pupil), kind=movement.kind, day=day_text(movement.day))
    return error("pupils.undo_order", message, Where(field="reason"), T("先撤回后来的异动"))
