"""Apply a batch that was previewed, as a job; undo is `act_undo` of its act."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from xingtan.apps.base.audit.services import Actor, Target
from xingtan.apps.base.jobs.models import Job
from xingtan.apps.base.jobs.services import enqueue
from xingtan.apps.base.orgs.models import Organisation
from xingtan.apps.base.pupils.batching import Plan, Wanted, plan
from xingtan.apps.base.pupils.many import Line, lock_many, write_many
from xingtan.apps.base.pupils.models import Act, Enrolment, SchoolClass
from xingtan.apps.base.pupils.moving import act_of
from xingtan.apps.base.pupils.stamps import noted
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T

JOB = "pupils.batch"


@transaction.atomic
def batch_request(*, org: Organisation, wanted: Wanted, digest: str, actor: Actor) -> Job:
    """Have a batch applied in the background, exactly as previewed under `digest`."""
    payload = {"wanted": wanted.told(), "digest": digest}
    return enqueue(kind=JOB, payload=payload, actor=actor, place=org.place, key=f"{JOB}:{org.pk}")


@transaction.atomic
def batch_apply(*, org: Organisation, wanted: Wanted, digest: str, actor: Actor) -> Act:
    """Apply a batch. Raises `XingtanError` when it would no longer do what the preview under `digest` said, or may not be done."""
    lock_many(line.spell.pupil_id for line in plan(org, wanted).lines)
    found = plan(org, wanted)
    if found.digest != digest:
        message = T("预览之后名册又有变化，没有办理")
        raise XingtanError.one("pupils.changed", message, T("重新预览，核对后再确认"))
    if not found.possible:
        raise XingtanError(found.issues)
    act = act_of(place=org.place, school=org, kind=wanted.kind, day=wanted.date, actor=actor)
    opened = _open(found)
    write_many(act, [_settled(line, opened) for line in found.lines], wanted.date)
    closed = _close(found)
    act.facts = {
        "wanted": wanted.told(), "pupils": len(found.lines), "classes_opened": sorted(opened.values()), "classes_closed": closed,
    }  # fmt: skip
    act.save(update_fields=["facts"])
    noted(
        actor=actor, action=f"pupil.{wanted.kind}", place=org.place, target=Target("pupils.act", str(act.pk), org.name),
        after={"day": wanted.day, "pupils": len(found.lines), "classes": len(opened) + len(closed)},
    )  # fmt: skip
    return act


def _open(found: Plan) -> dict[int, int]:
    """Open the batch's classes: key → primary key."""
    day = found.wanted.date
    rows = [
        SchoolClass(school_id=one.school, stage=one.stage, entry_year=one.entry_year, number=one.number, valid_from=day)
        for one in found.opened
    ]
    return {one.key: row.pk for one, row in zip(found.opened, SchoolClass.objects.bulk_create(rows), strict=True)}


def _settled(line: Line, opened: dict[int, int]) -> Line:
    key = (line.changed or {}).get("school_class_id")
    if key is None or key > 0:
        return line
    return Line(line.spell, line.kind, {**(line.changed or {}), "school_class_id": opened[key]}, line.reason)


def _close(found: Plan) -> dict[str, str]:
    """Close classes that nobody is in from the day on: primary key → the end it had."""
    day, closed = found.wanted.date, {}
    for row in found.closed:
        if not Enrolment.objects.on(day).filter(school_class=row).exists():
            closed[str(row.pk)] = row.valid_to.isoformat()
            SchoolClass.objects.filter(pk=row.pk).update(valid_to=day, version=row.version + 1)
    return closed


def act_url(act: Act) -> str:
    return reverse("pupils:act", kwargs={"place": act.place.slug, "pk": act.pk})
