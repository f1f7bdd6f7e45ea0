"""Taking jobs from the queue and putting them back. Every change of state is one conditional UPDATE, so it is right with any number of
workers on both databases; nothing here relies on row locks, which SQLite does not have."""

from __future__ import annotations

import os
import socket
import time
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from xingtan.apps.base.jobs.ends import ended
from xingtan.apps.base.jobs.models import Job, State, Worker
from xingtan.apps.base.jobs.texts import issues_pack
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue
from xingtan.kernel.text import T

BEAT = timedelta(seconds=5)
STALE = timedelta(seconds=45)
# When our own write waited this long for the database, others could not beat either: silence then proves nothing.
BUSY_SECONDS = 3.0
CANDIDATES = 20
FIRST_PAUSE = 5
LONGEST_PAUSE = 600


def pause(attempt: int) -> timedelta:
    """Return how long a job rests after its n-th failed attempt: 5 s, 10 s, 20 s … 10 min."""
    return timedelta(seconds=min(FIRST_PAUSE * 2 ** (attempt - 1), LONGEST_PAUSE))


def claim(worker: Worker) -> Job | None:
    """Take the job that waits longest, or None. A job whose key is running elsewhere is left waiting."""
    now = timezone.now()
    busy = Job.objects.filter(state=State.RUNNING).exclude(key="").values("key")
    waiting = Job.objects.filter(state=State.QUEUED, not_before__lte=now).exclude(key__in=busy)
    for pk in waiting.order_by("not_before", "id").values_list("pk", flat=True)[:CANDIDATES]:
        if _take(pk, worker, now):
            return Job.objects.select_related("place", "owner").get(pk=pk)
    return None


def _take(pk: int, worker: Worker, now: datetime) -> bool:
    try:
        with transaction.atomic():
            took = Job.objects.filter(pk=pk, state=State.QUEUED).update(
                state=State.RUNNING, worker=worker, attempts=F("attempts") + 1, started=now, stop_asked=False, done=0, total=None, note={}
            )
    except IntegrityError:  # another worker took a job of the same key in this moment
        return False
    return bool(took)


def held(job: Job) -> Q:
    """The condition under which a worker may still write to a job that it claimed."""
    return Q(pk=job.pk, state=State.RUNNING, worker=job.worker_id, attempts=job.attempts)


def put_back(job: Job, issues: tuple[Issue, ...], trace: str) -> None:
    """After a failed attempt: to the queue again with a pause, or for good when the attempts are used up."""
    if job.attempts >= job.most_attempts:
        give_up(job, issues, trace)
        return
    Job.objects.filter(held(job)).update(
        state=State.QUEUED, worker=None, not_before=timezone.now() + pause(job.attempts), issues=issues_pack(issues), trace=trace
    )


@transaction.atomic
def give_up(job: Job, issues: tuple[Issue, ...], trace: str = "") -> None:
    """End a job as failed and tell its owner."""
    facts = {"state": State.FAILED, "worker": None, "ended": timezone.now(), "issues": issues_pack(issues), "trace": trace}
    if Job.objects.filter(held(job)).update(**facts):
        ended(Job.objects.get(pk=job.pk))


@transaction.atomic
def stop(job: Job) -> None:
    """End a running job whose owner asked it to stop."""
    if Job.objects.filter(held(job)).update(state=State.CANCELLED, worker=None, ended=timezone.now()):
        ended(Job.objects.get(pk=job.pk))


def beat(worker: Worker) -> float:
    """Say that a worker lives; returns how many seconds the database made us wait."""
    began = time.monotonic()
    now = timezone.now()
    Worker.objects.update_or_create(id=worker.id, defaults={"beat": now}, create_defaults={"started": worker.started, "beat": now})
    return time.monotonic() - began


def reap(worker: Worker) -> int:
    """Take back the jobs of workers that fell silent; returns how many. `worker` is who asks: its own beat is written first."""
    if beat(worker) > BUSY_SECONDS:
        return 0
    silent = [one.id for one in Worker.objects.exclude(id=worker.id) if one.beat < timezone.now() - STALE or _dead(one)]
    orphans = list(Job.objects.filter(state=State.RUNNING).filter(Q(worker__in=silent) | Q(worker=None)))
    killed = XingtanError.one("jobs.killed", T("后台进程中断，任务没有做完"), T("系统会自动重做；多次中断请查看服务器日志")).issues
    for job in orphans:
        put_back(job, killed, "")
    Worker.objects.filter(id__in=silent, jobs=None).delete()
    return len(orphans)


def worker_id(token: str) -> str:
    """Return the name of this process as a worker: host, process number and a token that tells restarts apart."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{token}"


def _dead(worker: Worker) -> bool:
    """Whether a worker of this very machine has no process any more; then there is no need to wait for its silence."""
    host, pid, _token = worker.id.rsplit(":", 2)
    if host != socket.gethostname()[:40] or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
