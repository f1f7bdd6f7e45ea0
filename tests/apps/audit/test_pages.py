from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from tests.cast import Cast

from xingtan.apps.base.audit import display, guard
from xingtan.apps.base.audit.models import Event
from xingtan.apps.base.orgs.services import org_rename

Clients = Callable[[str], Client]


def rename(cast: Cast) -> None:
    org_rename(org=cast.org("XS-22"), name="西岭小学", day=date(2009, 9, 1), actor=cast.accounts["statistician"].actor, basis="溪教3号")


@pytest.mark.django_db
def test_an_event_is_told_in_words_with_before_and_after(cast: Cast, client_of: Clients) -> None:
    rename(cast)
    director = client_of("director")
    listed = director.get("/p/xishan/audit/").content.decode()
    assert "西岭完小更名为西岭小学" in listed
    assert "季述" in listed
    number = Event.objects.filter(place="xishan").latest("sequence").sequence
    shown = director.get(f"/p/xishan/audit/{number}/").content.decode()
    assert "2001年9月1日至今后：西岭完小，属西岭镇" in shown
    assert "2009年9月1日至今后：西岭小学，属西岭镇" in shown
    assert "溪教3号" in shown


FILTERS = (
    {"who": "季述"}, {"action": "org.rename"}, {"record": "更名为西岭"}, {"q": "溪教3"}, {"from": "2020-01-01", "action": "org.rename"},
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("query", FILTERS)
def test_filters_narrow_the_log(cast: Cast, client_of: Clients, query: dict[str, str]) -> None:
    rename(cast)
    text = client_of("director").get("/p/xishan/audit/", query).content.decode()
    assert "西岭完小更名为西岭小学" in text
    assert "共 1 条" in text


@pytest.mark.django_db
def test_one_record_is_followed_by_its_key_and_days_bound_the_log(cast: Cast, client_of: Clients) -> None:
    director, person = client_of("director"), cast.persons["teacher"]
    text = director.get("/p/xishan/audit/", {"record": f"people.person:{person.pk}"}).content.decode()
    assert "共 1 条" in text
    assert "新增人员𠮷老师" in text
    assert "没有符合条件的记录" in director.get("/p/xishan/audit/", {"to": "2020-01-01"}).content.decode()


@pytest.mark.django_db
def test_the_page_of_the_check_tells_of_tampering(cast: Cast, client_of: Clients) -> None:
    director = client_of("director")
    assert "没有被改、被删、被截断" in director.post("/p/xishan/audit/check/").content.decode()
    with guard.unlocked():
        Event.objects.filter(place="xishan", sequence=2).update(reason="改")
    text = director.post("/p/xishan/audit/check/").content.decode()
    assert "发现 1 处问题" in text
    assert "这一条被改过" in text


@pytest.mark.django_db
def test_every_action_that_base_writes_has_its_sentence(cast: Cast) -> None:
    rename(cast)
    named = {action for action, _ in display.actions()}
    assert set(Event.objects.values_list("action", flat=True)) <= named
