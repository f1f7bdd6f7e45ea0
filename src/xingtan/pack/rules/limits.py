"""Numbers against the limits of a norm: the stages, region and days of both are compared."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xingtan.kernel.text import T, Text
from xingtan.pack.schema.norms import Limit

from .lint import Finding, Lint, Spot, unlawful

_GOAL_KEYS = ("at_most", "at_least", "equals", "less_than", "more_than")


def numbers(lint: Lint, concern: str) -> Iterator[tuple[Spot, frozenset[str], Decimal]]:
    """Known numbers about a matter: parameters tagged with it, and goals about indicators tagged with it."""
    for name, parameter in lint.pack.parameters.items():
        if concern in parameter.concerns and isinstance(parameter.value, Decimal):
            yield ("parameters", name, ("value",)), frozenset(parameter.stages), parameter.value
    for name, target in lint.pack.targets.items():
        for at, goal in enumerate(target.goals):
            indicator = lint.pack.indicators[goal.indicator]
            if concern not in (*indicator.concerns, *target.concerns):
                continue
            for key in _GOAL_KEYS:
                value = lint.number(getattr(goal, key))
                if value is not None:
                    stages = frozenset(goal.stages or target.stages or indicator.stages)
                    yield ("targets", name, ("goals", at, key)), stages, value


def breaches(lint: Lint, rule: str, concern: str, title: Text) -> Iterator[Finding]:
    """A finding for every number beyond a limit that is for its stages and the place's region."""
    for norm in lint.norms(rule):
        for spot, stages, value in numbers(lint, concern):
            for limit in norm.limits:
                if limit.about == concern and _meant(lint, limit, stages) and beyond(limit, value):
                    bound = limit.at_most if limit.at_most is not None and value > limit.at_most else limit.at_least
                    what = T("%(title)s %(value)s，标准是 %(bound)s%(unit)s", title=title, value=value, bound=bound, unit=limit.unit)
                    yield from unlawful(lint, norm, spot, what, limit)


def _meant(lint: Lint, limit: Limit, stages: frozenset[str]) -> bool:
    region = lint.pack.place.region if lint.pack.place else ""
    same_region = not limit.region or not region or limit.region == region
    return same_region and (not limit.stages or not stages or bool(stages & set(limit.stages)))


def beyond(limit: Limit, value: Decimal) -> bool:
    """Whether a number breaks the limit."""
    return (limit.at_most is not None and value > limit.at_most) or (limit.at_least is not None and value < limit.at_least)
