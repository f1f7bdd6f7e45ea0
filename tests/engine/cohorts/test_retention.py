"""A true cohort: every pupil stands in one place, and those who moved away are no dropouts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from xingtan.engine.cohorts.retention import Spell, cohort, retained

BEGIN, END = date(2006, 9, 1), date(2007, 9, 1)
LATER = date(2008, 12, 1)
SPELLS = (
    Spell("stays", "1", date(2006, 9, 1), date(2007, 9, 1)),
    Spell("stays", "2", date(2007, 9, 1)),
    Spell("repeats", "1", date(2005, 9, 1), date(2006, 9, 1)),
    Spell("repeats", "1", date(2006, 9, 1)),
    Spell("moves within", "1", date(2006, 9, 1), date(2007, 3, 1)),
    Spell("moves within", "1", date(2007, 3, 1)),
    Spell("moves away", "1", date(2006, 9, 1), date(2007, 3, 1), "transferred"),
    Spell("leaves", "1", date(2006, 9, 1), date(2008, 3, 1), "left"),
    Spell("comes back", "1", date(2006, 9, 1), date(2007, 3, 1), "left"),
    Spell("comes back", "1", date(2008, 9, 1)),
    Spell("dies", "1", date(2006, 9, 1), date(2007, 1, 1), "died"),
)


def test_who_began_in_the_year():
    assert cohort(SPELLS, "1", BEGIN, END) == ("comes back", "dies", "leaves", "moves away", "moves within", "stays")


def test_where_they_are_later():
    found = retained(SPELLS, cohort(SPELLS, "1", BEGIN, END), LATER)
    assert found.present == ("comes back", "moves within", "stays")
    assert (found.transferred, found.left, found.died, found.unsaid) == (("moves away",), ("leaves",), ("dies",), ())
    assert found.rate.value.value == Decimal("0.75")


def test_an_earlier_day_sees_no_later_spell():
    found = retained(SPELLS, cohort(SPELLS, "1", BEGIN, END), date(2007, 12, 1))
    assert found.present == ("leaves", "moves within", "stays")
    assert found.left == ("comes back",)


def test_an_ending_without_a_word_leaves_the_rate_unknown():
    spells = [*SPELLS, Spell("vanishes", "1", date(2006, 9, 1), date(2007, 5, 1))]
    found = retained(spells, cohort(spells, "1", BEGIN, END), LATER)
    assert found.unsaid == ("vanishes",)
    assert found.rate.value.is_unknown
    assert (found.rate.value.lo, found.rate.value.hi) == (Decimal("0.6"), Decimal("0.8"))


def test_a_cohort_of_nobody_has_no_rate():
    assert retained(SPELLS, (), LATER).rate.value.is_not_applicable


days = st.dates(date(2005, 1, 1), date(2010, 1, 1))
spell_lists = st.lists(
    st.builds(
        Spell,
        st.sampled_from("abcdef"),
        st.just("1"),
        days,
        st.none() | days,
        st.sampled_from(["", "transferred", "left", "graduated", "died"]),
    ),
    max_size=15,
)


@given(spell_lists, days)
def test_every_pupil_stands_in_exactly_one_place(spells, day):
    found = retained(spells, "abcdef", day)
    places = [*found.present, *found.graduated, *found.transferred, *found.died, *found.left, *found.unsaid]
    assert sorted(places) == list("abcdef")
