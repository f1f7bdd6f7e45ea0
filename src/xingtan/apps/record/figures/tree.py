"""The tree of a snapshot: who stood below whom, and how everybody was called, as the snapshot knows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from xingtan.apps.base.orgs.models import FOREVER

if TYPE_CHECKING:
    from xingtan.warehouse.snapshots import Snapshot


@dataclass(frozen=True, slots=True)
class Spell:
    """One organisation for as long as its name, kind and parent stayed the same; half-open."""

    code: str
    name: str
    kind: str
    parent: str
    start: date
    end: date

    def holds(self, day: date | None) -> bool:
        """Whether it held on a day; without a day (nominal years), whether it holds still."""
        return self.end == FOREVER if day is None else self.start <= day < self.end


class Tree:
    """Spells by organisation, in order of time."""

    def __init__(self, spells: Iterable[Spell]) -> None:
        self._of: dict[str, list[Spell]] = {}
        for spell in sorted(spells, key=lambda one: (one.code, one.start)):
            self._of.setdefault(spell.code, []).append(spell)

    def __contains__(self, code: str) -> bool:
        return code in self._of

    @property
    def codes(self) -> list[str]:
        """Codes of all that ever existed, in order."""
        return list(self._of)

    def children(self, code: str, day: date | None) -> list[Spell]:
        """What stood directly below on that day, by code."""
        return [spell for spells in self._of.values() for spell in spells if spell.parent == code and spell.holds(day)]

    def spell(self, code: str, day: date | None) -> Spell | None:
        """What the organisation was on that day; else what it last was before it, else what it first was. None for nobody."""
        found: Spell | None = None
        for spell in self._of.get(code, ()):
            if found is None or day is None or spell.start <= day:
                found = spell
        return found

    def name(self, code: str, day: date | None) -> str:
        """How it was called; the code of an organisation that the snapshot does not know."""
        found = self.spell(code, day)
        return found.name if found is not None else code

    def open(self, day: date | None) -> list[str]:
        """Codes of all that existed on that day."""
        return [code for code, spells in self._of.items() if any(spell.holds(day) for spell in spells)]


def tree_of(snapshot: Snapshot) -> Tree:
    """The snapshot's tree, kept by the snapshot's seal."""
    return _read(_Key(str(snapshot.path), snapshot.version, snapshot))


@dataclass(frozen=True)
class _Key:
    path: str
    version: str
    snapshot: Snapshot

    def __hash__(self) -> int:
        return hash((self.path, self.version))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and (self.path, self.version) == (other.path, other.version)


@lru_cache(maxsize=16)
def _read(key: _Key) -> Tree:
    table = key.snapshot.read("orgs").select(["code", "name", "kind", "parent", "valid_from", "valid_to"])
    columns = (column.to_pylist() for column in table.columns)
    return Tree(
        Spell(code, name, kind, parent or "", start or date.min, end or FOREVER)
        for code, name, kind, parent, start, end in zip(*columns, strict=True)
    )
