"""A job as its handler sees it."""

from __future__ import annotations

import time
from typing import Any

from django.db import transaction
from django.utils import timezone

from xingtan.apps.base.access.models import Account
from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.jobs.ends import ended
from xingtan.apps.base.jobs.models import Job, State
from xingtan.apps.base.jobs.queue import held
from xingtan.apps.base.jobs.registry import Outcome
from xingtan.apps.base.jobs.texts import text_pack
from xingtan.apps.base.orgs.models import Place
from xingtan.kernel.text import Text

BETWEEN_WRITES = 0.5


class LostError(Exception):
    """The job was given to somebody else meanwhile (this process was thought dead): stop, write nothing more."""


class StopError(Exception):
    """The owner asked the job to stop."""


class Run:
    """What a handler may know and say. `progress` also is where a job learns that it should stop: call it between chunks of work.

    Progress is written on the handler's own connection, so inside a transaction nobody sees it before the commit.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        self._written = 0.0
        self.finished = False

    @property
    def id(self) -> int:
        return self._job.pk

    @property
    def payload(self) -> dict[str, Any]:
        return dict(self._job.payload)

    @property
    def place(self) -> Place | None:
        return self._job.place

    @property
    def owner(self) -> Account | None:
        return self._job.owner

    @property
    def attempt(self) -> int:
        """Which try this is, from 1."""
        return self._job.attempts

    @property
    def actor(self) -> Actor:
        """Whose act the work is, for services and the audit chain."""
        if self._job.actor_kind == "account":
            return Actor(id=self._job.actor_id, label=self._job.actor_label)
        return Actor.system(self._job.actor_label)

    def progress(self, done: int, total: int | None = None, note: Text | None = None) -> None:
        """Say how far the work is. Raises LostError or StopError, which the handler lets pass."""
        last = total is not None and done >= total
        if not last and time.monotonic() - self._written < BETWEEN_WRITES:
            return
        mine = Job.objects.filter(held(self._job))
        if not mine.update(done=done, total=total, note=text_pack(note)):
            raise LostError
        self._written = time.monotonic()
        if mine.filter(stop_asked=True).exists():
            raise StopError

    def finish(self, outcome: Outcome | None = None) -> None:
        """End the job as done. Called inside the handler's own transaction, work and end are committed together: exactly once.

        Raises LostError when the job is no longer ours, which undoes that transaction.
        """
        text, url = (outcome.text, outcome.url) if outcome else (None, "")
        facts = {"state": State.DONE, "worker": None, "ended": timezone.now(), "outcome": text_pack(text), "url": url}
        with transaction.atomic():
            if not Job.objects.filter(held(self._job)).update(**facts, issues=[], trace=""):
                raise LostError
            ended(Job.objects.get(pk=self._job.pk))
        self.finished = True
