"""The organisations a computation runs over: those asked, all below them, and those beside and above that their figures look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xingtan.engine.indicators.tree import Ints, Tree
from xingtan.engine.indicators.world import World


@dataclass(frozen=True)
class Axis:
    """`members`: positions among all organisations, in the order of the first tree; `place`: the way back, -1 outside."""

    members: Ints
    place: Ints
    whole: bool

    def tree(self, full: Tree) -> Tree:
        """A tree of all organisations, cut down to the axis."""
        above = full.parent[self.members]
        return Tree(np.where(above >= 0, self.place[above], -1), full.present[self.members], full.kind[self.members])


def axis_of(world: World, trees: Sequence[Tree], orgs: Sequence[int] | None, climbs: int) -> Axis:
    """The axis for some organisations (None: all) whose figures look `climbs` steps up."""
    order = trees[0].order
    if orgs is None:
        return Axis(order, _inverse(order), True)
    inside = np.zeros(len(world.codes), dtype=bool)
    for tree in {id(one): one for one in trees}.values():
        top = np.array(sorted(set(orgs)), dtype=np.int64)
        for _ in range(min(climbs, int(tree.depth.max(initial=0)))):
            top = np.unique(np.where(tree.parent[top] >= 0, tree.parent[top], top))
        below = np.zeros(len(inside), dtype=bool)
        below[top] = True
        for level in reversed(tree.levels):
            below[level.children] |= below[tree.parent[level.children]]
        inside |= below
    members = order[inside[order]]
    return Axis(members, _inverse(members, len(inside)), bool(inside.all()))


def _inverse(members: Ints, size: int | None = None) -> Ints:
    place = np.full(len(members) if size is None else size, -1, dtype=np.int64)
    place[members] = np.arange(len(members))
    return place
