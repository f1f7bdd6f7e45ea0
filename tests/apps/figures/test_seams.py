"""Where figures meet the tree, snapshots, rights and rows."""

from __future__ import annotations

from datetime import date

import pytest

from xingtan.apps.base.orgs import services as orgs
from xingtan.apps.record.figures import services
from xingtan.apps.record.ledgers.models import Record
from xingtan.apps.record.ledgers.services import record_create

PERIOD = "2008-2009"
TODAY = date(2009, 9, 1)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XINGTAN_HOME", str(tmp_path))


def enter(cast, code: str, pupils: str, stage: str = "初中", dropouts: str = "2", period: str = PERIOD) -> Record:
    texts = {"org": code, "period": period, "stage": stage, "pupils": pupils, "dropouts": dropouts}
    return record_create(actor=cast.accounts["statistician"].actor, place=cast.place, ledger="enrolment", texts=texts, today=TODAY)


def page(client, indicator: str, org: str, what: str = "", period: str = PERIOD, **query: str):
    return client.get(f"/p/xishan/indicators/{indicator}/{what}", {"org": org, "period": period, **query})


def test_a_closed_school_keeps_its_figures_and_rows(cast, client_of):
    enter(cast, "XS-11", "300")
    orgs.org_close(org=cast.org("XS-11"), day=date(2010, 9, 1), actor=cast.accounts["statistician"].actor)
    client = client_of("director")
    answer = page(client, "pupils", "XS-11")
    assert answer.status_code == 200
    assert ">300人<" in answer.content.decode()
    assert "东溪中学" in page(client, "pupils", "XS-1").content.decode()
    assert "东溪中学" in page(client, "pupils", "XS-1", "rows/").content.decode()


def test_the_parts_below_are_those_of_the_period(cast, client_of):
    enter(cast, "XS-11", "300")
    enter(cast, "XS-11", "310", period="2010-2011")
    orgs.org_move(org=cast.org("XS-11"), parent=cast.org("XS-2"), day=date(2010, 1, 1), actor=cast.accounts["statistician"].actor)
    client = client_of("director")
    assert ">300人<" in page(client, "pupils", "XS-1").content.decode()
    assert "东溪中学" in page(client, "pupils", "XS-1").content.decode()
    assert "东溪中学" not in page(client, "pupils", "XS-1", period="2010-2011").content.decode().partition("下一级")[2]


def test_a_named_snapshot_is_read_with_its_own_tree(cast, client_of):
    actor = cast.accounts["statistician"].actor
    enter(cast, "XS-11", "300")
    services.snapshot_create(place=cast.place, name="before", actor=actor)
    orgs.org_open(place=cast.place, code="XS-13", name="新设初中", kind="junior_school", parent="XS-1", day=date(2008, 9, 1), actor=actor)
    orgs.org_rename(org=cast.org("XS-11"), name="东溪第一中学", day=date(2008, 9, 1), actor=actor)
    client = client_of("director")
    assert "新设初中" in page(client, "pupils", "XS-1").content.decode()
    answer = page(client, "pupils", "XS-1", snapshot="before")
    assert answer.status_code == 200
    html = answer.content.decode().partition("下一级")[2]
    assert "新设初中" not in html
    assert "东溪中学" in html


def test_a_breakdown_opens_into_its_groups(cast, client_of):
    enter(cast, "XS-11", "300")
    enter(cast, "XS-21", "200", "小学")
    client = client_of("director")
    html = page(client, "pupils", "XS", group="stage").content.decode()
    assert ">500人<" in html, "the whole stands above"
    assert "group=stage%3A" in html, "each group leads to its own page"
    part = page(client, "pupils", "XS", group="stage:小学").content.decode()
    assert "200人" in part.partition("下一级")[0]
    assert "300人" not in part.partition("下一级")[2], "the parts below are those of the group"
    rows = page(client, "pupils", "XS", "rows/", group="stage:小学").content.decode()
    assert "西岭九年一贯制学校" in rows
    assert "东溪中学" not in rows


@pytest.mark.parametrize("group", ["stage:没有", "nothing", "nothing:x", ":"])
def test_a_breakdown_that_is_none_is_refused_with_the_way_to_one(cast, client_of, group):
    enter(cast, "XS-11", "300")
    answer = page(client_of("director"), "pupils", "XS", group=group)
    assert answer.status_code == 400
    assert "没有分组" in answer.content.decode()


def test_names_of_reports_are_told_to_their_readers_only(cast, client_of):
    from xingtan.apps.face.reports import services as reports

    enter(cast, "XS-11", "300")
    orgs_report = reports.report_draft(
        place=cast.place, org=cast.town, template="annual", period=PERIOD, actor=cast.accounts["statistician"].actor
    )
    assert orgs_report.title in page(client_of("director"), "pupils", "XS-11").content.decode()
    assert orgs_report.title not in page(client_of("principal"), "pupils", "XS-11").content.decode()


@pytest.mark.parametrize("what", ["", "rows/"])
def test_a_principal_sees_nothing_above_or_beside_him(cast, client_of, what):
    enter(cast, "XS-11", "300")
    services.snapshot_create(place=cast.place, name="y", actor=cast.accounts["statistician"].actor)
    for org in ("XS", "XS-1", "XS-21"):
        for more in ({}, {"snapshot": "y"}, {"export": "xlsx"}):
            assert page(client_of("principal"), "pupils", org, what, **more).status_code == 404


