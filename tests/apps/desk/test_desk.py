from __future__ import annotations

import shutil
from datetime import date

import pytest
from tests import cast as casting

from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.orgs.selectors import active_pack
from xingtan.apps.record.ledgers.services import record_create

PERIOD = "2008-2009"


def enter(cast, code: str) -> None:
    texts = {"org": code, "period": PERIOD, "stage": "初中", "pupils": "300", "dropouts": "2"}
    record_create(actor=cast.accounts["statistician"].actor, place=cast.place, ledger="enrolment", texts=texts, today=date(2009, 9, 1))


def test_signing_in_leads_to_ones_own_desk(client_of):
    assert client_of("principal").get("/")["Location"] == "/p/xishan/"


def desk(client, **query: str) -> str:
    return client.get("/p/xishan/", {"org": "XS", "period": PERIOD, **query}).content.decode()


def section(html: str, title: str) -> str:
    """The part of the desk under a heading."""
    return html.partition(title)[2].partition("</section>")[0]


def test_the_desk_answers_its_four_questions_in_order(cast, client_of):
    enter(cast, "XS-11")
    html = desk(client_of("director"))
    places = [html.index(title) for title in ("今天要办</h2>", "已经迟了，谁在等</h2>", "最近七天的变化</h2>", "数字现状 <")]
    assert places == sorted(places)
    assert "在校生数" in section(html, "数字现状")
    assert "至少300人" in section(html, "数字现状")


def test_who_has_not_reported_is_named_and_how_late(cast, client_of):
    enter(cast, "XS-11")
    late = section(desk(client_of("director")), "已经迟了，谁在等")
    assert "西岭九年一贯制学校" in late
    assert "东溪中学" not in late
    assert "2009-08-31" in late
    assert "西岭" not in section(desk(client_of("principal"), org="XS-11"), "已经迟了，谁在等")


def test_a_return_of_a_period_that_still_runs_is_to_do_and_not_late(cast, client_of):
    from xingtan.kernel.period import Period, PeriodKind

    enter(cast, "XS-11")
    now = Period.at(PeriodKind.SCHOOL_YEAR, date.today()).text
    html = desk(client_of("director"), period=now)
    assert "尚未上报" in section(html, "今天要办")
    assert "都已报来" in section(html, "已经迟了，谁在等")


def test_doubtful_rows_wait_for_those_who_may_settle_them(cast, client_of):
    from xingtan.apps.record.ledgers.models import Record
    from xingtan.apps.record.ledgers.services import record_doubt

    enter(cast, "XS-11")
    record_doubt(actor=cast.accounts["statistician"].actor, record=Record.objects.get(), why="原文两处不一")
    assert "存疑的行" in section(desk(client_of("statistician")), "今天要办")
    assert "存疑的行" in section(desk(client_of("principal"), org="XS-11"), "今天要办")
    assert "存疑的行" not in section(desk(client_of("inspector")), "今天要办")


def test_imports_and_failed_jobs_wait_for_whom_they_concern(cast, client_of):
    from xingtan.apps.base.jobs.models import Job, State
    from xingtan.apps.record.imports.models import Import

    by = {"actor_id": "1", "actor_label": "陆入"}
    Import.objects.create(
        place=cast.place, ledger="enrolment", org=cast.town, name="东镇.xlsx", state="preview", counts={"faults": 3}, **by
    )
    Import.objects.create(place=cast.place, ledger="enrolment", org=cast.org("XS-2"), name="西岭.xlsx", state="preview", **by)
    Import.objects.create(place=cast.place, ledger="enrolment", org=cast.town, name="已入账.xlsx", state="done", **by)
    Job.objects.create(kind="figures.refresh", place=cast.place, owner=cast.accounts["clerk"], state=State.FAILED, **by)
    mine = section(desk(client_of("clerk"), org="XS-1"), "今天要办")
    assert "东镇.xlsx”：3 处错误" in mine
    assert "西岭.xlsx" not in mine
    assert "已入账" not in mine
    assert "更新指标数据”没有办成" in mine
    assert "没有办成" not in section(desk(client_of("statistician")), "今天要办")
    assert "东镇.xlsx" not in section(desk(client_of("inspector")), "今天要办")


