"""Several real processes on one queue, and one that is killed in the middle. On SQLite and on PostgreSQL."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.apps.jobs import kinds, processes

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.audit.verify import verify
from xingtan.apps.base.jobs.models import Job, State, Worker
from xingtan.apps.base.jobs.services import enqueue
from xingtan.apps.base.jobs.worker import run_waiting

pytestmark = pytest.mark.django_db(transaction=True)
ACTOR = Actor.system("试验")
JOBS = 150


def until(true: Callable[[], bool]) -> None:
    for _ in range(1200):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("waited for a minute")


def test_three_workers_run_each_job_exactly_once() -> None:
    for n in range(JOBS):
        enqueue(kind="test.note", payload={"n": n}, actor=ACTOR)
    with processes.running() as one, processes.running() as two, processes.running() as three:
        ran = [int(worker.communicate(timeout=120)[0]) for worker in (one, two, three)]
    assert sum(ran) == JOBS
    assert Counter(kinds.marks()) == Counter(str(n) for n in range(JOBS))
    assert set(Job.objects.values_list("state", "attempts")) == {(State.DONE, 1)}
    assert verify() == ()


def test_a_killed_workers_job_is_taken_up_again(tmp_path: Path) -> None:
    mark = tmp_path / "begun"
    job = enqueue(kind="test.stuck", payload={"hang": str(mark)}, actor=ACTOR)
    with processes.running() as victim:
        until(mark.exists)
        assert Job.objects.get(pk=job.pk).state == State.RUNNING
        victim.send_signal(signal.SIGKILL)
        victim.wait()
    assert run_waiting() == 0, "it rests a moment before it is tried again"
    job.refresh_from_db()
    assert (job.state, job.issues[0]["code"]) == (State.QUEUED, "jobs.killed")
    Job.objects.update(not_before=job.created)
    assert run_waiting() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.DONE, 2)
    assert len(kinds.marks()) == 1
    assert not Worker.objects.exists()


def test_a_job_that_kills_its_worker_is_given_up() -> None:
    job = enqueue(kind="test.die", actor=ACTOR)
    for _ in range(2):
        Job.objects.update(not_before=job.created)
        with processes.running() as worker:
            assert worker.wait(timeout=60) == 9
        run_waiting()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.FAILED, 2)


def test_a_stopped_worker_ends_its_job_first() -> None:
    job = enqueue(kind="test.steps", payload={"steps": 3, "sleep": 0.5}, actor=ACTOR)
    with processes.running(until_empty=False) as worker:
        until(lambda: Job.objects.get(pk=job.pk).state == State.RUNNING)
        worker.terminate()
        assert worker.wait(timeout=60) == 0
    job.refresh_from_db()
    assert job.state == State.DONE
