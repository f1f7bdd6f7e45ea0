"""One row, one formula, one value; and the laws that hold for all of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernel.formula.worlds import ENV, SCOPE, conditions, days_before, narrowed, numbers, quantities, wide_rows

from xingtan.kernel.errors import XingtanError
from xingtan.kernel.formula import Env, check, evaluate, parse
from xingtan.kernel.quantity import Quantity, Reason


def value(text: str, row: dict | None = None, env: Env = ENV):
    parsed = parse(text)
    assert parsed.expr is not None, parsed.faults
    return evaluate(parsed.expr, row or {}, env)


NA = Quantity.not_applicable()
MORE_THAN_TEN = Quantity.at_least(10)
CASES = [
    ("a > b", {"a": 3, "b": 2}, True),
    ("a > 1", {"a": MORE_THAN_TEN}, True),
    ("a > 100", {"a": MORE_THAN_TEN}, None),
    ("a < 1", {"a": MORE_THAN_TEN}, False),
    ("a > 1", {}, None),
    ("a > 1", {"a": NA}, False),
    ("a < 1", {"a": NA}, False),
    ("kind == '辍学'", {"kind": "辍学"}, True),
    ("kind == '辍学'", {"kind": None}, None),
    ("kind == '辍学'", {"kind": Reason.NOT_APPLICABLE}, False),
    ("kind != '辍学'", {"kind": Reason.NOT_APPLICABLE}, False),
    ("kind in ['辍学', '转出']", {"kind": "转出"}, True),
    ("kind not in ['辍学', '转出']", {"kind": "死亡"}, True),
    ("kind not in ['辍学', '转出']", {"kind": Reason.NOT_APPLICABLE}, False),
    ("a in [0, 1]", {"a": MORE_THAN_TEN}, False),
    ("grade >= '较大'", {"grade": "重大"}, True),
    ("grade < '较大'", {"grade": "较大"}, False),
    ("grade < '较大'", {"grade": None}, None),
    ("born < year.start", {"born": date(2000, 1, 1)}, True),
    ("born < year.start", {}, None),
    ("poor", {"poor": None}, None),
    ("not poor", {"poor": None}, None),
    ("poor or a > 1", {"poor": None, "a": 3}, True),
    ("poor and a > 1", {"poor": None, "a": 0}, False),
    ("poor and a > 1", {"poor": None, "a": 3}, None),
    ("not doubtful", {"doubtful": True}, False),
    ("on(year.start)", {"valid_from": date(2008, 9, 1), "valid_to": None}, True),
    ("on(year.start)", {"valid_from": date(2008, 1, 1), "valid_to": date(2008, 9, 1)}, False),
    ("on(year.start)", {}, None),
    ("within(1, months)", {"date": date(2009, 5, 31)}, True),
    ("within(1, months)", {"date": date(2009, 5, 30)}, False),
    ("within(1, days)", {"date": date(2009, 6, 30)}, True),
    ("within(1, days)", {"date": date(2009, 6, 29)}, False),
    ("within(1, weeks)", {"date": date(2009, 6, 24)}, True),
    ("within(1, weeks)", {"date": date(2009, 6, 23)}, False),
    ("within(100, days)", {"date": date(2009, 7, 1)}, False),
    ("within(1, workdays)", {"date": date(2009, 6, 30)}, True),
    ("within(1, workdays)", {"date": date(2009, 6, 29)}, False),
]


@pytest.mark.parametrize(("text", "row", "expected"), CASES, ids=[f"{text} {row}" for text, row, _ in CASES])
def test_conditions(text, row, expected):
    assert value(text, row) is expected


SUMS = [
    ("a + b * 100", {"a": 1, "b": Decimal("0.5")}, Quantity.exact(51)),
    ("a - 1", {"a": MORE_THAN_TEN}, Quantity.at_least(9)),
    ("100 - a", {"a": MORE_THAN_TEN}, Quantity.at_most(90)),
    ("a / b", {"a": 1, "b": 0}, Quantity.unknown()),
    ("a + 1", {}, Quantity.unknown()),
    ("a + 1", {"a": NA}, NA),
    ("min(a, b)", {"a": MORE_THAN_TEN, "b": 7}, Quantity.exact(7)),
    ("max(a, b)", {"a": MORE_THAN_TEN, "b": 7}, MORE_THAN_TEN),
    ("clamp(a, 0, 100)", {"a": MORE_THAN_TEN}, Quantity.between(10, 100)),
    ("clamp(a, 0, 100)", {"a": NA}, NA),
    ("round(a)", {"a": Decimal("2.5")}, Quantity.exact(3)),
    ("round(a, 1)", {"a": Decimal("-0.25")}, Quantity.exact(Decimal("-0.3"))),
    ("abs(0 - a)", {"a": MORE_THAN_TEN}, MORE_THAN_TEN),
    ("if_(a > 1, b, 0)", {"a": 3, "b": 7}, Quantity.exact(7)),
    ("if_(a > 100, 1, 0)", {"a": MORE_THAN_TEN}, Quantity.between(0, 1)),
    ("if_(poor, 1, 1)", {}, Quantity.exact(1)),
    ("coalesce(a, b)", {"b": 7}, Quantity.exact(7)),
    ("coalesce(a, b)", {"a": MORE_THAN_TEN, "b": 7}, MORE_THAN_TEN),
    ("band(a, [1, 100], [0, 1, 100])", {"a": 1}, Quantity.exact(1)),
    ("band(a, [1, 100], [0, 1, 100])", {"a": MORE_THAN_TEN}, Quantity.between(1, 100)),
    ("workdays(born, today)", {"born": date(2009, 6, 26)}, Quantity.exact(2)),
    ("workdays(today, born)", {"born": date(2009, 6, 26)}, Quantity.exact(0)),
    ("workdays(born, today)", {}, Quantity.unknown(0)),
    ("workdays(born, today)", {"born": date.min}, Quantity.unknown(0)),
]


@pytest.mark.parametrize(("text", "row", "expected"), SUMS, ids=[f"{text} {row}" for text, row, _ in SUMS])
def test_numbers(text, row, expected):
    assert value(text, row) == expected


def test_an_unanswerable_function_is_refused_and_a_hook_may_answer_it():
    with pytest.raises(XingtanError, match="previous"):
        value("previous(a)")
    answered = Env(calls=lambda call: Decimal(7) if call.function == "previous" else None)
    assert value("previous(a) + 1", env=answered) == Quantity.exact(8)


def test_an_unknown_name_outside_a_row_is_refused():
    with pytest.raises(XingtanError, match="rate"):
        evaluate(parse("rate + 1").expr, None, Env())
    assert evaluate(parse("rate + 1").expr, None, Env(names={"rate": Decimal(1)})) == Quantity.exact(2)


def test_a_calendar_is_needed_for_working_days():
    assert value("within(1, workdays)", {"date": date(2009, 6, 30)}, Env(end=date(2009, 6, 30))) is None


@given(conditions(), wide_rows(), st.data())
def test_knowing_more_never_flips_a_decided_condition(expr, row, data):
    before = evaluate(expr, row, ENV)
    after = evaluate(expr, data.draw(narrowed(row)), ENV)
    assert before is None or after is before


@given(numbers(), wide_rows(), st.data())
def test_knowing_more_never_leaves_the_bounds(expr, row, data):
    before = evaluate(expr, row, ENV)
    after = evaluate(expr, data.draw(narrowed(row)), ENV)
    assert before.span.lo.value <= after.span.lo.value
    assert after.span.hi.value <= before.span.hi.value


ODD = st.sampled_from([None, Reason.UNKNOWN, Reason.NOT_APPLICABLE, NA])


@given(conditions() | numbers(), wide_rows(), st.dictionaries(st.sampled_from(["a", "b", "kind", "grade", "born", "poor", "date"]), ODD))
def test_a_well_typed_formula_never_raises(expr, row, odd):
    assert [fault for fault in check(expr, SCOPE).faults if fault.code not in {"formula.period_rule"}] == []
    found = evaluate(expr, row | odd, ENV)
    assert found is None or isinstance(found, bool | Quantity) or found is Reason.NOT_APPLICABLE


@given(conditions() | numbers(), st.fixed_dictionaries({name: st.integers(-9, 9) | st.just(10**40 + 7) for name in ("a", "b", "fee")}))
def test_the_short_way_of_exact_numbers_is_the_long_way(expr, row):
    short = {name: Quantity.exact(number) for name, number in row.items()}
    long = {
        name: Quantity(Decimal(number), Decimal(number)) for name, number in row.items()
    }  # two objects: not taken for exact at a glance
    assert evaluate(expr, short, ENV) == evaluate(expr, long, ENV)


@given(quantities(), quantities())
def test_a_comparison_and_its_negation(a, b):
    row = {"a": a, "b": b}
    assert value("not a < b", row) is value("a >= b", row)
    assert value("not a == b", row) is value("a != b", row)


@given(st.integers(0, 400), st.integers(1, 60))
def test_within_days_counts_back_from_the_end(gap, n):
    row = {"date": days_before(ENV.end, gap)}
    assert value("within(n, days)", row | {"n": n}) is (gap < n)
