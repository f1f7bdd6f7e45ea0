"""Inconsistencies of the register, each by itself a question: `xingtan people check`. Nobody is named: records are told by number №."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from xingtan.apps.base.orgs.models import OrgSpell, Place
from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.text import T, Text

from .checks import OLDEST
from .duplicates import suspects
from .models import Enrolment, Pupil, SchoolClass, Transfer
from .rules import Rules, rules

YOUNGEST = 2


def inspect(place: Place) -> list[Issue]:
    """Everything that does not agree in the register of a place, gravest first."""
    law = rules(place)
    found = [
        *_overlaps(place), *_closed_schools(place), *_classes(place, law), *_foreign_classes(place), *_grades(place, law), *_births(place),
        *_temporary(place, law), *_twice(place), *_suspects(place), *_waiting(place),
    ]  # fmt: skip
    order = list(Severity)
    return sorted(found, key=lambda issue: (order.index(issue.severity), issue.code))


def _say(code: str, message: Text, row: Any, hint: Text, severity: Severity = Severity.ERROR) -> Issue:
    return Issue(severity, f"pupils.{code}", message, Where(field=f"{row._meta.label_lower}:{row.pk}"), hint)


def _in_force(place: Place) -> Any:
    return Enrolment.objects.filter(place=place, valid_from__lt=F("valid_to"))


def _overlaps(place: Place) -> Iterator[Issue]:
    """Two spells of a pupil on one day."""
    other = Enrolment.objects.filter(
        pupil=OuterRef("pupil"), valid_from__lt=OuterRef("valid_to"), valid_to__gt=OuterRef("valid_from")
    ).filter(valid_from__lt=F("valid_to"))
    pupils = _in_force(place).filter(Exists(other.exclude(pk=OuterRef("pk")))).values("pupil")
    rows = _in_force(place).filter(pupil__in=pupils).select_related("pupil").order_by("pupil", "valid_from")
    for one, next_ in pairwise(rows):
        if one.pupil_id == next_.pupil_id and next_.valid_from < one.valid_to:
            message = T("学生%(pupil)s的两段学籍重叠，自%(day)s起", pupil=str(one.pupil), day=next_.valid_from)
            yield _say("overlap", message, one.pupil, T("撤回其中一次办理"))


def _closed_schools(place: Place) -> Iterator[Issue]:
    """A spell on days on which its school was not there."""
    last = OrgSpell.objects.filter(org=OuterRef("school"), valid_to__gte=OuterRef("valid_to"))
    first = OrgSpell.objects.filter(org=OuterRef("school"), valid_from__lte=OuterRef("valid_from"))
    for row in _in_force(place).filter(~Exists(last) | ~Exists(first)).select_related("pupil", "school").order_by("pk"):
        message = T("学生%(pupil)s的学籍在“%(school)s”存续期之外", pupil=str(row.pupil), school=row.school.name)
        yield _say("closed_school", message, row.pupil, T("把学籍改到承接的学校，或核对学校的撤并日期"))


def _classes(place: Place, law: Rules) -> Iterator[Issue]:
    """Classes at organisations that are closed, teach no such stage, or are past their stage."""
    today = timezone.localdate()
    for row in SchoolClass.objects.on(today).filter(school__place=place).select_related("school").order_by("pk"):
        if row.school.closed is not None and row.school.closed <= today:
            yield _say(
                "class_school", T("“%(school)s”已撤销，仍有班级", school=row.school.name), row, T("撤销这个班，或把它改到承接的学校")
            )
        elif row.stage not in law.grades.stages_at(row.school.kind):
            message = T("“%(school)s”不办%(stage)s，却有%(stage)s的班", school=row.school.name, stage=row.stage)
            yield _say("class_stage", message, row, T("核对班级的学段"))
        elif not law.grades.within(row.stage, law.grades.grade_on(row.entry_year, today)):
            message = T("“%(school)s”%(year)s年入学的班已过学段，仍未撤销", school=row.school.name, year=row.entry_year)
            yield _say("class_past", message, row, T("办理毕业或撤班"), Severity.WARNING)


def _foreign_classes(place: Place) -> Iterator[Issue]:
    """A spell in a class of another school, or outside the life of the class."""
    wrong = ~Q(school_class__school=F("school")) | Q(school_class__valid_to__lt=F("valid_to")) | ~Q(school_class__stage=F("stage"))
    rows = _in_force(place).filter(wrong, school_class__isnull=False).select_related("pupil", "school", "school_class__school")
    for row in rows.order_by("pk"):
        message = T("学生%(pupil)s在“%(school)s”，班级却不是那里当时的班", pupil=str(row.pupil), school=row.school.name)
        yield _say("class_other", message, row.pupil, T("调整班级"))


def _grades(place: Place, law: Rules) -> Iterator[Issue]:
    """The grade of a pupil today beside that of his class."""
    today = timezone.localdate()
    rows = Enrolment.objects.filter(place=place).on(today).filter(school_class__isnull=False).select_related("school_class", "pupil")
    for row in rows.order_by("pk").iterator(chunk_size=2000):
        grade = law.grades.grade_on(row.school_class.entry_year, today) if row.school_class else row.grade
        if law.grades.within(row.stage, grade) and grade != row.grade:
            params = {"pupil": str(row.pupil), "grade": row.grade, "class_grade": grade}
            message = T("学生%(pupil)s在第 %(grade)s 个年级，所在班级是第 %(class_grade)s 个年级", **params)
            yield _say("grade", message, row.pupil, T("办理升级，或调整班级"), Severity.DOUBT)


def _births(place: Place) -> Iterator[Issue]:
    """Dates of birth that cannot be of somebody who is on a roll today."""
    today = timezone.localdate()
    wrong = Q(pupil__person__birth__gt=today - timedelta(days=365 * YOUNGEST)) | Q(
        pupil__person__birth__lt=today - timedelta(days=366 * OLDEST)
    )
    for row in Enrolment.objects.filter(place=place).filter(wrong, valid_from__lte=today, valid_to__gt=today).select_related("pupil"):
        yield _say("birth", T("学生%(pupil)s的出生日期不可能", pupil=str(row.pupil)), row.pupil, T("对照证件改正"))


def _temporary(place: Place, law: Rules) -> Iterator[Issue]:
    """Temporary numbers older than the pack allows, of pupils who are on a roll."""
    days = law.number("temporary_number_days")
    if days is None:
        return
    today = timezone.localdate()
    present = Enrolment.objects.on(today).filter(pupil=OuterRef("pk"))
    old = Pupil.objects.filter(Exists(present), place=place, temporary=True, merged_into=None, since__lt=today - timedelta(days=days))
    for row in old.order_by("pk"):
        message = T("学生%(pupil)s用临时号已超过 %(days)s 天", pupil=str(row), days=days)
        yield _say("temporary", message, row, T("补录身份证件号"), Severity.WARNING)


def _twice(place: Place) -> Iterator[Issue]:
    """An identity number of two records."""
    base = Pupil.objects.filter(place=place, merged_into=None).exclude(person__id_number_index="")
    twice = base.order_by().values("person__id_number_index").annotate(n=Count("pk")).filter(n__gt=1)
    for row in base.filter(person__id_number_index__in=twice.values("person__id_number_index")).order_by("pk"):
        yield _say("id_twice", T("学生%(pupil)s的证件号另有人使用", pupil=str(row)), row, T("核对证件，或合并两份学籍"))


def _suspects(place: Place) -> Iterator[Issue]:
    for group in suspects(place, Pupil.objects.filter(place=place)):
        names = "、".join(str(row) for row in group.pupils)
        yield _say(
            "suspect", T("疑似同一人的学籍：%(pupils)s", pupils=names), group.pupils[0], T("在“疑似重复”里比较、合并"), Severity.DOUBT
        )


def _waiting(place: Place) -> Iterator[Issue]:
    """Transfers past their deadline that nobody ended."""
    late = Transfer.objects.filter(place=place, state=Transfer.State.PROPOSED, deadline__lt=timezone.localdate())
    for row in late.order_by("pk"):
        yield _say(
            "transfer_late", T("转学%(transfer)s逾期没有答复", transfer=str(row)), row, T("等后台任务了结，或请学校答复"), Severity.WARNING
        )


def inspect_all(places: Iterable[Place]) -> dict[str, list[Issue]]:
    """By place."""
    return {place.slug: inspect(place) for place in places}
