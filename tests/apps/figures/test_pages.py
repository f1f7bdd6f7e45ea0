from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from xingtan.apps.base.audit.services import record
from xingtan.apps.base.orgs.acts import Merge
from xingtan.apps.base.orgs.services import perform
from xingtan.apps.record.figures import services
from xingtan.apps.record.figures.store import book
from xingtan.apps.record.ledgers.models import Record
from xingtan.apps.record.ledgers.services import record_change, record_create
from xingtan.kernel.errors import XingtanError
from xingtan.warehouse import refresh

PERIOD = "2008-2009"
TODAY = date(2009, 9, 1)


def enter(cast, code: str, pupils: str, stage: str = "初中", dropouts: str = "2") -> Record:
    texts = {"org": code, "period": PERIOD, "stage": stage, "pupils": pupils, "dropouts": dropouts}
    return record_create(actor=cast.accounts["statistician"].actor, place=cast.place, ledger="enrolment", texts=texts, today=TODAY)


def page(client, indicator: str, org: str, what: str = "", **query: str):
    return client.get(f"/p/xishan/indicators/{indicator}/{what}", {"org": org, "period": PERIOD, **query})


def test_a_figure_tells_where_it_comes_from(cast, client_of):
    enter(cast, "XS-11", "300", dropouts="3")
    enter(cast, "XS-21", "200", dropouts="7")
    html = page(client_of("director"), "dropout_rate", "XS").content.decode()
    assert "2.00%" in html
    assert "辍学" in html
    assert "÷" in html
    for part in (">10</", ">500</", "东溪镇", "西岭镇"):
        assert part in html, "numerator, denominator and the parts below"
    assert "xishan 2009.1" in html


def test_a_figure_names_its_basis_or_says_that_none_is_named(cast, client_of):
    enter(cast, "XS-11", "300")
    named = page(client_of("director"), "dropout_rate", "XS").content.decode()
    assert "《溪山县控辍保学工作办法》溪教〔2009〕4号第三条（2009–）" in named
    assert "以学年初在校生数为分母" in named
    assert "规则包未写明文件依据" in page(client_of("director"), "pupils", "XS").content.decode()


def test_a_page_follows_what_was_written_since(cast, client_of):
    record = enter(cast, "XS-11", "300")
    client = client_of("director")
    assert ">300人<" in page(client, "pupils", "XS").content.decode()
    texts = {"org": "XS-11", "period": PERIOD, "stage": "初中", "pupils": "310余", "dropouts": "2"}
    record_change(actor=cast.accounts["statistician"].actor, record=record, seen=record.pk, texts=texts, today=TODAY)
    assert ">310余人<" in page(client, "pupils", "XS").content.decode()


def test_a_reader_sees_the_rows_within_his_reach_and_how_many_there_are_beyond(cast, client_of):
    enter(cast, "XS-11", "300")
    enter(cast, "XS-21", "200")
    whole = page(client_of("director"), "pupils", "XS", "rows/").content.decode()
    assert "东溪中学" in whole
    assert "西岭九年一贯制学校" in whole
    own = page(client_of("principal"), "pupils", "XS-11", "rows/").content.decode()
    assert "东溪中学" in own
    assert "西岭" not in own


def test_a_figure_of_another_place_is_not_there(cast, client_of):
    enter(cast, "XS-11", "300")
    assert page(client_of("outsider"), "pupils", "XS").status_code == 404


def test_an_unknown_indicator_is_refused_with_a_remedy(cast, client_of):
    enter(cast, "XS-11", "300")
    answer = page(client_of("director"), "no-such", "XS")
    assert answer.status_code == 400
    assert "没有指标" in answer.content.decode()


def test_nothing_reported_is_unknown_and_not_zero(cast, client_of):
    enter(cast, "XS-11", "300")
    html = page(client_of("director"), "investment", "XS").content.decode()
    assert "〔缺〕" in html
    assert "0.00元" not in html


def test_the_overview_exports_what_it_shows(cast, client_of):
    enter(cast, "XS-11", "300")
    answer = client_of("director").get("/p/xishan/indicators/", {"org": "XS", "period": PERIOD, "export": "xlsx"})
    assert answer.status_code == 200
    assert answer.content[:2] == b"PK"


def test_a_frozen_snapshot_gives_the_same_number_for_ever(cast, client_of):
    record = enter(cast, "XS-11", "300")
    actor = cast.accounts["statistician"].actor
    services.snapshot_create(place=cast.place, name="y2009", actor=actor)
    texts = {"org": "XS-11", "period": PERIOD, "stage": "初中", "pupils": "999", "dropouts": "2"}
    record_change(actor=actor, record=record, seen=record.pk, texts=texts, today=TODAY)
    client = client_of("director")
    assert ">300人<" in page(client, "pupils", "XS", snapshot="y2009").content.decode()
    assert ">999人<" in page(client, "pupils", "XS").content.decode()
    with pytest.raises(XingtanError):
        services.snapshot_create(place=cast.place, name="y2009", actor=actor)


