"""What is worked out on fetched rows is what decimals themselves say, whatever their size."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from xingtan.engine.indicators.leaves import counted, read
from xingtan.engine.indicators.sql.later import Answered, Later

AMOUNT = pa.decimal128(38, 10)
number, flag = Later.column("number"), Later.column("flag")
amounts = st.one_of(
    st.decimals(-3, 3, places=1), st.decimals(-(10**17), 10**17, places=10), st.sampled_from([Decimal(0), Decimal(2) ** 63 / 10**10])
)
rows = st.lists(st.tuples(st.none() | amounts, st.booleans()), min_size=1, max_size=20)


def answered(given_rows: list[tuple[Decimal | None, bool]]) -> Answered:
    numbers, flags = zip(*given_rows, strict=True)
    return Answered(pa.table({"number": pa.array(numbers, AMOUNT), "flag": pa.array(flags)}))


@given(rows, amounts)
def test_comparisons(given_rows, limit):
    answer = answered(given_rows)
    numbers = [one for one, _ in given_rows]
    assert answer.flag(number < limit).tolist() == [one is not None and one < limit for one in numbers]
    assert answer.flag(number > limit).tolist() == [one is not None and one > limit for one in numbers]
    assert answer.flag(number.equals(limit)).tolist() == [one == limit for one in numbers]
    assert answer.flag((number < limit).fill_null(True)).tolist() == [one is None or one < limit for one in numbers]
    assert answer.flag(~number.isnull() & flag).tolist() == [one is not None and chosen for one, chosen in given_rows]
    assert answer.flag(number.isnull() | flag).tolist() == [one is None or chosen for one, chosen in given_rows]


@given(rows, amounts)
def test_sums_of_chosen_rows(given_rows, limit):
    answer = answered(given_rows)
    recipes = {"n": True, "y0": flag, "lo0": (number, True), "lo1": (number, flag), "lo2": (number.instead(flag, limit), True)}
    columns, limbs = read(answer.table, recipes)

    def total(name: str) -> Decimal:
        parts = [int(counted(columns[at]).sum()) if at >= 0 else 0 for at in limbs[name]]
        if name in {"n", "y0"}:
            return Decimal(sum(parts))
        return Decimal((parts[0] << 32) + parts[1]) / 10**10

    assert total("n") == len(given_rows)
    assert total("y0") == sum(chosen for _, chosen in given_rows)
    assert total("lo0") == sum(one or 0 for one, _ in given_rows)
    assert total("lo1") == sum(one or 0 for one, chosen in given_rows if chosen)
    assert total("lo2") == sum(limit if chosen else one or 0 for one, chosen in given_rows)
