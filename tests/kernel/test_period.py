from __future__ import annotations

import pickle
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from xingtan.kernel.period import Period, PeriodError, PeriodKind

DATED = [kind for kind in PeriodKind if kind is not PeriodKind.NOMINAL]
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
PERIODS = st.one_of(
    st.builds(Period.at, st.sampled_from(DATED), DAYS),
    st.builds(Period, st.just(PeriodKind.NOMINAL), st.integers(-20, 20)),
)
NEAR = st.builds(Period.at, st.sampled_from(DATED), st.dates(date(2008, 1, 1), date(2010, 12, 31)))


@given(PERIODS)
def test_text_is_read_back(period: Period) -> None:
    assert Period.parse(period.text) == period
    assert hash(Period.parse(str(period))) == hash(period)
    assert pickle.loads(pickle.dumps(period)) == period


@given(PERIODS, st.integers(-30, 30))
def test_previous_and_next_undo_each_other(period: Period, n: int) -> None:
    assert period.previous(n).next(n) == period
    assert period.previous() < period < period.next()
    assert period.next(2) == period.next().next()


@given(st.builds(Period.at, st.sampled_from(DATED), DAYS))
def test_periods_of_a_kind_follow_without_gap(period: Period) -> None:
    assert period.end is not None
    assert period.next().start == period.end + timedelta(days=1)
    assert period.start is not None
    assert period.start <= period.end


@given(st.sampled_from(DATED), DAYS)
def test_a_day_lies_in_the_period_at_it(kind: PeriodKind, day: date) -> None:
    period = Period.at(kind, day)
    assert period.covers(day)
    assert period.contains(Period.at(PeriodKind.DAY, day))
    assert not period.next().covers(day)


@given(NEAR, NEAR, NEAR)
def test_containing_is_a_partial_order(a: Period, b: Period, c: Period) -> None:
    assert a.contains(a)
    if a.contains(b) and b.contains(c):
        assert a.contains(c)
    if a.contains(b) and b.contains(a):
        assert (a.start, a.end) == (b.start, b.end)


@given(PERIODS, PERIODS)
def test_order_is_total_and_agrees_with_equality(a: Period, b: Period) -> None:
    assert (a < b) + (b < a) + (a == b) == 1
    assert (a <= b) is (a < b or a == b)
    assert (a >= b) is (a > b or a == b)


@given(st.lists(PERIODS, max_size=12))
def test_sorting_puts_starts_in_order_and_nominal_years_last(periods: list[Period]) -> None:
    ordered = sorted(periods)
    dated = [period for period in ordered if not period.is_nominal]
    assert ordered[: len(dated)] == dated
    starts = [period.start for period in dated]
    assert starts == sorted(starts)


@given(st.builds(Period.at, st.sampled_from([PeriodKind.YEAR, PeriodKind.SCHOOL_YEAR]), DAYS))
def test_months_make_up_a_year(year: Period) -> None:
    months = list(year.parts(PeriodKind.MONTH))
    assert len(months) == 12
    assert (months[0].start, months[-1].end) == (year.start, year.end)
    assert list(months[3].parts(PeriodKind.YEAR)) == []


@pytest.mark.parametrize(
    ("text", "kind", "start", "end", "label"),
    [
        ("2009", "year", "2009-01-01", "2009-12-31", "2009年"),
        ("2008-2009", "school_year", "2008-09-01", "2009-08-31", "2008—2009学年"),
        ("2005H1", "half_year", "2005-01-01", "2005-06-30", "2005年上半年"),
        ("2005H2", "half_year", "2005-07-01", "2005-12-31", "2005年下半年"),
        ("2004-2005T1", "term", "2004-09-01", "2005-01-31", "2004—2005学年第一学期"),
        ("2004-2005T2", "term", "2005-02-01", "2005-08-31", "2004—2005学年第二学期"),
        ("2009Q1", "quarter", "2009-01-01", "2009-03-31", "2009年第一季度"),
        ("2009Q4", "quarter", "2009-10-01", "2009-12-31", "2009年第四季度"),
        ("2009-03", "month", "2009-03-01", "2009-03-31", "2009年3月"),
        ("2008-02", "month", "2008-02-01", "2008-02-29", "2008年2月"),
        ("2009-W01", "week", "2008-12-29", "2009-01-04", "2009年第1周"),
        ("2009-W12", "week", "2009-03-16", "2009-03-22", "2009年第12周"),
        ("2009-W53", "week", "2009-12-28", "2010-01-03", "2009年第53周"),
        ("2009-03-08", "day", "2009-03-08", "2009-03-08", "2009年3月8日"),
    ],
)
def test_each_kind(text: str, kind: str, start: str, end: str, label: str) -> None:
    period = Period.parse(text)
    assert (period.kind.value, str(period.start), str(period.end), str(period.label())) == (kind, start, end, label)


