"""The table of organisations × indicators, its lights, files and kept views; two series side by side; the panel of an organisation."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from xingtan.apps.base.audit.models import Event
from xingtan.apps.desks.compare.models import SavedView
from xingtan.apps.record.ledgers.services import record_create

PERIOD = "2008-2009"
TODAY = date(2009, 9, 1)
SCHOOLS = {"XS-11": ("300", "3"), "XS-12": ("200", "0"), "XS-21": ("250", "5"), "XS-22": ("100余", "1")}


@pytest.fixture
def county(cast):
    for code, (pupils, dropouts) in SCHOOLS.items():
        texts = {"org": code, "period": PERIOD, "stage": "初中", "pupils": pupils, "dropouts": dropouts}
        record_create(actor=cast.accounts["statistician"].actor, place=cast.place, ledger="enrolment", texts=texts, today=TODAY)
    return cast


def grid(client, org: str = "XS", **query):
    return client.get("/p/xishan/compare/", {"org": org, "period": PERIOD, **query})


def order(html: str, names) -> list[str]:
    table = html[html.index("<tbody>") :]
    return sorted(names, key=table.index)


def test_schools_and_indicators_of_the_address_sorted_by_value(county, client_of):
    client, names = client_of("director"), ("东溪中学", "东溪中心小学", "西岭九年一贯制学校")
    html = grid(client, i=["pupils", "dropout_rate"], level="school", sort="-pupils").content.decode()
    assert order(html, names) == ["东溪中学", "西岭九年一贯制学校", "东溪中心小学"]
    html = grid(client, i=["pupils", "dropout_rate"], level="school", sort="pupils").content.decode()
    assert order(html, (*names, "西岭完小"))[-1] in {"西岭完小", "柳湾村小"}, "what is no point stands last either way"
    assert "东溪镇" not in html[html.index("<tbody>") :]
    assert f"/p/xishan/indicators/pupils/?org=XS-11&amp;period={PERIOD}" in html, "every number leads to its provenance"


def test_the_file_holds_what_is_seen(county, client_of):
    answer = grid(client_of("director"), i=["pupils", "dropout_rate"], level="school", sort="-pupils", export="xlsx")
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    head = next(row for row in rows if row and row[0] == "单位")
    assert head[:5] == ("单位", "在校生数", "在校生数：状态", "辍学率", "辍学率：状态")
    body = rows[rows.index(head) + 1 :]
    assert (body[0][0], body[0][1]) == ("东溪中学", 300)
    assert float(body[0][3]) == pytest.approx(0.01)
    assert body[0][2] in (None, "")


def test_what_the_pack_no_longer_has_is_told_and_the_rest_is_shown(county, client_of):
    answer = grid(client_of("director"), i=["gone", "pupils"])
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "规则包里没有这些指标：gone" in html
    assert "删除这个视图" in html
    assert "在校生数" in html[html.index("<thead>") :]


def test_a_period_without_returns_says_so_and_leads_to_the_last_one_with(county, client_of):
    html = client_of("director").get("/p/xishan/compare/", {"org": "XS", "period": "2011-2012"}).content.decode()
    assert "这一期还没有任何上报" in html
    assert f"period={PERIOD}" in html


def test_reach_is_that_of_figures(county, client_of):
    assert grid(client_of("outsider")).status_code == 404
    assert grid(client_of("principal"), org="XS").status_code in {403, 404}
    assert grid(client_of("teacher"), org="XS-12").status_code == 403
    html = grid(client_of("principal"), org="XS-11").content.decode()
    assert "西岭" not in html


def test_a_view_is_kept_shared_and_thrown_away(county, client_of):
    client = client_of("director")
    kept = f"org=XS&period={PERIOD}&i=pupils&level=school&export=xlsx"
    answer = client.post("/p/xishan/compare/views/save/?org=XS", {"name": "各校人数", "query": kept, "shared": "on"})
    assert answer.status_code == 302
    assert "export" not in answer["Location"], "a view is a page, not a file"
    view = SavedView.objects.get()
    assert (view.name, view.shared, view.org.code) == ("各校人数", True, "XS")
    assert Event.objects.filter(place="xishan", action="compare.view_save").count() == 1
    assert "各校人数" in grid(client_of("statistician")).content.decode(), "of the same office"
    assert "各校人数" not in grid(client_of("principal"), org="XS-11").content.decode()
    assert client_of("statistician").post(f"/p/xishan/compare/views/{view.pk}/remove/").status_code == 403
    client.post("/p/xishan/compare/views/save/?org=XS", {"name": "各校人数", "query": "i=dropout_rate"})
    view.refresh_from_db()
    assert (view.query, view.shared) == ("i=dropout_rate", False), "the same name replaces"
    assert client.post(f"/p/xishan/compare/views/{view.pk}/remove/").status_code == 302
    assert not SavedView.objects.exists()


def test_a_view_without_a_name_is_refused_with_a_remedy(county, client_of):
    answer = client_of("director").post("/p/xishan/compare/views/save/?org=XS", {"name": " ", "query": "i=pupils"})
    assert answer.status_code == 400
    assert "写上名称再保存" in answer.content.decode()
    assert not SavedView.objects.exists()


def test_two_organisations_and_two_indicators_side_by_side(county, client_of):
    client = client_of("director")
    html = client.get("/p/xishan/compare/series/", {"org": "XS", "period": PERIOD, "i": "pupils", "with": "XS-11"}).content.decode()
    assert "两图同一坐标" in html
    assert "东溪中学 · 在校生数" in html
    html = client.get("/p/xishan/compare/series/", {"org": "XS", "period": PERIOD, "i": ["pupils", "dropout_rate"]}).content.decode()
    assert "溪山县 · 辍学率" in html


@pytest.mark.parametrize(("query", "says"), [({"i": "gone"}, "没有指标 gone"), ({"i": "pupils", "with": "NO-1"}, "没有单位 NO-1"), ({"i": "pupils", "with": "SQ-1"}, "没有单位 SQ-1")])  # fmt: skip
def test_an_unknown_name_in_the_address_is_refused_with_a_remedy(county, client_of, query, says):
    answer = client_of("director").get("/p/xishan/compare/series/", {"org": "XS", "period": PERIOD, **query})
    assert answer.status_code == 400
    assert says in answer.content.decode()


def test_an_organisations_page_has_its_figures_beside_its_superiors(county, client_of):
    html = client_of("director").get("/p/xishan/orgs/XS-11/", {"period": PERIOD}).content.decode()
    panel = html[html.index("概况") :]
    assert ">300人<" in panel
    assert ">1.00%<" in panel
    assert "500人" in panel, "the town's own value"
    assert "概况" not in client_of("teacher").get("/p/xishan/orgs/XS-12/", {"period": PERIOD}).content.decode()
