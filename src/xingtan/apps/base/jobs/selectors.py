"""What is read of jobs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from xingtan.apps.base.jobs.models import Job, State, Worker
from xingtan.apps.base.jobs.queue import STALE
from xingtan.apps.base.jobs.registry import title_of
from xingtan.apps.base.jobs.texts import issues_unpack, text_unpack
from xingtan.kernel.issues import Issue
from xingtan.kernel.text import Text
from xingtan.ui.text import render


@dataclass(frozen=True, slots=True)
class Shown:
    """A job as a page shows it. `percent` is None while nobody can say how much there is to do."""

    job: Job
    title: Text
    percent: int | None
    note: Text | None
    outcome: Text | None
    issues: tuple[Issue, ...]
    ahead: int
    again_at: datetime | None

    @property
    def open(self) -> bool:
        return not self.job.ended_already

    @property
    def note_words(self) -> str:
        return render(self.note) if self.note else ""

    @property
    def may_stop(self) -> bool:
        return self.open and not self.job.stop_asked

    @property
    def may_retry(self) -> bool:
        return self.job.state in {State.FAILED, State.CANCELLED}


def shown(job: Job) -> Shown:
    percent = min(100, 100 * job.done // job.total) if job.total else None
    issues = issues_unpack(job.issues) if job.state != State.RUNNING else ()
    again = job.not_before if job.state == State.QUEUED and job.not_before > timezone.now() else None
    return Shown(job, title_of(job.kind), percent, text_unpack(job.note), text_unpack(job.outcome), issues, _ahead(job), again)


def _ahead(job: Job) -> int:
    """How many jobs wait before this one."""
    if job.state != State.QUEUED:
        return 0
    return Job.objects.filter(state=State.QUEUED, not_before__lte=timezone.now(), pk__lt=job.pk).count()


def last_beat() -> datetime | None:
    """Return when a worker was last alive; None when there never was one or the last one left in order."""
    newest = Worker.objects.order_by("-beat").first()
    return newest.beat if newest else None


def worker_lives() -> bool:
    """Whether a worker beat lately: without one, jobs only wait."""
    beat = last_beat()
    return beat is not None and beat >= timezone.now() - STALE