def test_every_link_a_principal_is_shown_works(cast, client_of):
    import re

    enter(cast, "XS-11", "300")
    client = client_of("principal")
    for address in (
        "/p/xishan/",
        f"/p/xishan/indicators/?org=XS-11&period={PERIOD}",
        f"/p/xishan/indicators/pupils/?org=XS-11&period={PERIOD}",
    ):
        html = client.get(address).content.decode()
        for link in sorted(set(re.findall(r'href="(/[^"]*)"', html))):
            if link.startswith("/static"):
                continue
            assert client.get(link.replace("&amp;", "&"), follow=True).status_code == 200, (address, link)


def test_an_orphan_of_a_rolled_back_transaction_is_harmless(cast, client_of):
    from django.db import transaction

    actor = cast.accounts["statistician"].actor
    enter(cast, "XS-11", "300")
    with pytest.raises(RuntimeError), transaction.atomic():
        services.snapshot_create(place=cast.place, name="y2009", actor=actor)
        raise RuntimeError
    client = client_of("director")
    assert "y2009" not in client.get("/p/xishan/snapshots/").content.decode()
    assert page(client, "pupils", "XS", snapshot="y2009").status_code == 400
    enter(cast, "XS-21", "200")
    services.snapshot_create(place=cast.place, name="y2009", actor=actor)
    assert ">500人<" in page(client, "pupils", "XS", snapshot="y2009").content.decode()
    assert services.snapshot_verify(place=cast.place, name="y2009", actor=actor) == ()


def test_a_place_without_pack_or_root_answers(cast, client_of):
    from tests import cast as casting

    place = casting.make_place("bare", "空县", "KX", with_pack=False)
    cast.accounts["administrator"].is_administrator = True
    cast.accounts["administrator"].save()
    client = client_of("administrator")
    for path in ("", "indicators/", "reports/", "snapshots/", "pack/", "search/?q=x", "reports/new/", "pack/check/"):
        assert client.get(f"/p/bare/{path}").status_code in {200, 400, 403}, path
    assert place


@pytest.mark.parametrize("period", ["2009", "2008-2009", "Y0", "Y-1", "2009H1", "2009-W12", "2009-03-08", "2009Q1", "2004-2005T1"])
def test_periods_of_every_kind_answer(cast, client_of, period):
    enter(cast, "XS-11", "300")
    client = client_of("director")
    for path in ("", "indicators/", "indicators/pupils/", "indicators/pupils/rows/", "reports/", "reports/new/"):
        assert client.get(f"/p/xishan/{path}", {"org": "XS", "period": period}).status_code == 200, path


def test_doubt_bounds_and_partial_are_shown(cast, client_of):
    from xingtan.apps.record.ledgers.services import record_doubt

    row = enter(cast, "XS-11", "300余")
    record_doubt(actor=cast.accounts["statistician"].actor, record=row, why="原文两处不一")
    html = page(client_of("director"), "pupils", "XS-11").content.decode()
    assert "300余人" in html
    assert "存疑" in html
    assert "原文两处不一" in html
    rate = page(client_of("director"), "dropout_rate", "XS").content.decode()
    assert "西岭九年一贯制学校（共1个）" in rate


def test_an_export_says_what_the_page_says_of_doubt_and_absence(cast, client_of):
    import io

    import openpyxl

    from xingtan.apps.record.ledgers.services import record_doubt

    row = enter(cast, "XS-11", "300")
    record_doubt(actor=cast.accounts["statistician"].actor, record=row, why="原文两处不一")
    answer = client_of("director").get("/p/xishan/indicators/", {"org": "XS", "period": PERIOD, "export": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    heads = [cell.value for cell in sheet[1]]
    rate = next(dict(zip(heads, line, strict=True)) for line in sheet.iter_rows(min_row=2, values_only=True) if line[0] == "辍学率")
    assert rate["状态"] == "存疑；部分：1 个单位未报"
    assert rate["分子"] == 2
    assert rate["分母"] == 300


def test_doubt_does_not_hide_that_somebody_is_missing(cast, client_of):
    from xingtan.apps.record.ledgers.services import record_doubt

    row = enter(cast, "XS-11", "300")
    record_doubt(actor=cast.accounts["statistician"].actor, record=row, why="原文两处不一")
    html = page(client_of("director"), "dropout_rate", "XS").content.decode()
    assert "部分：1 个单位未报" in html
    assert "存疑" in html
    below = html.partition("下一级")[2]
    assert "尚未上报" not in below.partition("溪山县教育局")[2].partition("</tr>")[0], "the bureau owes nothing"


def test_a_figure_of_a_large_place_says_that_newer_rows_wait(cast, client_of, monkeypatch):
    enter(cast, "XS-11", "300")
    services.snapshot_refresh(place=cast.place)
    monkeypatch.setattr(services, "INLINE_ROWS", 0)
    client = client_of("director")
    assert "更新中" not in page(client, "pupils", "XS-11").content.decode()
    enter(cast, "XS-12", "50")
    assert "更新中" in page(client, "pupils", "XS-11").content.decode().partition("figure-said")[2].partition("</div>")[0]


def test_an_organisation_younger_than_the_snapshot_is_explained(cast, client_of):
    actor = cast.accounts["statistician"].actor
    enter(cast, "XS-11", "300")
    services.snapshot_create(place=cast.place, name="before", actor=actor)
    orgs.org_open(place=cast.place, code="XS-13", name="新设初中", kind="junior_school", parent="XS-1", day=date(2008, 9, 1), actor=actor)
    answer = page(client_of("director"), "pupils", "XS-13", snapshot="before")
    assert answer.status_code == 400
    assert "之后才设立" in answer.content.decode()
