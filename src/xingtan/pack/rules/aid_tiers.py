"""Tiers that take the same row: which amount holds would depend on the order of writing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, product
from math import prod
from typing import Any

from xingtan.kernel.errors import XingtanError
from xingtan.kernel.formula import Env, evaluate, parse
from xingtan.kernel.formula.nodes import Expr, Name, walk
from xingtan.kernel.issues import Severity
from xingtan.kernel.text import T
from xingtan.pack.schema.aid import Aid, AidTier

from .lint import Finding, Lint, Rule

MOST = 4096  # combinations of codes that are tried; beyond, the assessment itself finds a row that two tiers take


def find(lint: Lint) -> Iterator[Finding]:
    """Own schemes: every pair of tiers is tried on every combination of the codes they ask for."""
    for name, allocation in lint.own("allocations"):
        aid = allocation.aid
        if aid is None:
            continue
        for at, tier in enumerate(aid.tiers[:-1]):
            if tier.when is None:
                message = T("档次“%(title)s”没有条件，后面的档次永远轮不到", title=tier.title)
                yield Finding(Severity.ERROR, "allocations", name, ("aid", "tiers", at), message, T("写上 when，或把它移到最后"))
        yield from _overlaps(lint, name, aid)


def _overlaps(lint: Lint, name: str, aid: Aid) -> Iterator[Finding]:
    asked = [(at, tier, parse(tier.when).expr) for at, tier in enumerate(aid.tiers) if tier.when is not None]
    for (_, first, one), (at, second, other) in combinations(asked, 2):
        shared = _example(lint, aid, one, other) if one is not None and other is not None else None
        if shared is not None:
            message = T("档次“%(a)s”和“%(b)s”重叠：%(row)s时两档都合", a=first.title, b=second.title, row=shared)
            hint = T("改条件，使任何一行至多合一档")
            yield Finding(Severity.ERROR, "allocations", name, ("aid", "tiers", at, "when"), message, hint, value=_when(second))


def _when(tier: AidTier) -> str:
    return tier.when or ""


def _example(lint: Lint, aid: Aid, one: Expr, other: Expr) -> str | None:
    """A combination of codes for which both hold, in words; None when there is none or it cannot be tried."""
    choices = _choices(lint, aid, one, other)
    if choices is None or prod(len(values) for values in choices.values()) > MOST:
        return None
    env = _env(lint, aid)
    titles = {field.id: field.title for field in lint.pack.ledgers[aid.applications].fields}
    for values in product(*choices.values()):
        row = dict(zip(choices, values, strict=True))
        try:
            if evaluate(one, row, env) is True and evaluate(other, row, env) is True:
                return "、".join(f"{titles[key]}＝{value}" for key, value in row.items())
        except XingtanError:
            return None
    return None


def _choices(lint: Lint, aid: Aid, *exprs: Expr) -> dict[str, tuple[Any, ...]] | None:
    """The codes of every column the conditions ask for; None when one of them is not a code."""
    fields = {field.id: field for field in lint.pack.ledgers[aid.applications].fields}
    names = {node.id for expr in exprs for node in walk(expr) if isinstance(node, Name)} - set(lint.pack.parameters)
    found: dict[str, tuple[Any, ...]] = {}
    for name in sorted(names):
        field = fields.get(name)
        table = lint.pack.codes.get(field.codes or "") if field is not None else None
        if field is None or (table is None and field.type != "boolean"):
            return None
        found[name] = table.words() if table is not None else (True, False)
    return found


def _env(lint: Lint, aid: Aid) -> Env:
    tables = {field.id: lint.pack.codes.get(field.codes or "") for field in lint.pack.ledgers[aid.applications].fields}
    orders: Mapping[str, tuple[str, ...]] = {name: table.words() for name, table in tables.items() if table is not None and table.ordered}
    names = {name: one.value for name, one in lint.pack.parameters.items() if one.value is not None}
    return Env(names=names, orders=orders)


RULE = Rule("aid_tiers", T("档次互不重叠"), T("同一行申请至多合一个档次；没有条件的档次只能放在最后。"), find)
