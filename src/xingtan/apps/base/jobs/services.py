"""Verbs on jobs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Protocol

from django.db import IntegrityError, transaction
from django.utils import timezone

from xingtan.apps.base.access.models import Account
from xingtan.apps.base.audit.services import Actor, record
from xingtan.apps.base.jobs.ends import ended
from xingtan.apps.base.jobs.models import Job, State
from xingtan.apps.base.jobs.registry import task_of
from xingtan.apps.base.orgs.models import Place
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T


class Verb(Protocol):
    """An act on one job."""

    def __call__(self, *, actor: Actor, job: Job) -> Job: ...


@transaction.atomic
def enqueue(
    *,
    kind: str,
    payload: dict[str, Any] | None = None,
    actor: Actor,
    place: Place | None = None,
    key: str = "",
    once: bool = False,
    after: float = 0,
) -> Job:
    """Put a job into the queue, in the caller's transaction: it comes with the caller's work or not at all.

    With a `key`, a job of that key that still waits is returned instead of a second one, and jobs of one key never run side by side.
    With `once`, the key is used up for ever: a job of it, in whatever state, is returned. The job starts `after` so many seconds at the
    earliest. The act that wants the job writes the audit event; the queue adds none. Raises XingtanError for a kind that no application
    registered.
    """
    if once and not key:
        raise ValueError("once needs a key")
    found = _known(key, once)
    if found is not None:
        return found
    job = Job(
        kind=kind, payload=payload or {}, place=place, key=key, once=key if once else None, most_attempts=task_of(kind).attempts,
        owner=_owner(actor), actor_id=actor.id, actor_label=actor.label[:64], actor_kind=actor.kind,
        not_before=timezone.now() + timedelta(seconds=after),
    )  # fmt: skip
    return _saved(job, once)


def _saved(job: Job, once: bool) -> Job:
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:  # somebody else enqueued the same key in this moment
        found = _known(job.key, once)
        if found is None:
            raise
        return found
    return job


@transaction.atomic
def job_stop(*, actor: Actor, job: Job) -> Job:
    """Cancel a job that waits; ask one that runs to stop at its next step. Raises XingtanError when it has ended already."""
    if Job.objects.filter(pk=job.pk, state=State.QUEUED).update(state=State.CANCELLED, ended=timezone.now()):
        ended(Job.objects.get(pk=job.pk))
    elif not Job.objects.filter(pk=job.pk, state=State.RUNNING).update(stop_asked=True):
        raise XingtanError.one("jobs.ended", T("这项任务已经结束，不能再停止"))
    record(actor=actor, action="job.stop", place=_slug(job), target=job, after={"kind": job.kind})
    job.refresh_from_db()
    return job


@transaction.atomic
def job_retry(*, actor: Actor, job: Job) -> Job:
    """Put a job that failed or was cancelled into the queue again. Raises XingtanError in any other state."""
    waiting = _known(job.key, once=False)
    if waiting is not None:
        return waiting
    again = {"state": State.QUEUED, "attempts": 0, "not_before": timezone.now(), "ended": None, "stop_asked": False}
    if not Job.objects.filter(pk=job.pk, state__in=(State.FAILED, State.CANCELLED)).update(**again, issues=[], trace=""):
        raise XingtanError.one("jobs.not_failed", T("只有失败或已取消的任务可以重新提交"))
    record(actor=actor, action="job.retry", place=_slug(job), target=job, after={"kind": job.kind})
    job.refresh_from_db()
    return job


def _known(key: str, once: bool) -> Job | None:
    if not key:
        return None
    if once:
        return Job.objects.filter(once=key).first()
    return Job.objects.filter(key=key, state=State.QUEUED, attempts=0).first()


def _owner(actor: Actor) -> Account | None:
    return Account.objects.filter(pk=int(actor.id)).first() if actor.kind == "account" and actor.id.isdigit() else None


def _slug(job: Job) -> str:
    return job.place.slug if job.place else ""
