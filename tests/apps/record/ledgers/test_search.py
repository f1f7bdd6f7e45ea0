"""The top-bar search over ledgers and rows: within reach, never in personal columns."""

from __future__ import annotations

from datetime import date

import pytest
from tests.cast import ACTOR, Cast, pack

from xingtan.apps.base.orgs import services as orgs
from xingtan.apps.record.ledgers import policies, services
from xingtan.apps.record.ledgers.models import Record
from xingtan.apps.record.ledgers.search import find, find_records
from xingtan.apps.record.ledgers.shape import shape_of
from xingtan.kernel.period import Period
from xingtan.ui.scope import Scope

TODAY = date(2009, 12, 31)


def found(cast: Cast, login: str, words: str, limit: int = 8):
    return find_records(cast.accounts[login], Scope(cast.place, cast.county, Period.parse("2009")), words, limit)


@pytest.fixture
def rows(cast: Cast) -> Cast:
    for org, item in (("XS-1", "校舍维修（东溪）"), ("XS-2", "校舍维修（西岭）"), ("XS", "图书购置")):
        texts = {"org": org, "period": "2009", "item": item, "amount": "100"}
        services.record_create(actor=ACTOR, place=cast.place, ledger="funds", texts=texts, today=TODAY)
    texts = {"org": "XS-11", "found": "2009-03-08", "what": "围墙开裂", "state": "open", "finder": "陆入"}
    code = next(iter(pack().codes["hazard_state"].codes)).code
    services.record_create(actor=ACTOR, place=cast.place, ledger="hazard", texts={**texts, "state": code}, today=TODAY)
    return cast


def test_rows_are_found_by_parts_of_their_search_columns_within_reach(rows: Cast) -> None:
    hits, total = found(rows, "director", "维修")
    assert (total, {hit.title for hit in hits}) == (2, {"校舍维修（东溪）", "校舍维修（西岭）"})
    assert "教育投入" in hits[0].detail
    assert hits[0].url.startswith("/p/xishan/ledgers/funds/")
    assert [hit.title for hit in found(rows, "town_officer", "维修")[0]] == ["校舍维修（东溪）"]
    assert found(rows, "director", "校舍 西岭")[1] == 1
    assert found(rows, "teacher", "维修") == ((), 0)
    assert found(rows, "outsider", "维修")[1] == 0
    hits, total = found(rows, "director", "维修", limit=1)
    assert (len(hits), total) == (1, 2)


def test_withdrawn_rows_and_other_columns_are_not_found(rows: Cast) -> None:
    assert found(rows, "director", "陆入")[1] == 0  # the finder is no search column
    assert found(rows, "director", "围墙")[1] == 1
    services.record_withdraw(actor=ACTOR, records=list(Record.objects.filter(ledger="hazard")), reason="试")
    assert found(rows, "director", "围墙")[1] == 0


def changed_pack(**visible):
    from xingtan import pack as packs

    old = pack()
    ledger = old.ledgers["hazard"]
    seen = ledger.visible.model_copy(update=visible)
    ledgers = {**old.ledgers, "hazard": ledger.model_copy(update={"visible": seen})}
    return packs.restore(packs.dump(old.model_copy(update={"ledgers": ledgers, "version": "2009.2"})))


def test_personal_columns_are_never_searched_not_even_for_those_who_may_read_them(rows: Cast) -> None:
    orgs.pack_enforce(place=rows.place, pack=changed_pack(sensitive=("what",)), actor=ACTOR)
    rows.place.refresh_from_db()
    assert found(rows, "principal", "围墙")[1] == 0
    assert found(rows, "director", "围墙")[1] == 0


def test_ledgers_are_found_by_title(rows: Cast) -> None:
    here = Scope(rows.place, rows.county, Period.parse("2009"))
    hits, total = find(rows.accounts["director"], here, "隐患", 8)
    assert (total, hits[0].title) == (1, "安全隐患")
    assert hits[0].url.startswith("/p/xishan/ledgers/hazard/")
    assert find(rows.accounts["teacher"], here, "隐患", 8)[1] == 0


def test_the_page_shows_them(rows: Cast, client_of) -> None:
    text = client_of("director").get("/p/xishan/search/", {"q": "围墙"}).content.decode()
    assert "围墙开裂" in text
    assert "台账记录" in text


@pytest.mark.parametrize(("readers", "seen"), [(("own", "director"), True), (("own", "inspector"), False), (("own",), False)])
def test_holders_of_posts_named_as_readers_read_as_far_as_that_post_reaches(rows: Cast, readers: tuple[str, ...], seen: bool) -> None:
    orgs.pack_enforce(place=rows.place, pack=changed_pack(read=readers), actor=ACTOR)
    rows.place.refresh_from_db()
    shape, record = shape_of(rows.place, "hazard"), Record.objects.get(ledger="hazard")
    assert policies.may_read(rows.accounts["director"], shape, record) is seen
    assert policies.may_read(rows.accounts["principal"], shape, record)
    assert not policies.may_read(rows.accounts["principal_west"], shape, record)


def test_a_named_post_reads_no_further_than_itself(rows: Cast) -> None:
    orgs.pack_enforce(place=rows.place, pack=changed_pack(read=("own", "principal")), actor=ACTOR)
    rows.place.refresh_from_db()
    shape, record = shape_of(rows.place, "hazard"), Record.objects.get(ledger="hazard")
    assert policies.may_read(rows.accounts["principal"], shape, record)
    assert not policies.may_read(rows.accounts["principal_west"], shape, record)
    assert not policies.may_read(rows.accounts["director"], shape, record)
