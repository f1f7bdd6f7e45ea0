"""Parsing: what is accepted, what is refused with which words, and the printer as its inverse."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingtan.kernel.formula import Binary, Bool, Call, Compare, Field, ListOf, Name, Not, Number, String, Unary, parse, to_text, walk
from xingtan.kernel.formula.parser import MAX_DEPTH, MAX_LENGTH


def one(text: str):
    return parse(text).expr


def test_the_tree_of_a_ratio():
    expr = one("count(change, kind == '辍学') / sum(enrolment.pupils, on(year.start))")
    dropped = Call("count", (Name("change"), Compare("==", Name("kind"), String("辍学"))))
    enrolled = Call("sum", (Field("enrolment", "pupils"), Call("on", (Name("year.start"),))))
    assert expr == Binary("/", dropped, enrolled)


def test_spans_count_characters_not_bytes():
    text = "  kind == '辍学' and low"
    parsed = parse(text)
    assert parsed.expr is not None
    found = {text[slice(*node.span)] for node in walk(parsed.expr)}
    assert found == {"kind == '辍学' and low", "kind == '辍学'", "kind", "'辍学'", "low"}


def test_precedence_and_keywords():
    assert one("not a == b or c and d") == Bool("or", (Not(Compare("==", Name("a"), Name("b"))), Bool("and", (Name("c"), Name("d")))))
    assert one("-a * b") == Binary("*", Unary("-", Name("a")), Name("b"))
    assert one("rank(x, among=school)") == Call("rank", (Name("x"),), (("among", Name("school")),))
    assert one("k not in ['甲', '乙']") == Compare("not in", Name("k"), ListOf((String("甲"), String("乙"))))


def test_numbers_are_exact():
    assert one("0.1") == Number(Decimal("0.1"))
    assert one("10000") == Number(Decimal(10000))


def test_line_breaks_of_a_folded_text_are_spaces():
    assert one("a\n  and\tb") == one("a and b")


FAULTS = [
    ("a = b", "formula.syntax", "=", "=="),
    ("count(x, '中' = y)", "formula.syntax", "=", "=="),
    ("kind == 辍学", "formula.syntax", "辍学", "'辍学'"),
    ("sum(x.y，kind == '小')", "formula.syntax", "，", "半角"),
    ("a ≥ b", "formula.syntax", "≥", ">="),
    ("a × b", "formula.syntax", "×", "*"),
    ("a && b", "formula.syntax", "&&", "and"),
    ("3%", "formula.syntax", "%", "parameters"),
    ("a +", "formula.syntax", "+", "后面还要"),
    ("+ a", "formula.syntax", "+", "补上"),
    ("a b", "formula.syntax", "b", "逗号"),
    ("'甲' '乙'", "formula.syntax", "'乙'", "逗号"),
    ("(a", "formula.syntax", "(", "补上 )"),
    ("a)", "formula.syntax", ")", "删去"),
    ("(a]", "formula.syntax", "]", "次序"),
    ("kind == '辍学", "formula.syntax", "'", "引号"),
    ("a == 'x\\'", "formula.syntax", "'x\\'", "反斜杠"),
    ("1_000", "formula.syntax", "1_000", "10000"),
    ("1e5", "formula.syntax", "1e5", "10000"),
    ("0123", "formula.syntax", "0123", "10000"),
    ("1234567890123456", "formula.syntax", "1234567890123456", "单位"),
    ("Rate + 1", "formula.syntax", "Rate", "rate"),
    ("", "formula.syntax", "", "写上"),
    ("a @ b", "formula.syntax", "@", "引号"),
    ("a\u200b + b", "formula.syntax", "\u200b", "删去"),
    ("if(a, b, c)", "formula.unsupported", "if", "if_"),
    ("a if b else c", "formula.unsupported", "if", "if_"),
    ("a ** b", "formula.unsupported", "**", "x * x"),
    ("a is b", "formula.unsupported", "is", "=="),
    ("lambda: a", "formula.unsupported", "lambda", None),
    ("poor == True", "formula.unsupported", "True", "responsible"),
    ("a[0]", "formula.unsupported", "[", "条件"),
    ("a.b.c", "formula.unsupported", "a.b.c", "台账.栏"),
    ("a < b < c", "formula.unsupported", "a < b < c", "and"),
    ("(a, b)", "formula.unsupported", "(a, b)", "方括号"),
    ("k in []", "formula.unsupported", "[]", "至少"),
    ("f(a=1, a=0)", "formula.unsupported", "a=1", "删去"),
    ("f(**x)", "formula.unsupported", "**", "乘方"),
    ("a # b", "formula.unsupported", "#", "YAML"),
]


@pytest.mark.parametrize(("text", "code", "place", "remedy"), FAULTS, ids=[fault[0] or "empty" for fault in FAULTS])
def test_a_fault_has_its_place_and_remedy(text, code, place, remedy):
    parsed = parse(text)
    assert parsed.expr is None
    fault = parsed.faults[0]
    assert (fault.code, text[slice(*fault.span)]) == (code, place)
    assert remedy is None or remedy in str(fault.hint)
    issue = parsed.issues[0]
    assert issue.where.column == fault.span[0] + 1
    line, caret = issue.excerpt.split("\n")
    assert set(caret.strip("\u3000 ")) == {"^"}
    assert len(line) >= len(caret.rstrip("^"))


def test_all_faults_of_spelling_at_once():
    assert [fault.code for fault in parse("人数 ≥ Abc").faults] == ["formula.syntax"] * 3


def test_the_caret_stands_under_wide_characters():
    issue = parse("'中文' == a b").issues[0]
    assert issue.excerpt == "'中文' == a b\n \u3000\u3000       ^"


def test_limits():
    assert parse("a" * (MAX_LENGTH + 1)).faults[0].code == "formula.too_long"
    assert parse("-" * (MAX_DEPTH + 5) + "a").faults[0].code == "formula.too_deep"
    assert parse("(" * 900 + "a" + ")" * 900).faults[0].code == "formula.too_deep"
    assert parse(" + ".join(["a"] * (MAX_DEPTH - 2))).expr is not None


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            [
                "a",
                "b_1",
                "0",
                "1.5",
                "'x'",
                "(",
                ")",
                "[",
                "]",
                ",",
                ".",
                "+",
                "-",
                "*",
                "/",
                "%",
                "==",
                "!=",
                "<",
                "in",
                "not",
                "and",
                "or",
                "=",
                "中",
                "if",
                "#",
                "\\",
            ]
        )
    ).map(" ".join)
)
def test_nothing_makes_the_parser_raise(text):
    parsed = parse(text)
    assert (parsed.expr is None) == bool(parsed.faults)
    for fault in parsed.faults:
        assert 0 <= fault.span[0] <= fault.span[1] <= len(text) + 1
        assert str(fault.message)
    assert len(parsed.issues) == len(parsed.faults)


NAMES = st.sampled_from(["a", "b2", "count", "year", "x_y"])
TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters='\\"'), max_size=5)
LEAVES = (
    st.builds(Name, NAMES | st.just("year.start"))
    | st.builds(Field, NAMES, st.just("pupils"))
    | st.builds(Number, st.integers(0, 10**6).map(Decimal) | st.decimals(0, 99, places=2))
    | st.builds(String, TEXTS)
)


def _grown(inner):
    some = st.lists(inner, min_size=1, max_size=3).map(tuple)
    named = st.dictionaries(NAMES, inner, max_size=2).map(lambda found: tuple(found.items()))
    return (
        st.builds(Binary, st.sampled_from(["+", "-", "*", "/", "%"]), inner, inner)
        | st.builds(Compare, st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "in", "not in"]), inner, inner)
        | st.builds(Bool, st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(Not, inner)
        | st.builds(Unary, st.just("-"), inner)
        | st.builds(ListOf, some)
        | st.builds(Call, NAMES, some, named)
    )


@given(st.recursive(LEAVES, _grown, max_leaves=15))
def test_the_printer_is_the_inverse_of_the_parser(expr):
    parsed = parse(to_text(expr))
    assert parsed.faults == ()
    assert parsed.expr == expr
