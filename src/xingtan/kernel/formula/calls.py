"""Calls against the signature table: which argument fills which slot, and whether it suits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from xingtan.kernel.formula import nodes as n
from xingtan.kernel.formula.context import ANY, Context, title
from xingtan.kernel.formula.faults import did_you_mean
from xingtan.kernel.formula.kinds import NUMERIC, FieldType, Kind
from xingtan.kernel.formula.operators import boolean, numeric, together
from xingtan.kernel.formula.signatures import SIGNATURES, Signature, Slot, Takes
from xingtan.kernel.text import T

Infer = Callable[[n.Expr, str | None], FieldType]
Bound = dict[str, tuple[n.Expr, ...]]
_ANY_COLUMN = frozenset({"distinct", "first", "last"})
PERIOD_RULES = frozenset({"on", "within"})


def bind(call: n.Call, signature: Signature) -> Bound:
    """Arguments by slot, as far as they fit; the checker reports the others."""
    bound: dict[str, tuple[n.Expr, ...]] = {}
    slots = signature.slots
    for at, value in enumerate(call.args):
        slot = slots[min(at, len(slots) - 1)]
        if at < len(slots) or slot.many:
            bound[slot.name] = (*bound.get(slot.name, ()), value)
    for name, value in call.kwargs:
        if signature.slot(name) is not None and name not in bound:
            bound[name] = (value,)
    return bound


def check_call(context: Context, call: n.Call, row: str | None, infer: Infer) -> FieldType:
    """The type a call gives; faults for whatever does not suit."""
    signature = SIGNATURES.get(call.function)
    if signature is None:
        hint = did_you_mean(call.function, SIGNATURES) or T("可用的函数：%(names)s", names="、".join(SIGNATURES))
        return context.fault("unknown_function", T("没有函数 %(name)s", name=call.function), call, hint)
    context.use("functions", call.function)
    if signature.family in {"records", "figures"} and row is not None:
        hint = T("先把它写成一个指标，或分成两个公式")
        return context.fault("nested", T("行的条件里不能用 %(name)s", name=call.function), call, hint)
    if call.function in PERIOD_RULES and row is None:
        hint = T("写在条件里，如 count(台账, %(name)s(…))", name=call.function)
        return context.fault("only_in_condition", T("%(name)s 只能用在行的条件里", name=call.function), call, hint)
    if not _arguments(context, call, signature):
        return ANY
    given = _Slots(context, call, bind(call, signature), row, infer)
    for slot in signature.slots:
        for value in given.bound.get(slot.name, ()):
            given.fill(slot, value)
    return given.result(signature)


def _arguments(context: Context, call: n.Call, signature: Signature) -> bool:
    """Number and names of the arguments."""
    before = len(context.faults)
    slots = signature.slots
    usage = T("用法：%(words)s", words=signature.words())
    if len(call.args) > len(slots) and not slots[-1].many:
        context.fault("arguments", T("%(name)s 的参数太多", name=call.function), call.args[len(slots)], usage)
    positional = {slot.name for slot in slots[: len(call.args)]}
    for name, value in call.kwargs:
        if signature.slot(name) is None:
            hint = T("比较相等要写 ==：%(name)s == …", name=name) if signature.slot("condition") else usage
            context.fault("arguments", T("%(function)s 没有参数 %(name)s", function=call.function, name=name), value, hint)
        elif name in positional:
            context.fault("arguments", T("参数 %(name)s 写了两次", name=name), value, usage)
    bound = bind(call, signature)
    for slot in signature.slots:
        if slot.required and slot.name not in bound:
            context.fault("arguments", T("%(name)s 缺少参数：%(title)s", name=call.function, title=slot.title), call, usage)
    return len(context.faults) == before


class _Slots:
    """The filling of one call's slots."""

    def __init__(self, context: Context, call: n.Call, bound: Bound, row: str | None, infer: Infer) -> None:
        self.context, self.call, self.bound, self.row, self.infer = context, call, bound, row, infer
        self.series: FieldType | None = None
        self.source: str | None = None
        self.values: list[tuple[n.Expr, FieldType]] = []

    def fill(self, slot: Slot, value: n.Expr) -> None:
        takes = slot.takes[0]
        if Takes.FIGURES in slot.takes and isinstance(value, n.Call) and value.function == "children":
            takes = Takes.FIGURES
        elif Takes.ORG_KIND in slot.takes and _word(value) not in slot.choices:
            takes = Takes.ORG_KIND
        _FILL[takes](self, slot, value)

    def wrong(self, slot: Slot, value: n.Expr, hint: Any = None) -> None:
        usage = T("用法：%(words)s", words=SIGNATURES[self.call.function].words())
        self.context.fault("argument", T("这里要写%(title)s", title=slot.title), value, hint or usage)

    def dataset(self, slot: Slot, value: n.Expr) -> None:
        if not isinstance(value, n.Name):
            self.wrong(slot, value, T("只写台账的编号，如 count(enrolment)"))
        elif self.context.dataset(value.id, value):
            self.source = value.id

    def column(self, slot: Slot, value: n.Expr) -> None:
        if not isinstance(value, n.Field):
            self.wrong(slot, value, T("写成 台账.栏，如 sum(enrolment.pupils)"))
            return
        found = self.context.column(value)
        self.source = value.dataset if value.dataset in self.context.scope.datasets else None
        if found.kind not in NUMERIC | {Kind.ANY} and self.call.function not in _ANY_COLUMN:
            message = T("%(name)s 要数字栏，这一栏是%(kind)s", name=self.call.function, kind=title(found.kind))
            found = self.context.fault("type", message, value, T("数个数用 count 或 distinct"))
        self.series = found

    def condition(self, slot: Slot, value: n.Expr) -> None:
        if self.source is None:
            if not self.context.faults:
                self.wrong(slot, value, T("children(…) 不带条件"))
            return
        boolean(self.context, value, self.infer(value, self.source))
        _period_rule(self.context, value)

    def figures(self, slot: Slot, value: n.Expr) -> None:
        self.infer(value, self.row)
        assert isinstance(value, n.Call)
        first = bind(value, SIGNATURES["children"]).get("x", (None,))[0]
        self.series = self.context.scope.indicators.get(first.id, ANY) if isinstance(first, n.Name) else ANY
        self.values.append((value, self.series))

    def indicator(self, slot: Slot, value: n.Expr) -> None:
        if not isinstance(value, n.Name):
            self.wrong(slot, value, T("这里只写指标的编号；算式先写成一个指标"))
            return
        found = self.context.scope.indicators.get(value.id)
        if found is None:
            self.context.unknown(T("没有指标 %(name)s", name=value.id), value.id, value, self.context.scope.indicators)
            return
        self.context.use("indicators", value.id)
        if slot.name == "x":
            self.series = found

    def org_kind(self, slot: Slot, value: n.Expr) -> None:
        name, known = _word(value), {*self.context.scope.org_kinds, *slot.choices}
        if name is None:
            self.wrong(slot, value)
        elif self.context.scope.org_kinds and name not in known:
            self.context.unknown(T("没有机构类别 %(name)s", name=name), name, value, known)

    def word(self, slot: Slot, value: n.Expr) -> None:
        if _word(value) not in slot.choices:
            self.wrong(slot, value, T("可以写：%(choices)s", choices="、".join(slot.choices)))

    def whole(self, slot: Slot, value: n.Expr) -> None:
        if not isinstance(value, n.Number) or value.value != value.value.to_integral_value() or value.value > 1000:
            self.wrong(slot, value, T("直接写一个整数"))

    def number(self, slot: Slot, value: n.Expr) -> None:
        found = numeric(self.context, value, self.infer(value, self.row))
        if slot.name == "a":
            self.series = found

    def numbers(self, slot: Slot, value: n.Expr) -> None:
        if not isinstance(value, n.ListOf):
            self.wrong(slot, value, T("写成方括号里的几个数，如 [pass_line, good_line]"))
            return
        for item in value.items:
            numeric(self.context, item, self.infer(item, self.row))

    def date(self, slot: Slot, value: n.Expr) -> None:
        found = self.infer(value, self.row)
        if found.kind not in {Kind.DATE, Kind.ANY}:
            self.wrong(slot, value, T("如 today、year.start，或一个日期栏"))

    def boolean(self, slot: Slot, value: n.Expr) -> None:
        boolean(self.context, value, self.infer(value, self.row))

    def value(self, slot: Slot, value: n.Expr) -> None:
        found = self.infer(value, self.row)
        if self.call.function in {"min", "max", "clamp"} and found.kind is not Kind.DATE:
            found = numeric(self.context, value, found)
        self.values.append((value, found))

    def result(self, signature: Signature) -> FieldType:
        """The type of the call; a last look at the whole."""
        if signature.name == "band":
            self._bands()
        if signature.name in {"min", "max", "coalesce"} and len(self.values) == 1 and not _is_children(self.values[0][0]):
            self.context.fault("arguments", T("%(name)s 至少要两个值", name=signature.name), self.call)
        unified = together(self.context, self.values) if self.values else None
        if signature.returns is not None:
            return FieldType(signature.returns)
        return self.series or unified or ANY

    def _bands(self) -> None:
        lines, points = (self.bound[name][0] for name in ("lines", "points"))
        if isinstance(lines, n.ListOf) and isinstance(points, n.ListOf) and len(points.items) != len(lines.items) + 1:
            hint = T("%(n)s 条线要 %(m)s 个分", n=len(lines.items), m=len(lines.items) + 1)
            self.context.fault("arguments", T("分的个数要比线多一个"), points, hint)


