"""The tree of organisations as of a day, over a fixed axis of organisations: rolling up and finding descendants, vectorised."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Level:
    """Siblings at one depth, grouped by parent: `children` sorted by parent, `starts`, `parents` and `sizes` of the groups."""

    children: Ints | slice
    starts: Ints
    parents: Ints
    sizes: Ints


@dataclass
class Tree:
    """`parent`: position of the parent on the axis, -1 for a root or an organisation outside the tree; `present`; `kind` of each."""

    parent: Ints
    present: npt.NDArray[np.bool_]
    kind: npt.NDArray[np.object_]
    _pairs: dict[frozenset[str], tuple[Ints, Ints]] = field(default_factory=dict)
    _of: dict[frozenset[str], npt.NDArray[np.bool_]] = field(default_factory=dict)

    @cached_property
    def everywhere(self) -> bool:
        """Whether every organisation is in the tree."""
        return bool(self.present.all())

    def equals(self, other: Tree) -> bool:
        """Whether the other is the same tree."""
        pairs = ((self.parent, other.parent), (self.present, other.present), (self.kind, other.kind))
        return all(np.array_equal(a, b) for a, b in pairs)

    @cached_property
    def depth(self) -> Ints:
        """Steps to the root; -1 outside the tree. A loop in the data ends at as many steps as there are organisations."""
        depth = np.where(self.present, 0, -1)
        current, steps = self.parent.copy(), 0
        while (inside := current >= 0).any() and steps <= len(depth):
            depth[inside] += 1
            current[inside] = self.parent[current[inside]]
            steps += 1
        return depth

    @cached_property
    def order(self) -> Ints:
        """Positions by depth, siblings together; outside the tree last. An axis in this order rolls up without copying."""
        rank = np.zeros(len(self.parent), dtype=np.int64)
        placed: list[Ints] = []
        for depth in range(int(self.depth.max(initial=-1)) + 1):
            level = np.flatnonzero(self.depth == depth)
            if depth:
                level = level[np.argsort(rank[self.parent[level]], kind="stable")]
            rank[level] = np.arange(len(level))
            placed.append(level)
        return np.concatenate([*placed, np.flatnonzero(self.depth < 0)])

    @cached_property
    def levels(self) -> list[Level]:
        """From the deepest to the one below the roots."""
        result = []
        for depth in range(int(self.depth.max(initial=-1)), 0, -1):
            children = np.flatnonzero(self.depth == depth)
            above = self.parent[children]
            if (np.diff(above) < 0).any():
                children = children[np.argsort(above, kind="stable")]
                above = self.parent[children]
            starts = np.flatnonzero(np.r_[True, np.diff(above) > 0])
            contiguous = len(children) and children[-1] - children[0] + 1 == len(children) and (np.diff(children) == 1).all()
            at: Ints | slice = slice(int(children[0]), int(children[-1]) + 1) if contiguous else children
            result.append(Level(at, starts, above[starts], np.diff(np.r_[starts, len(children)])))
        return result

    def roll(self, own: npt.NDArray[Any]) -> None:
        """Turn own numbers (organisations × anything) into those of the subtrees, in place; outside the tree: nothing."""
        if not self.everywhere:
            own[~self.present] = 0
        turned = own.T  # organisations last
        for level in self.levels:
            turned[..., level.parents] += np.add.reduceat(turned[..., level.children], level.starts, axis=-1)

    def of(self, kinds: frozenset[str]) -> npt.NDArray[np.bool_]:
        """Which organisations in the tree are of these kinds."""
        if kinds not in self._of:
            self._of[kinds] = self.present & np.isin(self.kind, list(kinds))
        return self._of[kinds]

    def below_any(self, flags: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """All flags (anything × organisations) of the organisations below each, itself not included."""
        own, below = flags.copy(), np.zeros_like(flags)
        for level in self.levels:
            below[:, level.parents] = np.bitwise_or.reduceat(own[:, level.children], level.starts, axis=1)
            own[:, level.parents] |= below[:, level.parents]
        return below

    def pairs(self, kinds: frozenset[str]) -> tuple[Ints, Ints]:
        """Ancestors and their descendants of these kinds (not the organisation itself), sorted by ancestor."""
        if kinds not in self._pairs:
            wanted = np.flatnonzero(self.of(kinds))
            above, below = [], []
            current, steps = self.parent[wanted], 0
            while len(wanted) and steps <= len(self.parent):
                keep = current >= 0
                wanted, current = wanted[keep], current[keep]
                above.append(current)
                below.append(wanted)
                current, steps = self.parent[current], steps + 1
            ancestors = np.concatenate(above) if above else np.zeros(0, dtype=np.int64)
            descendants = np.concatenate(below) if below else ancestors
            order = np.argsort(ancestors, kind="stable")
            self._pairs[kinds] = ancestors[order], descendants[order]
        return self._pairs[kinds]

    def ancestor(self, kinds: frozenset[str]) -> Ints:
        """The nearest organisation above of these kinds, -1 if there is none."""
        fits = np.isin(self.kind, list(kinds))
        current, steps = self.parent.copy(), 0
        while (wrong := (current >= 0) & ~fits[current]).any() and steps <= len(current):
            current[wrong] = self.parent[current[wrong]]
            steps += 1
        return current

    @cached_property
    def root(self) -> Ints:
        """The root above each organisation (itself if it is one)."""
        current, steps = np.arange(len(self.parent)), 0
        while (inner := self.parent[current] >= 0).any() and steps <= len(current):
            current[inner] = self.parent[current[inner]]
            steps += 1
        return current

    def below(self, position: int) -> npt.NDArray[np.bool_]:
        """Which positions lie in the subtree of one, itself included."""
        inside = np.zeros(len(self.parent), dtype=bool)
        inside[position] = self.present[position]
        for level in reversed(self.levels):
            inside[level.children] |= inside[self.parent[level.children]]
        return inside
