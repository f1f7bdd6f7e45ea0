from __future__ import annotations

from datetime import date

import pytest

from xingtan.apps.record.ledgers.services import record_create

PERIOD = "2008-2009"


def enter(cast, code: str) -> None:
    texts = {"org": code, "period": PERIOD, "stage": "初中", "pupils": "300", "dropouts": "2"}
    record_create(actor=cast.accounts["statistician"].actor, place=cast.place, ledger="enrolment", texts=texts, today=date(2009, 9, 1))


def test_signing_in_leads_to_ones_own_desk(client_of):
    assert client_of("principal").get("/")["Location"] == "/p/xishan/"


def test_the_desk_shows_ledgers_figures_and_what_was_done(cast, client_of):
    enter(cast, "XS-11")
    html = client_of("director").get("/p/xishan/", {"org": "XS", "period": PERIOD}).content.decode()
    assert "在校生数" in html
    assert "300人" in html
    assert "最近的操作" in html
    assert "最近的操作" not in client_of("clerk").get("/p/xishan/").content.decode(), "the log is for those who may read it"


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
