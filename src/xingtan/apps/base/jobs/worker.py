"""The process that runs jobs. It outlives a locked or restarted database: what cannot be written now is tried again later."""

from __future__ import annotations

import logging
import secrets
import threading
import traceback
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone

from xingtan.apps.base.jobs import queue
from xingtan.apps.base.jobs.models import Job, Worker
from xingtan.apps.base.jobs.registry import task_of
from xingtan.apps.base.jobs.run import LostError, Run, StopError
from xingtan.apps.base.jobs.schedule import install, tick
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T

log = logging.getLogger(__name__)
IDLE_SECONDS = 1.0
TROUBLE_SECONDS = 2.0


def run_worker(stop: threading.Event, *, until_empty: bool = False) -> int:
    """Run jobs until `stop` is set (or, with `until_empty`, until nothing waits); returns how many were run.

    The running job is finished first. Handlers run in the calling thread; a second thread beats.
    """
    worker = Worker(id=queue.worker_id(secrets.token_hex(4)), started=timezone.now())
    quiet = threading.Event()
    beating = threading.Thread(target=_beat, args=(worker, quiet), name="xingtan-beat", daemon=True)
    _patiently(lambda: queue.beat(worker), stop)
    _patiently(install, stop)
    beating.start()
    try:
        return _loop(worker, stop, until_empty)
    finally:
        quiet.set()
        beating.join(timeout=queue.BEAT.total_seconds() * 2)
        _leave(worker)


def run_waiting() -> int:
    """Run, in this process, every job that may start now. For commands and tests."""
    return run_worker(threading.Event(), until_empty=True)


def _loop(worker: Worker, stop: threading.Event, until_empty: bool) -> int:
    count = 0
    kept = 0.0
    while not stop.is_set():
        try:
            kept = _housekeep(worker, kept)
            job = queue.claim(worker)
            if job is not None:
                run_job(job)
                count += 1
        except (DatabaseError, InterfaceError):
            log.warning("the database did not answer; the worker tries again", exc_info=True)
            _reconnect()
            stop.wait(TROUBLE_SECONDS)
            continue
        if job is None:
            if until_empty:
                return count
            close_old_connections()
            stop.wait(IDLE_SECONDS)
    return count


def _housekeep(worker: Worker, last: float) -> float:
    now = timezone.now().timestamp()
    if now - last < queue.BEAT.total_seconds():
        return last
    queue.reap(worker)
    tick(timezone.now())
    return now


def run_job(job: Job) -> None:
    """Run one claimed job and write how it ended. Never raises for a fault of the handler."""
    run = Run(job)
    try:
        outcome = task_of(job.kind).handler(run)
        if not run.finished:
            _write(lambda: run.finish(outcome))
    except LostError:
        log.warning("job %s was given to another worker", job.pk)
    except StopError:
        queue.stop(job)
    except XingtanError as refused:  # what was asked is wrong: trying again would say the same
        issues = refused.issues
        _write(lambda: queue.give_up(job, issues))
    except Exception as fault:
        log.exception("job %s (%s) failed, attempt %s", job.pk, job.kind, job.attempts)
        _reconnect_after(fault)
        trace = traceback.format_exc()
        told = XingtanError.one("jobs.fault", T("程序出错，任务没有做完"), T("请把任务编号 %(id)s 告诉管理员", id=job.pk)).issues
        _write(lambda: queue.put_back(job, told, trace))


def _write(write: Callable[[], object]) -> None:
    """Write the end of a job although the database may be busy for a while."""
    _patiently(write, threading.Event(), tries=30)


def _patiently(write: Callable[[], object], stop: threading.Event, tries: int = 0) -> None:
    tried = 0
    while True:
        try:
            write()
        except (DatabaseError, InterfaceError):
            tried += 1
            if stop.is_set() or tried == tries:
                raise
            log.warning("the database did not answer; trying again", exc_info=True)
            _reconnect()
            stop.wait(TROUBLE_SECONDS)
        else:
            return


def _beat(worker: Worker, quiet: threading.Event) -> None:
    while not quiet.wait(queue.BEAT.total_seconds()):
        try:
            queue.beat(worker)
        except (DatabaseError, InterfaceError):
            log.warning("the worker could not beat", exc_info=True)
            _reconnect()
    connection.close()


def _leave(worker: Worker) -> None:
    try:
        Worker.objects.filter(id=worker.id, jobs=None).delete()
    except (DatabaseError, InterfaceError):
        _reconnect()


def _reconnect() -> None:
    if not connection.in_atomic_block:  # a test's own transaction must stay open
        connection.close()


def _reconnect_after(fault: BaseException) -> None:
    if isinstance(fault, DatabaseError | InterfaceError):
        _reconnect()