@pytest.mark.parametrize(
    ("text", "label"), [("Y0", "本年"), ("Y1", "下年"), ("Y-1", "上年"), ("Y3", "本年后第3年"), ("Y-2", "本年前第2年")]
)
def test_nominal_years_have_order_but_no_days(text: str, label: str) -> None:
    period = Period.parse(text)
    assert (str(period.label()), period.start, period.end) == (label, None, None)
    assert Period.parse("Y0").previous() == Period.parse("Y-1") < Period.parse("Y0")
    assert not period.contains(Period.parse("2009"))
    assert not Period.parse("2009").contains(period)
    assert not period.covers(date(2009, 1, 1))
    assert list(period.parts(PeriodKind.MONTH)) == []
    with pytest.raises(PeriodError):
        Period.at(PeriodKind.NOMINAL, date(2009, 1, 1))


@pytest.mark.parametrize(
    ("outer", "inner", "within"),
    [
        ("2009", "2009H1", True), ("2009H1", "2009Q1", True), ("2009Q1", "2009-03", True), ("2009", "2009Q1", True),
        ("2008-2009", "2008-2009T2", True), ("2008-2009", "2009-06", True), ("2009", "2008-2009", False), ("2009", "2008-2009T2", True),
        ("2009", "2009-W53", False), ("2009", "2009-W01", False), ("2009-W12", "2009-03-16", True), ("2009Q1", "2009", False), ("2009", "2010", False),
    ],
)  # fmt: skip
def test_what_lies_inside(outer: str, inner: str, within: bool) -> None:
    assert Period.parse(outer).contains(Period.parse(inner)) is within


@pytest.mark.parametrize(
    "text",
    ["", "09", "2009年", "2008-2010", "2009-2008", "2009H3", "2009H0", "2008-2009T3", "2009Q5", "2009-13", "2009-00", "2009-W54", "2010-W53",
     "2009-W00", "2009-02-29", "2009-2-1", "Y", "Y-0", "Y01", "Y1000", "y0", "0999", "9999", "２００９", " 2009", "2009\n"],
)  # fmt: skip
def test_what_is_not_a_period_is_refused_with_what_is(text: str) -> None:
    with pytest.raises(PeriodError) as caught:
        Period.parse(text)
    issue = caught.value.issues[0]
    assert issue.code in ("period.syntax", "period.range")
    if issue.code == "period.syntax":
        assert issue.value == text
        assert issue.hint is not None


@given(NEAR, st.integers(1, 6))
def test_a_year_before_is_the_same_part_of_another_year(period: Period, n: int) -> None:
    before = period.year_before(n)
    assert before.kind is period.kind
    assert before.year == period.year - n
    assert before.part == period.part


@pytest.mark.parametrize(
    ("text", "n", "before"),
    [("2008-02-29", 1, "2007-02-28"), ("2008-02-29", 4, "2004-02-29"), ("2009-W53", 1, "2008-W52"), ("2009Q1", 1, "2008Q1"), ("Y0", 2, "Y-2"),
     ("2004-2005T2", 1, "2003-2004T2")],
)  # fmt: skip
def test_a_year_before_at_the_edges(text: str, n: int, before: str) -> None:
    assert Period.parse(text).year_before(n).text == before


@pytest.mark.parametrize("kind", DATED)
def test_periods_end_with_the_calendar(kind: PeriodKind) -> None:
    first, last = Period.at(kind, date(1000, 9, 1)), Period.at(kind, date(9998, 8, 1))
    assert first.start is not None
    assert last.end is not None
    with pytest.raises(PeriodError):
        first.previous(400)
    with pytest.raises(PeriodError):
        last.next(800)


@given(st.text(max_size=12))
def test_any_text_is_a_period_or_refused(text: str) -> None:
    try:
        period = Period.parse(text)
    except PeriodError:
        return
    assert period.text == text


def test_labels_are_templates_to_translate() -> None:
    label = Period.parse("2009-03").label()
    assert label.template == "%(year)s年%(part)s月"
    assert label.filled("%(part)s/%(year)s") == "3/2009"


@given(PERIODS)
def test_nothing_is_assumed_of_dates_a_period_lacks(period: Period) -> None:
    assume(period.is_nominal)
    assert period.year == period.index
