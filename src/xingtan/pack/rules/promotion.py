"""Where a scheme or letter turns on promotion to the next stage."""

from __future__ import annotations

from collections.abc import Iterator

from xingtan.pack.schema.scheme import Scheme
from xingtan.pack.schema.target import Target
from xingtan.pack.sources import Path

from .lint import Lint

WORD = "promotion_rate"


def promoting(lint: Lint) -> frozenset[str]:
    """Indicators that are about promotion, or computed from such."""
    found = {name for name, one in lint.pack.indicators.items() if WORD in one.concerns}
    uses = {name: checked[0].uses.indicators for name, checked in lint.formulas.of("indicators").items()}
    grown = True
    while grown:
        more = {name for name, used in uses.items() if name not in found and used & found}
        found |= more
        grown = bool(more)
    return frozenset(found)


def promoting_sections(lint: Lint, scheme: Scheme) -> Iterator[Path]:
    """Parts of a scheme that are tagged so or read such an indicator; the whole scheme when it is tagged."""
    if WORD in scheme.concerns:
        yield ("concerns",)
        return
    indicators = promoting(lint)
    used: dict[Path, frozenset[str]] = {}
    for one in lint.formulas.all:
        if one.slot.collection == "schemes" and one.slot.item == scheme.id:
            path = one.slot.path[:2]
            used[path] = used.get(path, frozenset()) | one.checked.uses.indicators
    for key in ("sections", "vetoes", "consequences"):
        for at, part in enumerate(getattr(scheme, key)):
            named = {getattr(part, "indicator", None)} | used.get((key, at), frozenset())
            if WORD in part.concerns or named & indicators:
                yield (key, at)


def promoting_goals(lint: Lint, target: Target) -> Iterator[Path]:
    """Goals about such indicators."""
    indicators = promoting(lint)
    for at, goal in enumerate(target.goals):
        if goal.indicator in indicators:
            yield ("goals", at, "indicator")
