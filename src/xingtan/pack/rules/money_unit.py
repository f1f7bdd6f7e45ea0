"""Money kept in 万元: sums would be wrong by four digits."""

from __future__ import annotations

from collections.abc import Iterator

from xingtan.kernel.issues import Severity
from xingtan.kernel.text import T

from .lint import Finding, Lint, Rule

LARGE = ("万元", "亿元", "千元", "百元")


def find(lint: Lint) -> Iterator[Finding]:
    """Own parameters, indicators and columns whose unit is a multiple of the yuan."""
    for collection in ("parameters", "indicators"):
        for name, item in lint.own(collection):
            yield from _finding(collection, name, ("unit",), item.unit)
    for name, ledger in lint.own("ledgers"):
        for field in ledger.fields:
            yield from _finding("ledgers", name, ("fields", field.id, "unit"), field.unit)


def _finding(collection: str, name: str, path: tuple[str, ...], unit: str) -> Iterator[Finding]:
    if unit.startswith(LARGE):
        message = T("钱一律以元记账，这里的单位是%(unit)s", unit=unit)
        hint = T("数值换算成元，unit 写元；要按万元印出，在报告里写 {{ … | wan }}")
        yield Finding(Severity.WARNING, collection, name, path, message, hint)


RULE = Rule("money_unit", T("钱以元记账"), T("参数、指标和台账的钱都以元为单位；万元只是印出来的写法。"), find)
