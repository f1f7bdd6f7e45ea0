"""A formula in the words a clerk reads: 初中在册异动（类别＝辍学）条数 ÷ 学年初在校生数."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

from xingtan.kernel.formula import nodes as n
from xingtan.kernel.formula.calls import bind
from xingtan.kernel.formula.kinds import ROW_NAMES, TIME_NAMES
from xingtan.kernel.formula.printer import to_text
from xingtan.kernel.formula.signatures import SIGNATURES
from xingtan.kernel.text import T, Text

_COMPARE: dict[str, Text] = {
    "==": T("%(a)s＝%(b)s"),
    "!=": T("%(a)s≠%(b)s"),
    "<": T("%(a)s＜%(b)s"),
    "<=": T("%(a)s≤%(b)s"),
    ">": T("%(a)s＞%(b)s"),
    ">=": T("%(a)s≥%(b)s"),
    "in": T("%(a)s为%(b)s之一"),
    "not in": T("%(a)s不为%(b)s之一"),
}
_BINARY: dict[str, Text] = {
    "+": T("%(a)s ＋ %(b)s"),
    "-": T("%(a)s － %(b)s"),
    "*": T("%(a)s × %(b)s"),
    "/": T("%(a)s ÷ %(b)s"),
    "%": T("%(a)s 除以 %(b)s 的余数"),
}
_RECORDS: dict[str, tuple[Text, Text]] = {  # with and without a condition
    "count": (T("%(ds)s（%(where)s）条数"), T("%(ds)s条数")),
    "sum": (T("%(ds)s（%(where)s）的%(field)s之和"), T("%(ds)s的%(field)s之和")),
    "mean": (T("%(ds)s（%(where)s）的%(field)s平均数"), T("%(ds)s的%(field)s平均数")),
    "median": (T("%(ds)s（%(where)s）的%(field)s中位数"), T("%(ds)s的%(field)s中位数")),
    "quantile": (T("%(ds)s（%(where)s）的%(field)s分位数（%(q)s）"), T("%(ds)s的%(field)s分位数（%(q)s）")),
    "distinct": (T("%(ds)s（%(where)s）中不同%(field)s的个数"), T("%(ds)s中不同%(field)s的个数")),
    "first": (T("%(ds)s（%(where)s）中最早一条的%(field)s"), T("%(ds)s中最早一条的%(field)s")),
    "last": (T("%(ds)s（%(where)s）中最近一条的%(field)s"), T("%(ds)s中最近一条的%(field)s")),
}
_CHILDREN = {
    "sum": T("%(series)s之和"),
    "mean": T("%(series)s的平均数"),
    "median": T("%(series)s的中位数"),
    "quantile": T("%(series)s的分位数（%(q)s）"),
    "min": T("%(series)s中的最小者"),
    "max": T("%(series)s中的最大者"),
}
_PLAIN = {
    "previous": T("上期%(x)s"),
    "children": T("各%(kind)s的%(x)s"),
    "cv": T("各%(over)s之间%(x)s的差异系数"),
    "rank": T("%(x)s在同级%(among)s中的名次"),
    "share": T("%(x)s占%(of)s的比重"),
    "target": T("%(x)s的目标值"),
    "streak": T("连续出现“%(condition)s”的期数"),
    "on": T("%(date)s在册"),
    "within": T("期末前 %(n)s %(unit)s内"),
    "workdays": T("从%(a)s到%(b)s的工作日数"),
    "clamp": T("%(a)s（限于 %(low)s 至 %(high)s）"),
    "round": T("%(a)s（四舍五入到整数）"),
    "abs": T("%(a)s的绝对值"),
    "if_": T("若%(condition)s取%(a)s，否则取%(b)s"),
    "band": T("按%(x)s分档给分"),
}
_WORDS = {
    "days": T("天"),
    "workdays": T("个工作日"),
    "weeks": T("周"),
    "months": T("个月"),
    "parent": T("上级"),
    "root": T("全域"),
}
Titles = Mapping[str, str] | Mapping[str, str | Text]
_LEVEL = {"or": 1, "and": 2, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6}
_KIND_SLOTS = frozenset({"kind", "over", "among", "of", "unit"})


def in_words(expr: n.Expr, titles: Titles) -> str:
    """The formula in Chinese. See `words` for the keys of `titles`."""
    return str(words(expr, titles))


def words(expr: n.Expr, titles: Titles) -> Text:
    """The formula as a translatable text.

    `titles` maps ids to titles: `enrolment` a dataset, `enrolment.stage` a column, `dropout_cap` a parameter, indicator or extra name,
    `org_kind:school` a kind of organisation, `enrolment.stage:初中` a code of a column. What has no title is shown by its id.
    """
    return _Speaker(titles).say(expr, None)


class _Speaker:
    def __init__(self, titles: Titles) -> None:
        self.titles = titles

    def say(self, expr: n.Expr, row: str | None) -> Text:
        return _SAY[type(expr)](self, expr, row)

    def plain(self, text: str | Text) -> Text:
        return T("%(text)s", text=text)

    def name(self, expr: n.Name, row: str | None) -> Text:
        keys = ([f"{row}.{expr.id}"] if row else []) + [expr.id]
        found = next((self.titles[key] for key in keys if key in self.titles), None)
        known = ROW_NAMES.get(expr.id) or TIME_NAMES.get(expr.id)
        return self.plain(found or (T(known.title).template if known else expr.id))

    def column(self, expr: n.Field, row: str | None) -> Text:
        return self.plain(self.titles.get(f"{expr.dataset}.{expr.field}", expr.field))

    def listed(self, expr: n.ListOf, row: str | None) -> Text:
        return self.several_of([self.say(item, row) for item in expr.items])

    def several_of(self, items: list[Text]) -> Text:
        return reduce(lambda a, b: T("%(a)s、%(b)s", a=a, b=b), items)

    def inside(self, expr: n.Expr, row: str | None, least: int) -> Text:
        """In brackets if it binds less than its surroundings."""
        said = self.say(expr, row)
        level = _LEVEL[expr.op] if isinstance(expr, n.Bool | n.Binary) else 3 if isinstance(expr, n.Compare) else 9
        return said if level >= least else T("（%(x)s）", x=said)

    def binary(self, expr: n.Binary, row: str | None) -> Text:
        level = _LEVEL[expr.op]
        return Text(_BINARY[expr.op].template, {"a": self.inside(expr.l, row, level), "b": self.inside(expr.r, row, level + 1)})

    def compare(self, expr: n.Compare, row: str | None) -> Text:
        return Text(_COMPARE[expr.op].template, {"a": self.side(expr.l, expr.r, row), "b": self.side(expr.r, expr.l, row)})

    def side(self, expr: n.Expr, other: n.Expr, row: str | None) -> Text:
        """One side of a comparison: a code is called by the title it has in the column it is compared with."""
        if isinstance(expr, n.ListOf):
            return self.several_of([self.side(item, other, row) for item in expr.items])
        if row and isinstance(expr, n.String) and isinstance(other, n.Name):
            return self.plain(self.titles.get(f"{row}.{other.id}:{expr.value}", expr.value))
        return self.inside(expr, row, 4)

    def bool_(self, expr: n.Bool, row: str | None) -> Text:
        join = T("%(a)s且%(b)s") if expr.op == "and" else T("%(a)s或%(b)s")
        return reduce(
            lambda a, b: Text(join.template, {"a": a, "b": b}), (self.inside(item, row, _LEVEL[expr.op] + 1) for item in expr.items)
        )

    def not_(self, expr: n.Not, row: str | None) -> Text:
        if expr.x == n.Name("doubtful"):
            return T("不存疑")
        return T("非%(x)s", x=self.inside(expr.x, row, 4))

    def condition(self, expr: n.Expr, row: str | None) -> Text:
        """The condition of a record function: its parts in a row, with commas."""
        items = expr.items if isinstance(expr, n.Bool) and expr.op == "and" else (expr,)
        return reduce(lambda a, b: T("%(a)s，%(b)s", a=a, b=b), (self.inside(item, row, 2) for item in items))

    def call(self, expr: n.Call, row: str | None) -> Text:
        signature = SIGNATURES.get(expr.function)
        slots = bind(expr, signature) if signature is not None else {}
        if signature is None or any(slot.required and slot.name not in slots for slot in signature.slots):
            return self.plain(to_text(expr))  # not a formula that was checked; said as it is written
        first = next(iter(slots.values()), (None,))[0]
        if expr.function in _CHILDREN and isinstance(first, n.Call) and first.function == "children":
            said = {"series": self.say(first, row), **{key: self.say(value[0], row) for key, value in slots.items() if key == "q"}}
            return Text(_CHILDREN[expr.function].template, said)
        if expr.function in _RECORDS:
            return self.records(expr.function, slots)
        if expr.function in {"min", "max", "coalesce"}:
            return self.several(expr.function, [self.say(value, row) for value in slots["values"]])
        return self.simple(expr.function, slots, row)

    def records(self, function: str, slots: dict[str, tuple[n.Expr, ...]]) -> Text:
        source = next(iter(slots.values()))[0]
        dataset = source.dataset if isinstance(source, n.Field) else source.id if isinstance(source, n.Name) else ""
        said: dict[str, object] = {"ds": self.titles.get(dataset, dataset), "field": self.say(source, None)}
        if "q" in slots:
            said["q"] = self.say(slots["q"][0], None)
        if "condition" in slots:
            said["where"] = self.condition(slots["condition"][0], dataset)
        return Text(_RECORDS[function][0 if "where" in said else 1].template, said)

    def several(self, function: str, items: list[Text]) -> Text:
        if function == "coalesce":
            return reduce(lambda a, b: T("%(a)s（缺则取%(b)s）", a=a, b=b), items)
        listed = reduce(lambda a, b: T("%(a)s、%(b)s", a=a, b=b), items)
        return T("%(items)s中的最小者", items=listed) if function == "min" else T("%(items)s中的最大者", items=listed)

    def simple(self, function: str, slots: dict[str, tuple[n.Expr, ...]], row: str | None) -> Text:
        said = {name: self.slot(name, given[0], row) for name, given in slots.items()}
        if function == "previous" and "n" in said:
            return T("前 %(n)s 期的%(x)s", **said)
        if function == "cv" and "weight" in said:
            return T("各%(over)s之间%(x)s的差异系数（按%(weight)s加权）", **said)
        if function == "round" and "digits" in said:
            return T("%(a)s（四舍五入到 %(digits)s 位小数）", **said)
        return Text(_PLAIN[function].template, said)

    def slot(self, name: str, value: n.Expr, row: str | None) -> Text:
        if name not in _KIND_SLOTS:
            return self.say(value, row)
        word = value.id if isinstance(value, n.Name) else value.value if isinstance(value, n.String) else ""
        return _WORDS.get(word) or self.plain(self.titles.get(f"org_kind:{word}", word))


_SAY: dict[type[Any], Callable[[_Speaker, Any, str | None], Text]] = {
    n.Number: lambda self, expr, _: self.plain(format(expr.value, "f")),
    n.String: lambda self, expr, _: self.plain(expr.value),
    n.ListOf: _Speaker.listed,
    n.Name: _Speaker.name,
    n.Field: _Speaker.column,
    n.Call: _Speaker.call,
    n.Unary: lambda self, expr, row: T("－%(x)s", x=self.inside(expr.x, row, 7)),
    n.Binary: _Speaker.binary,
    n.Compare: _Speaker.compare,
    n.Bool: _Speaker.bool_,
    n.Not: _Speaker.not_,
}
