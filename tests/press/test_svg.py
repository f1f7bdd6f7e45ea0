from __future__ import annotations

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


def test_the_axis_says_its_unit_and_no_label_leaves_the_drawing():
    import re

    drawing = svg.trend([svg.Point(f"{year}—{year + 1}学年", 2.0 + year % 3) for year in range(2003, 2010)], "辍学率", unit="%")
    assert ">2.5%</text>" in drawing
    width = 640
    for x, text in re.findall(r'<text x="([0-9.]+)" y="210.0"[^>]*>([^<]+)<', drawing):
        half = sum(11 if ord(char) > 0x2E7F else 6.5 for char in text) / 2
        assert half <= float(x) <= width - half
