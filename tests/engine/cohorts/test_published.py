"""Published flow rates: what does not add up is named, with by how much. Shown on two years of a large country."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from xingtan.engine.cohorts.published import Cell, check
from xingtan.kernel.quantity import Quantity

TABLE = Path(__file__).with_name("flow_rates_india.csv")


def rate(text: str) -> Quantity:
    return Quantity.exact(Decimal(text) / 100) if text else Quantity.unknown(0, 1)


def cells(year: str) -> list[Cell]:
    with TABLE.open(encoding="utf-8") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return [
            Cell(row["area"], row["level"], row["sex"], rate(row["promotion"]), rate(row["repetition"]), rate(row["dropout"]))
            for row in rows
            if row["year"] == year
        ]


def test_every_cell_of_2018_19_adds_up():
    found = check(cells("2018-19"))
    assert (found.digits, len(found.holding), found.broken) == (1, 333, ())
    assert {cell.area for cell in found.undecided} == {"Ladakh"}  # not yet a territory of its own: nine cells without a number


def test_21_cells_of_2021_22_do_not():
    found = check(cells("2021-22"))
    assert (found.digits, len(found.holding), len(found.broken), found.undecided) == (1, 312, 21, ())
    off = {(one.cell.area, one.cell.level, one.cell.sex): (one.off.value * 100).normalize() for one in found.broken}
    assert off["West Bengal", "upper primary", "girls"] == Decimal("5.6")
    assert off["Chandigarh", "secondary", "boys"] == Decimal("1.3")
    assert off["Andhra Pradesh", "primary", "boys"] == Decimal("0.2")
    assert all(number > 0 for number in off.values())
    assert {area for area, _, _ in off} == {
        "Andhra Pradesh", "Chandigarh", "Dadra and Nagar Haveli and Daman and Diu", "Haryana", "Karnataka", "Odisha", "Sikkim", "West Bengal",
    }  # fmt: skip


@pytest.mark.parametrize(("dropout", "broken"), [("4.5", 0), ("4.6", 0), ("4.4", 0), ("4.7", 1), ("4.3", 1)])
def test_rounding_is_no_fault(dropout, broken):
    assert len(check([Cell("x", "y", "z", rate("94.9"), rate("0.6"), rate(dropout))]).broken) == broken


def test_more_decimals_leave_less_room():
    assert len(check([Cell("x", "y", "z", rate("94.90"), rate("0.60"), rate("4.42"))], digits=2).broken) == 1


def test_an_unknown_rate_can_still_break_the_sum():
    cell = Cell("x", "y", "z", rate("94.9"), rate("6.6"), Quantity.unknown(0, 1))
    assert [one.cell for one in check([cell]).broken] == [cell]
    vague = Cell("x", "y", "z", rate("94.9"), rate("0.6"), Quantity.unknown(0, 1))
    assert check([vague]).undecided == (vague,)
