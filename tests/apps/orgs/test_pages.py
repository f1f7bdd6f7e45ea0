from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.cast import Cast

from xingtan.apps.base.audit.models import Event
from xingtan.apps.base.orgs.models import OrgAct, Organisation

Clients = Callable[[str], Client]
MERGE = {"sources": ["XS-11", "XS-21"], "into": "", "code": "XS-30", "name": "溪山联合中学", "kind": "junior_school", "parent": "XS-1",
         "day": "2009-09-01", "basis": "溪教〔2009〕3号"}  # fmt: skip


def page(client: Client, path: str, **data: object) -> str:
    response = client.get(f"/p/xishan/{path}", data)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


@pytest.mark.django_db
def test_the_tree_shows_the_day_asked_for(cast: Cast, client_of: Clients) -> None:
    director = client_of("director")
    assert "柳湾村小" in page(director, "orgs/")
    early = page(director, "orgs/", on="2000-01-01")
    assert "溪山县" in early
    assert "柳湾村小" not in early


@pytest.mark.django_db
def test_a_day_that_is_none_is_refused_with_a_remedy(cast: Cast, client_of: Clients) -> None:
    response = client_of("director").get("/p/xishan/orgs/", {"on": "昨天"})
    assert response.status_code == 400
    assert "2009-09-01" in response.content.decode()


@pytest.mark.django_db
def test_readers_see_their_own_part_only(cast: Cast, client_of: Clients) -> None:
    shown = page(client_of("town_officer"), "orgs/")
    assert "东溪中学" in shown
    assert "西岭完小" not in shown
    assert client_of("town_officer").get("/p/xishan/orgs/XS-22/").status_code == 404
    assert client_of("outsider").get("/p/xishan/orgs/").status_code == 404


@pytest.mark.django_db
def test_an_act_is_previewed_then_confirmed_and_audited(cast: Cast, client_of: Clients) -> None:
    statistician = client_of("statistician")
    before = Event.objects.count()
    seen = statistician.post("/p/xishan/org-acts/new/merge/", MERGE)
    text = seen.content.decode()
    assert seen.status_code == 200
    assert "溪山联合中学" in text
    assert "严师" in text  # who still works at a school that ends
    assert OrgAct.objects.filter(kind="merge").count() == 0
    assert Event.objects.count() == before
    done = statistician.post("/p/xishan/org-acts/new/merge/", {**MERGE, "confirm": "1"}, follow=True)
    assert "东溪中学、西岭九年一贯制学校合并为溪山联合中学" in done.content.decode()
    assert Event.objects.filter(action="org.merge").get().reason == "溪教〔2009〕3号"
    life = page(statistician, "orgs/XS-11/")
    assert "100%由“溪山联合中学”承接" in life
    assert "撤销：东溪中学" in life


@pytest.mark.django_db
def test_an_impossible_act_keeps_what_was_typed_and_names_all_reasons(cast: Cast, client_of: Clients) -> None:
    wrong = {"code": "XS-11", "name": "长" * 5000, "kind": "teaching_point", "parent": "XS-22", "day": "2009-09-01"}
    response = client_of("statistician").post("/p/xishan/org-acts/new/open/", wrong)
    text = response.content.decode()
    assert response.status_code == 422
    assert "名称有 5000 字，太长" in text
    assert "代码 XS-11 已用于“东溪中学”" in text
    assert "长" * 5000 in text


@pytest.mark.django_db
@pytest.mark.parametrize("login", ["director", "town_officer", "clerk", "principal"])
def test_acts_need_the_right_to_manage(cast: Cast, client_of: Clients, login: str) -> None:
    client = client_of(login)
    assert client.get("/p/xishan/org-acts/new/merge/").status_code == 403
    assert client.post("/p/xishan/org-acts/new/merge/", {**MERGE, "confirm": "1"}).status_code == 403
    assert not Organisation.objects.filter(code="XS-30").exists()


@pytest.mark.django_db
def test_undo_by_page_asks_where_residents_go_and_restores(cast: Cast, client_of: Clients) -> None:
    from xingtan.apps.base.people.services import Appointment, post_appoint

    statistician = client_of("statistician")
    statistician.post("/p/xishan/org-acts/new/merge/", {**MERGE, "confirm": "1"})
    act = OrgAct.objects.get(kind="merge")
    new = Organisation.objects.get(code="XS-30")
    post_appoint(person=cast.persons["principal"], to=Appointment(new, "principal", act.day), actor=cast.accounts["statistician"].actor)
    url = f"/p/xishan/org-acts/{act.pk}/"
    assert "“溪山联合中学”将不复存在，而那里有任职 1 条：严师" in statistician.get(url).content.decode()
    refused = statistician.post(url, {"reason": "误办", "confirm": "1"})
    assert refused.status_code == 422
    assert Organisation.objects.filter(code="XS-30").exists()
    done = statistician.post(url, {"reason": "误办", "home_XS-30": "XS-12", "confirm": "1"}, follow=True)
    assert "已撤回" in done.content.decode()
    assert not Organisation.objects.filter(code="XS-30").exists()
    assert cast.persons["principal"].posts.filter(org__code="XS-12").count() == 1
    assert Organisation.objects.get(code="XS-11").closed is None


