"""Put the parts together: tree, pupils, returns with their faults, files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random

from .cohorts import Population
from .conditions import conditions
from .dirt import soil
from .returns import SPAN, Returns
from .roster import Roster
from .tree import County, county
from .write import bundle, roster


@dataclass(frozen=True)
class Made:
    """What was written, and how much."""

    schools: int
    pupils: int
    rows: int
    files: tuple[str, ...]


def make(folder: Path, pupils: int, seed: int) -> Made:
    """Write the bundle. Parts draw from streams of their own, so that one more row here does not change all others."""
    tree = county()
    population = Population(tree.schools, pupils, _stream(seed, "pupils"))
    tables = soil(Returns(tree, population, _stream(seed, "returns")).tables(), _stream(seed, "dirt"))
    tables["school_conditions"] = list(conditions(population, _stream(seed, "conditions"), SPAN))
    files = bundle(folder, tree.units, _heirs(tree), tables)
    pupils_now = list(Roster(population, _stream(seed, "roster")).rows())
    files.append(roster(folder, pupils_now))
    return Made(len(population.schools), len(pupils_now), sum(map(len, tables.values())), tuple(files))


def _stream(seed: int, part: str) -> Random:
    return Random(f"{seed}:{part}")  # noqa: S311 - made-up numbers, no secrets


def _heirs(tree: County) -> dict[str, str]:
    """Who carries on after the schools that a merger ended: the school opened in the same town that day."""
    opened = {one.town: one.unit for one in tree.schools if one.unit.start is not None}
    return {one.unit.code: opened[one.town].code for one in tree.schools if one.unit.end is not None}
