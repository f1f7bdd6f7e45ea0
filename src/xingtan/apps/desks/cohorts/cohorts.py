"""True cohorts from the register of pupils: who began the first grade of a stage, and where they are at the end of each year since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Min

from xingtan.apps.base.orgs.models import FOREVER, Organisation, Place
from xingtan.apps.base.orgs.selectors import subtree_ids
from xingtan.apps.base.pupils.grades import Grades, year_label
from xingtan.apps.base.pupils.models import Enrolment, Movement
from xingtan.engine.cohorts.retention import Ending, Retained, Spell, cohort, retained
from xingtan.kernel.text import Text

from .printing import percent

CHUNK = 500
WITHIN = "转学"  # the act by which a pupil moves to another school of the county
ENDINGS: dict[str, Ending] = {
    Movement.Kind.OUT: "transferred",
    Movement.Kind.DROP: "left",
    Movement.Kind.GRADUATE: "graduated",
    Movement.Kind.COMPLETE: "graduated",
    Movement.Kind.DEATH: "died",
}


@dataclass(frozen=True, slots=True)
class CohortLine:
    """A cohort on a day: how many began, where they are, and which share of those who could be here is."""

    entry: str
    day: date
    began: int
    present: int
    graduated: int
    transferred: int
    died: int
    left: int
    unsaid: int
    rate: Text


def lines(place: Place, org: Organisation, law: Grades, stage: str, today: date) -> list[CohortLine]:
    """The cohorts of as many years as the stage lasts, the latest first; each as of today, or of the day its last grade ended."""
    now = law.year_of(today)
    found = []
    for year in range(now, now - law.last(stage), -1):
        begin, end = law.first_day(year), law.first_day(year + 1)
        if pupils := _beginners(place, org, stage, (begin, end)):
            spells = _spells(place, stage, pupils)
            day = min(today, law.first_day(year + law.last(stage)) - timedelta(days=1))
            found.append(_told(year_label(year), retained(spells, cohort(spells, "1", begin, end), day)))
    return found


def _beginners(place: Place, org: Organisation, stage: str, span: tuple[date, date]) -> list[int]:
    """Pupils who sat in the first grade for the first time within the days, at a school of the organisation."""
    begin, end = span
    first = Enrolment.objects.filter(place=place, stage=stage, grade=1, valid_from__lt=F("valid_to"))
    began = first.values("pupil").annotate(day=Min("valid_from")).filter(day__gte=begin, day__lt=end)
    at = first.filter(valid_from__gte=begin, valid_from__lt=end, school__in=subtree_ids(org))
    return sorted(set(began.values_list("pupil", flat=True)) & set(at.values_list("pupil", flat=True)))


def _spells(place: Place, stage: str, pupils: Sequence[int]) -> list[Spell]:
    """All spells of the pupils in the stage, each with how it ended."""
    found: list[Spell] = []
    for chunk in _chunks(pupils):
        rows = Enrolment.objects.filter(place=place, pupil__in=chunk, valid_from__lt=F("valid_to"))
        ends = Movement.objects.filter(place=place, pupil__in=chunk, undone=False, ended__isnull=False).exclude(act__kind=WITHIN)
        kinds = dict(ends.values_list("ended_id", "kind"))
        found += [
            Spell(
                str(pupil),
                str(grade) if own == stage else own,
                start,
                None if last == FOREVER else last,
                ENDINGS.get(kinds.get(pk, ""), ""),
            )
            for pk, pupil, own, grade, start, last in rows.values_list("pk", "pupil_id", "stage", "grade", "valid_from", "valid_to")
        ]
    return found


def _chunks(numbers: Sequence[int]) -> Iterable[Sequence[int]]:
    return (numbers[start : start + CHUNK] for start in range(0, len(numbers), CHUNK))


def _told(entry: str, found: Retained) -> CohortLine:
    return CohortLine(
        entry=entry,
        day=found.day,
        began=len(found.cohort),
        present=len(found.present),
        graduated=len(found.graduated),
        transferred=len(found.transferred),
        died=len(found.died),
        left=len(found.left),
        unsaid=len(found.unsaid),
        rate=percent(found.rate.value),
    )
