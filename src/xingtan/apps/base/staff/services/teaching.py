"""The verb on teaching: state who teaches what to a class in a term, the whole of it at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Q, QuerySet

from xingtan.apps.base.audit.services import Actor, record
from xingtan.apps.base.orgs.models import Organisation
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.pupils.models import SchoolClass
from xingtan.apps.base.staff import codes
from xingtan.apps.base.staff.models import Assignment
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Where, error
from xingtan.kernel.period import Period, PeriodKind
from xingtan.kernel.text import T

MOST_PERIODS = Decimal(40)  # a week has no more for one class in one subject, whatever the place


@dataclass(frozen=True, slots=True)
class Lesson:
    """One line: a subject, who teaches it (None: nobody yet), periods a week. `at` is the line's number, for what is said of it."""

    subject: str
    teacher: Person | None
    periods: Decimal
    at: int = 0


@transaction.atomic
def timetable_set(*, school_class: SchoolClass, term: Period, lessons: Sequence[Lesson], seen: str, actor: Actor) -> int:
    """Replace what a class is taught in a term. `seen` is the `stamp` the change was made from. Returns the number of lines."""
    row = SchoolClass.objects.select_for_update(of=("self",)).select_related("school__place").get(pk=school_class.pk)
    old = list(lessons_of(row, term))
    if stamp(old) != seen:
        message = T("这个班的任课刚刚被别人改过，您的修改没有保存")
        raise XingtanError.one("staff.stale", message, T("打开最新的任课表，核对后再改"))
    if issues := faults(row, term, lessons):
        raise XingtanError(issues)
    before = {"term": term.text, "lessons": told(old)}
    _replace(row, term, old, lessons)
    after = {"term": term.text, "lessons": [_said(one.subject, one.teacher, one.periods) for one in lessons]}
    record(actor=actor, action="teaching.set", place=row.school.place.slug, target=row, before=before, after=after)
    return len(lessons)


def _replace(row: SchoolClass, term: Period, old: Iterable[Assignment], lessons: Sequence[Lesson]) -> None:
    """Lines that stay keep their row; others go and come."""
    kept = {(one.subject, one.teacher_id): one for one in old}
    wanted = {(one.subject, one.teacher.pk if one.teacher else None): one for one in lessons}
    Assignment.objects.filter(pk__in=[one.pk for key, one in kept.items() if key not in wanted]).delete()
    fresh = []
    for key, lesson in wanted.items():
        held = kept.get(key)
        if held is None:
            fresh.append(
                Assignment(school_class=row, term=term.text, subject=lesson.subject, teacher=lesson.teacher, periods=lesson.periods)
            )
        elif held.periods != lesson.periods:
            held.periods, held.version = lesson.periods, held.version + 1
            held.save(update_fields=["periods", "version"])
    Assignment.objects.bulk_create(fresh)


def faults(row: SchoolClass, term: Period, lessons: Sequence[Lesson]) -> list[Issue]:
    """Everything that speaks against the lines, each with its place."""
    if term.kind is not PeriodKind.TERM or term.start is None or term.end is None:
        return [error("staff.term", T("“%(term)s”不是学期", term=term.text), Where(field="term"), T("写成 2009-2010T1"))]
    if not (row.valid_from <= term.end and term.start < row.valid_to):
        return [error("staff.class_term", T("这个班在那个学期不存在"), Where(field="term"), T("选班级存续期间的学期"))]
    here = set(teachers_at(row.school, term).values_list("pk", flat=True))
    found, seen = [], set()
    for lesson in lessons:
        key = (lesson.subject, lesson.teacher.pk if lesson.teacher else None)
        found += _line_faults(row, lesson, term.start, here)
        if key in seen:
            message = T("“%(subject)s”由同一教师任教写了两遍", subject=lesson.subject)
            found.append(error("staff.lesson_twice", message, _at(lesson, "subject"), T("合成一行")))
        seen.add(key)
    return found


def _line_faults(row: SchoolClass, lesson: Lesson, day: date, here: set[int]) -> list[Issue]:
    wrong = codes.fault(row.school.place, "subject", lesson.subject, T("学科"), required=True, day=day)
    found = [error(issue.code, issue.message, _at(lesson, "subject"), issue.hint) for issue in wrong]
    if not 0 < lesson.periods <= MOST_PERIODS:
        message = T("周课时“%(periods)s”不合理", periods=f"{lesson.periods:f}")
        found.append(error("staff.periods", message, _at(lesson, "periods"), T("填大于 0、不超过 %(most)s 的数", most=f"{MOST_PERIODS}")))
    elif lesson.periods * 2 != (lesson.periods * 2).to_integral_value():
        found.append(error("staff.periods_half", T("周课时只能是整数或半数"), _at(lesson, "periods"), T("单双周轮上的课填 0.5")))
    if lesson.teacher is not None and lesson.teacher.pk not in here:
        message = T("%(name)s在那个学期不在这所学校任教", name=lesson.teacher.name)
        found.append(error("staff.not_here", message, _at(lesson, "teacher"), T("先登记聘用，或登记到这里的交流支教")))
    return found


def _at(lesson: Lesson, column: str) -> Where:
    return Where(row=lesson.at or None, field=f"{column}_{lesson.at}" if lesson.at else column)


def teachers_at(school: Organisation, term: Period) -> QuerySet[Person]:
    """Who can teach at a school in a term: whom it employs and who is lent to it on some day of the term."""
    assert term.start is not None
    assert term.end is not None
    spells = {"valid_from__lte": term.end, "valid_to__gt": term.start}
    jobs = Q(**{f"employments__{name}": day for name, day in spells.items()}, employments__org=school)
    jobs &= Q(employments__valid_to__gt=F("employments__valid_from"))
    lent = Q(**{f"secondments__{name}": day for name, day in spells.items()}, secondments__host=school)
    return Person.objects.filter(Q(pk__in=Person.objects.filter(jobs).values("pk")) | Q(pk__in=Person.objects.filter(lent).values("pk")))


def lessons_of(school_class: SchoolClass, term: Period) -> QuerySet[Assignment]:
    """The lines of a class in a term."""
    return Assignment.objects.filter(school_class=school_class, term=term.text).select_related("teacher").order_by("pk")


def stamp(lessons: Iterable[Assignment]) -> str:
    """Changes with every line: by it a form knows whether somebody else was here meanwhile."""
    said = ",".join(f"{one.pk}.{one.version}" for one in lessons)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def told(lessons: Iterable[Assignment]) -> list[str]:
    return [_said(one.subject, one.teacher, one.periods) for one in lessons]


def _said(subject: str, teacher: Person | None, periods: Decimal) -> str:
    return f"{subject} {periods.normalize():f} {teacher.name if teacher else ''}".strip()
