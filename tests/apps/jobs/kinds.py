"""Kinds of job for the tests. Worker processes of the tests import this module, so handlers live here."""

from __future__ import annotations

import os
import time

from django.db import transaction

from xingtan.apps.base.audit.models import Event
from xingtan.apps.base.audit.services import Actor, Target, record
from xingtan.apps.base.jobs.registry import Outcome, task
from xingtan.apps.base.jobs.run import Run
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T

CALLS: list[int] = []
ACTOR = Actor.system("试验")


def mark(run: Run) -> None:
    record(actor=ACTOR, action="test.ran", place="", target=Target("job", str(run.payload.get("n", run.id))))


def marks() -> list[str]:
    return list(Event.objects.filter(action="test.ran").order_by("pk").values_list("target_id", flat=True))


@task("test.note", title=T("记一笔"))
def note(run: Run) -> Outcome:
    """Write one event and end in the same transaction."""
    with transaction.atomic():
        mark(run)
        run.finish(Outcome(T("记了第 %(n)s 笔", n=run.payload.get("n", 0)), "/jobs/"))
    return Outcome(T(""))


@task("test.steps", title=T("分步办"))
def steps(run: Run) -> None:
    for step in range(run.payload["steps"]):
        run.progress(step, run.payload["steps"], T("第 %(step)s 步", step=step))
        CALLS.append(step)
        time.sleep(run.payload.get("sleep", 0))


@task("test.stuck", title=T("办到一半"))
def stuck(run: Run) -> None:
    """Write what is done so far, say so, and hang on the first attempt."""
    run.progress(1, 1)
    if run.attempt == 1 and run.payload.get("hang"):
        open(run.payload["hang"], "w").close()
        time.sleep(600)
    with transaction.atomic():
        mark(run)
        run.finish()


@task("test.fault", title=T("出错"), attempts=3)
def fault(run: Run) -> None:
    CALLS.append(run.attempt)
    if run.attempt <= run.payload.get("times", 99):
        raise RuntimeError("钥匙断了")


@task("test.refuse", title=T("不该办"))
def refuse(run: Run) -> None:
    CALLS.append(run.attempt)
    raise XingtanError.one("test.wrong", T("第 %(row)s 行不对", row=7), T("请改正"))


@task("test.die", title=T("把进程带走"), attempts=2)
def die(run: Run) -> None:
    os._exit(9)
