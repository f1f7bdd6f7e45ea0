"""Terms by the place's own dates, and what time names say of them."""

from __future__ import annotations

from datetime import date

import pytest

from xingtan.engine.indicators.asked import times
from xingtan.kernel.period import Period
from xingtan.kernel.terms import SchoolTerms
from xingtan.pack.schema.calendar import Calendar
from xingtan.pack.working_days import school_terms

CALENDAR = Calendar.model_validate({
    "terms": ({"id": "a", "title": "一", "from": "09-01", "to": "01-31"}, {"id": "b", "title": "二", "from": "02-15", "to": "07-15"}),
    "dated_terms": ({"term": "2008-2009T1", "from": date(2008, 8, 30), "to": date(2009, 2, 6)},),
})  # fmt: skip
TERMS = school_terms(CALENDAR)


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("2008-2009T1", date(2008, 8, 30), date(2009, 2, 6)),  # dated
        ("2008-2009T2", date(2009, 2, 15), date(2009, 7, 15)),  # usual
        ("2009-2010T1", date(2009, 9, 1), date(2010, 1, 31)),
    ],
)
def test_terms_begin_and_end_as_the_place_says(period: str, start: date, end: date) -> None:
    found = times(Period.parse(period), None, TERMS)
    assert (found["term.start"], found["term.end"], found["term"]) == (start, end, period[-2:])
    plain = Period.parse(period)
    assert (times(plain, None)["term.start"], times(plain, None)["term.end"]) == (plain.start, plain.end)


@pytest.mark.parametrize(
    ("day", "term"),
    [("2008-08-31", "2008-2009T1"), ("2009-02-05", "2008-2009T1"), ("2009-02-20", "2008-2009T2"), ("2009-08-01", "2008-2009T2")],
)
def test_a_day_lies_in_the_term_that_the_place_dates(day: str, term: str) -> None:
    assert TERMS.term_at(date.fromisoformat(day)).text == term
    assert times(Period.parse(day), None, TERMS)["term"] == term[-2:]


def test_a_school_year_ends_the_day_before_the_next_one_begins() -> None:
    august = SchoolTerms(year_starts=(8, 15))
    assert august.school_year(Period.parse("2008-2009")) == (date(2008, 8, 15), date(2009, 8, 14))
    found = times(Period.parse("2008-2009"), None, august)
    assert (found["year.start"], found["year.end"], found["term"]) == (date(2008, 8, 15), date(2009, 8, 14), None)
    assert times(Period.parse("2009"), None, august)["year.start"] == date(2009, 1, 1)


def test_a_third_term_is_refused_where_periods_know_two() -> None:
    from pydantic import ValidationError

    summer = {"from": date(2009, 7, 16), "to": date(2009, 8, 20)}
    with pytest.raises(ValidationError, match="pattern"):
        Calendar.model_validate({"dated_terms": ({"term": "2008-2009T3", **summer},)})
    assert Calendar.model_validate({"dated_terms": ({"term": "2008-2009T2", **summer},)}).dated_terms
    term = {"title": "学期", "from": "09-01", "to": "01-31"}
    with pytest.raises(ValidationError, match="at most 2"):
        Calendar.model_validate({"terms": tuple({"id": name, **term} for name in "abc")})
