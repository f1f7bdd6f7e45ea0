"""Drawings that lay organisations side by side."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingtan.press import panels
from xingtan.press.panels import Mark

numbers = st.floats(-1e6, 1e6, allow_nan=False)


@given(numbers, st.lists(numbers, min_size=1, max_size=9), st.none() | numbers)
def test_a_bar_stays_inside_its_cell(value, others, line) -> None:
    everything = [0.0, value, *others, *([] if line is None else [line])]
    drawn = panels.bar(value, (min(everything), max(everything)), line)
    found = re.search(r'<rect x="([\d.-]+)" y="3" width="([\d.]+)"', drawn)
    assert found is not None
    left, width = map(float, found.groups())
    assert left >= 0
    assert left + width <= panels.WIDE + 0.01


def test_a_gap_breaks_the_line_of_a_panel() -> None:
    drawn = panels.panel([1.0, None, 2.0, 3.0], (0, 3))
    assert drawn.count("<path") == 2
    assert drawn.count("<circle") == 3


@pytest.mark.parametrize(("values", "ends"), [([3, 4], (3, 4)), ([1, 4], (0, 4)), ([2, 2], (2, 2)), ([], (0, 1)), ([-4, -1], (-4, 0))])
def test_the_common_axis_starts_at_zero_unless_all_lie_far_from_it(values, ends) -> None:
    low, high = panels.span(values)
    assert high > low
    if ends[0] != ends[1]:
        assert (low, high) == ends


def test_quartiles() -> None:
    assert panels.quartiles([4, 1, 3, 2, 5]) == (2, 3, 4)
    assert panels.quartiles([7]) == (7, 7, 7)


def test_a_strip_has_a_dot_for_everyone_and_escapes_names() -> None:
    drawn = panels.strip([Mark("<甲>", 1, "1", "/a?b&c"), Mark("乙", 1, "1"), Mark("丙", 2, "2")], (0, 2), [Mark("要求", 1.5, "1.5")])
    root = ElementTree.fromstring(drawn)
    assert len(root.findall(".//{*}circle")) == 3
    assert len({(one.get("cx"), one.get("cy")) for one in root.findall(".//{*}circle")}) == 3, "equal ones do not hide each other"
    assert "&lt;甲&gt;" in drawn


def test_panels_are_laid_on_one_sheet() -> None:
    drawing = panels.panel([1.0, 2.0], (0, 2))
    made = panels.sheet([("甲", "2"), ("乙", "3"), ("丙", "4"), ("丁", "5")], [drawing] * 4, "标题")
    root = ElementTree.fromstring(made)
    assert root.get("height") == str(40 + 2 * 112)
