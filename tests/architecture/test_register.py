"""docs/register.yaml claims no more than what is there: ledgers, indicators and reports of packs, facts of examples, pages."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from tests.architecture.routes import ROUTES

from xingtan import pack
from xingtan.pack.registers import registers

ROOT = Path(__file__).resolve().parents[2]
KEYS = {"row", "title", "state", "place", "ledgers", "indicators", "reports", "pages", "facts", "example", "lacks", "registers", "rule"}


def read(path):
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


REGISTER = read(ROOT / "docs" / "register.yaml")


@cache
def pack_of(place):
    return pack.load(ROOT / "packs" / place, roots=(pack.builtin_root(),)).pack


@cache
def facts_of(place):
    return {(fact["id"], fact["indicator"]) for fact in read(ROOT / "examples" / place / "facts.yaml")}


def test_rows_are_listed_once_in_order():
    rows = [line["row"] for line in REGISTER]
    assert rows == sorted(set(rows))
    assert all(re.fullmatch(r"G\d{3}", row) for row in rows)


@pytest.mark.parametrize("line", REGISTER, ids=lambda line: line["row"])
def test_what_the_register_claims_is_there(line):
    assert set(line) <= KEYS
    assert line["state"] in {"works", "partial"}
    assert (line["state"] == "partial") == bool(line.get("lacks")), "say what a partial row lacks, and nothing else"
    found = pack_of(line["place"])
    assert [name for name in line.get("ledgers", ()) if name not in found.ledgers] == []
    assert [name for name in line.get("reports", ()) if name not in found.reports] == []
    assert [name for name in line.get("pages", ()) if name not in ROUTES] == []
    assert [name for name in line.get("registers", ()) if name not in registers(found)] == []
    assert line.get("ledgers") or line.get("registers") or line.get("reports") or line.get("pages")
    assert line.get("indicators") or not line.get("ledgers"), "a ledger is usable when figures come out of it"


@pytest.mark.parametrize("line", REGISTER, ids=lambda line: line["row"])
def test_its_indicators_read_its_ledgers(line):
    found = pack_of(line["place"])
    for name in line.get("indicators", ()):
        formula = found.indicators[name].formula
        words = set(re.findall(r"[a-z_][a-z0-9_]*", formula))
        inner = {word for other in words & set(found.indicators) for word in re.findall(r"[a-z_]+", found.indicators[other].formula)}
        read = {*line.get("ledgers", ()), *line.get("registers", ())}
        assert (words | inner) & read, f"{name}: {formula}"


@pytest.mark.parametrize("line", [line for line in REGISTER if line.get("facts")], ids=lambda line: line["row"])
def test_its_facts_are_reproduced_by_its_place(line):
    stated = facts_of(line.get("example") or line["place"])
    assert [fact for fact in line["facts"] if fact not in {name for name, _indicator in stated}] == []


@cache
def proved():
    """The rows that some test is marked to prove."""
    found = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for marker in re.findall(r"mark\.proves\(([^)]*)\)", path.read_text(encoding="utf-8")):
            found |= set(re.findall(r"G\d{3}", marker))
        found |= set(re.findall(r'^\s+\("(G\d{3})", "', path.read_text(encoding="utf-8"), flags=re.MULTILINE))  # tables of cases, by row
    return found


@pytest.mark.parametrize("line", [line for line in REGISTER if line.get("rule")], ids=lambda line: line["row"])
def test_a_row_with_a_rule_is_proved_by_a_test(line):
    assert line["row"] in proved(), 'mark a test with @pytest.mark.proves("' + line["row"] + '")'
