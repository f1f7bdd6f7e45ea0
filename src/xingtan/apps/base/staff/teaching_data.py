"""The registers of teaching for the warehouse: who teaches what, and what each class must be taught. One partition a term.

A class is asked for its curriculum in the terms for which anybody in the place has stated a timetable. One that has stated none is unknown
in all columns of those terms, never short of everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, Sum

from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.orgs.selectors import active_pack_or_none, place_get
from xingtan.apps.base.pupils.grades import Grades, grades
from xingtan.apps.base.pupils.models import SchoolClass
from xingtan.engine.indicators.spec import DatasetSpec
from xingtan.kernel.period import Period
from xingtan.kernel.quantity import Reason
from xingtan.pack import Pack
from xingtan.pack.registers import registers
from xingtan.pack.staff_registers import COURSE_KINDS
from xingtan.warehouse import registry

from . import courses
from .datasets import stamp
from .models import Assignment, Credential
from .pieces import off_subject

if TYPE_CHECKING:
    import pyarrow as pa

Row = Mapping[str, Any]
Classes = Collection[int] | None  # None: all of the place
SUBJECT, WEEK = COURSE_KINDS


class TeachingSource:
    """The source of the two registers."""

    @classmethod
    def register(cls) -> None:
        registry.register(cls())

    def datasets(self, place: str) -> Iterable[DatasetSpec]:
        pack = active_pack_or_none(place_get(place))
        return [registers(pack)[name] for name in TERMS] if pack else []

    def version(self, place: str, dataset: str) -> Mapping[str, str]:
        found = Place.objects.get(slug=place)
        lines = Assignment.objects.filter(school_class__school__place=found).order_by().values("term")
        common = f"{stamp(SchoolClass.objects.filter(school__place=found))}-{stamp(Credential.objects.filter(person__place=found))}"
        release = Place.objects.values_list("pack_release__hash", flat=True).get(pk=found.pk) or ""
        rows = lines.annotate(rows=Count("pk"), last=Max("pk"), versions=Sum("version"))
        return {row["term"]: f"{row['rows']}.{row['last']}.{row['versions']}-{common}-{release[:12]}" for row in rows}

    def table(self, place: str, dataset: str, period: str) -> pa.Table:
        from xingtan.warehouse import rows

        found = place_get(place)
        pack = active_pack_or_none(found)
        assert pack is not None, "the warehouse asks for what datasets() has offered"
        return rows.table(registers(pack)[dataset], TERMS[dataset](found, pack, Period.parse(period), None))


def assignment_rows(place: Place, pack: Pack, term: Period, classes: Classes) -> Iterator[Row]:
    """One row a line of the timetable."""
    first, counts, certified = _first(term), grades(place), _certified(place, _first(term))
    lines = Assignment.objects.filter(school_class__school__place=place, term=term.text).order_by("pk")
    lines = lines if classes is None else lines.filter(school_class__in=classes)
    columns = (
        "pk", "school_class_id", "school_class__school__code", "school_class__stage", "school_class__entry_year", "subject", "teacher_id",
        "periods",
    )  # fmt: skip
    for pk, klass, school, stage, entry, subject, teacher, periods in lines.values_list(*columns):
        yield {
            **_row(f"assignment:{pk}", school, term), "school_class": str(klass), "stage": stage, "grade": counts.grade_on(entry, first),
            "subject": subject, "periods": periods, "person": str(teacher) if teacher else Reason.UNKNOWN,
            "holder": f"{teacher}@{term.text}" if teacher else Reason.UNKNOWN,
            "off_subject": off_subject(subject, certified.get(teacher, [])) if teacher else Reason.UNKNOWN,
        }  # fmt: skip


def curriculum_rows(place: Place, pack: Pack, term: Period, classes: Classes) -> Iterator[Row]:
    """One row a class and subject it must have, and one for the whole week."""
    counts, given = grades(place), given_in(place, term)
    for row in classes_in(place, term, classes):
        plan, grade = plan_for(pack, counts, row.stage, row.entry_year, term)
        base = {"school_class": str(row.pk), "stage": row.stage, "grade": grade}
        for held in courses.compare(plan, grade, given.get(row.pk)):
            yield {
                **_row(f"curriculum:{row.pk}:{term.text}:{held.need.subject}", row.school.code, term), **base, "kind": SUBJECT,
                "subject": held.need.subject, **_numbers(held),
            }  # fmt: skip
        total = plan.total(grade) if plan else None
        if total is not None:
            lessons = given.get(row.pk)
            whole = courses.Held(courses.Need("", total), None, sum(lessons.values(), Decimal(0)) if lessons is not None else None)
            numbers = {**_numbers(whole), "opened": Reason.NOT_APPLICABLE}
            yield {
                **_row(f"curriculum:{row.pk}:{term.text}", row.school.code, term), **base, "kind": WEEK, "subject": Reason.NOT_APPLICABLE,
                **numbers,
            }  # fmt: skip


TERMS: Mapping[str, Callable[[Place, Pack, Period, Classes], Iterator[Row]]] = {
    "assignment": assignment_rows, "curriculum": curriculum_rows,
}  # fmt: skip


def plan_for(pack: Pack, counts: Grades, stage: str, entry_year: int, term: Period) -> tuple[Any, int]:
    """The curriculum of a class in a term and its grade; no curriculum where the class is beyond its stage."""
    first = _first(term)
    grade = counts.grade_on(entry_year, first)
    plan = courses.plan_of(pack, stage, counts.first_day(counts.year_of(first))) if counts.within(stage, grade) else None
    return plan, grade


def classes_in(place: Place, term: Period, classes: Classes = None) -> Iterator[SchoolClass]:
    """The classes that there are on the first day of a term or begin in it."""
    assert term.end is not None
    rows = SchoolClass.objects.filter(school__place=place, valid_from__lte=term.end, valid_to__gt=_first(term)).select_related("school")
    yield from (rows if classes is None else rows.filter(pk__in=classes)).order_by("school__code", "stage", "-entry_year", "number")


def given_in(place: Place, term: Period) -> dict[int, dict[str, Decimal]]:
    """Class → subject → periods a week, of the classes that have stated a timetable."""
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    lines = Assignment.objects.filter(school_class__school__place=place, term=term.text).order_by()
    for klass, subject, periods in lines.values_list("school_class_id", "subject").annotate(total=Sum("periods")):
        found[klass][subject] = periods
    return dict(found)


def _numbers(held: courses.Held) -> dict[str, Any]:
    needed = held.need.required
    return {
        "opened": Reason.UNKNOWN if held.opened is None else held.opened,
        "required": Reason.NOT_APPLICABLE if needed is None else needed,
        "given": Reason.UNKNOWN if held.given is None else held.given,
        "counted": Reason.NOT_APPLICABLE if needed is None else Reason.UNKNOWN if held.counted is None else held.counted,
    }


def _row(row_id: str, org: str, term: Period) -> dict[str, Any]:
    assert term.end is not None
    return {
        "row_id": row_id, "org": org, "period": term.text, "date": None, "valid_from": _first(term),
        "valid_to": term.end + timedelta(days=1),
    }  # fmt: skip


def _first(term: Period) -> date:
    assert term.start is not None, "terms have dates"
    return term.start


def _certified(place: Place, day: date) -> dict[int, list[str]]:
    papers = Credential.objects.filter(person__place=place, kind=Credential.Kind.CERTIFICATE, day__lte=day, withdrawn__gt=day)
    found: dict[int, list[str]] = defaultdict(list)
    for person, subject in papers.values_list("person_id", "subject"):
        found[person].append(subject)
    return found
