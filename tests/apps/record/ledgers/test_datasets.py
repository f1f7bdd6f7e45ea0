"""Ledgers as the warehouse sees them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.record.ledgers import datasets, services
from xingtan.apps.record.ledgers.datasets import LedgerSource, ReturnSource
from xingtan.engine.indicators.spec import FieldSpec
from xingtan.kernel.quantity import Quantity
from xingtan.warehouse import contracts

ACTOR = Actor.system("试验")
TODAY = date(2009, 12, 31)


def create(cast, ledger="enrolment", **texts):
    return services.record_create(actor=ACTOR, place=cast.place, ledger=ledger, texts=texts, today=TODAY)


def test_the_table_is_shaped_as_promised_and_means_what_was_typed(cast):
    create(cast, org="XS-11", period="2008-2009", stage="初中", pupils="10余", dropouts="××")
    row = create(cast, org="XS-12", period="2008-2009", stage="小学", pupils="约240")
    create(cast, org="XS-12", period="2007-2008", stage="小学", pupils="1")
    source = LedgerSource()
    spec = next(one for one in source.datasets("xishan") if one.id == "enrolment")
    table = source.table("xishan", "enrolment", "2008-2009")
    assert table.schema == contracts.schema(spec)
    first, second = table.to_pylist()
    assert (first["org"], first["period"], first["valid_from"], first["valid_to"]) == (
        "XS-11",
        "2008-2009",
        date(2008, 9, 1),
        date(2009, 9, 1),
    )
    assert (first["pupils__lo"], first["pupils__hi"], first["pupils__lo_open"], first["pupils__reason"]) == (Decimal(10), None, True, "")
    assert (first["dropouts__lo"], first["dropouts__hi"], first["dropouts__reason"]) == (Decimal(0), None, "unknown")
    assert (second["row_id"], second["pupils__lo"], second["pupils__reason"]) == (str(row.pk), Decimal(240), "approximate")
    assert second["dropouts__reason"] == "unknown"  # a blank is unknown, never zero


def test_versions_change_with_their_period_and_rows_of_others_are_not_there(cast):
    source = LedgerSource()
    create(cast, org="XS-11", period="2008-2009", stage="初中", pupils="10")
    before = source.version("xishan", "enrolment")
    create(cast, org="XS-11", period="2007-2008", stage="初中", pupils="10")
    after = source.version("xishan", "enrolment")
    assert set(after) == {"2008-2009", "2007-2008"}
    assert before["2008-2009"] == after["2008-2009"]
    assert source.version("shiqiao", "enrolment") == {}
    assert source.table("shiqiao", "enrolment", "2008-2009").num_rows == 0


def test_a_row_with_a_month_only_belongs_to_the_month(cast):
    row = create(cast, "hazard", org="XS-11", found="2009.3", what="围墙开裂", state="未整改")
    assert (row.period, row.date) == ("2009-03", None)
    (stored,) = LedgerSource().table("xishan", "hazard", "2009-03").to_pylist()
    assert (stored["found"], stored["found__reason"]) == (None, "unknown")


def test_nil_returns_are_a_side_table(cast):
    source = ReturnSource()
    before = source.version("xishan", "returns")
    services.nil_return(actor=ACTOR, place=cast.place, ledger="enrolment", org=cast.school, period="2008-2009")
    assert source.version("xishan", "returns") != before
    assert source.table("xishan", "returns").to_pylist() == [{"dataset": "enrolment", "org": "XS-11", "period": "2008-2009"}]


plain = st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12).map(lambda n: f"{n:f}")
odd = st.sampled_from(
    [
        None,
        "0.123456789012345",
        "1E+3",
        {"lo": "10", "lo_open": True, "reason": ""},
        {"v": "7", "reason": "approximate"},
        {"reason": "unknown"},
    ]
)


@given(st.lists(plain | odd, max_size=12))
def test_numbers_read_by_the_column_are_those_read_one_by_one(cells):
    field = FieldSpec("n", "number", "数", minimum=Decimal(0))
    blank = Quantity.unknown().narrow(field.minimum, field.maximum).columns()
    columns = datasets._number_columns(field, cells)
    table = [tuple(column[n].as_py() for column in columns.values()) for n in range(len(cells))]
    assert list(columns) == ["n__lo", "n__hi", "n__lo_open", "n__hi_open", "n__reason"]
    assert table == [datasets._five(cell, blank) for cell in cells]
