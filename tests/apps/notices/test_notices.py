"""Notices: told to one account, counted in the shell, read by following them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from tests import cast as casting
from tests.apps.jobs import kinds

from xingtan.apps.base.jobs import schedule, worker
from xingtan.apps.base.jobs.models import Job
from xingtan.apps.base.jobs.services import enqueue, job_stop
from xingtan.apps.base.notices.models import Notice
from xingtan.apps.base.notices.selectors import text_of, unread_count
from xingtan.apps.base.notices.services import notices_read, notify
from xingtan.kernel.text import T

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "_STANDING", {})
    monkeypatch.setattr(worker, "_beat", lambda *_: None)
    kinds.CALLS.clear()


def test_text_keeps_template_and_values(cast: casting.Cast) -> None:
    text = T("%(day)s 起%(rate)s，共 %(n)s 条", day=date(2026, 3, 1), rate=Decimal("0.50"), n=3)
    notice = notify(account=cast.accounts["clerk"], text=text, url="/jobs/")
    notice.refresh_from_db()
    assert notice.template == text.template
    assert str(text_of(notice)) == "2026-03-01 起0.50，共 3 条"


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"])
def test_a_notice_leads_nowhere_but_into_the_house(cast: casting.Cast, url: str) -> None:
    assert notify(account=cast.accounts["clerk"], text=T("看"), url=url).url == ""


def test_everybody_reads_their_own(cast: casting.Cast, client_of: Browser) -> None:
    notice = notify(account=cast.accounts["clerk"], text=T("给录入员的话"), url="/jobs/")
    assert "给录入员的话" in client_of("clerk").get(reverse("notices:notices")).content.decode()
    assert "给录入员的话" not in client_of("director").get(reverse("notices:notices")).content.decode()
    assert client_of("director").get(reverse("notices:follow", args=[notice.pk])).status_code == 404
    client_of("director").post(reverse("notices:read_all"), {"row": notice.pk})
    assert unread_count(cast.accounts["clerk"]) == 1


def test_following_reads_and_leads_on(cast: casting.Cast, client_of: Browser) -> None:
    notice = notify(account=cast.accounts["clerk"], text=T("看"), url="/jobs/")
    assert client_of("clerk").get(reverse("notices:follow", args=[notice.pk]))["Location"] == "/jobs/"
    assert unread_count(cast.accounts["clerk"]) == 0


def test_the_shell_counts_the_unread(cast: casting.Cast, client_of: Browser) -> None:
    for n in range(3):
        notify(account=cast.accounts["clerk"], text=T("第 %(n)s 条", n=n))
    assert '<span class="count">3' in client_of("clerk").get(reverse("notices:notices")).content.decode()
    first = Notice.objects.order_by("pk").first()
    assert first is not None
    client_of("clerk").post(reverse("notices:read_all"), {"row": [first.pk, "x"]})
    assert unread_count(cast.accounts["clerk"]) == 2
    client_of("clerk").post(reverse("notices:read_all"), {"all": "1"})
    assert unread_count(cast.accounts["clerk"]) == 0
    assert notices_read(account=cast.accounts["clerk"]) == 0


def test_a_job_that_ended_tells_its_owner(cast: casting.Cast) -> None:
    clerk = cast.accounts["clerk"]
    done = enqueue(kind="test.note", payload={"n": 7}, actor=clerk.actor)
    failed = enqueue(kind="test.refuse", actor=clerk.actor)
    stopped = enqueue(kind="test.note", actor=clerk.actor)
    enqueue(kind="test.note", actor=casting.ACTOR)
    job_stop(actor=clerk.actor, job=stopped)
    worker.run_waiting()
    told = {str(text_of(notice)): notice.url for notice in Notice.objects.all()}
    assert told == {
        "“记一笔”已完成：记了第 7 笔": "/jobs/",
        "“不该办”没有完成，请查看原因": reverse("jobs:job", args=[failed.pk]),
    }
    assert Job.objects.get(pk=done.pk).state == "done"


def test_a_job_tried_again_tells_nothing_yet(cast: casting.Cast) -> None:
    enqueue(kind="test.fault", actor=cast.accounts["clerk"].actor)
    worker.run_waiting()
    assert not Notice.objects.exists()
