"""What five real places reported, through the whole house: spreadsheets in, rows, snapshot, figures out.

Every fact comes out as stated. Then one row of every fact is changed: its figure moves, and nothing that does not read the row does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from tests.golden.world import EXAMPLES, PLACES

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.orgs import selectors as orgs
from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.record.figures import services as figures
from xingtan.apps.record.figures.store import Book, book
from xingtan.apps.record.imports.services import load_bundle
from xingtan.apps.record.ledgers import cells, services
from xingtan.apps.record.ledgers.models import Record
from xingtan.apps.record.ledgers.selectors import current
from xingtan.apps.record.ledgers.shape import shape_of
from xingtan.cli.commands.figures import told
from xingtan.cli.commands.reproduce import facts, line
from xingtan.kernel.formula import nodes, parse
from xingtan.kernel.period import Period
from xingtan.pack import Pack, aid

ACTOR = Actor.system("试验")
TODAY = date(2026, 1, 1)
Key = tuple[str, str, str]


@pytest.fixture
def place(request: pytest.FixtureRequest, db: None) -> Place:
    load_bundle(folder=EXAMPLES / request.param, actor=ACTOR)
    return Place.objects.select_related("root", "pack_release").get(slug=request.param)


@dataclass
class Told:
    """All figures of the periods that facts speak of."""

    values: dict[Key, tuple[Any, ...]]

    def moved(self, other: Told) -> set[Key]:
        return {key for key, value in self.values.items() if other.values[key] != value}


def periods_of(name: str) -> list[str]:
    return sorted({fact["period"] for fact in facts(EXAMPLES / name)})


def refreshed(place: Place) -> Book:
    figures.snapshot_refresh(place=place)
    return book(place)


def all_figures(place: Place) -> Told:
    shelf = refreshed(place)
    codes = list(Organisation.objects.filter(place=place).values_list("code", flat=True))
    table = shelf.table(codes, [Period.parse(text) for text in periods_of(place.slug)], shelf.indicators)
    columns = table.to_arrow().to_pydict()
    keys = zip(columns["indicator"], columns["org"], columns["period"], strict=True)
    names = ("status", "value", "lo", "hi", "numerator", "denominator", "rows")
    return Told(dict(zip(keys, zip(*(columns[name] for name in names), strict=True), strict=True)))


@pytest.mark.parametrize("place", PLACES, indirect=True)
def test_every_fact_comes_out_as_stated(place: Place) -> None:
    shelf = refreshed(place)
    for fact in facts(EXAMPLES / place.slug):
        table = shelf.table([fact["org"]], [Period.parse(fact["period"])], [fact["indicator"]])
        figure = table.get(fact["indicator"], fact["org"], fact["period"])
        found = line(fact, figure, told(shelf, figure))
        assert found["ok"], found


@pytest.mark.parametrize("place", [name for name in PLACES if name != "jinhu"], indirect=True)
def test_a_changed_row_moves_its_figure_and_nothing_that_does_not_read_it(place: Place) -> None:
    before = all_figures(place)
    # The engine alone is held to this for every row of every fact (tests/golden); here the whole house for some.
    for fact in facts(EXAMPLES / place.slug)[::6]:
        check_one_row(place, fact, fact["reads"][0], before)


def check_one_row(place: Place, fact: dict[str, Any], read: dict[str, Any], before: Told) -> None:
    from django.db import transaction

    with transaction.atomic():
        record = row_of(place, read)
        move(place, record, fact["indicator"])
        moved = before.moved(all_figures(place))
        assert (fact["indicator"], fact["org"], fact["period"]) in moved, (fact["id"], read)
        stray = {key for key in moved if not may_move(orgs.active_pack(place), key, record)}
        assert not stray, (fact["id"], read, sorted(stray)[:5])
        transaction.set_rollback(True)
    figures.snapshot_refresh(place=place)


def row_of(place: Place, read: dict[str, Any]) -> Record:
    """The one row a fact names by the texts of its columns."""
    shape = shape_of(place, read["ledger"])
    titles = {field.title: field for field in shape.ledger.fields}
    found = [record for record in current(place, read["ledger"]).select_related("org") if matches(record, read["where"], titles)]
    assert len(found) == 1, (read, len(found))
    return found[0]


def matches(record: Record, where: dict[str, str], titles: dict[str, Any]) -> bool:
    for name, text in where.items():
        if name in {"单位", "org"}:
            same = text in {record.org.name, record.org.code}
        elif name in {"期间", "period"}:
            same = record.period == str(text)
        else:
            same = said(titles[name], record) == str(text)
        if not same:
            return False
    return True


def said(field: Any, record: Record) -> str:
    cell = cells.load(field, record.data.get(field.id))
    return "" if cell is None else cell.text or cells.plain_text(cell.value)


def move(place: Place, record: Record, indicator: str) -> None:
    """Change a number of the row that the indicator reads; a row that is only counted is withdrawn."""
    pack = orgs.active_pack(place)
    wanted = {name for dataset, name in fields_read(pack, indicator) if dataset == record.ledger}
    shape = shape_of(place, record.ledger)
    numbers = [field for field in shape.ledger.fields if field.id in wanted and field.type in {"number", "money", "percent"}]
    if not numbers:
        services.record_withdraw(actor=ACTOR, records=[record], reason="试验")
        return
    texts = {field.id: said(field, record) for field in shape.ledger.fields}
    texts |= {"org": record.org.code, "period": record.period, "doubt": record.doubt}
    for field in numbers:
        texts[field.id] = other(field, texts[field.id])
    services.record_change(actor=ACTOR, record=record, seen=record.pk, texts=texts, today=TODAY, reason="试验")


def other(field: Any, text: str) -> str:
    """Another lawful number."""
    plain = text.rstrip("%")
    try:
        value = Decimal(plain)
    except ArithmeticError:
        value = Decimal(7)
    changed = value + 1 if field.type != "percent" else (value / 2 if value else Decimal("0.1"))
    return f"{changed:f}" + ("%" if text.endswith("%") else "")


@cache
def names_of(formula: str) -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
    """Bare names and dataset fields of a formula."""
    parsed = parse(formula)
    names: set[str] = set()
    fields: set[tuple[str, str]] = set()

    def walk(node: Any) -> None:
        if isinstance(node, nodes.Name):
            names.add(node.id)
        elif isinstance(node, nodes.Field):
            names.add(node.dataset)
            fields.add((node.dataset, node.field))
        elif isinstance(node, (list, tuple)):
            for item in node:
                walk(item)
        elif hasattr(node, "__dataclass_fields__"):
            for name in node.__dataclass_fields__:
                if name != "span":
                    walk(getattr(node, name))

    walk(parsed.expr)
    return frozenset(names), frozenset(fields)


def below(pack: Pack, indicator: str) -> set[str]:
    """The indicator and every indicator it is made of."""
    found, todo = set[str](), [indicator]
    while todo:
        name = todo.pop()
        if name in pack.indicators and name not in found:
            found.add(name)
            todo += names_of(pack.indicators[name].formula)[0]
    return found


def fields_read(pack: Pack, indicator: str) -> set[tuple[str, str]]:
    return {field for name in below(pack, indicator) for field in names_of(pack.indicators[name].formula)[1]}


def may_move(pack: Pack, key: Key, record: Record) -> bool:
    """Whether a figure could depend on the row: it reads the ledger, and stands at or above the row's organisation (or compares with it)."""
    indicator, org, _ = key
    reads = {name for one in below(pack, indicator) for name in names_of(pack.indicators[one].formula)[0]}
    if reads & {aid.AWARDS, aid.REACH}:  # registers that the program makes from ledgers
        reads |= set(aid.sources(pack))
    if record.ledger not in reads:
        return False
    if any(word in pack.indicators[one].formula for one in below(pack, indicator) for word in ("share(", "rank(")):
        return True
    above = {one.code for one in orgs.ancestors(record.org)} | {record.org.code}
    return org in above


@pytest.mark.parametrize("place", ["jinhu"], indirect=True)
def test_filling_one_lost_number_makes_only_its_figure_known(place: Place) -> None:
    before = all_figures(place)
    slots = [fact for fact in facts(EXAMPLES / "jinhu") if fact["status"] == "unknown"]
    assert len(slots) >= 26
    for fact in slots[6::40]:
        record = row_of(place, fact["reads"][0])
        move(place, record, fact["indicator"])
        after = all_figures(place)
        moved = before.moved(after)
        known = {key for key in moved if before.values[key][0] == "unknown" != after.values[key][0]}
        assert (fact["indicator"], fact["org"], fact["period"]) in known
        assert {key[0] for key in known if key[1] == fact["org"]} == {fact["indicator"]}, (fact["id"], known)
        assert all(may_move(orgs.active_pack(place), key, record) for key in moved)
        before = after
