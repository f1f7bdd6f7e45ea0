"""What every rule is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from xingtan.kernel.errors import XingtanError
from xingtan.kernel.formula import Env, evaluate, parse
from xingtan.kernel.issues import Severity
from xingtan.kernel.quantity import Quantity
from xingtan.kernel.text import T, Text
from xingtan.pack.formulas import Formulas
from xingtan.pack.schema.common import Source, Tagged
from xingtan.pack.schema.norms import Limit, Norm
from xingtan.pack.schema.pack import PackData
from xingtan.pack.sources import Path, Sources
from xingtan.pack.tree import Node

NOUNS = {
    "parameters": "parameter",
    "codes": "codes",
    "ledgers": "ledger",
    "indicators": "indicator",
    "targets": "target",
    "duties": "duty",
    "cases": "case",
    "schemes": "scheme",
    "allocations": "allocation",
    "surveys": "survey",
    "reports": "report",
}
COMMANDS = ("parameters", "targets", "duties", "cases", "schemes", "allocations", "reports")  # nouns that order something done
COMPULSORY = frozenset({"primary", "junior"})
EVER, FOREVER = date.min, date.max


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding at a place of an item. `node` is given when the place is no node of the tree (a line of a report)."""

    severity: Severity
    collection: str
    item: str
    path: Path
    message: Text
    hint: Text | None = None
    node: Node | None = None
    span: tuple[int, int] | None = None
    value: str = ""

    @property
    def subject(self) -> str:
        """The item as waivers name it: `parameter debt_share`."""
        return f"{NOUNS.get(self.collection, self.collection)} {self.item}"


@dataclass(frozen=True, slots=True)
class Part:
    """A tagged item or a tagged part of one, with the stages it speaks of."""

    collection: str
    item: str
    path: Path
    tags: Tagged
    stages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lint:
    """The pack under examination."""

    pack: PackData
    sources: Sources
    formulas: Formulas

    def own(self, collection: str) -> Iterator[tuple[str, Any]]:
        """The items of a collection that the pack writes itself."""
        for name, item in getattr(self.pack, collection).items():
            if self.sources.is_own(collection, name):
                yield name, item

    def number(self, text: str | None) -> Decimal | None:
        """The value of a formula over parameters, when it is a known number."""
        expr = parse(text).expr if text is not None else None
        if expr is None:
            return None
        names = {name: Quantity.unknown() if one.value is None else one.value for name, one in self.pack.parameters.items()}
        try:
            found = evaluate(expr, None, Env(names=names))
        except XingtanError:
            return None
        return found.value if isinstance(found, Quantity) else None

    @property
    def span(self) -> tuple[date, date]:
        """First and last day on which the pack governs."""
        effective = self.pack.effective
        return (effective.from_, effective.to or FOREVER) if effective else (EVER, FOREVER)

    def parts(self, *collections: str) -> Iterator[Part]:
        """Tagged items and their tagged parts."""
        for collection in collections or COMMANDS:
            for name, item in getattr(self.pack, collection).items():
                yield Part(collection, name, (), item, frozenset(item.stages))
                for key in ("sections", "vetoes", "consequences"):
                    for at, part in enumerate(getattr(item, key, ())):
                        yield Part(collection, name, (key, at), part, frozenset(part.stages or item.stages))
                if getattr(item, "pay", None) is not None:
                    yield Part(collection, name, ("pay",), item.pay, frozenset(item.stages))

    def concerned(self, *concerns: str, among: tuple[str, ...] = COMMANDS) -> Iterator[Part]:
        """Parts that carry one of the words of `concerns`; a part does not repeat what its whole item says already."""
        whole: set[tuple[str, str]] = set()
        for part in self.parts(*among):
            if set(concerns) & set(part.tags.concerns) and (part.collection, part.item) not in whole:
                if not part.path:
                    whole.add((part.collection, part.item))
                yield part

    def norms(self, rule: str) -> Iterator[Norm]:
        """The norms a rule tests: K16, K16a, K16b …"""
        for name, norm in self.pack.norms.items():
            if name[:3] == rule:
                yield norm

    def verdict(self, norm: Norm, since: date | None = None, until: date | None = None) -> Severity | None:
        """How a breach weighs in the days of the pack; None when the norm had ended. `since` and `until` narrow it to one of its limits."""
        first, last = self.span
        begins, ends = max(norm.from_, since or EVER), min(norm.to or FOREVER, until or FOREVER)
        if ends < first:
            return None
        if begins > last:
            return Severity.HISTORICAL
        return Severity.ERROR if norm.status == "verified" else Severity.WARNING


Spot = tuple[str, str, Path]
_STANDING = {
    "verified": T("%(remedy)s"),
    "corroborated": T("%(remedy)s（这条规范有旁证，尚未核对原文）"),
    "memory": T("%(remedy)s（这条规范凭常识写入，尚未核对原文）"),
}


def unlawful(lint: Lint, norm: Norm, spot: Spot, what: Text, limit: Limit | None = None) -> Iterator[Finding]:
    """A breach of a norm, weighed by the dates of pack and norm."""
    severity = lint.verdict(norm, limit.from_ if limit else None, limit.to if limit else None)
    if severity is None:
        return
    source = Source(document=norm.document, number=norm.number, article=norm.article).words()
    begins = max(norm.from_, limit.from_ or EVER) if limit else norm.from_
    if severity is Severity.HISTORICAL:
        message = T("%(what)s；%(source)s自 %(day)s 起不许，当时尚无此规定", what=what, source=source, day=begins.isoformat())
    else:
        message = T("%(what)s，与%(source)s不合（自 %(day)s 起施行）", what=what, source=source, day=begins.isoformat())
    yield Finding(severity, *spot, message, Text(_STANDING[norm.status].template, {"remedy": norm.remedy}))


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `id` is what findings and waivers call it."""

    id: str
    title: Text
    about: Text
    find: Callable[[Lint], Iterable[Finding]]
    lawful: bool = False
