"""What people see of jobs, and who sees which."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests import cast as casting
from tests.apps.jobs import kinds

from xingtan.apps.base.access.models import Account
from xingtan.apps.base.jobs import queue, schedule, worker
from xingtan.apps.base.jobs.models import Job, State, Worker
from xingtan.apps.base.jobs.run import Run
from xingtan.apps.base.jobs.services import enqueue
from xingtan.kernel.text import T

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "_STANDING", {})
    monkeypatch.setattr(worker, "_beat", lambda *_: None)
    kinds.CALLS.clear()


@pytest.fixture
def job(cast: casting.Cast) -> Job:
    return enqueue(kind="test.steps", payload={"steps": 4}, actor=cast.accounts["clerk"].actor, place=cast.place)


def page(browser: Client, job: Job, name: str = "jobs:job"):
    return browser.get(reverse(name, args=[job.pk]))


def test_owner_and_managers_of_the_place_see_it_others_do_not(client_of: Browser, job: Job) -> None:
    for login, status in {"clerk": 200, "director": 200, "statistician": 200, "principal": 404, "teacher": 404, "outsider": 404}.items():
        assert page(client_of(login), job).status_code == status, login
        assert page(client_of(login), job, "jobs:progress").status_code == status
        shown = f'href="{reverse("jobs:job", args=[job.pk])}"' in client_of(login).get(reverse("jobs:jobs")).content.decode()
        assert shown == (status == 200)
        assert client_of(login).post(reverse("jobs:stop", args=[job.pk])).status_code == (302 if status == 200 else 404)


def test_jobs_of_no_place_are_the_administrators(cast: casting.Cast, client_of: Browser) -> None:
    job = enqueue(kind="jobs.tidy", actor=casting.ACTOR)
    assert page(client_of("administrator"), job).status_code == 404, "the manager of a place"
    boss = Account.objects.create(login="boss", display_name="管家", is_administrator=True)
    browser = Client()
    browser.force_login(boss)
    assert page(browser, job).status_code == 200


def test_an_open_job_asks_for_its_progress_an_ended_one_does_not(client_of: Browser, job: Job) -> None:
    body = page(client_of("clerk"), job).content.decode()
    assert f'hx-get="{reverse("jobs:progress", args=[job.pk])}"' in body
    assert "排队中" in body
    taken = queue.claim(Worker.objects.create(id="here:1:a"))
    assert taken is not None
    Run(taken).progress(1, 4, T("第 %(step)s 步", step=1))
    part = page(client_of("clerk"), job, "jobs:progress").content.decode()
    assert '<progress value="1" max="4"' in part
    assert "第 1 步" in part
    assert "<html" not in part
    worker.run_job(taken)
    assert "hx-get" not in page(client_of("clerk"), job, "jobs:progress").content.decode()


def test_the_page_says_when_nobody_works(client_of: Browser, job: Job) -> None:
    assert "后台进程没有运行" in page(client_of("clerk"), job).content.decode()
    Worker.objects.create(id="here:1:a")
    assert "后台进程没有运行" not in page(client_of("clerk"), job).content.decode()


def test_why_a_job_failed_is_said_and_the_traceback_kept_from_clerks(cast: casting.Cast, client_of: Browser) -> None:
    refused = enqueue(kind="test.refuse", actor=cast.accounts["clerk"].actor, place=cast.place)
    faulty = enqueue(kind="test.fault", actor=cast.accounts["clerk"].actor, place=cast.place)
    Job.objects.update(most_attempts=1)
    worker.run_waiting()
    assert "第 7 行不对" in page(client_of("clerk"), refused).content.decode()
    body = page(client_of("clerk"), faulty).content.decode()
    assert f"任务编号 {faulty.pk}" in body
    assert "Traceback" not in body
    client_of("clerk").post(reverse("jobs:retry", args=[faulty.pk]))
    faulty.refresh_from_db()
    assert faulty.state == State.QUEUED


def test_stopping_what_has_ended_says_so(cast: casting.Cast, client_of: Browser, job: Job) -> None:
    Job.objects.update(state=State.DONE, ended=timezone.now())
    answer = client_of("clerk").post(reverse("jobs:stop", args=[job.pk]), follow=True)
    assert "已经结束" in answer.content.decode()
    assert client_of("clerk").get(reverse("jobs:stop", args=[job.pk])).status_code == 405