def test_a_tampered_snapshot_is_found(cast):
    enter(cast, "XS-11", "300")
    actor = cast.accounts["statistician"].actor
    made = services.snapshot_create(place=cast.place, name="y2009", actor=actor)
    assert services.snapshot_verify(place=cast.place, name="y2009", actor=actor) == ()
    victim = next(made.path.rglob("*.parquet"))
    victim.chmod(0o600)
    victim.write_bytes(victim.read_bytes()[:-1] + b"x")
    assert services.snapshot_verify(place=cast.place, name="y2009", actor=actor)


def test_a_large_place_is_refreshed_by_the_queue_and_shows_the_last_state_meanwhile(cast, monkeypatch):
    from xingtan.apps.base.jobs.models import Job

    enter(cast, "XS-11", "300")
    services.snapshot_refresh(place=cast.place)
    monkeypatch.setattr(services, "INLINE_ROWS", 0)
    enter(cast, "XS-21", "200")
    before = refresh.current("xishan").version
    services.keep_fresh(place=cast.place, actor=cast.accounts["director"].actor)
    assert refresh.current("xishan").version == before
    assert Job.objects.filter(kind="figures.refresh", place=cast.place).count() == 1
    services.keep_fresh(place=cast.place, actor=cast.accounts["director"].actor)
    assert Job.objects.filter(kind="figures.refresh").count() == 1, "one waiting job is enough"
    services.snapshot_refresh(place=cast.place)
    assert book(cast.place).snapshot.version != before


def test_a_change_in_a_large_place_asks_for_its_refresh_at_once_and_only_once(cast, monkeypatch):
    from xingtan.apps.base.jobs.models import Job

    waiting = Job.objects.filter(kind="figures.refresh", place=cast.place)
    enter(cast, "XS-11", "300")
    services.snapshot_refresh(place=cast.place)
    enter(cast, "XS-12", "100")
    assert not waiting.exists(), "a small place is refreshed when somebody looks"
    monkeypatch.setattr(services, "INLINE_ROWS", 0)
    director = cast.accounts["director"]
    record(actor=director.actor, action="access.sign_in", place="xishan", target=director)
    assert not waiting.exists(), "who signs in changes no figure"
    enter(cast, "XS-21", "200")
    enter(cast, "XS-22", "200")
    assert waiting.get().owner is None, "nobody is told of what he did not ask for"
    other = Job.objects.filter(kind="figures.refresh").exclude(place=cast.place)
    record(actor=director.actor, action="exam.enter", place="shiqiao", target=director)
    assert not other.exists()


def test_signing_in_makes_no_figure_stale_and_an_unheard_of_action_does(cast, monkeypatch):
    enter(cast, "XS-11", "300")
    services.snapshot_refresh(place=cast.place)
    monkeypatch.setattr(services, "snapshot_refresh", lambda **_: pytest.fail("nothing to read anew"))
    director = cast.accounts["director"]
    for action in ("access.sign_in", "reports.draft", "import.upload"):
        record(actor=director.actor, action=action, place="xishan", target=director)
    services.keep_fresh(place=cast.place, actor=director.actor)
    assert not book(cast.place).pending
    record(actor=director.actor, action="exam.enter", place="xishan", target=director)
    assert book(cast.place).pending


def merge(cast):
    """西岭完小 goes into 西岭九年一贯制学校 after the school year."""
    act = Merge(("XS-22",), "XS-21", date(2009, 9, 1))
    return perform(place=cast.place, act=act, actor=cast.accounts["statistician"].actor, basis="")


def test_the_history_can_be_told_in_todays_tree_and_walks_back_to_the_rows_of_both(cast, client_of):
    enter(cast, "XS-21", "200")
    enter(cast, "XS-22", "90", stage="小学")
    merge(cast)
    client = client_of("director")
    then, now = page(client, "pupils", "XS-21"), page(client, "pupils", "XS-21", recast="today")
    assert ">200人<" in then.content.decode()
    assert "recast=today" in then.content.decode(), "the way to the other reading"
    assert ">290人<" in now.content.decode()
    assert "各期都按今天的机构重述" in now.content.decode()
    assert f"period={PERIOD}&amp;recast=today" in now.content.decode(), "its numbers lead on in the same reading"
    rows = page(client, "pupils", "XS-21", "rows/", recast="today").content.decode()
    assert "西岭完小" in rows
    assert "西岭完小" not in page(client, "pupils", "XS-21", "rows/").content.decode()


