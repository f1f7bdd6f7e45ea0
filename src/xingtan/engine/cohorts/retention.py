"""A true cohort: who of the pupils that entered a grade in one school year is still on a roll of the county years later.

It needs a register of pupils, and follows each by name instead of assuming that all fare alike; transfers are known and counted apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from xingtan.engine.cohorts.given import Input, Rate
from xingtan.kernel.quantity import Quantity

Ending = Literal["", "transferred", "left", "graduated", "died", "suspended"]  # "": not said, or not ended


@dataclass(frozen=True, slots=True)
class Spell:
    """One pupil on one school's roll in one grade, from `start` until the day before `end` (None: still). `ending`: how it ended.

    `transferred`: out of the county; within it the next spell begins.
    """

    pupil: str
    grade: str
    start: date
    end: date | None = None
    ending: Ending = ""


@dataclass(frozen=True, slots=True)
class Retained:
    """Where the pupils of a cohort are on a day; every pupil stands in exactly one list.

    `rate`: on a roll or graduated ÷ all but those transferred out of the county and those who died. Unknown as far as it is not said how
    somebody's last spell ended.
    """

    day: date
    cohort: tuple[str, ...]
    present: tuple[str, ...]
    graduated: tuple[str, ...]
    transferred: tuple[str, ...]
    died: tuple[str, ...]
    left: tuple[str, ...]
    unsaid: tuple[str, ...]
    rate: Rate


def cohort(spells: Iterable[Spell], grade: str, begin: date, end: date) -> tuple[str, ...]:
    """Pupils whose first spell in the grade begins within the days [begin, end): repeaters of earlier years are none of them."""
    first: dict[str, date] = {}
    for spell in spells:
        if spell.grade == grade:
            first[spell.pupil] = min(spell.start, first.get(spell.pupil, spell.start))
    return tuple(sorted(pupil for pupil, day in first.items() if begin <= day < end))


def retained(spells: Sequence[Spell], pupils: Iterable[str], day: date) -> Retained:
    """Where each of the pupils is on a day."""
    wanted = sorted(set(pupils))
    known = set(wanted)
    own: dict[str, list[Spell]] = defaultdict(list)
    for spell in spells:
        if spell.pupil in known and spell.start <= day:
            own[spell.pupil].append(spell)
    found: dict[str, list[str]] = defaultdict(list)
    for pupil in wanted:
        found[_where(own[pupil], day)].append(pupil)
    lists = {name: tuple(found[name]) for name in ("present", "graduated", "transferred", "died", "left", "unsaid")}
    return Retained(day=day, cohort=tuple(wanted), rate=_rate(lists), **lists)


def _where(spells: Sequence[Spell], day: date) -> str:
    if any(spell.end is None or day < spell.end for spell in spells):
        return "present"  # on leave as well: the school keeps the place
    if not spells:
        return "unsaid"
    last = max(spells, key=lambda spell: (spell.end or date.max, spell.start))
    return {"": "unsaid", "suspended": "unsaid"}.get(last.ending, last.ending)


def _rate(lists: dict[str, tuple[str, ...]]) -> Rate:
    """A pupil of whom nothing is said may still be here, or have left, or have moved away: the rate lies between the extremes."""
    count = {name: len(pupils) for name, pupils in lists.items()}
    stay, left, unsaid = count["present"] + count["graduated"], count["left"], count["unsaid"]
    inputs = tuple(Input(name, Quantity.exact(number)) for name, number in count.items())
    formula = "(present + graduated) ÷ (cohort − transferred − died)"
    if stay + left + unsaid == 0:
        return Rate(Quantity.not_applicable(), formula, inputs)
    if not unsaid:
        return Rate(Quantity.exact(stay) / (stay + left), formula, inputs)
    whole = stay + left + unsaid
    ends = Quantity.exact(stay) / whole, Quantity.exact(stay + unsaid) / whole
    return Rate(Quantity.unknown(ends[0].value, ends[1].value), formula, inputs)
