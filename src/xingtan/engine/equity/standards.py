"""Which conditions a school reaches, and what follows for the county. Three-valued: what is not known is not decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xingtan.kernel.quantity import Quantity
from xingtan.kernel.tri import Tri, all3, and3


@dataclass(frozen=True, slots=True)
class Condition:
    """One indicator and what it has to be at least. `least` None: the pack states no value, so nobody can be judged by it."""

    indicator: str
    least: Decimal | None


@dataclass(frozen=True, slots=True)
class Standard:
    """A school reaches the standard with at least `needed` conditions met and every other at no less than `floor` (a share) of its value.
    The county passes when all schools do and every coefficient of variation is at most `limit`. A number that is None is not laid down."""

    conditions: tuple[Condition, ...]
    needed: Decimal | None
    floor: Decimal | None
    limit: Decimal | None


@dataclass(frozen=True, slots=True)
class Standing:
    """One school: each condition met or not, by indicator; how many at least and at most; whether the school reaches the standard."""

    org: str
    met: Mapping[str, Tri]
    reached: Tri

    @property
    def at_least(self) -> int:
        return sum(one is True for one in self.met.values())

    @property
    def at_most(self) -> int:
        return sum(one is not False for one in self.met.values())


def standing(org: str, values: Mapping[str, Quantity], standard: Standard) -> Standing:
    """Judge one school by its values (an indicator that is absent is unknown)."""
    met = {one.indicator: _least(values.get(one.indicator), one.least) for one in standard.conditions}
    return Standing(org, met, and3(_enough(tuple(met.values()), standard.needed), _floors(values, standard)))


def verdict(standings: Iterable[Standing], coefficients: Iterable[Quantity], limit: Decimal | None) -> Tri:
    """Whether the county passes. Without schools or without coefficients nothing is decided."""
    schools, spreads = list(standings), list(coefficients)
    if not schools or not spreads:
        return None
    return and3(all3(one.reached for one in schools), all3(within(one, limit) for one in spreads))


def within(coefficient: Quantity, limit: Decimal | None) -> Tri:
    """Whether a coefficient of variation keeps to the limit."""
    return None if limit is None or coefficient.is_unknown else coefficient.compare("<=", limit)


def _least(value: Quantity | None, least: Decimal | None) -> Tri:
    """A value that does not apply is not met; an unknown one may still be decided by its bounds."""
    if value is None or least is None:
        return None
    return value.compare(">=", least)


def _enough(met: Sequence[Tri], needed: Decimal | None) -> Tri:
    if needed is None:
        return None
    if sum(one is True for one in met) >= needed:
        return True
    return None if sum(one is not False for one in met) >= needed else False


def _floors(values: Mapping[str, Quantity], standard: Standard) -> Tri:
    if standard.floor is None:
        return None
    return all3(_least(values.get(one.indicator), None if one.least is None else one.least * standard.floor) for one in standard.conditions)
