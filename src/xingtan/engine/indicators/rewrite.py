"""Shapes of formulas: record functions, their conditions and time rules; what the engine refuses though it is well typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

from xingtan.engine.indicators.sheet import TimeRule
from xingtan.engine.indicators.spec import DatasetSpec
from xingtan.kernel.formula.calls import bind
from xingtan.kernel.formula.faults import Fault
from xingtan.kernel.formula.nodes import Binary, Bool, Call, Compare, Expr, Field, ListOf, Name, Not, String, Unary, parts, walk
from xingtan.kernel.formula.signatures import SIGNATURES
from xingtan.kernel.issues import Issue
from xingtan.kernel.text import T

OVER_CHILDREN = {"min": "least", "max": "greatest"}
TIME_RULES = frozenset({"on", "within"})


@dataclass(frozen=True, slots=True)
class Mention:
    """One record function of a formula."""

    call: Call
    dataset: str
    field: str | None
    condition: Expr | None
    rule: TimeRule


def is_children(expr: Expr) -> bool:
    return isinstance(expr, Call) and expr.function == "children"


def rewritten(expr: Expr) -> Expr:
    """min and max over children(…) become functions of their own: the one-row evaluator knows only those over numbers."""
    if isinstance(expr, Call):
        args = tuple(rewritten(item) for item in expr.args)
        if expr.function in OVER_CHILDREN:
            args = tuple(Call(OVER_CHILDREN[expr.function], (item,), span=item.span) if is_children(item) else item for item in args)
        return replace(expr, args=args, kwargs=tuple((name, rewritten(item)) for name, item in expr.kwargs))
    if isinstance(expr, Bool | ListOf):
        return replace(expr, items=tuple(rewritten(item) for item in expr.items))
    if isinstance(expr, Binary | Compare):
        return replace(expr, l=rewritten(expr.l), r=rewritten(expr.r))
    return replace(expr, x=rewritten(expr.x)) if isinstance(expr, Unary | Not) else expr


def mention(call: Call) -> Mention | None:
    """The call as a record function, if it is one."""
    signature = SIGNATURES.get(call.function)
    if signature is None or signature.family != "records":
        return None
    given = bind(call, signature)
    first = given[signature.slots[0].name][0]
    if is_children(first):
        return None
    condition, rule = split(given["condition"][0] if "condition" in given else None)
    if isinstance(first, Field):
        return Mention(call, first.dataset, first.field, condition, rule)
    assert isinstance(first, Name)
    return Mention(call, first.id, None, condition, rule)


def mentioned(expr: Expr) -> Iterator[Mention]:
    """All record functions of a formula."""
    for node in walk(expr):
        if isinstance(node, Call) and (found := mention(node)) is not None:
            yield found


def references(expr: Expr) -> Iterator[str]:
    """Names that stand for figures or parameters: not those inside record functions, nor kinds and words."""
    if isinstance(expr, Name):
        yield expr.id
    elif isinstance(expr, Call):
        if mention(expr) is None:
            signature = SIGNATURES.get(expr.function)
            given = None if signature is None or signature.family != "figures" else bind(expr, signature)
            inner = parts(expr) if given is None else [one for slot in ("x", "weight", "condition") for one in given.get(slot, ())]
            for item in inner:
                yield from references(item)
    else:
        for item in parts(expr):
            yield from references(item)


def split(condition: Expr | None) -> tuple[Expr | None, TimeRule]:
    """Take the first on(…) or within(…) out of a conjunction; what is left is the condition."""
    items = _conjuncts(condition)
    for item in items:
        if isinstance(item, Call) and item.function in TIME_RULES:
            rest = tuple(other for other in items if other is not item)
            return (None if not rest else rest[0] if len(rest) == 1 else Bool("and", rest)), _rule(item)
    return condition, TimeRule()


def word(expr: Expr) -> str:
    """A bare or quoted word."""
    return expr.id if isinstance(expr, Name) else expr.value if isinstance(expr, String) else ""


def _conjuncts(expr: Expr | None) -> tuple[Expr, ...]:
    if expr is None:
        return ()
    if isinstance(expr, Bool) and expr.op == "and":
        return tuple(part for item in expr.items for part in _conjuncts(item))
    return (expr,)


def _rule(call: Call) -> TimeRule:
    given = bind(call, SIGNATURES[call.function])
    if call.function == "on":
        return TimeRule("on", given["date"][0])
    return TimeRule("within", given["n"][0], word(given["unit"][0]))


def faults_of(text: str, expr: Expr, indicators: Set[str], datasets: Mapping[str, DatasetSpec]) -> list[Issue]:
    """An indicator inside a row's condition."""
    faults: list[Fault] = []
    for found in mentioned(expr):
        for node in () if found.condition is None else walk(found.condition):
            if isinstance(node, Name) and node.id in indicators and datasets[found.dataset].field(node.id) is None:
                hint = T("指标只能写在 count、sum 等函数的外面")
                faults.append(_fault("indicator_in_condition", T("行的条件里不能用指标 %(name)s", name=node.id), node, hint))
    return [fault.issue(text) for fault in faults]


def _fault(code: str, message: Any, node: Expr, hint: Any) -> Fault:
    return Fault(f"formula.{code}", message, node.span, hint)


def numbered(call: Call) -> dict[str, tuple[Expr, ...]]:
    """Arguments by slot."""
    return bind(call, SIGNATURES[call.function])
