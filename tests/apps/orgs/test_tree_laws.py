"""Laws of the tree under random histories: no overlap, no cycle, no orphan; the stored closure is the recomputed one; undo restores exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import event, given
from hypothesis import strategies as st
from tests.cast import ACTOR, make_place
from tests.laws import tried

from xingtan.apps.base.orgs import acts, services, store
from xingtan.apps.base.orgs.models import EVER, FOREVER, OrgAct, Organisation, OrgEdge, OrgSpell, Place, Succession
from xingtan.apps.base.orgs.tree import Edge, Forest, Rules, Spell
from xingtan.kernel.errors import XingtanError

START = date(2000, 1, 1)
CODES = ["R", *(f"o{n}" for n in range(8))]
SEED = (("o0", "R"), ("o1", "R"), ("o2", "o0"), ("o3", "o0"), ("o4", "o2"))
KINDS = ("open", "open", "close", "rename", "move", "move", "merge", "merge_new", "split", "split_keep", "wild")
code = st.sampled_from(CODES)
number = st.integers(0, 99)
# kind, three numbers that pick organisations, days since the last act (rarely before it), and how many acts to undo afterwards
step = st.tuples(st.sampled_from(KINDS), number, number, number, st.sampled_from((0, 1, 1, 3, -2)), st.sampled_from((0, 0, 0, 1, 2)))
history = st.lists(step, min_size=1, max_size=10)


class Historian:
    """Makes acts of numbers: they name organisations that exist, so that most of them are possible."""

    def __init__(self) -> None:
        self.day, self.made = START + timedelta(days=1), 0

    def act(self, forest: Forest, wanted: tuple[str, int, int, int, int, int]) -> acts.Act:
        kind, a, b, c, days, _ = wanted
        self.day = max(START, self.day + timedelta(days=days))
        there = [one for one in forest.spells if forest.last(one).end == FOREVER]
        x, y, z = (there[n % len(there)] for n in (a, b, c))
        made: dict[str, Callable[[], acts.Act]] = {
            "open": lambda: acts.Open(self.new(x), self.day),
            "close": lambda: acts.Close(x, self.day),
            "rename": lambda: acts.Rename(x, "甲乙丙"[b % 3], self.day),
            "move": lambda: acts.Move(x, y, self.day),
            "merge": lambda: acts.Merge((x, y), z, self.day),
            "merge_new": lambda: acts.Merge((x, y), self.new(z), self.day),
            "split": lambda: self.split(x, self.new(y), self.new(y), children=c % 2 == 0),
            "split_keep": lambda: self.split(x, acts.New(x, "甲", "school", forest.last(x).parent or ""), self.new(y), children=False),
            "wild": lambda: acts.Move("o9", "nowhere", self.day),
        }
        return made[kind]()

    def new(self, parent: str) -> acts.New:
        self.made += 1
        return acts.New(f"n{self.made}", "新", "school", parent)

    def split(self, code: str, one: acts.New, two: acts.New, *, children: bool) -> acts.Split:
        parts = (acts.Part(one, Decimal("0.6")), acts.Part(two, Decimal("0.4")))
        return acts.Split(code, parts, self.day, {child: two.code for child in (*CODES, "n1", "n2", "n3")} if children else {})


def snapshot(place: Place) -> tuple[object, ...]:
    """Everything the tree is, in codes: what undo must bring back."""
    orgs = Organisation.objects.filter(place=place).order_by("code").values_list("code", "name", "initials", "kind", "closed")
    heirs = Succession.objects.filter(act__place=place).values_list("predecessor__code", "successor__code", "share", "day")
    return store.read(place), stored_edges(place), tuple(orgs), tuple(sorted(heirs))


def stored_edges(place: Place) -> frozenset[Edge]:
    columns = ("ancestor__code", "descendant__code", "depth", "valid_from", "valid_to")
    rows = list(OrgEdge.objects.filter(place=place).values_list(*columns))
    assert len(rows) == len(set(rows))
    return frozenset(Edge(*row) for row in rows)


def closure_by_days(forest: Forest) -> set[tuple[str, str, int, date]]:
    """The closure told naively, day by day, by walking up."""
    found = set()
    for n in range(35):
        on = START + timedelta(days=n)
        for start in forest.spells:
            at, depth = start, 0
            while (spell := forest.on(at, on)) is not None:
                found.add((at, start, depth, on))
                if spell.parent is None:
                    break
                at, depth = spell.parent, depth + 1
    return found


def check(place: Place) -> None:
    forest = store.read(place)
    for spells in forest.spells.values():
        assert all(a.end <= b.start for a, b in pairwise(spells))
        assert all(a.end != b.start or (a.name, a.kind, a.parent) != (b.name, b.kind, b.parent) for a, b in pairwise(spells))
    assert forest.faults(forest.spells, Rules()) == []
    edges = stored_edges(place)
    assert edges == forest.closure()
    days = [START + timedelta(days=n) for n in range(35)]
    assert {(e.ancestor, e.descendant, e.depth, on) for e in edges for on in days if e.start <= on < e.end} == closure_by_days(forest)
    last = {org.code: (org.name, org.kind, org.closed or FOREVER) for org in Organisation.objects.filter(place=place)}
    assert last == {code: (s[-1].name, s[-1].kind, s[-1].end) for code, s in forest.spells.items()}


@contextmanager
def rolled_back() -> Iterator[None]:
    """Hypothesis runs many examples inside one test: each in a transaction of its own."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