def test_what_changed_since_the_last_visit_within_ones_reach(cast, client_of):
    from xingtan.apps.base.orgs import services as orgs

    enter(cast, "XS-21")
    enter(cast, "XS-11")
    orgs.org_rename(org=cast.org("XS-22"), name="西岭中心完小", day=date(2009, 9, 1), actor=cast.accounts["statistician"].actor)
    changed = section(desk(client_of("director")), "最近七天的变化")
    assert "“在校生”新填或更改 2 行" in changed
    assert "西岭中心完小" in changed
    own = section(desk(client_of("principal"), org="XS-11"), "最近七天的变化")
    assert "“在校生”新填或更改 1 行" in own
    assert "西岭" not in own


def test_since_is_the_sign_in_before_this_one(cast, client_of):
    from xingtan.apps.base.access.services import signed_in

    enter(cast, "XS-11")
    for _time in range(2):
        signed_in(account=cast.accounts["director"], by="password")
    html = desk(client_of("director"))
    assert "没有变化" in section(html, "上次登录以来的变化")
    enter(cast, "XS-21")
    assert "新填或更改 1 行" in section(desk(client_of("director")), "上次登录以来的变化")


def test_the_desk_of_an_empty_place_says_what_to_do(cast, client_of):
    html = desk(client_of("director"))
    assert "没有要办的事" in html


@pytest.mark.parametrize(
    ("words", "hit"),
    [("东溪", "东溪中学"), ("dxzx", "东溪中学"), ("在校", "在校生数"), ("cxl", "辍学率"), ("aqyh", "/p/xishan/ledgers/hazard/?org=XS")],
)
def test_search_finds_by_part_of_a_name_and_by_pinyin_initials(cast, client_of, words, hit):
    assert hit in client_of("director").get("/p/xishan/search/", {"q": words}).content.decode()


def test_search_finds_nothing_beyond_ones_reach(cast, client_of):
    assert "西岭九年一贯制学校" not in client_of("principal").get("/p/xishan/search/", {"q": "西岭"}).content.decode()


def test_the_pack_is_readable_with_its_formula_in_words(cast, client_of):
    client = client_of("director")
    assert "xishan" in client.get("/p/xishan/pack/").content.decode()
    html = client.get("/p/xishan/pack/indicators/dropout_rate/").content.decode()
    assert "÷" in html
    assert "sum(enrolment.dropouts)" in html
    assert client.get("/p/xishan/pack/indicators/none/").status_code == 404
    assert client.get("/p/xishan/pack/none/").status_code == 404


def test_a_column_that_goes_is_settled_on_the_page_of_activation(cast, client_of, home):
    folder = home / "packs" / "xishan" / "2010.1"
    shutil.copytree(casting.PACKS / "xishan" / "2009.1", folder)
    for name, old, new in (
        ("pack.yaml", "2009.1", "2010.1"),
        ("ledgers/school.yaml", "    - {id: finder, title: 发现人, type: person}\n", ""),
    ):
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), "utf-8")
    client, url, form = client_of("administrator"), "/p/xishan/pack/activate/", {"version": "2010.1", "reason": "新规定"}
    asked = client.post(url, form)
    assert asked.status_code == 422
    assert "hazard.finder" in asked.content.decode()
    odd = client.post(url, {**form, "conversions": "hazard.finder\n全部=drop"})
    assert odd.content.decode().count("不是一条转换") >= 2
    done = client.post(url, {**form, "conversions": "hazard.finder = drop\n"})
    assert done.status_code == 302
    assert active_pack(Place.objects.get(slug="xishan")).version == "2010.1"


def test_findings_name_files_from_the_packs_folder_on(monkeypatch):
    from xingtan.apps.face.desk import packs
    from xingtan.pack import builtin_root, load

    pack = load(builtin_root() / "huinan").pack
    issues, same = packs.findings(pack)
    assert same
    assert issues
    assert all(issue.where.file.startswith(("huinan/", "base/")) for issue in issues)


def test_the_desk_asks_a_number_of_questions_that_does_not_grow_with_the_ledgers(cast, client_of, django_assert_max_num_queries):
    client = client_of("director")
    desk(client)
    with django_assert_max_num_queries(45):
        desk(client)