_FILL: dict[Takes, Callable[[_Slots, Slot, n.Expr], None]] = {
    Takes.DATASET: _Slots.dataset,
    Takes.COLUMN: _Slots.column,
    Takes.CONDITION: _Slots.condition,
    Takes.FIGURES: _Slots.figures,
    Takes.INDICATOR: _Slots.indicator,
    Takes.ORG_KIND: _Slots.org_kind,
    Takes.WORD: _Slots.word,
    Takes.WHOLE: _Slots.whole,
    Takes.NUMBER: _Slots.number,
    Takes.NUMBERS: _Slots.numbers,
    Takes.DATE: _Slots.date,
    Takes.BOOLEAN: _Slots.boolean,
    Takes.VALUE: _Slots.value,
}


def _is_children(node: n.Expr) -> bool:
    return isinstance(node, n.Call) and node.function == "children"


def _word(value: n.Expr) -> str | None:
    if isinstance(value, n.Name):
        return value.id
    return value.value if isinstance(value, n.String) else None


def _period_rule(context: Context, condition: n.Expr) -> None:
    """`on` and `within` replace the rule of the period, so they stand alone or joined by `and`, and once."""
    items = condition.items if isinstance(condition, n.Bool) and condition.op == "and" else (condition,)
    rules = [item for item in items if isinstance(item, n.Call) and item.function in PERIOD_RULES]
    inner = [node for node in n.walk(condition) if isinstance(node, n.Call) and node.function in PERIOD_RULES and node not in rules]
    for node in [*inner, *rules[1:]]:
        hint = T("每个条件只写一次，用 and 与其余部分相连")
        context.fault("period_rule", T("on 和 within 代替“属于本期”，不能放在 or、not 里，也不能写两次"), node, hint)
