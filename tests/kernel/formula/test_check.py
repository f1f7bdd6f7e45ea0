"""Names, types, codes: every fault with its place and remedy."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingtan.kernel.formula import (
    SIGNATURES,
    Binary,
    Bool,
    Call,
    Compare,
    Field,
    FieldType,
    Kind,
    ListOf,
    Name,
    Not,
    Number,
    Scope,
    String,
    Unary,
    check,
    in_words,
    parse,
)
from xingtan.kernel.issues import Severity

SCOPE = Scope(
    datasets={
        "enrolment": {
            "stage": FieldType(Kind.CODE, ("小学", "初中")),
            "pupils": FieldType(Kind.NUMBER),
            "fee": FieldType(Kind.MONEY),
            "sex": FieldType(Kind.TEXT),
            "born": FieldType(Kind.DATE),
            "poor": FieldType(Kind.BOOLEAN),
            "grade": FieldType(Kind.CODE, ("一般", "较大", "重大"), ordered=True),
        }
    },
    parameters={
        "cap": FieldType(Kind.PERCENT),
        "base": FieldType(Kind.MONEY),
        "small": FieldType(Kind.NUMBER),
        "sex": FieldType(Kind.NUMBER),
    },
    indicators={"rate": FieldType(Kind.PERCENT), "pupils": FieldType(Kind.NUMBER)},
    org_kinds=frozenset({"school", "town"}),
)
GOOD = [
    ("count(enrolment, stage == '初中' and on(year.start)) / sum(enrolment.pupils)", Kind.NUMBER),
    ("sum(enrolment.fee) / sum(enrolment.pupils)", Kind.MONEY),
    ("sum(enrolment.fee) - base", Kind.MONEY),
    ("rate - previous(rate)", Kind.PERCENT),
    ("previous(pupils, 2)", Kind.NUMBER),
    ("mean(children(rate, school))", Kind.PERCENT),
    ("cv(rate, over=school, weight=pupils)", Kind.NUMBER),
    ("rank(rate, among=school)", Kind.NUMBER),
    ("share(pupils, of=parent)", Kind.PERCENT),
    ("share(pupils, of=town)", Kind.PERCENT),
    ("target(rate)", Kind.PERCENT),
    ("streak(rate < cap) >= small", Kind.BOOLEAN),
    ("count(enrolment, grade >= '较大')", Kind.NUMBER),
    ("count(enrolment, born > today and poor)", Kind.NUMBER),
    ("count(enrolment, within(small, days))", Kind.NUMBER),
    ("count(enrolment, not doubtful)", Kind.NUMBER),
    ("count(enrolment, term == 'T1' or date > year.end or org == 'A01')", Kind.NUMBER),
    ("quantile(enrolment.pupils, cap, poor)", Kind.NUMBER),
    ("distinct(enrolment.sex)", Kind.NUMBER),
    ("last(enrolment.grade)", Kind.CODE),
    ("workdays(today, year.end)", Kind.NUMBER),
    ("if_(rate > cap, 0, 1)", Kind.NUMBER),
    ("min(1, rate)", Kind.PERCENT),
    ("max(children(rate, school))", Kind.PERCENT),
    ("coalesce(rate, cap)", Kind.PERCENT),
    ("clamp(round(rate, 2), 0, 1)", Kind.PERCENT),
    ("band(rate, [cap], [0, 100])", Kind.NUMBER),
    ("count(enrolment, sex == '男')", Kind.NUMBER),  # the column of the row goes before the parameter
]
BAD = [
    ("count(enrolment, stage == '初中部')", "code", "'初中部'", "初中"),
    ("count(enrolment, stage in ['初中', '高中'])", "code", "'高中'", "小学、初中"),
    ("count(enrolmnt)", "unknown_name", "enrolmnt", "enrolment"),
    ("sum(enrolment.pupil)", "unknown_name", "enrolment.pupil", "pupils"),
    ("rat + 1", "unknown_name", "rat", "rate"),
    ("enrolment", "unknown_name", "enrolment", "count(enrolment)"),
    ("stage", "unknown_name", "stage", "enrolment.stage"),
    ("doubtful", "unknown_name", "doubtful", "not doubtful"),
    ("count", "unknown_name", "count", "count(dataset"),
    ("rank(rat, among=school)", "unknown_name", "rat", "rate"),
    ("rank(rate, among=scool)", "unknown_name", "scool", "school"),
    ("share(pupils, of=twon)", "unknown_name", "twon", "town"),
    ("cuont(enrolment)", "unknown_function", "cuont(enrolment)", "count"),
    ("count(enrolment, stage = '初中')", "arguments", "'初中'", "=="),
    ("count()", "arguments", "count()", "count(dataset"),
    ("count(enrolment, poor, poor)", "arguments", "poor", "count(dataset"),
    ("rank(rate, school, among=school)", "arguments", "school", "rank("),
    ("min(1)", "arguments", "min(1)", None),
    ("band(rate, [cap], [0])", "arguments", "[0]", "2 个分"),
    ("count(enrolment.pupils)", "argument", "enrolment.pupils", "count(enrolment)"),
    ("sum(pupils)", "argument", "pupils", "台账.栏"),
    ("previous(rate + 1)", "argument", "rate + 1", "指标"),
    ("previous(rate, small)", "argument", "small", "整数"),
    ("count(enrolment, within(small, dayz))", "argument", "dayz", "days"),
    ("sum(children(pupils, school), poor)", "argument", "poor", "children"),
    ("count(enrolment, on(pupils))", "argument", "pupils", "today"),
    ("pupils * 45", "literal", "45", "parameters"),
    ("count(enrolment, pupils / small > 1)", "division", "pupils / small", "乘"),
    ("count(enrolment, pupils % small == 1)", "division", "pupils % small", "乘"),
    ("pupils / 0", "zero_division", "0", "核对"),
    ("count(enrolment, count(enrolment) > 0)", "nested", "count(enrolment)", "指标"),
    ("on(today)", "only_in_condition", "on(today)", "count("),
    ("count(enrolment, on(today) or poor)", "period_rule", "on(today)", "and"),
    ("count(enrolment, on(today) and on(year.start))", "period_rule", "on(year.start)", "一次"),
    ("sum(enrolment.sex)", "type", "enrolment.sex", "distinct"),
    ("children(rate, school) + 1", "type", "children(rate, school)", "mean"),
    ("count(enrolment, stage >= '初中')", "type", "stage >= '初中'", "ordered"),
    ("count(enrolment, born > '2009-01-01')", "type", "born > '2009-01-01'", "parameters"),
    ("count(enrolment, pupils)", "type", "pupils", "pupils > 0"),
    ("count(enrolment, poor == 1)", "type", "poor == 1", "同类"),
    ("count(enrolment, poor and 1)", "type", "1", "比较"),
    ("count(enrolment, stage in 'x')", "type", "'x'", "in ["),
    ("rate in ['x']", "type", "'x'", "比率"),
    ("enrolment.pupils + 1", "type", "enrolment.pupils", "sum(enrolment.pupils)"),
    ("['a']", "type", "['a']", None),
    ("if_(rate > cap, 0, 'x')", "type", "'x'", None),
    ("-today", "type", "today", None),
]


@pytest.mark.parametrize(("text", "kind"), GOOD, ids=[text for text, _ in GOOD])
def test_what_is_well_typed(text, kind):
    checked = check(text, SCOPE)
    assert checked.faults == ()
    assert checked.type.kind is kind


@pytest.mark.parametrize(("text", "code", "place", "remedy"), BAD, ids=[text for text, *_ in BAD])
def test_what_is_refused(text, code, place, remedy):
    checked = check(text, SCOPE)
    assert len(checked.faults) == 1, "one slip, one message"
    fault = checked.faults[0]
    assert (fault.code, text[slice(*fault.span)]) == (f"formula.{code}", place)
    assert remedy is None or remedy in str(fault.hint)
    assert fault.severity is Severity.ERROR
    assert "^" in checked.issues[0].excerpt


def test_all_faults_at_once_in_order():
    codes = [fault.code for fault in check("count(enrolmnt) / (rat * 7)", SCOPE).faults]
    assert codes == ["formula.unknown_name", "formula.unknown_name", "formula.literal"]


def test_money_with_a_bare_number_is_asked_about():
    fault = check("sum(enrolment.fee) - pupils", SCOPE).faults[0]
    assert (fault.code, fault.severity) == ("formula.unit", Severity.WARNING)


def test_uses():
    uses = check("count(enrolment, stage == '初中' and born > year.start) / rate + previous(pupils) + cap", SCOPE).uses
    assert uses.datasets == {"enrolment"}
    assert uses.fields == {("enrolment", "stage"), ("enrolment", "born")}
    assert (uses.parameters, uses.indicators, uses.times) == ({"cap"}, {"rate", "pupils"}, {"year.start"})
    assert uses.functions == {"count", "previous"}


def test_a_condition_of_a_row_sees_its_columns_first():
    scope = Scope(SCOPE.datasets, SCOPE.parameters, {}, row_dataset="enrolment", extra={"who": FieldType(Kind.ORG)})
    assert check("pupils > small and sex == '男' and org == who", scope).faults == ()
    assert check("rate > 0", scope).faults[0].code == "formula.unknown_name"


def test_every_example_of_the_table_parses():
    for signature in SIGNATURES.values():
        assert parse(signature.example).faults == (), signature.name
        assert str(signature.does)
        assert all(str(slot.title) for slot in signature.slots)


EXPECTED = "count sum mean median quantile distinct first last previous children cv rank share target streak on within workdays"


def test_the_table_holds_every_function_of_the_language():
    assert set(SIGNATURES) == {*EXPECTED.split(), *["min", "max", "clamp", "round", "abs", "if_", "coalesce", "band"]}


FUNCTIONS = st.sampled_from([*SIGNATURES, "nothing"])
LEAVES = (
    st.sampled_from([Name(name) for name in ("rate", "cap", "pupils", "stage", "enrolment", "school", "doubtful", "today", "days", "x")])
    | st.sampled_from([Field("enrolment", "pupils"), Field("enrolment", "stage"), Field("x", "y")])
    | st.sampled_from([Number(Decimal(0)), Number(Decimal("2.5")), String("初中"), ListOf((String("初中"), Number(Decimal(1))))])
)


def _grown(inner):
    some = st.lists(inner, max_size=3).map(tuple)
    named = st.dictionaries(st.sampled_from(["over", "of", "n", "condition", "x", "values"]), inner, max_size=1).map(
        lambda found: tuple(found.items())
    )
    return (
        st.builds(Binary, st.sampled_from(["+", "-", "*", "/", "%"]), inner, inner)
        | st.builds(Compare, st.sampled_from(["==", "<", "in"]), inner, inner)
        | st.builds(Bool, st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(Not, inner)
        | st.builds(Unary, st.just("-"), inner)
        | st.builds(Call, FUNCTIONS, some, named)
    )


@given(st.recursive(LEAVES, _grown, max_leaves=12), st.sampled_from([None, "enrolment"]))
def test_nonsense_is_checked_and_said_without_raising(expr, row):
    checked = check(expr, replace(SCOPE, row_dataset=row))
    assert all(str(fault.message) and fault.span[0] <= fault.span[1] for fault in checked.faults)
    assert len(checked.issues) == len(checked.faults)
    assert in_words(expr, {})
