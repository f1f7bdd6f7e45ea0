"""School years, stages and grades: which grade a class is in on a day, and what the grade is called.

A grade counts within its stage from 1. How long a stage lasts is a parameter of the pack (`primary_years` …), and so a place with five
years of primary school calls the first year of junior school 六年级.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.orgs.packs import pack_by_hash
from xingtan.apps.base.orgs.selectors import active_pack_or_none
from xingtan.kernel.period import Period
from xingtan.kernel.terms import SchoolTerms
from xingtan.pack import Pack
from xingtan.pack.working_days import school_terms

# What a kind of organisation teaches (pack schema) → the word that ledgers and registers write.
WORDS: Mapping[str, str] = MappingProxyType({
    "preschool": "学前", "primary": "小学", "junior": "初中", "senior": "高中", "vocational": "职业高中", "special": "特殊教育",
    "adult": "成人教育",
})  # fmt: skip
STAGES: Mapping[str, str] = MappingProxyType({word: stage for stage, word in WORDS.items()})
NUMERALS = "一二三四五六七八九十"
PRESCHOOL = ("小班", "中班", "大班")
MOST_YEARS = 10


@dataclass(frozen=True)
class Grades:
    """How a place counts: `years` of each stage (word → years, absent where the pack does not say), first days of school years."""

    years: Mapping[str, int]
    terms: SchoolTerms
    taught: Mapping[str, tuple[str, ...]]  # kind of organisation → words of the stages it teaches

    def year_of(self, day: date) -> int:
        """The first calendar year of the school year that a day lies in."""
        return day.year if day >= self.first_day(day.year) else day.year - 1

    def first_day(self, year: int) -> date:
        """The first day of the school year that begins in a calendar year."""
        return self.terms.school_year(Period.parse(f"{year}-{year + 1}"))[0]

    def grade_on(self, entry_year: int, day: date) -> int:
        """The grade in which a class of that year is on a day: 1 in its first year; may lie outside the stage."""
        return self.year_of(day) - entry_year + 1

    def last(self, stage: str) -> int:
        """The last grade of a stage; `MOST_YEARS` where the pack does not say how long it lasts."""
        return self.years.get(stage, MOST_YEARS)

    def within(self, stage: str, grade: int) -> bool:
        return 1 <= grade <= self.last(stage)

    def word(self, stage: str, grade: int) -> str:
        """三年级, 八年级, 高一, 大班; beyond the words, the number."""
        if not 1 <= grade <= MOST_YEARS:
            return f"{grade}"
        if stage == "学前":
            return PRESCHOOL[grade - 1] if grade <= len(PRESCHOOL) else f"{grade}"
        if stage in {"高中", "职业高中"}:
            return f"{stage[0]}{NUMERALS[grade - 1]}"
        through = grade + (self.years.get("小学", 0) if stage == "初中" else 0)
        return f"{NUMERALS[through - 1]}年级" if through <= MOST_YEARS else f"{grade}"

    def all(self) -> tuple[tuple[str, int], ...]:
        """All grades of the stages whose length is known: (stage, grade)."""
        return tuple((stage, grade) for stage, years in self.years.items() for grade in range(1, years + 1))

    def meanings(self) -> dict[str, tuple[tuple[str, int], ...]]:
        """What each grade word may mean: 一年级 is said in primary schools and in special ones."""
        found: dict[str, tuple[tuple[str, int], ...]] = {}
        for stage, grade in self.all():
            word = self.word(stage, grade)
            found[word] = (*found.get(word, ()), (stage, grade))
        return found

    def stages_at(self, kind: str) -> tuple[str, ...]:
        """The stages that a kind of organisation teaches."""
        return self.taught.get(kind, ())


def grades(place: Place) -> Grades:
    """What the pack in force says about stages and school years (kept in memory by its hash). A place without a pack teaches nothing."""
    pack = active_pack_or_none(place)
    return _kept(pack.hash) if pack else Grades({}, SchoolTerms(), {})


@lru_cache(maxsize=32)
def _kept(digest: str) -> Grades:
    return grades_of(pack_by_hash(digest))


def grades_of(pack: Pack) -> Grades:
    """As `grades`, of a pack at hand."""
    years = {}
    for stage, word in WORDS.items():
        found = pack.parameters.get(f"{stage}_years")
        if found is not None and found.value is not None and not isinstance(found.value, str):
            years[word] = int(found.value)
    taught = {kind.id: tuple(WORDS[stage] for stage in kind.stage) for kind in pack.organisation.kinds}
    return Grades(years, school_terms(pack.calendar), taught)


def school_year(grades: Grades, day: date) -> Period:
    """The school year of a day as a period."""
    year = grades.year_of(day)
    return Period.parse(f"{year}-{year + 1}")


def year_label(year: int) -> str:
    """The school year that begins in a calendar year, as clerks write it."""
    return f"{year}-{year + 1}"
