"""Even supply of a small county under the demonstration pack: reached conditions, differences, who is silent, and ways back."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from tests import cast as casting

from xingtan import pack as packs
from xingtan.apps.base.orgs import services as orgs
from xingtan.apps.base.orgs.models import Place
from xingtan.apps.record.ledgers.services import record_create

TODAY = date(2026, 1, 20)
GOOD = {
    "above_degree": "10",
    "backbone": "2",
    "pe_and_arts": "2",
    "teaching_area": "1000",
    "sports_area": "1600",
    "apparatus": "50万",
    "multimedia_rooms": "5",
}
SCHOOLS = (
    ("P1", "甲小学", "complete_primary"),
    ("P2", "乙小学", "complete_primary"),
    ("N1", "丙九年一贯制学校", "nine_year_school"),
    ("J1", "丁初级中学", "junior_school"),
)


@pytest.fixture
def county(db):
    made = orgs.place_create(slug="demo", title="均县", code="990101", kind="county", actor=casting.ACTOR)
    loaded = packs.load(packs.builtin_root() / "demo")
    assert loaded.pack is not None
    orgs.pack_enforce(place=made, pack=loaded.pack, actor=casting.ACTOR)
    place = Place.objects.select_related("root", "pack_release").get(pk=made.pk)
    for code, name, kind in SCHOOLS:
        casting.make_org(place, code, name, kind, "990101")
    return place


def state(place, code: str, stage: str, pupils: str = "200", **more: str) -> None:
    texts = {"org": code, "period": "2025", "stage": stage, "pupils": pupils, **GOOD, **more}
    record_create(actor=casting.ACTOR, place=place, ledger="school_conditions", texts=texts, today=TODAY)


def look(place, status: int = 200, **query) -> str:
    account = casting.make_account("head", "局长", place.root, "bureau_director")
    client = Client()
    client.force_login(account)
    answer = client.get("/p/demo/equity/", {"org": "990101", "period": "2025", **query})
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def test_equal_schools_that_reach_everything_pass(county):
    for code, stage in (("P1", "小学"), ("P2", "小学"), ("N1", "小学"), ("N1", "初中"), ("J1", "初中")):
        state(county, code, stage)
    html = look(county, standard="primary_conditions")
    assert "达到标准" in html
    assert "没有达到标准" not in html
    assert "3 所学校中 3 所达到要求" in html
    assert "0.000" in html
    assert "group=stage%3A%E5%B0%8F%E5%AD%A6" in html, "every number leads to the figure of its stage"
    assert "丁初级中学" not in html


def test_a_school_below_the_floor_fails_the_county(county):
    for code in ("P1", "N1"):
        state(county, code, "小学")
    state(county, "P2", "小学", apparatus="10万")
    html = look(county)
    assert "没有达到标准" in html
    assert "3 所学校中 2 所达到要求" in html


def test_a_silent_school_leaves_the_verdict_open_and_is_named(county):
    state(county, "P1", "小学")
    state(county, "N1", "小学")
    html = look(county)
    assert "还不能下结论" in html
    assert "1 所学校没有填报，补报后才能计算：乙小学" in html
    assert "1 所学校的数未知，差异系数不能计算" in html


def test_a_school_without_pupils_of_the_stage_is_not_counted(county):
    state(county, "P1", "小学")
    state(county, "P2", "小学")
    state(county, "N1", "初中")
    html = look(county)
    assert "没有这个学段的学生，不计入：丙九年一贯制学校" in html
    assert "2 所学校中 2 所达到要求" in html


def test_a_stage_of_which_nobody_reported_is_open_not_zero(county):
    html = look(county, standard="junior_conditions")
    assert "还不能下结论" in html
    assert "这一期还没有任何上报" in html


def test_an_unknown_standard_is_refused_with_a_remedy(county):
    html = look(county, standard="gone", status=400)
    assert "没有均衡标准 gone" in html
