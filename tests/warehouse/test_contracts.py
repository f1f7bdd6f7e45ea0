from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernel.values import intervals
from tests.warehouse.places import PUPILS, VISITS

from xingtan.engine.indicators.spec import DatasetSpec, FieldSpec
from xingtan.kernel.quantity import Quantity, Reason
from xingtan.warehouse import contracts, rows
from xingtan.warehouse.contracts import DECIMAL, conform, schema
from xingtan.warehouse.errors import ContractError
from xingtan.warehouse.rows import stored

ROW = ["row_id", "org", "period", "date", "doubt", "valid_from", "valid_to"]


def test_a_dataset_has_its_row_columns_and_those_of_each_field() -> None:
    wanted = schema(PUPILS)
    number = [f"number__{part}" for part in ("lo", "hi", "lo_open", "hi_open", "reason")]
    assert wanted.names == [*ROW, *number, "kind", "kind__reason", "boarding", "boarding__reason", "date__reason"]
    assert (wanted.field("number__lo").type, wanted.field("boarding").type) == (DECIMAL, pa.bool_())


@pytest.mark.parametrize("name", ["row_id", "org", "period", "doubt", "valid_from", "valid_to", "a__lo"])
def test_ids_that_would_collide_are_refused(name: str) -> None:
    with pytest.raises(ContractError) as caught:
        schema(DatasetSpec("x", "x", (FieldSpec(name, "text"), FieldSpec("date", "text"))))
    assert {issue.where.field for issue in caught.value.issues} == {name, "date"}


@pytest.mark.parametrize("name", sorted(contracts.SIDES))
def test_a_dataset_may_not_hide_a_side_table(name: str) -> None:
    with pytest.raises(ContractError):
        schema(DatasetSpec(name, name, ()))


@given(st.lists(intervals(tuple(Reason)), min_size=1, max_size=5))
def test_quantities_come_back_from_their_columns(quantities: list[Quantity]) -> None:
    table = rows.table(VISITS, [{"row_id": str(n), "org": "XS", "cost": quantity} for n, quantity in enumerate(quantities)])
    columns = [table[f"cost__{part}"].to_pylist() for part in ("lo", "hi", "lo_open", "hi_open", "reason")]
    assert [Quantity.from_columns(*cells) for cells in zip(*columns, strict=True)] == quantities


def test_a_fields_range_narrows_its_cells() -> None:
    table = rows.table(PUPILS, [{"row_id": "1", "org": "XS", "number": Quantity.less_than(500)}, {"row_id": "2", "org": "XS"}])
    assert table["number__lo"].to_pylist() == [0, 0]
    assert table["number__reason"].to_pylist() == ["", "unknown"]


def test_a_cell_is_a_value_or_a_reason() -> None:
    records = [
        {"row_id": "1", "org": "XS", "kind": "boy", "boarding": False, "date": date(2009, 9, 1)},
        {"row_id": "2", "org": "XS", "kind": Reason.NOT_APPLICABLE, "date": Reason.NOT_APPLICABLE, "number": Reason.NOT_APPLICABLE},
    ]
    table = rows.table(PUPILS, records)
    assert table.select(["kind", "kind__reason", "boarding", "boarding__reason", "date", "date__reason", "number__reason"]).to_pylist() == [
        {"kind": "boy", "kind__reason": "", "boarding": False, "boarding__reason": "", "date": date(2009, 9, 1), "date__reason": "", "number__reason": "unknown"},
        {"kind": None, "kind__reason": "not_applicable", "boarding": None, "boarding__reason": "unknown", "date": None,
         "date__reason": "not_applicable", "number__reason": "not_applicable"},
    ]  # fmt: skip


def test_points_are_stored_half_up_and_bounds_outwards() -> None:
    third, tiny = Decimal(1) / 3, Decimal("0.00000000005")
    low, high = Decimal("0.3333333333"), Decimal("0.3333333334")
    assert stored(Quantity.exact(third)) == Quantity.exact(low)
    assert stored(Quantity.about(tiny)) == Quantity.about("0.0000000001")
    assert stored(Quantity.exact(-tiny)) == Quantity.exact("-0.0000000001")
    assert stored(Quantity.more_than(third)) == Quantity.more_than(low)
    assert stored(Quantity.at_most(third)) == Quantity.at_most(high)
    assert stored(Quantity.between(third, third + tiny / 10)) == Quantity.between(low, high)
    assert stored(Quantity.unknown()) == Quantity.unknown()
    with pytest.raises(InvalidOperation):
        stored(Quantity.exact(10**28))


def test_conforming_reports_every_fault_at_once() -> None:
    table = rows.table(VISITS, [{"row_id": "1", "org": "XS", "cost": 3}])
    bad = (
        table.drop_columns(["by"])
        .append_column("more", pa.array([1]))
        .set_column(0, "row_id", pa.array([None], pa.string()))
        .set_column(table.column_names.index("cost__lo"), "cost__lo", pa.array(["x"]))
    )
    with pytest.raises(ContractError) as caught:
        conform(bad, schema(VISITS), "visits")
    found = {(issue.code, issue.where.field) for issue in caught.value.issues}
    assert found == {
        ("warehouse.extra_column", "more"),
        ("warehouse.missing_column", "by"),
        ("warehouse.null", "row_id"),
        ("warehouse.type", "cost__lo"),
    }


def test_conforming_orders_and_casts() -> None:
    table = rows.table(VISITS, [{"row_id": "1", "org": "XS", "cost": 3}])
    loose = table.select(list(reversed(table.column_names))).set_column(0, "by__reason", pa.array(["unknown"]).dictionary_encode())
    assert conform(loose, schema(VISITS), "visits").schema == schema(VISITS)
