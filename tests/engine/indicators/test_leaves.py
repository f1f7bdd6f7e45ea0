"""Sums of decimals as integers: exact, in one limb where that is room enough, refused where two are not."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingtan.engine.indicators.leaves import NOWHERE, Leaves, bulk, exact, read
from xingtan.engine.indicators.tree import Tree

AMOUNT = pa.decimal128(38, 10)
small = st.decimals(-10_000, 10_000, places=10)
huge = st.decimals(-(10**16), 10**16, places=10)


def rolled(numbers: list[Decimal | None]) -> tuple[Leaves, np.ndarray]:
    """The numbers as those of so many schools below one county."""
    size = len(numbers)
    table = pa.table({"org": ["x"] * size, "slot": [0] * size, "n": [1] * size, "lo0": pa.array(numbers, AMOUNT)})
    values, limbs = read(table)
    leaves = Leaves(np.arange(1, size + 1), np.zeros(size, dtype=np.int64), values, limbs, {}, (1, size + 1))
    tree = Tree(np.array([-1] + [0] * size), np.ones(size + 1, dtype=bool), np.array(["county"] + ["school"] * size, dtype=object))
    return leaves, leaves.rolled("end", [tree])


@pytest.mark.parametrize("numbers", [small, huge])
def test_sums_are_exact(numbers):
    @given(st.lists(st.none() | numbers, min_size=1, max_size=30))
    def check(given):
        leaves, matrix = rolled(given)
        total = sum((Fraction(one) for one in given if one is not None), Fraction(0))
        assert exact(matrix, leaves.place("lo0"), 0, 0) == total  # a Fraction rounds nothing
        assert exact(matrix, leaves.place("n"), 0, 0) == len(given)
        assert bulk(matrix, leaves.place("lo0"))[0, 0] == pytest.approx(float(total), rel=1e-12, abs=1e-9)

    check()


def test_a_column_takes_the_room_it_needs():
    one, _ = rolled([Decimal(400_000_000), Decimal("-0.5")])
    assert one.place("lo0")[0] == NOWHERE
    two, matrix = rolled([Decimal(400_000_000)] * 3)
    assert NOWHERE not in two.place("lo0")
    assert exact(matrix, two.place("lo0"), 0, 0) == 1_200_000_000


def test_what_has_no_room_is_refused_rather_than_wrong():
    with pytest.raises(OverflowError):
        rolled([Decimal(10) ** 19])