def test_the_parts_below_are_those_of_the_tree_that_is_told(cast, client_of):
    enter(cast, "XS-21", "200")
    enter(cast, "XS-22", "90", stage="小学")
    merge(cast)
    client = client_of("director")
    assert "西岭完小" in page(client, "pupils", "XS-2").content.decode()
    told = page(client, "pupils", "XS-2", recast="today").content.decode()
    assert "西岭完小" not in told
    assert told.count(">290人<") >= 2, "the town's number and that of the school which carries on"


def test_an_organisation_that_is_no_more_has_no_number_in_todays_tree(cast, client_of):
    enter(cast, "XS-22", "90", stage="小学")
    merge(cast)
    client = client_of("director")
    assert ">90人<" in page(client, "pupils", "XS-22").content.decode()
    told = page(client, "pupils", "XS-22", recast="today")
    assert told.status_code == 200
    assert ">90人<" not in told.content.decode()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-hans", ("辍学率", "在校生的辍学人数之和 ÷ 在校生的在校生数之和")),
        ("zh-hant", ("輟學率", "在校生的輟學人數之和 ÷ 在校生的在校生數之和")),
        ("en", ("Dropout rate", "the sum of 辍学人数 in Enrolment ÷ the sum of Pupils in Enrolment")),
    ],
)
def test_titles_and_formula_are_said_in_the_readers_language(cast, client_of, language, said):
    enter(cast, "XS-11", "300")
    client = client_of("director")
    client.cookies["django_language"] = language
    html = page(client, "dropout_rate", "XS").content.decode()
    for words in said:
        assert words in html


def test_indicators_without_data_in_the_place_stand_behind_a_link(cast, client_of):
    enter(cast, "XS-11", "300")
    client = client_of("director")
    at = {"org": "XS", "period": PERIOD}
    short = client.get("/p/xishan/indicators/", at).content.decode()
    assert "教育投入" not in short
    assert "在校生数" in short
    assert re.search(r"另有 [1-9]\d* 项指标本地没有数据", short)
    assert "教育投入" in client.get("/p/xishan/indicators/", {**at, "all": "1"}).content.decode()
    assert "教育投入" in client.get("/p/xishan/indicators/", {**at, "q": "投入"}).content.decode(), "who looks for one finds it"


def test_a_rate_is_exported_as_a_percentage(cast, client_of):
    enter(cast, "XS-11", "300", dropouts="3")
    answer = client_of("director").get("/p/xishan/indicators/", {"org": "XS-11", "period": PERIOD, "export": "xlsx"})
    cells = [cell for row in load_workbook(BytesIO(answer.content)).active.iter_rows() for cell in row]
    assert [(cell.value, cell.number_format) for cell in cells if cell.value == 0.01] == [(0.01, "0.00%")]


def test_an_address_for_forms_only_says_so(cast, client_of):
    answer = client_of("statistician").get("/p/xishan/snapshots/refresh/")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "只接受页面上的按钮" in answer.content.decode()


def test_a_snapshot_may_have_a_chinese_name(cast, client_of):
    enter(cast, "XS-11", "300")
    client = client_of("statistician")
    answer = client.post("/p/xishan/snapshots/new/", {"name": "2009年终-定稿", "reason": "年度总结"}, follow=True)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "2009年终-定稿" in html
    assert "300人" in page(client_of("director"), "pupils", "XS-11", snapshot="2009年终-定稿").content.decode()
    checked = client.post("/p/xishan/snapshots/2009年终-定稿/verify/")
    assert checked.status_code == 200
    assert client.post("/p/xishan/snapshots/new/", {"name": "../年终", "reason": "x"}).status_code == 422


def test_what_is_below_is_shown_as_bars_with_the_parents_value_and_the_unknown_apart(cast, client_of):
    enter(cast, "XS-11", "300", dropouts="3")
    enter(cast, "XS-21", "200余", dropouts="7")
    html = page(client_of("director"), "dropout_rate", "XS", show="bars").content.decode()
    below = html[html.index("下一级") :]
    assert below.count('class="bar"') == 1, "a bound has no bar"
    assert "没有画出的" in below
    assert "西岭镇" in below[below.index("没有画出的") :]
    assert 'aria-current="page">条形' in below


def test_small_multiples_share_an_axis_and_are_saved_as_a_drawing(cast, client_of):
    enter(cast, "XS-11", "300")
    enter(cast, "XS-21", "200")
    client = client_of("director")
    html = page(client, "pupils", "XS", show="multiples").content.decode()
    assert "各图同一坐标：纵轴 0人 到 300人" in html
    assert html.count("<circle") >= 2
    answer = page(client, "pupils", "XS", show="multiples", b_export="svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert "东溪镇" in answer.content.decode()
    assert 'aria-current="page">表格' in page(client, "pupils", "XS", show="no-such").content.decode()
