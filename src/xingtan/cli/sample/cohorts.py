"""Who is in which grade when: cohorts that enter, lose and gain a few, and leave; counts of all years agree with each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from random import Random

from .tree import MERGED, School

NOW = 2026  # the roster's autumn; the last year with returns is the one before
YEARS = {"学前": 3, "小学": 6, "初中": 3, "高中": 3, "职业高中": 3, "特殊教育": 9}
SHARES = {"学前": 0.12, "小学": 0.45, "初中": 0.23, "高中": 0.15, "职业高中": 0.044, "特殊教育": 0.006}
FIRST_AGE = {"学前": 3, "小学": 6, "初中": 12, "高中": 15, "职业高中": 15, "特殊教育": 7}
TREND = 0.97  # each entry year is a little smaller than the one before
DROPPED = {"初中": 0.004, "高中": 0.006, "职业高中": 0.02}
MOVED = 0.012


@dataclass(frozen=True)
class Change:
    """What happened to a cohort in the school year before an autumn."""

    dropped: int = 0
    left: int = 0
    came: int = 0


@dataclass
class Cohort:
    """Pupils of one school and stage who entered in one autumn. `last`: their number in their last autumn (at most NOW)."""

    school: School
    stage: str
    entry: int
    last: int
    changes: dict[int, Change] = field(default_factory=dict)

    @property
    def end(self) -> int:
        """The last autumn in which they are on the roll."""
        return min(NOW, self.entry + YEARS[self.stage] - 1)

    def size(self, autumn: int) -> int:
        """Pupils on the roll in an autumn; 0 outside the stage."""
        if not self.entry <= autumn <= self.entry + YEARS[self.stage] - 1 or autumn > NOW:
            return 0
        later = [self.changes.get(year, Change()) for year in range(autumn + 1, self.end + 1)]
        return max(0, self.last + sum(one.dropped + one.left - one.came for one in later))

    def grade(self, autumn: int) -> int:
        return autumn - self.entry + 1


class Population:
    """All cohorts that any year of the sample touches."""

    def __init__(self, schools: list[School], pupils: int, random: Random) -> None:
        self.schools = [one for one in schools if one.unit.end is None]
        self.pupils, self.random = pupils, random

    @cached_property
    def cohorts(self) -> list[Cohort]:
        exact = {(school.unit.code, stage, entry): (school, share) for school, stage, entry, share in self._shares()}
        present = [key for key in exact if key[2] + YEARS[key[1]] > NOW]
        whole = _apportion([exact[key][1] for key in present], self.pupils)
        last = dict(zip(present, whole, strict=True))
        made = [Cohort(school, key[1], key[2], last.get(key, round(share))) for key, (school, share) in exact.items()]
        for one in made:
            self._live(one)
        return made

    def _shares(self) -> Iterator[tuple[School, str, int, float]]:
        """School, stage, entry year and its exact share of pupils."""
        total = {stage: sum(one.weights.get(stage, 0) for one in self.schools) for stage in YEARS}
        for school in self.schools:
            for stage, weight in school.weights.items():
                for entry in range(NOW - 4 - YEARS[stage], NOW + 1):
                    share = self.pupils * SHARES[stage] * weight / total[stage] / YEARS[stage]
                    yield school, stage, entry, share * TREND ** (entry - NOW + YEARS[stage] / 2)

    def _live(self, cohort: Cohort) -> None:
        for autumn in range(cohort.entry + 1, cohort.end + 1):
            rate = DROPPED.get(cohort.stage, 0)
            cohort.changes[autumn] = Change(
                self._some(cohort.last * rate), self._some(cohort.last * MOVED), self._some(cohort.last * MOVED)
            )

    def _some(self, expected: float) -> int:
        """A whole number near the expectation, by lot."""
        return int(expected + self.random.random())

    def of(self, school: School, stage: str) -> list[Cohort]:
        return self._by_school.get((school.unit.code, stage), [])

    @cached_property
    def _by_school(self) -> dict[tuple[str, str], list[Cohort]]:
        found: dict[tuple[str, str], list[Cohort]] = {}
        for one in self.cohorts:
            found.setdefault((one.school.unit.code, one.stage), []).append(one)
        return found


def opened(school: School, autumn: int) -> bool:
    """Whether the school had begun by an autumn; what a merger opened had predecessors before."""
    return school.unit.start is None or autumn >= MERGED.year


def _apportion(shares: list[float], whole: int) -> list[int]:
    """Whole numbers that add up, nearest the shares (largest remainders; ties to the earlier)."""
    scale = whole / sum(shares)
    floors = [int(share * scale) for share in shares]
    order = sorted(range(len(shares)), key=lambda at: (floors[at] - shares[at] * scale, at))
    for at in order[: whole - sum(floors)]:
        floors[at] += 1
    return floors
