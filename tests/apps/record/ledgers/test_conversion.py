"""When a new pack takes over: rows that count are converted as stated (drop, text, parse, rename), or nothing happens at all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.apps.record.imports.helpers import csv, read, take
from tests.cast import ACTOR, Cast, pack

from xingtan import pack as packs
from xingtan.apps.base.orgs import services as orgs
from xingtan.apps.record.ledgers import services
from xingtan.apps.record.ledgers.models import Record
from xingtan.apps.record.ledgers.selectors import current, versions
from xingtan.apps.record.ledgers.shape import shape_of
from xingtan.kernel.errors import XingtanError
from xingtan.pack.schema.ledger import Field

TODAY = date(2009, 12, 31)


def changed(ledger: str, *fields: dict[str, Any], without: tuple[str, ...] = (), **more: Any) -> packs.Pack:
    """The cast's pack with other fields in one ledger: those of the same id are replaced, others added at the end."""
    old = pack()
    known = {field.id: field for field in old.ledgers[ledger].fields if field.id not in without}
    known |= {said["id"]: Field.model_validate(said) for said in fields}
    new = old.ledgers[ledger].model_copy(update={"fields": tuple(known.values()), **more})
    return packs.restore(packs.dump(old.model_copy(update={"ledgers": {**old.ledgers, ledger: new}, "version": "2009.2"})))


def activate(cast: Cast, new: packs.Pack, **ways: str) -> None:
    ways = {name.replace("__", "."): way for name, way in ways.items()}
    orgs.pack_enforce(place=cast.place, pack=new, actor=ACTOR, conversions=ways)
    cast.place.refresh_from_db()


def fund(cast: Cast, item: str, amount: str) -> Record:
    texts = {"org": "XS", "period": "2009", "item": item, "amount": amount}
    return services.record_create(actor=ACTOR, place=cast.place, ledger="funds", texts=texts, today=TODAY)


def data(cast: Cast, ledger: str = "funds") -> list[dict[str, Any]]:
    return [row.data for row in current(cast.place, ledger).order_by("pk")]


def test_numbers_become_texts_with_their_bounds_and_in_the_unit_of_the_column(cast: Cast) -> None:
    take(read(cast, csv("XS,2009,校舍,1.08", head="单位,期间,项目,金额（万元）"), ledger="funds"))
    fund(cast, "图书", "500余")
    fund(cast, "设备", "××")
    activate(cast, changed("funds", {"id": "amount", "title": "金额", "type": "text"}), funds__amount="text")
    assert [row["amount"] for row in data(cast)] == ["10800", "500余", {"reason": "unknown", "t": "××"}]
    first = current(cast.place, "funds").order_by("pk").first()
    assert first is not None
    assert [row.version for row in versions(first)] == [1, 2]
    assert "2009.2" in first.reason
    assert first.pack_hash == shape_of(cast.place, "funds").pack.hash


def test_texts_are_parsed_anew_and_what_cannot_be_read_refuses_the_pack_with_all_rows(cast: Cast) -> None:
    fund(cast, "三十三", "1")
    fund(cast, "40余", "2")
    new = changed("funds", {"id": "item", "title": "项数", "type": "number"})
    bad, worse = fund(cast, "校舍", "3"), fund(cast, "图书", "4")
    with pytest.raises(XingtanError) as refused:
        activate(cast, new, funds__item="parse")
    assert [issue.where.row for issue in refused.value.issues if issue.code == "cell.number"] == [bad.pk, worse.pk]
    assert all(issue.where.field == "项数" and issue.hint for issue in refused.value.issues)
    cast.place.refresh_from_db()
    assert [row["item"] for row in data(cast)] == ["三十三", "40余", "校舍", "图书"]
    services.record_withdraw(actor=ACTOR, records=[bad, worse], reason="试")
    activate(cast, new, funds__item="parse")
    assert [row["item"] for row in data(cast)] == [{"v": "33", "t": "三十三"}, {"lo": "40", "lo_open": True, "t": "40余"}]


def test_parsed_texts_sort_by_their_new_values(cast: Cast) -> None:
    texts = {"org": "XS-11", "found": "2009-03-08", "what": "墙", "state": "未整改", "finder": "甲", "grave": "是"}
    services.record_create(actor=ACTOR, place=cast.place, ledger="hazard", texts=texts, today=TODAY)
    new = changed("hazard", {"id": "grave", "title": "是否重大", "type": "text"}, sort=("grave",))
    activate(cast, new, hazard__grave="text")
    row = current(cast.place, "hazard").get()
    assert row.data["grave"] == "是"
    layout = shape_of(cast.place, "hazard").layout
    assert {name: getattr(row, slot) for name, slot in layout.items() if name in ("grave", "what", "finder", "state")} == {
        "grave": "是", "what": "墙", "finder": "甲", "state": "未整改",
    }  # fmt: skip


def test_a_renamed_column_carries_its_values_and_can_be_searched(cast: Cast) -> None:
    fund(cast, "校舍维修", "12")
    new = changed("funds", {"id": "purpose", "title": "用途", "type": "text"}, without=("item",), key=("purpose",), search=("purpose",))
    activate(cast, new, funds__item="rename:purpose")
    row = current(cast.place, "funds").get()
    assert (row.data["purpose"], "item" in row.data) == ("校舍维修", False)
    with pytest.raises(XingtanError, match="相同的记录已经有了"):  # the key goes by the new column
        services.record_create(
            actor=ACTOR,
            place=cast.place,
            ledger="funds",
            texts={"org": "XS", "period": "2009", "purpose": "校舍维修", "amount": "1"},
            today=TODAY,
        )


def test_a_rename_onto_a_column_that_has_a_value_is_refused(cast: Cast) -> None:
    texts = {"org": "XS-11", "period": "2008-2009", "stage": "初中", "pupils": "300", "dropouts": "2"}
    services.record_create(actor=ACTOR, place=cast.place, ledger="enrolment", texts=texts, today=TODAY)
    with pytest.raises(XingtanError) as refused:
        activate(cast, changed("enrolment", without=("dropouts",), checks=()), enrolment__dropouts="rename:pupils")
    assert [issue.code for issue in refused.value.issues] == ["pack.conversion_taken"]


def test_dropping_a_column_of_the_key_refuses_rows_that_could_no_longer_be_told_apart(cast: Cast) -> None:
    first, second = fund(cast, "校舍", "1"), fund(cast, "图书", "2")
    with pytest.raises(XingtanError) as refused:
        activate(cast, changed("funds", without=("item",), key=(), search=()), funds__item="drop")
    (issue,) = refused.value.issues
    assert (issue.code, issue.where.row) == ("pack.conversion_twin", second.pk)
    assert str(first.pk) in str(issue.message)


def test_of_a_column_that_goes_the_stored_value_stays_unread(cast: Cast) -> None:
    texts = {"org": "XS-11", "found": "2009-03-08", "what": "墙", "state": "未整改", "finder": "甲"}
    services.record_create(actor=ACTOR, place=cast.place, ledger="hazard", texts=texts, today=TODAY)
    activate(cast, changed("hazard", without=("finder",)), hazard__finder="drop")
    assert data(cast, "hazard")[0]["finder"] == "甲"
    assert current(cast.place, "hazard").get().version == 1
