"""Jobs that come by themselves, daily, on working days or at intervals."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.jobs.models import Every, Schedule
from xingtan.apps.base.jobs.registry import discover
from xingtan.apps.base.jobs.services import enqueue
from xingtan.apps.base.jobs.workdays import is_workday
from xingtan.apps.base.orgs.models import Place
from xingtan.kernel.errors import XingtanError

log = logging.getLogger(__name__)
SYSTEM = Actor.system("系统")
FARTHEST_DAYS = 60


@dataclass(frozen=True, slots=True)
class Standing:
    """A schedule that comes with the program, for the whole installation."""

    kind: str
    every: Every
    at: time | None = None
    seconds: int | None = None


_STANDING: dict[str, Standing] = {}


def standing(kind: str, *, every: Every, at: time | None = None, seconds: int | None = None) -> None:
    """Let a kind of job come by itself in every installation: called in an app's `tasks.py`, put into the table by the worker."""
    _STANDING[kind] = Standing(kind, every, at, seconds)


def install() -> None:
    """Put the standing schedules into the table; what is there already keeps its next time."""
    discover()
    for name, rule in _STANDING.items():
        schedule_set(name=name, kind=rule.kind, every=rule.every, at=rule.at, seconds=rule.seconds)


@transaction.atomic
def schedule_set(
    *,
    name: str,
    kind: str,
    every: Every,
    at: time | None = None,
    seconds: int | None = None,
    payload: dict[str, Any] | None = None,
    place: Place | None = None,
) -> Schedule:
    """Make or change a schedule by its name; called at start, so an unchanged rule keeps its next time. Times are local."""
    rule = {"kind": kind, "every": every, "at": at, "seconds": seconds, "payload": payload or {}, "place": place}
    found = Schedule.objects.filter(name=name).first()
    if found is not None and all(getattr(found, field) == value for field, value in rule.items()):
        return found
    made = Schedule(pk=found.pk if found else None, name=name, **rule)
    made.next_at = next_time(made, timezone.now())
    made.save()
    return made


@transaction.atomic
def schedule_drop(*, name: str) -> None:
    """Remove a schedule; jobs that it enqueued stay."""
    Schedule.objects.filter(name=name).delete()


def tick(now: datetime) -> int:
    """Enqueue what is due; returns how many. A schedule missed for days (the machine was off) fires once, then goes on as usual."""
    fired = 0
    for due in Schedule.objects.select_related("place").filter(next_at__lte=now).order_by("next_at"):
        try:
            fired += _fire(due, now)
        except XingtanError:  # a kind that this version does not know: the others still come
            log.exception("schedule %s cannot fire", due.name)
    return fired


@transaction.atomic
def _fire(due: Schedule, now: datetime) -> int:
    moved = Schedule.objects.filter(pk=due.pk, next_at=due.next_at).update(next_at=next_time(due, now))
    if moved:
        enqueue(kind=due.kind, payload=due.payload, actor=SYSTEM, place=due.place, key=f"schedule:{due.name}")
    return moved


def next_time(schedule: Schedule, after: datetime) -> datetime:
    """Return the first time of a schedule after an instant."""
    if schedule.every == Every.INTERVAL:
        return after + timedelta(seconds=schedule.seconds or 1)
    at = schedule.at or time(0)
    day = timezone.localdate(after)
    for _day in range(FARTHEST_DAYS):
        moment = timezone.make_aware(datetime.combine(day, at))
        if moment > after and (schedule.every == Every.DAY or is_workday(schedule.place, day)):
            return moment
        day += timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, at))
