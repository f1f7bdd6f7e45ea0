"""Open, change and close classes."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import F, Q

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.orgs.models import Organisation
from xingtan.apps.base.orgs.tree import day_text
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.pupils.models import Enrolment, SchoolClass
from xingtan.apps.base.pupils.moving import school_kind
from xingtan.apps.base.pupils.rules import rules
from xingtan.apps.base.pupils.stamps import noted
from xingtan.apps.base.pupils.told import class_told
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Where, error
from xingtan.kernel.text import T


@transaction.atomic
def class_open(
    *, school: Organisation, stage: str, entry_year: int, number: int, day: date, actor: Actor, title: str = "", head: Person | None = None
) -> SchoolClass:
    """Open a class at a school from a day on. Refused when the school does not teach the stage, or has a class of that year and number."""
    row = SchoolClass(school=school, stage=stage, entry_year=entry_year, number=number, valid_from=day, title=title.strip(), head=head)
    if issues := class_issues(row):
        raise XingtanError(issues)
    row.save(force_insert=True)
    noted(actor=actor, action="class.open", place=school.place, target=row, after=class_told(row))
    return row


@transaction.atomic
def class_change(*, school_class: SchoolClass, version: int, title: str, number: int, head: Person | None, actor: Actor) -> SchoolClass:
    """Change what a class is called, its number and who heads it. Stage and year stay: with others it would be another class."""
    row = _locked(school_class, version)
    before = class_told(row)
    row.title, row.number, row.head, row.version = title.strip(), number, head, row.version + 1
    if issues := class_issues(row):
        raise XingtanError(issues)
    row.save()
    noted(actor=actor, action="class.change", place=row.school.place, target=row, before=before, after=class_told(row))
    return row


@transaction.atomic
def class_close(*, school_class: SchoolClass, version: int, day: date, actor: Actor, reason: str = "") -> SchoolClass:
    """Close a class on a day, the first without it. Refused while pupils are in it on that day or later."""
    row = _locked(school_class, version)
    issues = []
    if not row.valid_from <= day < row.valid_to:
        message = T("撤班日期不在开班期间（%(start)s起）", start=day_text(row.valid_from))
        issues.append(error("pupils.class_day", message, Where(field="day"), T("核对日期")))
    left = Enrolment.objects.filter(school_class=row, valid_to__gt=day, valid_from__lt=F("valid_to")).count()
    if left:
        message = T("到%(day)s班里还有 %(count)s 名学生", day=day_text(day), count=left)
        issues.append(error("pupils.class_full", message, Where(field="day"), T("先把他们编入别的班，或办理毕业")))
    if issues:
        raise XingtanError(issues)
    before = class_told(row)
    row.valid_to, row.version = day, row.version + 1
    row.save(update_fields=["valid_to", "version"])
    noted(actor=actor, action="class.close", place=row.school.place, target=row, before=before, after=class_told(row), reason=reason)
    return row


def class_issues(row: SchoolClass) -> list[Issue]:
    """Everything that speaks against a class as it is described."""
    law, found = rules(row.school.place), []
    kind = school_kind(row.school, row.valid_from)
    if kind is None:
        message = T("“%(school)s”在%(day)s不存在或已撤销", school=row.school.name, day=day_text(row.valid_from))
        found.append(error("pupils.school_closed", message, Where(field="day"), T("核对开班日期")))
    elif row.stage not in law.grades.stages_at(kind):
        message = T("“%(school)s”不办%(stage)s", school=row.school.name, stage=row.stage)
        taught = "、".join(law.grades.stages_at(kind)) or T("没有学段")
        found.append(error("pupils.stage", message, Where(field="stage"), T("这里有：%(taught)s", taught=taught)))
    grade = law.grades.grade_on(row.entry_year, row.valid_from)
    if not law.grades.within(row.stage, grade):
        message = T("%(year)s年入学的%(stage)s班在开班那天不在学段内", year=row.entry_year, stage=row.stage)
        found.append(error("pupils.class_year", message, Where(field="entry_year"), T("核对入学年份和开班日期")))
    if not 1 <= row.number <= 99:
        found.append(error("pupils.class_number", T("班号在 1 到 99 之间"), Where(field="number"), T("核对班号")))
    if len(row.title) > 40:
        found.append(error("text.long", T("班名太长"), Where(field="title"), T("最多 %(limit)s 字", limit=40)))
    return found + _twice(row)


def _twice(row: SchoolClass) -> list[Issue]:
    same = SchoolClass.objects.filter(
        Q(valid_to__gt=row.valid_from, valid_from__lt=row.valid_to), school=row.school, stage=row.stage, entry_year=row.entry_year,
        number=row.number,
    ).exclude(pk=row.pk)  # fmt: skip
    if not same.exists():
        return []
    message = T("%(year)s年入学的%(stage)s已有 %(number)s 班", year=row.entry_year, stage=row.stage, number=row.number)
    return [error("pupils.class_twice", message, Where(field="number"), T("换一个班号"))]


def _locked(school_class: SchoolClass, version: int) -> SchoolClass:
    row = SchoolClass.objects.select_for_update(of=("self",)).select_related("school__place", "head").get(pk=school_class.pk)
    if row.version != version:
        raise XingtanError.one("pupils.stale", T("这个班刚刚被别人改过，您的修改没有保存"), T("打开最新的资料，核对后再改"))
    return row
