"""The examples are honest: rows as stated, no headline among the cells, every fact tied to rows that exist."""

from __future__ import annotations

import re
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from tests.golden.world import EXAMPLES, PACKS, PLACES, RESERVED, Example, cells, headings

from xingtan.kernel.numerals import parse_quantity
from xingtan.pack import Pack, load

MASKS = {"缺", "**", "××"}
WANTED = {
    "wanbao_antu": {"N001", "N002", "N003", "N004", "N005", "N006", "N009", "N010"},
    "huinan": {
        "N048",
        "N049",
        "N053",
        "N054",
        "N055",
        "N057",
        "N058",
        "N059",
        "N060",
        "N061",
        "N062",
        "N063",
        "N064",
        "N065",
        "N066",
        "N083",
    },
    "longshan": {"N125", "N128", "N130", "N131", "N132", "N133", "N134"},
    "jianhuai_chuzhou": {"N120", "N121"},
    "jinhu": {"N093"},
}
COINCIDENCES = {("N121", "b")}  # three teaching points before the closures, and three complete primaries
DOUBTFUL = {"N054", "N055", "N062", "N125", "N128"}


@pytest.fixture(scope="module", params=PLACES)
def example(request: pytest.FixtureRequest) -> Example:
    return Example(request.param)


def pack_of(example: Example) -> Pack:
    loaded = load(PACKS / example.place)
    assert loaded.pack is not None
    return loaded.pack


def test_the_bundle_names_its_pack(example: Example) -> None:
    assert (PACKS / example.bundle["pack"] / example.bundle["version"] / "pack.yaml").is_file()


def test_every_heading_is_known(example: Example) -> None:
    pack = pack_of(example)
    for sheet in example.sheets:
        assert set(sheet.head) <= set(headings(pack, sheet.ledger)), sheet.name
        assert len(sheet.head) == len(set(sheet.head)), sheet.name


def test_every_row_belongs_to_an_organisation_of_the_place(example: Example) -> None:
    names = {org["名称"] for org in example.orgs}
    assert len(names) == len(example.orgs)
    for sheet in example.sheets:
        assert {row["单位"] for row in sheet.rows} <= names, sheet.name


def test_the_root_is_the_place(example: Example) -> None:
    roots = [org for org in example.orgs if not org["上级"]]
    place = pack_of(example).place
    assert place is not None
    assert [org["名称"] for org in roots] == [place.name]
    assert roots[0]["代码"] == (place.code or example.place)


def test_workbooks_say_what_the_plain_sheets_say(example: Example) -> None:
    sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
    try:
        import make_examples
    finally:
        sys.path.pop(0)
    books = make_examples.workbooks(EXAMPLES / example.place)
    assert books
    for book, sheets in books.items():
        for sheet, source in sheets:
            plain = make_examples.rows(source)
            assert [[*line] for line in cells(EXAMPLES / example.place / f"{book}.xlsx", sheet)] == plain, sheet


def test_facts_are_told_once_and_cover_what_the_source_states(example: Example) -> None:
    parts = [(fact["id"], fact["part"]) for fact in example.facts]
    assert len(parts) == len(set(parts))
    assert WANTED[example.place] <= {fact["id"] for fact in example.facts}
    assert {fact["indicator"] for fact in example.facts} <= set(pack_of(example).indicators)
    codes = {org["代码"] for org in example.orgs}
    assert {fact["org"] for fact in example.facts} <= codes
    doubtful = {fact["id"] for fact in example.facts if fact["status"] == "doubtful"}
    assert doubtful == DOUBTFUL & WANTED[example.place]


def test_a_fact_names_rows_that_exist_once(example: Example) -> None:
    pack = pack_of(example)
    for fact in example.facts:
        assert fact["reads"], fact["id"]
        for read in fact["reads"]:
            assert len(example.find(read)) == 1, (fact["id"], fact["part"], read)
            if "field" in read:
                assert read["field"] in headings(pack, read["ledger"]), read


def test_no_cell_holds_the_headline(example: Example) -> None:
    """A figure made of several rows must not also lie in the sheets ready-made."""
    numbers: set[Decimal] = set()
    for sheet in example.sheets:
        for row in sheet.rows:
            for heading, text in row.items():
                if heading not in RESERVED and (found := parse_quantity(text)) is not None and found.value is not None:
                    numbers.add(found.value)
    for fact in example.facts:
        if fact["expected"] is not None and len(fact["reads"]) > 2 and (fact["id"], fact["part"]) not in COINCIDENCES:
            assert Decimal(fact["expected"]) not in numbers, (fact["id"], fact["part"])


def test_expected_and_digits_agree(example: Example) -> None:
    for fact in example.facts:
        if fact["expected"] is None:
            assert fact["status"] == "unknown"
        else:
            assert isinstance(fact["expected"], str)
            assert -int(Decimal(fact["expected"]).as_tuple().exponent) == fact["digits"], fact["id"]


def test_no_sheet_holds_a_pupil_or_a_date_of_its_own(example: Example) -> None:
    """Rows stand at the granularity of the source: no personal columns, no invented days."""
    pack = pack_of(example)
    for sheet in example.sheets:
        ids = {headings(pack, sheet.ledger)[heading] for heading in sheet.head}
        personal = {field.id for field in pack.ledgers[sheet.ledger].fields if field.type in {"person", "date"}}
        assert ids & personal == set(), sheet.name


@pytest.mark.proves("N093")
def test_every_lost_number_of_jinhu_is_one_masked_cell_and_one_figure() -> None:
    example = Example("jinhu")
    lost = [fact for fact in example.facts if fact["id"] == "N093" and fact["status"] == "unknown"]
    assert len(lost) >= 26
    assert len({fact["indicator"] for fact in lost}) == len(lost)
    cells_meant = set()
    for fact in lost:
        (read,) = fact["reads"]
        (row,) = example.find(read)
        assert row[read["field"]] in MASKS, fact["part"]
        cells_meant.add((read["ledger"], tuple(sorted(read["where"].items())), read["field"]))
    assert len(cells_meant) == len(lost)
    masked = sum(text in MASKS for sheet in example.sheets for row in sheet.rows for text in row.values())
    assert masked == len(lost), "a masked cell without a figure, or the other way round"


@pytest.mark.proves("N093")
def test_jinhus_report_prints_every_lost_number() -> None:
    example = Example("jinhu")
    body = pack_of(example).reports["half_year"].body
    used = set(re.findall(r"\{\{\s*(\w+)", body))
    assert {fact["indicator"] for fact in example.facts} <= used
