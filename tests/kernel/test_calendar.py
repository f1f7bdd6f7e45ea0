from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingtan.kernel.calendar import CalendarError, Certainty, DayKind, TableCalendar

DAYS = st.dates(date(2009, 1, 1), date(2010, 12, 31))
D = date

# New Year 2009: 1–3 January off, Sunday the 4th worked instead.
CALENDAR = TableCalendar(
    holidays={D(2009, 1, 1): "元旦", D(2009, 1, 2): "元旦"}, make_up_days={D(2009, 1, 4): "元旦补班"}, confirmed_years=frozenset({2009})
)


@st.composite
def calendars(draw: st.DrawFn) -> TableCalendar:
    off = draw(st.frozensets(DAYS, max_size=30))
    worked = draw(st.frozensets(DAYS, max_size=10)) - off
    return TableCalendar.of(off, worked, draw(st.frozensets(st.sampled_from((2009, 2010)))))


@pytest.mark.parametrize(
    ("day", "kind", "certainty", "title"),
    [
        (D(2009, 1, 1), DayKind.HOLIDAY, Certainty.CONFIRMED, "元旦"),
        (D(2009, 1, 3), DayKind.WEEKEND, Certainty.CONFIRMED, ""),
        (D(2009, 1, 4), DayKind.WORKDAY, Certainty.CONFIRMED, "元旦补班"),
        (D(2009, 1, 5), DayKind.WORKDAY, Certainty.CONFIRMED, ""),
        (D(2010, 1, 5), DayKind.WORKDAY, Certainty.PROVISIONAL, ""),
        (D(2010, 1, 2), DayKind.WEEKEND, Certainty.PROVISIONAL, ""),
    ],
)
def test_status(day: date, kind: DayKind, certainty: Certainty, title: str) -> None:
    status = CALENDAR.status(day)
    assert (status.kind, status.certainty, status.title, status.works) == (kind, certainty, title, kind is DayKind.WORKDAY)


def test_a_listed_day_is_certain_in_an_unpublished_year() -> None:
    calendar = TableCalendar.of([D(2011, 1, 3)])
    assert calendar.status(D(2011, 1, 3)).certainty is Certainty.CONFIRMED
    assert calendar.status(D(2011, 1, 4)).certainty is Certainty.PROVISIONAL


def test_counting_and_adding() -> None:
    assert CALENDAR.workdays(D(2009, 1, 1), D(2009, 1, 9)) == 6
    assert CALENDAR.workdays(D(2009, 1, 9), D(2009, 1, 1)) == 0
    assert CALENDAR.add_workdays(D(2008, 12, 31), 1).day == D(2009, 1, 4)
    assert CALENDAR.add_workdays(D(2009, 1, 1), 0).day == D(2009, 1, 4)
    assert CALENDAR.add_workdays(D(2009, 1, 5), 0).day == D(2009, 1, 5)
    assert CALENDAR.add_workdays(D(2009, 1, 5), -1).day == D(2009, 1, 4)


def test_a_deadline_is_as_sure_as_its_weakest_day() -> None:
    assert CALENDAR.add_workdays(D(2009, 12, 30), 1).certainty is Certainty.CONFIRMED
    assert CALENDAR.add_workdays(D(2009, 12, 30), 3).certainty is Certainty.PROVISIONAL
    assert CALENDAR.certainty(D(2009, 12, 1), D(2009, 12, 31)) is Certainty.CONFIRMED
    assert CALENDAR.certainty(D(2009, 12, 1), D(2010, 1, 1)) is Certainty.PROVISIONAL


@given(calendars(), DAYS, st.integers(1, 40))
def test_the_nth_workday_after_is_the_nth(calendar: TableCalendar, day: date, n: int) -> None:
    found = calendar.add_workdays(day, n).day
    assert calendar.status(found).works
    assert calendar.workdays(day + timedelta(days=1), found) == n


@given(calendars(), DAYS, st.integers(0, 40))
def test_forth_and_back_from_a_workday(calendar: TableCalendar, day: date, n: int) -> None:
    start = calendar.add_workdays(day, 0).day
    there = calendar.add_workdays(start, n).day
    assert calendar.add_workdays(there, -n).day == start


@given(calendars(), DAYS, st.integers(0, 30), st.integers(0, 30))
def test_counts_of_adjoining_stretches_add_up(calendar: TableCalendar, day: date, a: int, b: int) -> None:
    middle, end = day + timedelta(days=a), day + timedelta(days=a + b)
    assert calendar.workdays(day, end) == calendar.workdays(day, middle) + calendar.workdays(middle + timedelta(days=1), end)


def test_contradictions_are_refused_with_every_day() -> None:
    both = [D(2009, 1, 1), D(2009, 1, 4)]
    with pytest.raises(CalendarError) as caught:
        TableCalendar.of(both, both)
    assert "2009-01-01、2009-01-04" in str(caught.value)
    with pytest.raises(CalendarError):
        TableCalendar(week=frozenset({7}))


def test_a_week_without_workdays_is_no_endless_search() -> None:
    with pytest.raises(CalendarError):
        TableCalendar(week=frozenset()).add_workdays(D(2009, 1, 1), 1)


def test_a_place_may_work_on_saturdays() -> None:
    six = TableCalendar(week=frozenset(range(6)))
    assert six.workdays(D(2009, 1, 5), D(2009, 1, 11)) == 6
