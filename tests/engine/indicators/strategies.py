"""Random small worlds: a tree that moves, periods and dates, cells with every kind of value, conditions of every shape."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from xingtan.engine.indicators.spec import DatasetSpec, FieldSpec, IndicatorSpec, ModelSpec, Parameter
from xingtan.kernel.quantity import Quantity, Reason

from .worlds import Org, Place, Row

FIELDS = (
    FieldSpec("a", "number", minimum=Decimal(0)),
    FieldSpec("b", "money"),
    FieldSpec("kind", "code", codes=("甲", "乙", "丙")),
    FieldSpec("grade", "code", codes=("差", "中", "优"), ordered=True),
    FieldSpec("flag", "boolean"),
    FieldSpec("day", "date"),
)
LEDGER = DatasetSpec("ledger", "台账", FIELDS, due_from=("school",))
REGISTER = DatasetSpec("register", "名册", FIELDS)
DATASETS = (LEDGER, REGISTER)
numbers = st.integers(-6, 12).map(lambda one: Decimal(one) / 2)


@st.composite
def quantities(draw: st.DrawFn) -> Any:
    kind = draw(st.sampled_from(["exact"] * 5 + ["about", "least", "more", "most", "less", "between", "unknown", "bounded", "absent"]))
    x, y = sorted([draw(numbers), draw(numbers)])
    made = {
        "exact": lambda: Quantity.exact(x),
        "about": lambda: Quantity.about(x),
        "least": lambda: Quantity.at_least(x),
        "more": lambda: Quantity.more_than(x),
        "most": lambda: Quantity.at_most(x),
        "less": lambda: Quantity.less_than(x),
        "between": lambda: Quantity.between(x, y),
        "unknown": Quantity.unknown,
        "bounded": lambda: Quantity.unknown(x, y),
        "absent": Quantity.not_applicable,
    }
    return made[kind]()


def _or_reason(values: Any) -> Any:
    return st.one_of(values, values, values, st.sampled_from([Reason.UNKNOWN, Reason.NOT_APPLICABLE]))


days = st.dates(date(2008, 1, 1), date(2009, 12, 31))
cells = st.fixed_dictionaries(
    {
        "a": quantities(),
        "b": quantities(),
        "kind": _or_reason(st.sampled_from(["甲", "乙", "丙"])),
        "grade": _or_reason(st.sampled_from(["差", "中", "优"])),
        "flag": _or_reason(st.booleans()),
        "day": _or_reason(days),
    }
)
plain_cells = st.fixed_dictionaries(
    {
        "a": numbers.map(abs),
        "b": numbers,
        "kind": st.sampled_from(["甲", "乙", "丙"]),
        "grade": st.sampled_from(["差", "中", "优"]),
        "flag": st.booleans(),
        "day": days,
    }
)


@st.composite
def rows(draw: st.DrawFn, orgs: list[str]) -> list[Row]:
    content = draw(st.sampled_from([cells, cells, plain_cells]))
    found = []
    for _ in range(draw(st.integers(0, 8))):
        dated = draw(st.booleans())
        begin = draw(st.one_of(st.none(), days))
        found.append(
            Row(
                draw(st.sampled_from(orgs)),
                "" if dated else draw(st.sampled_from(["2008", "2009", "2009H1", "2009Q4", "2009-06", "2008-2009"])),
                draw(days) if dated else None,
                draw(st.sampled_from(["", "", "", "对不上"])),
                begin,
                draw(st.one_of(st.none(), days)),
                draw(content),
            )
        )
    return found


@st.composite
def places(draw: st.DrawFn) -> Place:
    """A county, two towns, four schools; a school may move, close or open."""
    orgs = [Org("C", "county"), Org("T1", "town", "C"), Org("T2", "town", "C")]
    for number in range(4):
        parent = draw(st.sampled_from(["T1", "T2"]))
        change = draw(days)
        match draw(st.sampled_from(["stay", "stay", "move", "close", "open"])):
            case "stay":
                orgs.append(Org(f"S{number}", "school", parent))
            case "move":
                other = "T2" if parent == "T1" else "T1"
                orgs += [Org(f"S{number}", "school", parent, end=change), Org(f"S{number}", "school", other, start=change)]
            case "close":
                orgs.append(Org(f"S{number}", "school", parent, end=change))
            case _:
                orgs.append(Org(f"S{number}", "school", parent, start=change))
    codes = sorted({one.code for one in orgs})
    nil = draw(st.lists(st.tuples(st.just("ledger"), st.sampled_from(codes), st.sampled_from(["2008", "2009", "2009H1"])), max_size=4))
    return Place(orgs, {"ledger": draw(rows(codes)), "register": draw(rows(codes))}, nil)


literals = st.sampled_from(["0", "1", "2.5", "3", "line", "masked"])
operators = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
leaves = st.one_of(
    st.tuples(st.sampled_from(["a", "b", "a + b", "a - b", "-b", "2 * a - b", "b * line"]), operators, literals).map(" ".join),
    st.tuples(st.sampled_from(["a", "b * line"]), operators, st.just("b")).map(" ".join),
    st.tuples(st.sampled_from(["a * b", "abs(b)", "max(a, b)"]), operators, literals).map(" ".join),
    st.tuples(st.just("kind"), st.sampled_from(["== '甲'", "!= '乙'", "in ['甲', '乙']", "not in ['丙', '甲']"])).map(" ".join),
    st.tuples(st.just("grade"), st.sampled_from(["<", "<=", ">", ">="]), st.just("'中'")).map(" ".join),
    st.tuples(st.sampled_from(["day", "date"]), operators, st.sampled_from(["year.start", "year.end", "term.start"])).map(" ".join),
    st.sampled_from(["flag", "not flag", "doubtful", "not doubtful", "flag == flag", "org == 'S1'", "a in [1, 2.5]", "b not in [0, 1]"]),
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        inner.map(lambda one: f"not ({one})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda one: f"({one[0]}) {one[1]} ({one[2]})"),
    ),
    max_leaves=4,
)


@st.composite
def models(draw: st.DrawFn) -> ModelSpec:
    ds = draw(st.sampled_from(["ledger", "register"]))
    one, two = draw(conditions), draw(conditions)
    formulas = {
        "n": f"count({ds}, {one})",
        "s": f"sum({ds}.b, {two})",
        "t": f"sum({ds}.a)",
        "ratio": f"sum({ds}.b, {one}) / sum({ds}.a, {two})",
        "other": f"sum(register.b) / count(ledger, {one})",
        "m": f"mean({ds}.a, {one})",
        "grew": "s - previous(s)",
        "rate": "t / previous(t)",
        "kids": "mean(children(s, school))",
        "total": "sum(children(t, school))",
        "top": "max(children(s, school), 1)",
        "low": "min(children(t, school))",
        "mid": "median(children(t, school))",
        "place": "rank(t, among=school)",
        "part": "share(t, of=parent)",
        "whole": "share(t, of=root)",
        "ofcounty": "share(t, of=county)",
        "median_b": f"median({ds}.b, {one})",
        "quarter": f"quantile({ds}.a, line)",
        "kinds": f"distinct({ds}.kind, {one})",
        "values": f"distinct({ds}.a, {two})",
        "latest": f"last({ds}.a, {one})",
        "earliest": f"first({ds}.b)",
        "spread": "cv(t, over=school, weight=n)",
        "plain_spread": "cv(s, over=school)",
        "run": "streak(t > 1)",
        "pick": "if_(n > 1, s, t)",
        "arith": "-abs(s) * t + max(s, t, line) - n / 2",
        "band_": "band(t, [1, 3], [0, line, 1])",
        "first_known": "coalesce(s, t, 0)",
        "odd": "(s + 1) % 2",
        "valid": f"count({ds}, on(year.end) and ({one}))",
        "recent": f"sum({ds}.a, within(40, days))",
        "months": f"count({ds}, within(3, months) and ({two}))",
        "rounded": "round(t / 3, 1)",
    }
    missing = draw(st.sampled_from(["unknown", "partial"]))
    chosen = draw(st.lists(st.sampled_from(sorted(formulas)), min_size=3, max_size=7, unique=True))
    names = dict.fromkeys(["n", "s", "t", *chosen])
    better = draw(st.sampled_from(["", "lower"]))
    return ModelSpec(
        "p",
        "1",
        "h",
        DATASETS,
        tuple(IndicatorSpec(name, name, "", formulas[name], missing=missing, better=better) for name in names),
        parameters={"line": Parameter(Decimal("0.5")), "masked": Parameter(None)},
        org_kinds={"county": "县", "town": "乡", "school": "校"},
    )
