from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from xingtan.press import pdf, svg

VALUE = st.one_of(st.none(), st.floats(-1e9, 1e9, allow_nan=False))


@given(st.lists(VALUE, max_size=30))
def test_any_series_gives_a_well_formed_drawing_or_none(values):
    points = [svg.Point(f"<{i}&", value, str(value), low=None if value is not None or i % 2 else -1.0) for i, value in enumerate(values)]
    for drawing in (svg.spark(values), svg.trend(points, "<趋势>", [svg.Break(1, "口径&变更")]), svg.bars(points, "条")):
        if drawing:
            ET.fromstring(drawing)
            assert "style=" not in drawing
            assert "nan" not in drawing


def test_a_missing_value_breaks_the_line():
    assert svg.trend([svg.Point(str(i), v) for i, v in enumerate([1.0, 2.0, None, 3.0, 4.0])], "t").count("<path") == 2


def test_a_drawing_becomes_a_picture():
    assert pdf.picture(svg.bars([svg.Point("甲", 1.0, "1")], "条")).startswith(b"\x89PNG")


def test_ticks_enclose_the_values():
    for low, high in ((0.0, 0.05), (1.6, 2.6), (0.0, 1.93e8), (5.0, 5.0), (0.0, 0.0), (-3.0, 7.0)):
        ticks = svg._ticks(low, high)
        assert ticks[0] <= low
        assert ticks[-1] >= high
        assert len(ticks) <= 8


def test_the_axis_says_its_unit_and_labels_neither_touch_nor_leave_the_drawing():
    drawing = svg.trend([svg.Point(f"{year}—{year + 1}学年", 2.0 + year % 3) for year in range(2003, 2010)], "辍学率", unit="%")
    assert ">2.5%</text>" in drawing
    edge = 0.0
    labels = re.findall(r'<text x="([0-9.]+)" y="210.0"[^>]*>([^<]+)<', drawing)
    for x, text in labels:
        half = sum(11 if ord(char) > 0x2E7F else 6.5 for char in text) / 2
        assert edge <= float(x) - half
        edge = float(x) + half
    assert edge <= 640
    assert labels[-1][1] == "2009—2010学年"


def test_what_is_said_of_a_bound_at_the_end_stays_in_the_drawing():
    drawing = svg.trend([svg.Point("甲", 1.0), svg.Point("乙", 2.0), svg.Point("丙", None, "〔缺，至少1321人〕", low=1.5)], "t")
    assert 'text-anchor="end" font-size="11" fill="#5a6472">〔缺' in drawing


def test_no_label_leaves_the_drawing() -> None:
    note = "自 2025 年起教师数只计在岗任教的，此前含借出人员，前后不可直接比较，以新口径为准，旧数不再追溯调整"
    points = [svg.Point(str(year), value, f"{value}人") for year, value in ((2023, 14.33), (2024, 14.4), (2025, 14.31))]
    for before in (1, 2):
        drawing = svg.trend(points, "生师比", [svg.Break(before, note)])
        assert min(float(y) for y in re.findall(r'<text x="[^"]*" y="([^"]*)"', drawing)) >= 11
        x, anchor, words = re.search(r'<text x="([\d.]+)" y="12" text-anchor="(\w+)"[^>]*><title>[^<]*</title>([^<]*)', drawing).groups()
        width = sum(11 if ord(char) > 0x2E7F else 6.5 for char in words)
        assert (float(x) + width <= 640) if anchor == "start" else (float(x) >= width)
        assert note in drawing
