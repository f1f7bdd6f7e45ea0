"""Formulas and rows at random, well typed, for the laws of the language."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from xingtan.kernel.calendar import TableCalendar
from xingtan.kernel.formula import Binary, Bool, Call, Compare, Env, FieldType, Kind, ListOf, Name, Not, Number, Scope, String, Unary
from xingtan.kernel.quantity import Quantity, Reason

GRADES = ("一般", "较大", "重大")
ROW = {
    "a": FieldType(Kind.NUMBER),
    "b": FieldType(Kind.NUMBER),
    "fee": FieldType(Kind.NUMBER),
    "kind": FieldType(Kind.CODE, ("辍学", "转出", "死亡")),
    "grade": FieldType(Kind.CODE, GRADES, ordered=True),
    "born": FieldType(Kind.DATE),
    "poor": FieldType(Kind.BOOLEAN),
}
SCOPE = Scope(datasets={"ds": ROW}, parameters={"cap": FieldType(Kind.NUMBER)}, row_dataset="ds")
ENV = Env(
    names={"cap": Decimal(3)},
    times={"today": date(2009, 6, 30), "year.start": date(2008, 9, 1)},
    end=date(2009, 6, 30),
    calendar=TableCalendar(),
    orders={"grade": GRADES},
)
NUMBERS = st.sampled_from([Number(Decimal(value)) for value in (0, 1, 100)])
DAYS = st.dates(date(2008, 1, 1), date(2009, 12, 31))


def numbers(depth: int = 3) -> st.SearchStrategy:
    """Expressions that give a number."""
    leaf = NUMBERS | st.sampled_from([Name("a"), Name("b"), Name("fee"), Name("cap")])
    if not depth:
        return leaf
    inner = st.deferred(lambda: numbers(depth - 1))
    condition = st.deferred(lambda: conditions(depth - 1))
    return (
        leaf
        | st.builds(Binary, st.sampled_from(["+", "-", "*"]), inner, inner)
        | st.builds(Unary, st.just("-"), inner)
        | st.builds(lambda x, y: Call("min", (x, y)), inner, inner)
        | st.builds(lambda x, y: Call("max", (x, y)), inner, inner)
        | st.builds(lambda x: Call("abs", (x,)), inner)
        | st.builds(lambda x: Call("round", (x, Number(Decimal(1)))), inner)
        | st.builds(lambda x: Call("clamp", (x, Number(Decimal(0)), Number(Decimal(100)))), inner)
        | st.builds(lambda c, x, y: Call("if_", (c, x, y)), condition, inner, inner)
        | st.builds(lambda x, y: Call("band", (x, ListOf((Number(Decimal(1)),)), ListOf((y, Number(Decimal(100)))))), inner, inner)
        | st.builds(lambda: Call("workdays", (Name("born"), Name("today"))))
    )


def conditions(depth: int = 3) -> st.SearchStrategy:
    """Expressions that give a condition of a row."""
    number = st.deferred(lambda: numbers(max(depth - 1, 0)))
    compare = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
    leaf = (
        st.just(Name("poor"))
        | st.builds(
            lambda op, code: Compare(op, Name("kind"), String(code)), st.sampled_from(["==", "!="]), st.sampled_from(ROW["kind"].codes)
        )
        | st.builds(lambda op: Compare(op, Name("kind"), ListOf((String("辍学"), String("转出")))), st.sampled_from(["in", "not in"]))
        | st.builds(lambda op, code: Compare(op, Name("grade"), String(code)), compare, st.sampled_from(GRADES))
        | st.builds(lambda op: Compare(op, Name("born"), Name("year.start")), compare)
        | st.builds(lambda unit: Call("within", (Name("cap"), Name(unit))), st.sampled_from(["days", "weeks", "months", "workdays"]))
    )
    if not depth:
        return leaf
    inner = st.deferred(lambda: conditions(depth - 1))
    return (
        leaf
        | st.builds(Compare, compare, number, number)
        | st.builds(Not, inner)
        | st.builds(lambda op, items: Bool(op, tuple(items)), st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3))
    )


def quantities() -> st.SearchStrategy[Quantity]:
    """Exact, bounded and unknown numbers."""
    ends = st.integers(-20, 20).map(Decimal) | st.none()
    return st.builds(_interval, ends, ends, st.booleans(), st.booleans(), st.booleans())


def _interval(a: Decimal | None, b: Decimal | None, lo_open: bool, hi_open: bool, unknown: bool) -> Quantity:
    if a is not None and b is not None:
        a, b = min(a, b), max(a, b)
        if a == b:
            return Quantity.exact(a)
    reason = Reason.UNKNOWN if unknown else Reason.NONE
    return Quantity(a, b, lo_open, hi_open, reason)


def wide_rows() -> st.SearchStrategy[dict]:
    """Rows in which anything may be unknown."""
    return st.fixed_dictionaries({
        "a": quantities(), "b": quantities(), "fee": quantities(), "kind": st.none() | st.sampled_from(ROW["kind"].codes),
        "grade": st.none() | st.sampled_from(GRADES), "born": st.none() | DAYS, "poor": st.none() | st.booleans(), "date": st.none() | DAYS,
    })  # fmt: skip


@st.composite
def narrowed(draw: st.DrawFn, row: dict) -> dict:
    """The same row with more known."""
    known = {
        "kind": st.sampled_from(ROW["kind"].codes),
        "grade": st.sampled_from(GRADES),
        "born": DAYS,
        "date": DAYS,
        "poor": st.booleans(),
    }
    return {
        key: _inside(draw, value) if isinstance(value, Quantity) else draw(known[key]) if value is None else value
        for key, value in row.items()
    }


def _inside(draw: st.DrawFn, value: Quantity) -> Quantity:
    """A point or the same interval."""
    if draw(st.booleans()):
        return value
    lo = value.lo if value.lo is not None else (value.hi if value.hi is not None else Decimal(0)) - 7
    hi = value.hi if value.hi is not None else lo + 7
    point = lo + (hi - lo) * draw(st.sampled_from([Decimal(0), Decimal("0.25"), Decimal("0.5"), Decimal(1)]))
    return Quantity.exact(point) if value.contains(point) else value


def days_before(day: date, n: int) -> date:
    return day - timedelta(days=n)
