"""Telling a series as if today's organisations had always been: whatever is no more hands its numbers to its successors."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from xingtan.engine.indicators.tree import Tree
from xingtan.engine.indicators.world import World

Heirs = Mapping[int, list[tuple[int, Decimal]]]


def heirs_of(world: World, tree: Tree) -> Heirs:
    """For each organisation outside the tree, where its numbers go, with shares.

    Successors hand on to theirs. What closed without a successor goes to the nearest organisation above that is still there, so that
    the past of the whole does not shrink.
    """
    result: dict[int, list[tuple[int, Decimal]]] = {}
    for org in range(len(world.codes)):
        if not tree.present[org]:
            shares: dict[int, Decimal] = {}
            _hand_on((world, tree), org, Decimal(1), shares, frozenset())
            result[org] = sorted(shares.items())
    return result


def _hand_on(where: tuple[World, Tree], org: int, share: Decimal, shares: dict[int, Decimal], seen: frozenset[int]) -> None:
    world, tree = where
    if org < 0 or org in seen:
        return
    if tree.present[org]:
        shares[org] = shares.get(org, Decimal(0)) + share
        return
    after = world.successions.get(org)
    if after is None:
        _hand_on(where, world.last_parent(org), share, shares, seen | {org})
        return
    for successor, part in after:
        _hand_on(where, successor, share * part, shares, seen | {org})