@tried(40)
@given(history)
def test_random_histories_keep_the_laws_and_undo_restores_exactly(steps: list[tuple[str, int, int, int, int, int]]) -> None:
    with rolled_back():
        place, historian = make_place(code="R", with_pack=False), Historian()
        services.orgs_load(place=place, rows=[services.OrgRow(one, one, "school", above) for one, above in SEED], actor=ACTOR)
        start = snapshot(place)
        before: list[tuple[OrgAct, tuple[object, ...]]] = []
        for wanted in steps:
            state = snapshot(place)
            try:
                with transaction.atomic():
                    done = services.perform(place=place, act=historian.act(store.read(place), wanted), actor=ACTOR)
            except XingtanError:
                assert snapshot(place) == state
            else:
                event(done.kind)
                before.append((done, state))
            check(place)
            for _ in range(min(wanted[-1], len(before))):
                last, old = before.pop()
                services.act_undo(act=last, actor=ACTOR)
                assert snapshot(place) == old
        while before:
            last, old = before.pop()
            services.act_undo(act=last, actor=ACTOR)
            assert snapshot(place) == old
        assert snapshot(place) == start


spell = st.builds(
    lambda parent, a, b: Spell("甲", "school", parent, START + timedelta(days=min(a, b)), START + timedelta(days=max(a, b) + 1)),
    st.one_of(st.none(), code), st.integers(0, 30), st.integers(0, 30),
)  # fmt: skip


@given(st.dictionaries(code, st.lists(spell, min_size=1, max_size=3)))
def test_faults_find_every_overlap_orphan_and_cycle(spells: dict[str, list[Spell]]) -> None:
    """A forest without faults has, on every day, exactly one way up from everything that exists to a root."""
    forest = Forest({}).with_spells(spells)
    sound = not forest.faults(forest.spells, Rules())
    assert sound == all(walks_up(forest, one, START + timedelta(days=n)) for one in forest.spells for n in range(35))


def walks_up(forest: Forest, start: str, on: date) -> bool:
    at, seen = start, set()
    while True:
        now = [spell for spell in forest.spells.get(at, ()) if spell.on(on)]
        if at == start and not now:
            return True
        if len(now) != 1 or at in seen:
            return False
        seen.add(at)
        if now[0].parent is None:
            return True
        at = now[0].parent


@pytest.mark.django_db
def test_spells_cannot_overlap_even_in_the_database() -> None:
    from django.db.utils import IntegrityError

    place = make_place(code="R", with_pack=False)
    assert place.root is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        OrgSpell.objects.create(org=place.root, name="乙", kind="school", valid_from=date(2001, 1, 1), valid_to=FOREVER)
    with pytest.raises(IntegrityError), transaction.atomic():
        OrgSpell.objects.create(org=place.root, name="乙", kind="school", valid_from=EVER, valid_to=date(2001, 1, 1))
