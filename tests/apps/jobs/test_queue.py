"""The queue: keys, states, retries, progress, schedules."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from django.db import OperationalError, transaction
from django.utils import timezone
from tests import cast as casting
from tests.apps.jobs import kinds

from xingtan.apps.base.access.models import Account
from xingtan.apps.base.audit.models import Event
from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.jobs import queue, schedule, worker
from xingtan.apps.base.jobs.models import Every, Job, Schedule, State, Worker
from xingtan.apps.base.jobs.run import LostError, Run
from xingtan.apps.base.jobs.services import enqueue, job_retry, job_stop
from xingtan.apps.base.jobs.worker import run_waiting
from xingtan.kernel.errors import XingtanError

pytestmark = pytest.mark.django_db
ACTOR = Actor.system("试验")


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds.CALLS.clear()
    monkeypatch.setattr(schedule, "_STANDING", {})
    monkeypatch.setattr(worker, "_beat", lambda *_: None)  # no second connection inside a test's transaction


def put(kind: str = "test.note", **more) -> Job:
    return enqueue(kind=kind, actor=ACTOR, **more)


def again(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def due(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(not_before=timezone.now())


def make_worker(name: str = "elsewhere:1:a") -> Worker:
    return Worker.objects.create(id=name)


def test_a_job_runs_and_says_what_came_of_it() -> None:
    job = put(payload={"n": 7})
    assert run_waiting() == 1
    job = again(job)
    assert (job.state, job.outcome, job.url) == (State.DONE, {"template": "记了第 %(n)s 笔", "params": {"n": 7}}, "/jobs/")
    assert kinds.marks() == ["7"]
    assert run_waiting() == 0


def test_a_job_comes_with_the_callers_work_or_not_at_all() -> None:
    @transaction.atomic
    def caller() -> None:
        put()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        caller()
    assert not Job.objects.exists()


def test_an_unknown_kind_is_refused_at_once() -> None:
    with pytest.raises(XingtanError, match=r"没有“test\.nothing”"):
        put("test.nothing")


def test_one_key_waits_once_but_comes_again_after_it_started() -> None:
    first, second = put(key="figures:xishan"), put(key="figures:xishan")
    assert first == second
    taken = queue.claim(make_worker())
    assert taken == first
    third = put(key="figures:xishan")
    assert third != first, "what changed after the running job began needs another run"
    assert queue.claim(make_worker("elsewhere:2:b")) is None, "one key never runs twice at a time"
    assert taken is not None
    Run(taken).finish()
    assert queue.claim(make_worker("elsewhere:3:c")) == third


def test_other_keys_overtake_one_that_must_wait() -> None:
    put(key="a")
    queue.claim(make_worker())
    put(key="a")
    other = put(key="b")
    assert queue.claim(make_worker("elsewhere:2:b")) == other


def test_once_is_used_up_for_ever() -> None:
    first = put(key="import:7", once=True)
    run_waiting()
    assert put(key="import:7", once=True) == first
    assert run_waiting() == 0
    with pytest.raises(ValueError, match="needs a key"):
        put(once=True)


def test_a_fault_is_tried_again_with_growing_pauses_then_given_up() -> None:
    job = put("test.fault")
    pauses = []
    for _ in range(3):
        run_waiting()
        job = again(job)
        pauses.append(round((job.not_before - timezone.now()).total_seconds()))
        assert run_waiting() == 0, "it rests first"
        due(job)
    assert kinds.CALLS == [1, 2, 3]
    assert pauses[:2] == [5, 10]
    assert job.state == State.FAILED
    assert "钥匙断了" in job.trace
    assert "钥匙断了" not in str(job.issues), "a stranger's traceback is not for clerks"
    assert run_waiting() == 0


def test_pauses_double_up_to_ten_minutes() -> None:
    pauses = [queue.pause(n).total_seconds() for n in range(1, 12)]
    assert pauses[:3] == [5, 10, 20]
    assert pauses[-1] == 600
    assert all(a <= b for a, b in pairwise(pauses))


def test_a_fault_that_passes_leaves_no_trace() -> None:
    job = put("test.fault", payload={"times": 1})
    run_waiting()
    due(job)
    run_waiting()
    job = again(job)
    assert (job.state, job.attempts, job.trace, job.issues) == (State.DONE, 2, "", [])


def test_a_refusal_is_final_and_tells_all() -> None:
    job = put("test.refuse")
    run_waiting()
    job = again(job)
    assert (job.state, kinds.CALLS) == (State.FAILED, [1])
    assert job.issues[0]["message"] == {"template": "第 %(row)s 行不对", "params": {"row": 7}}
    assert job.issues[0]["hint"]["template"] == "请改正"


def test_a_failed_job_can_be_put_back() -> None:
    job = put("test.refuse")
    with pytest.raises(XingtanError, match="只有失败"):
        job_retry(actor=ACTOR, job=job)
    run_waiting()
    job_retry(actor=ACTOR, job=again(job))
    run_waiting()
    assert kinds.CALLS == [1, 1]
    assert Event.objects.filter(action="job.retry").count() == 1


def test_progress_is_written_and_a_stop_is_heard() -> None:
    job = put("test.steps", payload={"steps": 3})
    run_waiting()
    assert (again(job).done, again(job).total, kinds.CALLS) == (0, 3, [0, 1, 2])
    other = put("test.steps", payload={"steps": 3})
    taken = queue.claim(make_worker())
    assert taken is not None
    job_stop(actor=ACTOR, job=other)
    worker.run_job(taken)
    assert again(other).state == State.CANCELLED
    assert kinds.CALLS == [0, 1, 2]


def test_a_waiting_job_is_cancelled_at_once_an_ended_one_not() -> None:
    job = put()
    job_stop(actor=ACTOR, job=job)
    assert again(job).state == State.CANCELLED
    assert run_waiting() == 0
    with pytest.raises(XingtanError, match="已经结束"):
        job_stop(actor=ACTOR, job=again(job))


def test_who_lost_the_job_can_write_nothing_more() -> None:
    put()
    slow = queue.claim(make_worker("gone:1:a"))
    assert slow is not None
    Worker.objects.update(beat=timezone.now() - queue.STALE - timedelta(seconds=1))
    mine = make_worker("here:1:b")
    assert queue.reap(mine) == 1
    due(slow)
    again_taken = queue.claim(mine)
    assert again_taken is not None
    with pytest.raises(LostError):
        Run(slow).progress(1, 2)
    with pytest.raises(LostError):
        kinds.note(Run(slow))
    assert kinds.marks() == [], "its work is undone with it"
    Run(again_taken).finish()
    assert again(slow).state == State.DONE


def test_a_beating_worker_keeps_its_job() -> None:
    put()
    queue.claim(make_worker())
    assert queue.reap(make_worker("here:1:b")) == 0


def test_silence_proves_nothing_while_the_database_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    put()
    queue.claim(make_worker())
    Worker.objects.update(beat=timezone.now() - timedelta(hours=1))
    monkeypatch.setattr(queue, "beat", lambda _: queue.BUSY_SECONDS + 1)
    assert queue.reap(make_worker("here:1:b")) == 0


def test_a_locked_database_does_not_end_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    job = put()
    real, locked = queue.claim, iter([True, True])

    def claim(asking: Worker) -> Job | None:
        if next(locked, False):
            raise OperationalError("database is locked")
        return real(asking)

    monkeypatch.setattr(queue, "claim", claim)
    monkeypatch.setattr(worker, "TROUBLE_SECONDS", 0.01)
    assert run_waiting() == 1
    assert again(job).state == State.DONE


def test_the_end_is_written_although_the_database_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    job = put("test.refuse")
    real, locked = queue.give_up, iter([True, True, True])

    def give_up(*args, **more) -> None:
        if next(locked, False):
            raise OperationalError("database is locked")
        real(*args, **more)

    monkeypatch.setattr(queue, "give_up", give_up)
    monkeypatch.setattr(worker, "TROUBLE_SECONDS", 0.01)
    run_waiting()
    assert again(job).state == State.FAILED


def test_a_worker_leaves_no_name_behind() -> None:
    put()
    run_waiting()
    assert not Worker.objects.exists()


def test_a_set_stop_ends_the_worker_before_the_next_job() -> None:
    put()
    stop = threading.Event()
    stop.set()
    assert worker.run_worker(stop) == 0


def test_owner_is_the_account_that_acted(cast: casting.Cast) -> None:
    account: Account = cast.accounts["statistician"]
    job = enqueue(kind="test.note", actor=account.actor, place=cast.place)
    assert (job.owner, job.place, job.actor_label) == (account, cast.place, "季述")


# -- schedules


def at(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


def test_a_schedule_fires_once_and_moves_on() -> None:
    made = schedule.schedule_set(name="night", kind="test.note", every=Every.DAY, at=time(3, 30))
    assert schedule.tick(made.next_at - timedelta(seconds=1)) == 0
    now = made.next_at + timedelta(days=4)
    assert schedule.tick(now) == 1, "missed for four days: once, not four times"
    assert schedule.tick(now) == 0
    made.refresh_from_db()
    assert made.next_at > now
    assert Job.objects.count() == 1


def test_two_workers_that_see_the_same_schedule_fire_it_once() -> None:
    made = schedule.schedule_set(name="night", kind="test.note", every=Every.DAY, at=time(3, 30))
    now = made.next_at + timedelta(minutes=1)
    stale = Schedule.objects.get(pk=made.pk)
    assert schedule._fire(Schedule.objects.get(pk=made.pk), now) == 1
    assert schedule._fire(stale, now) == 0


def test_setting_it_again_at_start_keeps_the_time_a_change_does_not() -> None:
    rule = {"name": "night", "kind": "test.note", "every": Every.DAY}
    first = schedule.schedule_set(**rule, at=time(3, 30))
    Schedule.objects.update(next_at=first.next_at - timedelta(days=2))
    assert schedule.schedule_set(**rule, at=time(3, 30)).next_at == first.next_at - timedelta(days=2)
    assert schedule.schedule_set(**rule, at=time(4, 30)).next_at > timezone.now()
    assert Schedule.objects.count() == 1


def test_a_schedule_of_a_forgotten_kind_does_not_stop_the_others() -> None:
    schedule.schedule_set(name="a", kind="test.gone", every=Every.INTERVAL, seconds=60)
    schedule.schedule_set(name="b", kind="test.note", every=Every.INTERVAL, seconds=60)
    assert schedule.tick(timezone.now() + timedelta(minutes=2)) == 1


@pytest.mark.parametrize(
    ("after", "comes"),
    [
        ("2026-11-24T02:00", "2026-11-24T03:30"),
        ("2026-11-24T03:30", "2026-11-25T03:30"),
        ("2026-11-27T09:00", "2026-11-30T03:30"),  # Friday → Monday
        ("2026-02-13T09:00", "2026-02-14T03:30"),  # Saturday made a working day before the Spring Festival
        ("2026-02-14T09:00", "2026-02-24T03:30"),  # over the holiday of nine days
        ("2026-09-30T09:00", "2026-10-08T03:30"),  # over the National Day
    ],
)
def test_working_days_follow_the_national_arrangement(after: str, comes: str) -> None:
    made = Schedule(every=Every.WORKDAY, at=time(3, 30))
    assert schedule.next_time(made, at(after)) == at(comes)


def test_times_are_local() -> None:
    made = Schedule(every=Every.DAY, at=time(3, 30))
    assert schedule.next_time(made, datetime(2026, 11, 24, 0, 0, tzinfo=UTC)).astimezone(UTC).hour == 19


def test_intervals_count_from_now() -> None:
    made = Schedule(every=Every.INTERVAL, seconds=90)
    assert schedule.next_time(made, at("2026-11-24T02:00")) == at("2026-11-24T02:01") + timedelta(seconds=30)
