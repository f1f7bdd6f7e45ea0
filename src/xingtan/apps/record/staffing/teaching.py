"""Timetables from a sheet: one row a class, subject and teacher. A class that stands in the sheet is stated in full by its rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.pupils.grades import grades
from xingtan.apps.base.pupils.models import SchoolClass
from xingtan.apps.base.staff import codes
from xingtan.apps.base.staff.services import teaching as services
from xingtan.apps.base.staff.services.teaching import Lesson
from xingtan.apps.base.staff.teaching import class_name
from xingtan.apps.base.staff.teaching_data import classes_in
from xingtan.apps.record.imports.reading.headings import Target
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue
from xingtan.kernel.period import Period
from xingtan.kernel.text import T

from .outcome import Outcome, tried
from .reading import Read, Row

TARGETS = (
    Target("org", "学校", ("单位", "学校名称", "单位代码", "学校代码")),
    Target("class", "班级", ("班名", "班级名称")),
    Target("subject", "学科", ("科目", "课程")),
    Target("teacher", "教师", ("任课教师", "教师姓名")),
    Target("periods", "周课时", ("课时", "周课时数", "每周课时")),
)
REQUIRED = ("org", "class", "subject", "periods")
_MARKS = re.compile(r"[()（）\s第]")


@dataclass(slots=True)
class Loader:
    """Reads rows against the classes of a term. `orgs`: what the account may manage, by code and by name."""

    place: Place
    actor: Actor
    term: Period
    orgs: Mapping[str, Organisation]
    outcome: Outcome
    teachers: dict[int, dict[str, list[Person]]] = field(default_factory=dict)

    def load(self, rows: Sequence[Row]) -> None:
        known = self._classes()
        lines: dict[int, list[tuple[Row, Lesson]]] = {}
        klasses: dict[int, SchoolClass] = {}
        for row in rows:
            issues: list[Issue] = []
            klass, lesson = self._class(row, known, issues), None
            if klass is not None:
                lesson = self._lesson(row, klass, issues)
                klasses[klass.pk] = klass
            self.outcome.issues += issues
            if klass is not None and lesson is not None:
                lines.setdefault(klass.pk, []).append((row, lesson))
        for pk, found in lines.items():
            self._state(klasses[pk], found)

    def _classes(self) -> dict[tuple[int, str], SchoolClass]:
        counts, found = grades(self.place), {}
        assert self.term.start is not None
        for row in classes_in(self.place, self.term):
            usual = f"{counts.word(row.stage, counts.grade_on(row.entry_year, self.term.start))}{row.number}班"
            for name in (class_name(row, counts, self.term.start), usual, row.title):
                if name:
                    found[row.school_id, _plain(name)] = row
        return found

    def _class(self, row: Row, known: Mapping[tuple[int, str], SchoolClass], issues: list[Issue]) -> SchoolClass | None:
        org = self.orgs.get(row["org"])
        if org is None:
            message = T("没有您可管理的学校“%(text)s”", text=row["org"][:40])
            issues.append(row.fault("org", "staffing.org", message, T("写学校的全称或代码")))
            return None
        found = known.get((org.pk, _plain(row["class"])))
        if found is None:
            message = T("%(org)s这个学期没有“%(text)s”", org=org.name, text=row["class"][:40])
            issues.append(row.fault("class", "staffing.class", message, T("班级写成“七年级1班”或它的班名；没有的班先设班")))
        return found

    def _lesson(self, row: Row, klass: SchoolClass, issues: list[Issue]) -> Lesson | None:
        subject, before = codes.read(self.place, "subject", row["subject"]), len(issues)
        teacher = self._teacher(row, klass, issues) if row["teacher"] else None
        try:
            periods = Decimal(unicodedata.normalize("NFKC", row["periods"]))
        except InvalidOperation:
            message = T("“%(text)s”不是数", text=row["periods"][:40])
            issues.append(row.fault("periods", "cell.number", message, T("填每周的节数，如 5 或 0.5")))
            return None
        return Lesson(subject, teacher, periods, row.number) if len(issues) == before else None

    def _teacher(self, row: Row, klass: SchoolClass, issues: list[Issue]) -> Person | None:
        if klass.school_id not in self.teachers:
            names: dict[str, list[Person]] = {}
            for person in services.teachers_at(klass.school, self.term):
                names.setdefault(person.name, []).append(person)
            self.teachers[klass.school_id] = names
        found = self.teachers[klass.school_id].get(row["teacher"], [])
        if len(found) == 1:
            return found[0]
        if found:
            message, hint = T("这所学校有 %(count)s 位同名教师", count=len(found)), T("在班级的任课表页面里选")
        else:
            message = T("%(name)s在那个学期不在这所学校任教", name=row["teacher"][:20])
            hint = T("先登记聘用，或登记到这里的交流支教")
        issues.append(row.fault("teacher", "staffing.teacher", message, hint))
        return None

    def _state(self, klass: SchoolClass, found: Sequence[tuple[Row, Lesson]]) -> None:
        old = list(services.lessons_of(klass, self.term))
        lessons = [lesson for _row, lesson in found]
        wanted = sorted((one.subject, one.teacher.pk if one.teacher else 0, one.periods) for one in lessons)
        name = f"{klass.school.name} {klass}"
        if wanted == sorted((one.subject, one.teacher_id or 0, one.periods) for one in old):
            self.outcome.note("same", name, T("没有变化"))
            return
        try:
            services.timetable_set(school_class=klass, term=self.term, lessons=lessons, seen=services.stamp(old), actor=self.actor)
        except XingtanError as refused:
            rows = {row.number: row for row, _lesson in found}
            for issue in refused.issues:
                row = rows.get(issue.where.row or 0, found[0][0])
                column = issue.where.field.partition("_")[0]
                self.outcome.issues.append(
                    row.fault(column if column in row.texts else "class", issue.code, issue.message, issue.hint or T("请核对"))
                )
            return
        self.outcome.note("changed" if old else "added", name, T("%(count)s 行任课", count=len(lessons)))


def load(*, place: Place, read: Read, orgs: Mapping[str, Organisation], term: Period, actor: Actor, keep: bool) -> Outcome:
    """Try the rows, or (keep, and nothing wrong) write them: all classes in one transaction."""
    outcome = tried(lambda outcome: Loader(place, actor, term, orgs, outcome).load(read.rows), keep=keep)
    outcome.left_out = read.left_out
    return outcome


def _plain(name: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", name))
