"""Read teaching: which classes are short of what, who teaches how much."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.orgs.selectors import active_pack_or_none
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.pupils.grades import Grades, grades
from xingtan.apps.base.pupils.models import SchoolClass
from xingtan.kernel.period import Period, PeriodKind

from . import courses
from .models import Assignment, Credential
from .pieces import off_subject
from .teaching_data import classes_in, given_in, plan_for


@dataclass(frozen=True, slots=True)
class Standing:
    """A class in a term: what it must be taught and is. `stated`: whether its timetable was entered at all."""

    row: SchoolClass
    name: str
    grade: int
    stated: bool
    held: tuple[courses.Held, ...]
    total: Decimal
    week: Decimal | None

    @property
    def opened(self) -> int:
        return sum(one.opened is True for one in self.held)

    @property
    def missing(self) -> list[str]:
        """Subjects that are not opened."""
        return [one.need.subject for one in self.held if one.opened is False]

    @property
    def short(self) -> list[tuple[str, Decimal]]:
        """Subjects opened with fewer periods than required, and how many are missing."""
        return [(one.need.subject, one.short) for one in self.held if one.opened and one.short]

    @property
    def required(self) -> Decimal:
        return sum((one.need.required for one in self.held if one.need.required is not None), Decimal(0))

    @property
    def counted(self) -> Decimal:
        return sum((one.counted for one in self.held if one.counted is not None), Decimal(0))

    @property
    def state(self) -> str:
        """A light: met, near (opened, but short of periods), miss, or none while nothing is stated or asked."""
        if not self.stated or not self.held:
            return "none"
        if self.missing:
            return "miss"
        return "near" if self.short else "met"


def standings(place: Place, term: Period, schools: Collection[int] | None = None) -> list[Standing]:
    """All classes of a term at schools, in order."""
    pack, counts, given = active_pack_or_none(place), grades(place), given_in(place, term)
    found = []
    for row in classes_in(place, term):
        if schools is None or row.school_id in schools:
            plan, grade = plan_for(pack, counts, row.stage, row.entry_year, term) if pack else (None, 0)
            lessons = given.get(row.pk)
            held = tuple(courses.compare(plan, grade, lessons))
            total = sum(lessons.values(), Decimal(0)) if lessons else Decimal(0)
            name = class_name(row, counts, _first(term))
            found.append(Standing(row, name, grade, lessons is not None, held, total, plan.total(grade) if plan else None))
    return found


def class_name(row: SchoolClass, counts: Grades, day: date) -> str:
    """What a class is called on a day: by its school, else by grade and number."""
    if row.title:
        return row.title
    return _("%(grade)s（%(number)s）班") % {"grade": counts.word(row.stage, counts.grade_on(row.entry_year, day)), "number": row.number}


@dataclass(slots=True)
class Load:
    """What one teacher teaches in a term."""

    person: Person
    schools: list[str] = field(default_factory=list)
    lines: list[tuple[str, str, Decimal, bool]] = field(default_factory=list)  # class, subject, periods, outside the teacher's subject

    @property
    def periods(self) -> Decimal:
        return sum((periods for _class, _subject, periods, _off in self.lines), Decimal(0))

    @property
    def subjects(self) -> list[str]:
        return list(dict.fromkeys(subject for _class, subject, _periods, _off in self.lines))

    @property
    def outside(self) -> list[str]:
        """Subjects taught for which the teacher's certificates do not stand."""
        return list(dict.fromkeys(subject for _class, subject, _periods, off in self.lines if off))


def loads(place: Place, term: Period, schools: Collection[int] | None = None) -> list[Load]:
    """Each teacher's load in a term: all of it, also what is taught at schools that were not asked for."""
    counts, first = grades(place), _first(term)
    lines = Assignment.objects.filter(school_class__school__place=place, term=term.text, teacher__isnull=False)
    if schools is not None:
        lines = lines.filter(teacher__in=lines.filter(school_class__school__in=schools).values("teacher"))
    rows = list(lines.select_related("teacher", "school_class__school").order_by("teacher__initials", "teacher_id", "school_class", "pk"))
    certified = certificates({row.teacher_id for row in rows if row.teacher_id}, first)
    found: dict[int, Load] = {}
    for row in rows:
        assert row.teacher is not None
        load = found.setdefault(row.teacher.pk, Load(row.teacher))
        if row.school_class.school.name not in load.schools:
            load.schools.append(row.school_class.school.name)
        off = off_subject(row.subject, certified.get(row.teacher.pk, [])) is True
        load.lines.append((class_name(row.school_class, counts, first), row.subject, row.periods, off))
    return list(found.values())


def certificates(persons: Iterable[int], day: date) -> Mapping[int, list[str]]:
    """Subjects for which persons hold teaching certificates on a day."""
    found: dict[int, list[str]] = defaultdict(list)
    papers = Credential.objects.filter(person__in=list(persons), kind=Credential.Kind.CERTIFICATE, day__lte=day, withdrawn__gt=day)
    for person, subject in papers.values_list("person_id", "subject"):
        found[person].append(subject)
    return found


def present_term() -> Period:
    """The term that today lies in."""
    return Period.at(PeriodKind.TERM, timezone.localdate())


def terms_known(place: Place) -> list[Period]:
    """The terms with timetables, and the present and next one, the latest first."""
    texts = set(Assignment.objects.filter(school_class__school__place=place).order_by().values_list("term", flat=True).distinct())
    now = present_term()
    found = {Period.parse(text) for text in texts} | {now, now.next()}
    return sorted(found, key=lambda one: one.text, reverse=True)


def _first(term: Period) -> date:
    assert term.start is not None
    return term.start
