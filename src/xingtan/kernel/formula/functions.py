"""The functions that one row can answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import reduce
from typing import Any, Protocol

from xingtan.kernel.formula import nodes as n
from xingtan.kernel.formula.calls import bind
from xingtan.kernel.formula.signatures import SIGNATURES
from xingtan.kernel.formula.values import NOT_APPLICABLE, Env, Value, absent, either, quantity, tri, unknown
from xingtan.kernel.quantity import Quantity
from xingtan.kernel.tri import Tri, and3, not3

FAR = 366 * 100  # days; a longer span is a slip of typing, not a period to count working days in


class Evaluator(Protocol):
    """The evaluation that calls."""

    row: Any
    env: Env

    def value(self, expr: n.Expr) -> Value: ...


def _arguments(self: Evaluator, call: n.Call) -> dict[str, Value]:
    """The value of every slot that holds one expression."""
    return {name: self.value(given[0]) for name, given in bind(call, SIGNATURES[call.function]).items()}


def _many(self: Evaluator, call: n.Call) -> list[Value]:
    return [self.value(item) for item in bind(call, SIGNATURES[call.function]).get("values", ())]


def _min(self: Evaluator, call: n.Call) -> Value:
    return _extreme(_many(self, call), -1)


def _max(self: Evaluator, call: n.Call) -> Value:
    return _extreme(_many(self, call), 1)


def _extreme(items: list[Value], sign: int) -> Value:
    days = [item for item in items if isinstance(item, date)]
    if days:
        known = len(days) == sum(not absent(item) for item in items)
        return (max(days) if sign > 0 else min(days)) if known else None
    first, *others = (quantity(item) for item in items)
    return first.maximum(*others) if sign > 0 else first.minimum(*others)


def _clamp(self: Evaluator, call: n.Call) -> Value:
    given = _arguments(self, call)
    if absent(given["a"]):
        return given["a"]
    return _extreme([_extreme([given["a"], given["high"]], -1), given["low"]], 1)


def _round(self: Evaluator, call: n.Call) -> Value:
    digits = bind(call, SIGNATURES["round"]).get("digits", (None,))[0]
    places = int(digits.value) if isinstance(digits, n.Number) else 0
    return quantity(_arguments(self, call)["a"]).rounded(places)


def _abs(self: Evaluator, call: n.Call) -> Value:
    return quantity(_arguments(self, call)["a"]).absolute()


def _if(self: Evaluator, call: n.Call) -> Value:
    given = _arguments(self, call)
    holds = tri(given["condition"])
    if holds is None:
        return either(given["a"], given["b"])
    return given["a"] if holds else given["b"]


def _coalesce(self: Evaluator, call: n.Call) -> Value:
    items = _many(self, call)
    return next((item for item in items if not unknown(item)), items[-1])


def _band(self: Evaluator, call: n.Call) -> Value:
    """Points of the band in which the number lies; if that is undecided, all that it may be."""
    slots = bind(call, SIGNATURES["band"])
    number = quantity(self.value(slots["x"][0]))
    lines = [quantity(item) for item in _tuple(self.value(slots["lines"][0]))]
    points = [quantity(item) for item in _tuple(self.value(slots["points"][0]))]
    if number.is_not_applicable:
        return number
    possible: list[Value] = []
    for at, point in enumerate(points):
        above = number.compare(">=", lines[at - 1]) if at else True
        below = not3(number.compare(">=", lines[at])) if at < len(lines) else True
        if and3(above, below) is not False:
            possible.append(point)
    return reduce(either, possible) if possible else Quantity.unknown()


def _tuple(value: Value) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _on(self: Evaluator, call: n.Call) -> Tri:
    day = _arguments(self, call)["date"]
    begin, end = self.row.get("valid_from"), self.row.get("valid_to")
    if absent(day):
        return False
    if not isinstance(day, date) or not isinstance(begin, date):
        return None
    return begin <= day and (not isinstance(end, date) or day < end)


def _within(self: Evaluator, call: n.Call) -> Tri:
    """Whether the row's date is among the last n days, weeks, months or working days up to `env.end`."""
    given = _arguments(self, call)
    amount, day, end = quantity(given["n"]), self.row.get("date"), self.env.end
    unit = bind(call, SIGNATURES["within"])["unit"][0]
    word = unit.id if isinstance(unit, n.Name) else unit.value if isinstance(unit, n.String) else ""
    if day is NOT_APPLICABLE:
        return False
    if not isinstance(day, date) or end is None:
        return None
    if day > end:
        return False
    back = _distance(self.env, day, end, word)
    return None if back is None else amount.compare(">", back)


def _distance(env: Env, day: date, end: date, unit: str) -> int | None:
    """How many whole units lie between: the day is within n units if n is greater."""
    if unit == "days":
        return (end - day).days
    if unit == "weeks":
        return (end - day).days // 7
    if unit == "months":
        return (end.year - day.year) * 12 + end.month - day.month - (1 if day.day > end.day else 0)
    return _workdays(env, day, end)


def _workdays(env: Env, after: date, until: date) -> int | None:
    if env.calendar is None or abs((until - after).days) > FAR or after == date.max:
        return None
    return env.calendar.workdays(after + timedelta(days=1), until)


def _workdays_call(self: Evaluator, call: n.Call) -> Value:
    given = _arguments(self, call)
    first, last = given["a"], given["b"]
    if absent(first) or absent(last):
        return Quantity.not_applicable()
    if not isinstance(first, date) or not isinstance(last, date):
        return Quantity.unknown(0)
    found = _workdays(self.env, first, last)
    return Quantity.unknown(0) if found is None else Quantity.exact(found)


FUNCTIONS: dict[str, Callable[[Any, n.Call], Value]] = {
    "min": _min,
    "max": _max,
    "clamp": _clamp,
    "round": _round,
    "abs": _abs,
    "if_": _if,
    "coalesce": _coalesce,
    "band": _band,
    "on": _on,
    "within": _within,
    "workdays": _workdays_call,
}
