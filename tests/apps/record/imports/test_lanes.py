"""The fast lane and the reader of single cells give the same cells, whatever is written."""

from __future__ import annotations

import json
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.laws import tried

from xingtan.apps.record.imports import columns
from xingtan.apps.record.imports.columns import read_column, stripped
from xingtan.apps.record.ledgers.cells import dump
from xingtan.apps.record.ledgers.shape import shape_of
from xingtan.apps.record.ledgers.values import Reader

NUMBERS = st.one_of(
    st.integers(-(10**16), 10**16).map(str), st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str), st.floats(allow_nan=False).map(repr),
    st.sampled_from(["10余", "××", "不适用", "", " 7 ", "007", "1,234", "1.50", "-0", "3%", "1e-7", "约38", "三十多"]),
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=12), st.sampled_from(["不适用", "××", "缺", '引"号', "反\\斜", "𠮷", "1e+5", "N/A", "清空", "\u3000空 格 "])
)
DATES = st.one_of(
    st.dates(min_value=date(1000, 1, 1)).map(date.isoformat),
    st.sampled_from(["2009-03-08 00:00:00", "2009-02-30", "2009年3月8日", "39880", "2009.3", "××"]),
)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ledger", "name", "kinds"),
    [("enrolment", "pupils", NUMBERS), ("funds", "amount", NUMBERS), ("hazard", "finder", TEXTS), ("hazard", "found", DATES)],
)
def test_both_lanes_read_alike(cast, ledger, name, kinds, monkeypatch):
    shape = shape_of(cast.place, ledger)
    reader = Reader(shape)
    monkeypatch.setattr(columns, "_many_texts", lambda raw: True)  # always the fast lane

    @tried(60)
    @given(st.lists(kinds, min_size=1, max_size=30))
    def law(texts: list[str]) -> None:
        raw = stripped(pl.Series("raw", texts, dtype=pl.String))
        column = read_column(reader, shape.fields[name], raw)
        for text, stored in zip(raw.to_list(), column.json.to_list(), strict=True):
            read = reader.read(shape.fields[name], text or "")
            good = read.cell is not None and not any(fault.severity == "error" for fault in read.faults)
            assert (None if stored is None else json.loads(stored)) == (dump(read.cell) if good and read.cell else None)

    law()


@pytest.mark.django_db
@tried(25)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=20))
def test_the_shortcut_for_checks_never_hides_a_row(cast, pairs):
    """辍学人数 > 在校生数, over columns whose intervals sometimes settle the matter: the same rows as one by one."""
    from tests.apps.record.imports.helpers import csv

    from xingtan.apps.record.imports import checking, pipeline
    from xingtan.apps.record.imports.assemble import Given
    from xingtan.apps.record.imports.reading.sheets import _from_csv

    shape = shape_of(cast.place, "enrolment")
    lines = [f"XS-11,20{n:02d}-20{n + 1:02d},初中,{a},{b}" for n, (a, b) in enumerate(pairs, 1)]
    sheet = _from_csv(csv(*lines).decode())
    many = columns._many_texts
    columns._many_texts = lambda raw: True
    try:
        made = pipeline.plan(shape, sheet, pipeline.understand(shape, sheet), Given(None), date(2009, 9, 1))
    finally:
        columns._many_texts = many
    held = {found.row for found in made.findings.items if found.fault.code == "dropouts_over"}
    assert held == {n for n, (a, b) in enumerate(pairs, 2) if b > a}
    assert checking.MARGIN > 0
