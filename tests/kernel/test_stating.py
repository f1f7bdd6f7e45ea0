from __future__ import annotations

from decimal import Decimal

import pytest

from xingtan.kernel.quantity import Quantity
from xingtan.kernel.stating import stated


@pytest.mark.parametrize(
    ("quantity", "wanted"),
    [
        (Quantity.exact(Decimal("20.7")), (Decimal("20.7"), None)),
        (Quantity.more_than(24), (24, ">")),
        (Quantity.at_least(800), (800, "≥")),
        (Quantity.less_than(60), (60, "<")),
        (Quantity.at_most(3), (3, "≤")),
        (Quantity.about(38), (38, "~")),
        (Quantity.between(5, 7), (None, "interval")),
        (Quantity.less_than(60).narrow(Decimal(0), None), (60, "<")),
        (Quantity.at_most(Decimal("0.03")).narrow(Decimal(0), Decimal(1)), (Decimal("0.03"), "≤")),
        (Quantity.unknown(), (None, None)),
        (Quantity.unknown().narrow(Decimal(1), Decimal(12)), (None, None)),
        (Quantity.not_applicable(), (None, None)),
    ],
)
def test_a_quantity_is_stated_as_number_and_sign(quantity: Quantity, wanted: tuple[object, object]) -> None:
    assert stated(quantity) == wanted
