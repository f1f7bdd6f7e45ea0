"""What the page of a school year shows, gathered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xingtan.apps.base.orgs.selectors import active_pack
from xingtan.apps.base.pupils.grades import Grades, grades
from xingtan.apps.record.figures.asking import Asked
from xingtan.apps.record.ledgers.books import CodeBook
from xingtan.kernel.period import Period, PeriodError, PeriodKind
from xingtan.pack import Pack

from . import ages, flows
from .reading import Reader

FLOW, AGES = "cohort_flow", "age_enrolment"
FLOW_COLUMNS = ("enrolled", "repeaters", "dropouts", "graduates")
AGE_COLUMNS = ("population", "primary", "junior", "senior")


@dataclass(frozen=True, slots=True)
class Page:
    """`sources`: organisations and their number of rows in this school year; `titles`: what the stages are called."""

    year: Period
    before: Period
    stages: tuple[flows.StageFlow, ...]
    enrolment: ages.Enrolment
    sources: tuple[tuple[str, int], ...]
    titles: Mapping[str, str]


def school_year(period: Period) -> Period | None:
    """The school year of a period: the one in which it ends; None where it has no dates."""
    return Period.at(PeriodKind.SCHOOL_YEAR, period.end) if period.end is not None else None


def page(here: Asked, year: Period, sex: str) -> Page:
    """All rates of an organisation for a school year. A place whose pack has not the ledgers has nothing to show."""
    pack, law = active_pack(here.place), grades(here.place)
    titles = stage_titles(pack)
    years = flows.Years(year, {})
    flow = ages_of = None
    if FLOW in pack.ledgers:
        reader = Reader(here.place, pack, here.org, FLOW, ("stage", "grade"), FLOW_COLUMNS)
        years = flows.Years(year, {one: reader.year(one) for one in _wanted(year, law)}, titles)
        flow = years.numbers[year]
    if AGES in pack.ledgers:
        ages_of = Reader(here.place, pack, here.org, AGES, ("age",), AGE_COLUMNS).year(year)
    found = tuple(flows.stage_flow(years, law, stage, sex) for stage in years.stages()) if flow else ()
    return Page(
        year,
        year.previous(),
        found,
        ages.enrolment(ages_of, pack, law, titles) if ages_of else ages.Enrolment(),
        tuple(dict.fromkeys(source for one in (flow, ages_of) if one for source in one.sources)),
        titles,
    )


def stage_titles(pack: Pack) -> Mapping[str, str]:
    """What the stages are called in the reader's language, by their words."""
    table = pack.codes.get("stage")
    return CodeBook.of(table).spoken() if table is not None else {}


def _wanted(year: Period, law: Grades) -> list[Period]:
    """This school year, the one before, and those in which the classes that now leave began their stage."""
    found = [year]
    for back in sorted({1, *(law.last(stage) - 1 for stage in flows.CYCLES)}):
        try:
            found.append(year.previous(back))
        except PeriodError:
            break
    return found
