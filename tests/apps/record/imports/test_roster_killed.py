"""A worker killed with -9 in the middle of a roster leaves nothing half done, and the job is taken up again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from django.db import connection
from django.utils import timezone
from tests.apps.record.imports.roster_files import DAY, book, child

from xingtan.apps.base.jobs.models import Job, State
from xingtan.apps.base.jobs.worker import run_waiting
from xingtan.apps.base.notices.models import Notice
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.pupils.models import Act, Enrolment, Guardian, Movement, Pupil, SchoolClass
from xingtan.apps.record.imports import services, tasks
from xingtan.apps.record.imports.models import Import
from xingtan.apps.record.imports.roster import services as roster

# The worker of a test: it works on the test's database and stops for good where it is told to be killed.
WORKER = """
import os, time
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]
django.setup()
from xingtan.apps.base.pupils import bulk
from xingtan.apps.base.jobs.worker import run_waiting
def wait(*_more, **_how):
    open(os.environ["TEST_MARK"], "w").close()
    time.sleep(120)
setattr(bulk, os.environ["TEST_AT"], wait)
run_waiting()
"""


def everything() -> list[int]:
    return [model._default_manager.count() for model in (Person, Pupil, Enrolment, Movement, Guardian, SchoolClass, Act)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("at", ["_spells", "noted"])
def test_a_killed_worker_leaves_nothing_and_the_job_is_done_by_the_next(cast, home, tmp_path, at):
    owner = cast.accounts["statistician"]
    source = roster.roster_upload(
        actor=owner.actor, place=cast.place, org=cast.county, day=DAY, name="名册.xlsx", data=book(*(child(n) for n in range(1, 201)))
    )
    tasks.read_later(source, owner.actor)
    run_waiting()
    source.refresh_from_db()
    assert (source.state, source.counts["added"]) == ("preview", 200)
    tasks.run_later(services.import_confirm(actor=owner.actor, source=source), owner.actor)
    before, mark = everything(), tmp_path / "reached"
    kill_when_reached(mark, home, at)
    assert everything() == before, "nothing of the roster is there"
    Import.objects.get(pk=source.pk, state="staging")
    run_waiting()  # finds that the other one is dead and puts its job back; it would rest for some seconds
    Job.objects.filter(kind="imports.run", state=State.QUEUED).update(not_before=timezone.now())
    run_waiting()
    job = Job.objects.get(kind="imports.run")
    assert (job.state, job.attempts, Import.objects.get(pk=source.pk).state) == (State.DONE, 2, "done")
    assert Pupil.objects.count() == 200
    assert Act.objects.filter(kind="roster").count() == 1
    assert Notice.objects.filter(account=owner).count() >= 1, "its owner is told"


def kill_when_reached(mark, home, at: str) -> None:
    """Start a worker, wait until it is in the middle of writing, kill it as the kernel does when memory runs out."""
    environ = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "xingtan.config.settings",
        "XINGTAN_HOME": str(home),
        "TEST_MARK": str(mark),
        "TEST_AT": at,
    }
    environ["TEST_DATABASE"] = str(connection.settings_dict["NAME"])
    environ["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    worker = subprocess.Popen([sys.executable, "-c", WORKER], env=environ)
    try:
        deadline = time.monotonic() + 60
        while not mark.exists():
            assert worker.poll() is None, "the worker ended by itself"
            assert time.monotonic() < deadline, "the worker never came to write"
            time.sleep(0.1)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
