"""What happens to pupils when their school is merged away, or when undoing an act takes it from under them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from xingtan.apps.base.audit.services import Actor, Target
from xingtan.apps.base.orgs.models import FOREVER, OrgAct, Organisation
from xingtan.apps.base.pupils.many import Line, followed, lock_many, take_back_all, write_many
from xingtan.apps.base.pupils.models import Act, Child, Enrolment, Movement, SchoolClass, SweepLine, Transfer
from xingtan.apps.base.pupils.moving import act_of
from xingtan.apps.base.pupils.stamps import noted
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Where
from xingtan.kernel.text import T

KIND = "rehome"


@transaction.atomic
def pupils_settle(*, act: OrgAct, moves: Mapping[int, Organisation], actor: Actor) -> None:
    """Put everybody on the roll of schools that end onto the roll of those that carry on, class by class, from the act's day on."""
    spells = list(Enrolment.objects.on(act.day).filter(school__in=moves).order_by("school", "pk"))
    late = list(Enrolment.objects.filter(school__in=moves, valid_from__gt=act.day, valid_to__gt=act.day).exclude(valid_from__gte=FOREVER))
    if any(spell.valid_from < spell.valid_to for spell in late):
        message = T("并校之后还有以后日期的学籍变动")
        raise XingtanError.one("pupils.later", message, T("先撤回那些变动，或把并校日期改晚"), Where(field="day"))
    lock_many(spell.pupil_id for spell in spells)
    classes = list(SchoolClass.objects.on(act.day).filter(school__in=moves).order_by("school", "pk"))
    if not spells and not classes:
        return
    done = act_of(place=act.place, school=None, kind=KIND, day=act.day, actor=actor, evidence=act.basis, facts={"org_act": act.pk})
    at = _classes_along(done, classes, moves)
    lines = [
        Line(spell, Movement.Kind.REHOME, {"school_id": moves[spell.school_id].pk, "school_class_id": at.get(spell.school_class_id)})
        for spell in spells
    ]
    write_many(done, lines, act.day)
    _transfers_off(moves, actor)
    noted(
        actor=actor, action="pupil.rehome", place=act.place, target=Target("pupils.act", str(done.pk), str(act.day)),
        after={"pupils": len(spells), "classes": len(classes), "to": sorted({org.name for org in moves.values()})},
    )  # fmt: skip


def _classes_along(done: Act, classes: Sequence[SchoolClass], moves: Mapping[int, Organisation]) -> dict[int | None, int]:
    """Classes go along under the next free number: old → new primary key."""
    taken = set(
        SchoolClass.objects.filter(school__in=moves.values(), valid_to=FOREVER).values_list("school", "stage", "entry_year", "number")
    )
    at: dict[int | None, int] = {}
    for row in classes:
        school = moves[row.school_id]
        number = next(n for n in range(row.number, 1000) if (school.pk, row.stage, row.entry_year, n) not in taken)
        taken.add((school.pk, row.stage, row.entry_year, number))
        new = SchoolClass.objects.create(
            school=school, stage=row.stage, entry_year=row.entry_year, number=number, title=row.title, head_id=row.head_id,
            valid_from=done.day,
        )  # fmt: skip
        at[row.pk] = new.pk
        SchoolClass.objects.filter(pk=row.pk).update(valid_to=done.day, version=row.version + 1)
    done.facts |= {"classes_opened": sorted(at.values()), "classes_closed": {str(row.pk): row.valid_to.isoformat() for row in classes}}
    done.save(update_fields=["facts"])
    return at


def _transfers_off(moves: Mapping[int, Organisation], actor: Actor) -> None:
    """Proposals that name a school which ends are taken back: they have to be made again with the one that carries on."""
    from .transfers import transfer_withdraw

    waiting = Transfer.objects.filter(state=Transfer.State.PROPOSED)
    for transfer in [*waiting.filter(source__in=moves), *waiting.filter(target__in=moves).exclude(source__in=moves)]:
        transfer_withdraw(transfer=transfer, actor=actor, answer="学校并入他校")


@transaction.atomic
def pupils_unsettle(*, act: OrgAct, actor: Actor) -> None:
    """Take back what `pupils_settle` did for an act. Raises `XingtanError` when pupils moved on since."""
    for done in Act.objects.select_for_update().filter(place=act.place, kind=KIND, undone=None, day=act.day, facts__org_act=act.pk):
        lock_many(done.movements.values_list("pupil", flat=True))
        if later := followed(done):
            message = T("并校之后有 %(count)s 名学生又有异动", count=len(later))
            raise XingtanError.one("pupils.undo_order", message, T("先撤回这些学生后来的异动"), Where(field="act"))
        _refuse_new(done)
        count = take_back_all(done)
        _let_go(done)
        done.undone, done.undone_by, done.undone_reason = timezone.now(), actor.label[:200], "撤回并校"
        done.save(update_fields=["undone", "undone_by", "undone_reason"])
        target = Target("pupils.act", str(done.pk), str(act.day))
        noted(actor=actor, action="pupil.undo", place=act.place, target=target, before={"kind": KIND, "pupils": count})


def _let_go(done: Act) -> None:
    """What never was in force no longer names the school: it may be one that the undone act had founded."""
    for movement in done.movements.select_related("ended", "begun"):
        if movement.begun and movement.ended:
            Enrolment.objects.filter(pk=movement.begun.pk).update(school=movement.ended.school_id, school_class=None)
    for row in SchoolClass.objects.filter(pk__in=done.facts.get("classes_opened", [])):
        with suppress(ProtectedError), transaction.atomic():
            row.delete()


def _refuse_new(done: Act) -> None:
    """Somebody who came into a class that the merger opened cannot stay in it when it never was."""
    mine = Movement.objects.filter(act=done).values("begun")
    opened = done.facts.get("classes_opened", [])
    others = Enrolment.objects.filter(school_class__in=opened, valid_to__gt=done.day).exclude(pk__in=mine)
    count = sum(spell.valid_from < spell.valid_to for spell in others)
    if count:
        message = T("并校后的班里又来了 %(count)s 名学生", count=count)
        raise XingtanError.one("pupils.class_full", message, T("先把他们编入别的班"), Where(field="act"))


@transaction.atomic
def pupils_rehome(*, org: Organisation, to: Organisation, actor: Actor) -> int:
    """Say that everything of one organisation was at another one: used when undoing an act takes the first one away."""
    count = Enrolment.objects.filter(school=org).update(school=to)
    numbers = set(SchoolClass.objects.filter(school=to).values_list("stage", "entry_year", "number"))
    for row in SchoolClass.objects.filter(school=org):
        row.number = next(n for n in range(row.number, 1000) if (row.stage, row.entry_year, n) not in numbers)
        numbers.add((row.stage, row.entry_year, row.number))
        row.school, row.version = to, row.version + 1
        row.save(update_fields=["school", "number", "version"])
    for model, columns in ((Act, ("school",)), (Transfer, ("source", "target", "proposer")), (Child, ("org",)), (SweepLine, ("org",))):
        for column in columns:
            model._default_manager.filter(**{column: org}).update(**{column: to})
    if count:
        target = Target("orgs.organisation", str(to.pk), to.name)
        noted(actor=actor, action="pupil.rehome", place=to.place, target=target, after={"pupils": count, "to": [to.name]})
    return count
