"""What the rules of meaning say, each on a place small enough to work out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from xingtan.engine.indicators import drill
from xingtan.engine.indicators.evaluate import evaluate
from xingtan.engine.indicators.figure import Status
from xingtan.engine.indicators.model import compile_model
from xingtan.engine.indicators.spec import DatasetSpec, FieldSpec, IndicatorSpec, Interval, ModelSpec, Parameter
from xingtan.engine.indicators.table import FigureTable
from xingtan.engine.indicators.words import explain
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.quantity import Quantity, Reason

from .worlds import Duck, Org, Place, Row, tables

PUPILS = FieldSpec("pupils", "number", "学生数", minimum=Decimal(0))
FIELDS = (PUPILS, FieldSpec("money", "money", "经费"), FieldSpec("stage", "code", "学段"))
BASICS = DatasetSpec("basics", "基本情况", FIELDS)
DUE = DatasetSpec("due", "月报", FIELDS, due_from=("schools",))
ORGS = (Org("C", "county"), Org("A", "school", "C"), Org("B", "school", "C"))
KINDS = {"county": "县", "school": "学校"}


def spec(*indicators: IndicatorSpec) -> ModelSpec:
    parameters = {"masked": Parameter(None, title="遮盖的系数"), "line": Parameter(Decimal(10))}
    return ModelSpec("p", "1", "h", (BASICS, DUE), indicators, parameters, KINDS, {"schools": ("school",)})


def figures(place: Place, *indicators: IndicatorSpec, **more: Any) -> FigureTable:
    compiled = compile_model(spec(*indicators))
    assert compiled.model is not None, [str(issue) for issue in compiled.issues]
    return evaluate(compiled.model, Duck(tables(place, (BASICS, DUE)), (BASICS, DUE)), **{"periods": ["2009"], **more})


def row(org: str, pupils: Any = 1, period: str = "2009", **more: Any) -> Row:
    values = {"pupils": pupils, "money": more.pop("money", 0), "stage": more.pop("stage", "小学")}
    return Row(org, period, values=values, **more)


def one(formula: str, name: str = "x", **more: Any) -> IndicatorSpec:
    return IndicatorSpec(name, name, "", formula, **more)


def test_a_ratio_rolls_up_as_a_ratio_of_sums_and_decimals_stay_exact() -> None:
    place = Place(ORGS, {"basics": [row("A", 3, money=Decimal("0.1")), row("B", 1, money=Decimal("0.2"))]})
    figure = figures(place, one("sum(basics.money) / sum(basics.pupils)")).get("x", "C", "2009")
    assert (figure.numerator, figure.denominator) == (Quantity.exact("0.3"), Quantity.exact(4))
    assert (figure.value, figure.rows, figure.status) == (Quantity.exact("0.075"), 2, Status.KNOWN)


def test_a_total_of_the_one_above_is_nobodys_zero() -> None:
    x = one("sum(basics.money) / sum(basics.pupils)", missing="partial"), one("count(basics)", "n")
    place = Place(ORGS, {"basics": [row("C", 300), row("B", 40)]})
    found = figures(place, *x)
    silent, own, whole = (found.get("n", code, "2009") for code in "ABC")
    assert (silent.status, silent.value.is_unknown) == (Status.UNKNOWN, True)
    assert [str(reason) for reason in silent.reasons] == ["《基本情况》只有上级单位的合计，没有本单位的数"]
    assert (own.status, own.value, whole.value) == (Status.KNOWN, Quantity.exact(1), Quantity.exact(2))
    assert found.get("x", "A", "2009").status is Status.UNKNOWN


def test_one_who_says_that_there_is_nothing_has_zero_beside_a_total_above() -> None:
    place = Place(ORGS, {"basics": [row("C", 300)]}, returns=[("basics", "A", "2009")])
    found = figures(place, one("count(basics)"))
    assert (found.get("x", "A", "2009").value, found.get("x", "A", "2009").status) == (Quantity.exact(0), Status.KNOWN)
    assert found.get("x", "B", "2009").status is Status.UNKNOWN


def test_a_happening_at_the_one_above_says_nothing_of_those_below() -> None:
    place = Place(ORGS, {"basics": [row("C", period="", day=date(2009, 3, 1))]})
    found = figures(place, one("count(basics)")).get("x", "A", "2009")
    assert (found.value, found.status) == (Quantity.exact(0), Status.KNOWN)


def test_four_times_two_hundred_odd_is_eight_hundred_odd() -> None:
    place = Place(ORGS, {"basics": [row("A", Quantity.at_least(200)) for _ in range(4)]})
    assert figures(place, one("sum(basics.pupils)")).get("x", "C", "2009").value == Quantity.at_least(800)


def test_an_unknown_cell_makes_the_sum_unknown_but_keeps_what_is_sure() -> None:
    place = Place(ORGS, {"basics": [row("A", 7), row("B", Reason.UNKNOWN)]})
    table = figures(place, one("sum(basics.pupils)"))
    assert table.get("x", "C", "2009").value == Quantity.unknown(7)
    assert table.get("x", "C", "2009").status is Status.UNKNOWN
    assert table.get("x", "A", "2009").status is Status.KNOWN


def test_what_does_not_apply_is_left_out() -> None:
    place = Place(ORGS, {"basics": [row("A", 7), row("B", Reason.NOT_APPLICABLE)]})
    table = figures(place, one("mean(basics.pupils)"))
    assert table.get("x", "C", "2009").value == Quantity.exact(7)
    assert table.get("x", "B", "2009").value.is_not_applicable


def test_a_period_in_which_nobody_reported_is_unknown_and_a_nil_return_is_zero() -> None:
    silent = figures(Place(ORGS, {"basics": [row("A", 7, "2008")]}), one("count(basics)")).get("x", "C", "2009")
    assert (silent.value, silent.status) == (Quantity.unknown(0), Status.UNKNOWN)
    assert "基本情况" in str(silent.reasons[0])
    said = figures(Place(ORGS, {"basics": [row("A", 7, "2008")]}, [("basics", "A", "2009")]), one("count(basics)"))
    assert said.get("x", "C", "2009").value == Quantity.exact(0)


def test_a_missing_return_makes_a_figure_unknown_or_partial_and_names_who_is_missing() -> None:
    place = Place(ORGS, {"due": [row("A", 7)]})
    table = figures(place, one("sum(due.pupils)"), one("sum(due.pupils)", "y", missing="partial"))
    strict, partial = table.get("x", "C", "2009"), table.get("y", "C", "2009")
    assert (strict.value, strict.status, strict.missing) == (Quantity.unknown(7), Status.UNKNOWN, ("B",))
    assert (partial.value, partial.status, partial.missing) == (Quantity.exact(7), Status.PARTIAL, ("B",))
    assert table.get("y", "B", "2009").status is Status.UNKNOWN  # unknown never becomes zero
    returned = figures(Place(ORGS, {"due": [row("A", 7)]}, [("due", "B", "2009")]), one("sum(due.pupils)"))
    assert returned.get("x", "C", "2009").value == Quantity.exact(7)


def test_doubtful_rows_count_and_mark_and_are_left_out_only_when_asked() -> None:
    place = Place(ORGS, {"basics": [row("A", 7), row("B", 90, doubt="与上年相差过大")]})
    table = figures(place, one("sum(basics.pupils)"), one("sum(basics.pupils, not doubtful)", "y"))
    assert (table.get("x", "C", "2009").value, table.get("x", "C", "2009").status) == (Quantity.exact(97), Status.DOUBTFUL)
    assert table.get("x", "C", "2009").doubts == ("与上年相差过大",)
    assert (table.get("y", "C", "2009").value, table.get("y", "C", "2009").status) == (Quantity.exact(7), Status.KNOWN)


def test_a_doubtful_row_is_told_in_a_breakdown_of_what_only_python_decides() -> None:
    rows = [row("A", period="", day=date(2009, 3, 2), doubt="补记"), row("A", period="", day=date(2009, 3, 2), stage="初中")]
    place = Place(ORGS, {"basics": rows})
    table = figures(place, one("count(basics, workdays(date, year.end) > line)", by=("stage",)), by="stage")
    told = table.get("x", "A", "2009", "小学")
    # without a calendar nobody knows how many working days that is: the row counts perhaps
    assert (told.value, told.status, told.doubts) == (Quantity.between(0, 1), Status.DOUBTFUL, ("补记",))
    assert table.get("x", "A", "2009", "初中").status is Status.KNOWN


def test_outside_the_plausible_range_a_figure_is_doubtful() -> None:
    place = Place(ORGS, {"basics": [row("A", 7), row("B", 90)]})
    table = figures(place, one("sum(basics.pupils)", plausible=Interval(Decimal(5), Decimal(40))))
    assert [table.get("x", org, "2009").status for org in ("A", "B")] == [Status.KNOWN, Status.DOUBTFUL]


def test_a_parameter_without_value_leaves_unknown_only_what_needs_it() -> None:
    place = Place(ORGS, {"basics": [row("A", 7)]})
    table = figures(place, one("sum(basics.pupils) * masked"), one("sum(basics.pupils) * line", "y"))
    assert table.get("x", "C", "2009").status is Status.UNKNOWN
    assert str(table.get("x", "C", "2009").reasons[-1]) == "参数“遮盖的系数”没有给出"
    assert table.get("y", "C", "2009").value == Quantity.exact(70)


def test_what_closed_within_the_period_still_counts_where_it_stood() -> None:
    orgs = (Org("C", "county"), Org("A", "school", "C", end=date(2009, 5, 1)), Org("B", "school", "C"))
    place = Place(orgs, {"basics": [row("A", 7), row("B", 1), row("A", 7, "2008"), row("B", 1, "2008")]})
    table = figures(place, one("sum(basics.pupils)"), periods=["2008", "2009"])
    assert [table.get("x", "C", period).value for period in ("2008", "2009")] == [Quantity.exact(8), Quantity.exact(8)]


@pytest.mark.parametrize("condition", ["pupils != 0", "max(pupils, money) != 0"])  # the first is decided in SQL, the second row by row
def test_a_row_that_does_not_say_since_when_it_holds_counts_only_perhaps(condition: str) -> None:
    place = Place(ORGS, {"basics": [row("A", 7, valid_from=date(2000, 1, 1)), row("A", 7)]})
    value = figures(place, one(f"count(basics, on(year.end) and {condition})")).get("x", "C", "2009").value
    assert (value.lo, value.hi, value.is_unknown) == (1, 2, True)


def test_the_tree_at_the_start_and_at_the_end_of_a_period() -> None:
    moved = (
        Org("T", "town", "C"),
        Org("U", "town", "C"),
        Org("A", "school", "T", end=date(2009, 7, 1)),
        Org("A", "school", "U", start=date(2009, 7, 1)),
    )
    place = Place((Org("C", "county"), *moved), {"basics": [row("A", 7)]})
    table = figures(place, one("sum(basics.pupils)"), one("sum(basics.pupils)", "y", at="start"))
    assert [table.get("x", org, "2009").value for org in ("T", "U")] == [Quantity.exact(0), Quantity.exact(7)]
    assert [table.get("y", org, "2009").value for org in ("T", "U")] == [Quantity.exact(7), Quantity.exact(0)]


def test_recast_sums_merged_schools_and_splits_by_recorded_shares() -> None:
    merged = Place(
        (Org("C", "county"), Org("A", "school", "C", end=date(2009, 1, 1)), Org("B", "school", "C"), Org("N", "school", "C")),
        {"basics": [row("A", 10, "2008"), row("B", 4, "2008")]},
        succession=[("A", "B", Decimal("0.25"), date(2009, 1, 1)), ("A", "N", Decimal("0.75"), date(2009, 1, 1))],
    )
    indicators = (one("sum(basics.pupils)"), one("median(basics.pupils)", "y"))
    then = figures(merged, *indicators, periods=["2008"], recast=date(2010, 1, 1))
    assert [then.get("x", org, "2008").value for org in ("B", "N", "C")] == [
        Quantity.exact("6.5"),
        Quantity.exact("7.5"),
        Quantity.exact(14),
    ]
    assert then.get("y", "N", "2008").value.is_unknown  # half a row has no median
    assert then.get("y", "C", "2008").value == Quantity.exact(7)


def test_a_breakdown_lets_a_row_of_unknown_group_perhaps_belong_to_each() -> None:
    place = Place(ORGS, {"basics": [row("A", 5), row("A", 3, stage="初中"), row("B", 2, stage=Reason.UNKNOWN)]})
    table = figures(place, one("sum(basics.pupils)", by=("stage",)), by="stage")
    assert table.groups == ("初中", "小学")
    assert table.get("x", "C", "2009", "小学").value == Quantity.unknown(5, 7)
    assert table.get("x", "A", "2009", "初中").value == Quantity.exact(3)


def test_the_coefficient_of_variation_weighs_by_pupils() -> None:
    place = Place(ORGS, {"basics": [row("A", 100, money=1000), row("B", 300, money=1500)]})
    per_pupil = one("sum(basics.money) / sum(basics.pupils)", "y")
    figure = figures(place, one("cv(y, over=school, weight=w)"), per_pupil, one("sum(basics.pupils)", "w")).get("x", "C", "2009")
    # mean 2500/400 = 6.25; variance (100·3.75² + 300·1.25²)/400 = 4.6875; √4.6875 / 6.25 = 0.34641…
    assert figure.value.value is not None
    assert float(figure.value.value) == pytest.approx(0.3464101615, abs=1e-9)


def test_previous_works_on_nominal_years_and_a_silent_period_is_not_zero() -> None:
    place = Place(ORGS, {"basics": [row("A", 7, "Y0"), row("A", 5, "Y-1")]})
    table = figures(place, one("sum(basics.pupils) - previous(y)"), one("sum(basics.pupils)", "y"), periods=["Y0", "Y-1"])
    assert table.get("x", "C", "Y0").value == Quantity.exact(2)
    assert table.get("x", "C", "Y-1").status is Status.UNKNOWN


def test_rank_is_an_interval_where_a_bound_cannot_decide() -> None:
    place = Place((*ORGS, Org("D", "school", "C")), {"basics": [row("A", 7), row("B", Quantity.at_least(5)), row("D", 3)]})
    table = figures(place, one("rank(y, among=school)"), one("sum(basics.pupils)", "y"))
    assert [table.get("x", org, "2009").value for org in ("A", "B", "D")] == [
        Quantity.between(1, 2),
        Quantity.between(1, 2),
        Quantity.exact(3),
    ]


def test_target_is_what_was_promised_and_else_unknown() -> None:
    place = Place(ORGS, {"basics": [row("A", 7)]})
    promised = {("y", "C", "2009"): Quantity.exact(8)}
    table = figures(place, one("y - target(y)"), one("sum(basics.pupils)", "y"), targets=promised)
    assert table.get("x", "C", "2009").value == Quantity.exact(-1)
    assert table.get("x", "A", "2009").value.is_unknown


def test_drilling_lists_the_rows_with_their_part_and_whether_they_count() -> None:
    place = Place(ORGS, {"basics": [row("A", 30), row("B", Quantity.at_least(5)), row("B", 2)]})
    compiled = compile_model(spec(one("count(basics, pupils > line) / count(basics)")))
    assert compiled.model is not None
    runner = Duck(tables(place, (BASICS, DUE)), (BASICS, DUE))
    found = drill.rows(compiled.model, runner, "x", "C", "2009").to_pylist()
    listed = {(one["row_id"], one["part"]): one["counted"] for one in found}
    assert listed == {
        ("basics-0", "numerator"): "yes",
        ("basics-1", "numerator"): "undecided",
        ("basics-0", "denominator"): "yes",
        ("basics-1", "denominator"): "yes",
        ("basics-2", "denominator"): "yes",
    }
    assert drill.rows(compiled.model, runner, "x", "A", "2009", part="denominator").num_rows == 1


def test_all_formulas_share_one_query_a_dataset_and_a_second_page_compiles_nothing() -> None:
    place = Place(ORGS, {"basics": [row("A", 7), row("B", 3)]})
    compiled = compile_model(spec(one("sum(basics.pupils)"), one("count(basics, pupils > line)", "y"), one("mean(basics.money)", "z")))
    assert compiled.model is not None
    runner = Duck(tables(place, (BASICS, DUE)), (BASICS, DUE))
    list(evaluate(compiled.model, runner, orgs=["A"], periods=["2009"]).figures())
    assert sum(key.startswith("leaf:") for key in runner.asked) == 1
    known = len(runner.compiled)
    list(evaluate(compiled.model, runner, orgs=["B"], periods=["2009"]).figures())
    assert len(runner.compiled) == known


def test_every_fault_of_every_formula_is_reported_at_once() -> None:
    issues = compile_model(
        spec(
            one("a_cycle + 1"),
            one("x", "a_cycle"),
            one("count(nothing)", "y"),
            one("count(basics, pupils > 3 or on(year.end))", "z"),
            one("sum(basics.pupils)", "w", by=("money",)),
        )
    )
    assert issues.model is None
    assert {issue.code for issue in issues.issues} == {"indicator.cycle", "formula.unknown_name", "formula.period_rule", "indicator.by"}


def test_asking_for_what_does_not_exist_names_all_of_it() -> None:
    place = Place(ORGS, {"basics": [row("A", 7)]})
    with pytest.raises(XingtanError) as refused:
        figures(place, one("count(basics)"), orgs=["A", "Z"], indicators=["x", "q"])
    assert [issue.code for issue in refused.value.issues] == ["figure.no_indicator", "figure.no_org"]


def test_words_say_how_a_figure_rolls_up() -> None:
    compiled = compile_model(spec(one("sum(due.money) / sum(due.pupils)")))
    assert compiled.model is not None
    said = explain(compiled.model, "x")
    assert "÷" in str(said.formula)
    assert "分子之和除以分母之和" in str(said.roll_up)
    assert any("月报" in str(rule) for rule in said.rules)