@pytest.mark.django_db
def test_split_by_page_asks_for_every_child(cast: Cast, client_of: Clients) -> None:
    form = {
        "code": "XS-12", "day": "2009-09-01", "basis": "",
        "code_1": "XS-12", "name_1": "东溪中心小学", "kind_1": "central_primary", "parent_1": "XS-1", "share_1": "60",
        "code_2": "XS-13", "name_2": "东溪第二小学", "kind_2": "central_primary", "parent_2": "XS-1", "share_2": "30",
        "child_XS-121": "2", "confirm": "1",
    }  # fmt: skip
    client = client_of("statistician")
    assert "合计应为 100%，现为 90%" in client.post("/p/xishan/org-acts/new/split/", form).content.decode()
    done = client.post("/p/xishan/org-acts/new/split/", {**form, "share_2": "40"}, follow=True)
    assert "东溪中心小学分设为东溪中心小学、东溪第二小学" in done.content.decode()
    child = Organisation.objects.get(code="XS-121")
    assert child.spells.order_by("-valid_from")[0].parent.code == "XS-13"


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["柳湾", "lwcx", "XS-121"])
def test_search_finds_substrings_initials_and_codes(cast: Cast, words: str) -> None:
    from xingtan.apps.base.orgs.search import find
    from xingtan.ui.scope import Scope

    scope = Scope(cast.place, cast.county, None)
    hits, total = find(cast.accounts["director"], scope, words, 5)
    assert [hit.title for hit in hits] == ["柳湾村小"]
    assert total == 1
    assert find(cast.accounts["principal_west"], scope, words, 5) == ([], 0)
    assert find(cast.accounts["outsider"], scope, words, 5) == ([], 0)


@pytest.mark.parametrize("text", ["banana", "2009-13", "\x00"])
def test_an_address_with_a_period_that_is_none_is_refused_with_a_page(client_of, text):
    response = client_of("director").get("/p/xishan/orgs/", {"period": text})
    assert response.status_code == 400
    assert "不是期间" in response.content.decode()


SPLIT = {
    "code": "XS-12", "day": "2009-09-01", "basis": "", "parts": "3",
    "code_1": "XS-12", "name_1": "东溪中心小学", "kind_1": "central_primary", "parent_1": "XS-1", "share_1": "40",
    "code_2": "XS-13", "name_2": "东溪二小", "kind_2": "central_primary", "parent_2": "XS-1", "share_2": "30",
    "code_3": "XS-14", "name_3": "东溪三小", "kind_3": "central_primary", "parent_3": "XS-1", "share_3": "20",
    "child_XS-121": "4",
}  # fmt: skip


@pytest.mark.django_db
def test_a_split_has_room_for_more_parts_when_asked_and_loses_nothing(cast: Cast, client_of: Clients) -> None:
    client = client_of("statistician")
    assert 'name="code_4"' not in page(client, "org-acts/new/split/", **{"for": "XS-12"})
    grown = client.post("/p/xishan/org-acts/new/split/", {**SPLIT, "share_3": "错", "more": "1"})
    text = grown.content.decode()
    assert grown.status_code == 200
    assert 'name="code_4"' in text
    assert 'name="parts" value="4"' in text
    assert 'value="东溪三小"' in text
    assert 'value="错"' in text  # unjudged, not lost
    fourth = {"parts": "4", "code_4": "XS-15", "name_4": "东溪四小", "kind_4": "central_primary", "parent_4": "XS-1", "share_4": "10"}
    seen = client.post("/p/xishan/org-acts/new/split/", {**SPLIT, **fourth})
    assert 'name="parts" value="4"' in seen.content.decode()
    done = client.post("/p/xishan/org-acts/new/split/", {**SPLIT, **fourth, "confirm": "1"}, follow=True)
    assert "东溪四小" in done.content.decode()
    assert Organisation.objects.get(code="XS-121").spells.order_by("-valid_from")[0].parent.code == "XS-15"


@pytest.mark.django_db
def test_many_organisations_are_typed_by_name_or_code(cast: Cast, client_of: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    from xingtan.apps.base.orgs import choices

    monkeypatch.setattr(choices, "MOST_LISTED", 5)
    client = client_of("statistician")
    empty = page(client, "org-acts/new/merge/", **{"for": "XS-11"})
    assert "<select" not in empty.replace('<select name="kind"', "")
    assert '<option value="西岭完小（XS-22）">' in empty
    assert "东溪中学（XS-11）</textarea>" in empty
    typed = {**MERGE, "sources": "东溪中学\nXS-21", "parent": "东溪镇（XS-1）"}
    assert "溪山联合中学" in client.post("/p/xishan/org-acts/new/merge/", typed).content.decode()
    done = client.post("/p/xishan/org-acts/new/merge/", {**typed, "confirm": "1"}, follow=True)
    assert "东溪中学、西岭九年一贯制学校合并为溪山联合中学" in done.content.decode()
    act = OrgAct.objects.get(kind="merge")
    undone = client.post(f"/p/xishan/org-acts/{act.pk}/", {"reason": "误办", "confirm": "1"}, follow=True)
    assert "已撤回" in undone.content.decode()


@pytest.mark.django_db
def test_every_typed_organisation_that_is_none_is_named_with_a_remedy(
    cast: Cast, client_of: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.cast import make_org

    from xingtan.apps.base.orgs import choices

    monkeypatch.setattr(choices, "MOST_LISTED", 5)
    make_org(cast.place, "XS-19", "西岭完小", "complete_primary", "XS-1")
    typed = {**MERGE, "sources": "东溪中雪\n西岭完小\n火星", "parent": "木星"}
    response = client_of("statistician").post("/p/xishan/org-acts/new/merge/", typed)
    text = response.content.decode()
    assert response.status_code == 422
    assert "没有“东溪中雪”这个组织，您是不是想写“东溪中学”？" in text
    assert "有 2 个组织叫“西岭完小”，请改填代码：XS-19、XS-22" in text
    assert "没有“火星”这个组织，请填它的全称或代码" in text
    assert "没有“木星”这个组织" in text
    assert "东溪中雪\n西岭完小\n火星</textarea>" in text.replace("\r\n", "\n")
