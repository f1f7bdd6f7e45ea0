"""Where each pupil of a roster sits: school, stage, grade and class, as the sheet writes them, under the tree and the pack of the day."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.orgs.tree import day_text
from xingtan.apps.base.pupils.grades import NUMERALS, Grades
from xingtan.apps.base.pupils.models import SchoolClass
from xingtan.apps.record.imports.body import ROW
from xingtan.apps.record.ledgers.books import Miss, OrgBook
from xingtan.kernel.issues import Issue, Severity
from xingtan.kernel.text import T, Text

from .cells import Cells, wrong
from .fields import Column

_CLASS = re.compile(
    r"^(?:.*?(?:年级|级|初[一二三]|高[一二三]|[大中小]班))??\s*[（(]?\s*(\d{1,2}|[一二三四五六七八九十]{1,3})\s*[)）]?\s*班?$"
)
_LEVEL = re.compile(r"^(\d{4})\s*级?$")
_DIGITS = re.compile(r"^(\d{1,2})\s*(?:年级)?$")
_SHORT = {"初": "初中", "高": "高中", "小": "小学"}
NEW = "new"
SEATS = {"school_id": pl.Int64, "stage_word": pl.String, "grade_no": pl.Int64, "class_id": pl.Int64, "class_key": pl.String}


@dataclass(slots=True)
class Classes:
    """Classes of the place that are open on the day, and those that the roster opens: key → (school, stage, entry year, number)."""

    day: date
    rows: dict[tuple[int, str, int, int], SchoolClass] = field(default_factory=dict)
    titled: dict[tuple[int, str, int, str], SchoolClass] = field(default_factory=dict)
    opened: dict[str, tuple[int, str, int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, place: Place, day: date) -> Classes:
        """Read them in one query; a class that opens later than the day is among them, to be told of."""
        found = cls(day)
        for row in SchoolClass.objects.filter(school__place=place, valid_to__gt=day):
            found.rows[row.school_id, row.stage, row.entry_year, row.number] = row
            if row.title:
                found.titled[row.school_id, row.stage, row.entry_year, row.title] = row
        return found


@dataclass(slots=True)
class Seats:
    """Reads the four columns. `reach`: organisations the uploader may enter pupils at; None for everywhere."""

    cells: Cells
    known: dict[str, Column]
    orgs: OrgBook
    kinds: dict[int, str]
    classes: Classes
    grades: Grades
    day: date
    org_id: int | None
    reach: Collection[int] | None

    def read(self, table: pl.DataFrame) -> pl.DataFrame:
        """Add school_id, stage_word, grade_no, class_id, class_key. Each distinct combination is settled once."""
        keys = ["school", "stage", "grade", "class"]
        wanted = table.select(keys).unique(maintain_order=True)
        settled = [self._settle(*row) for row in wanted.rows()]
        faulty = {row: faults for row, (_, faults) in zip(wanted.rows(), settled, strict=True) if faults}
        if faulty:
            for row, *said in table.select(ROW, *keys).rows():
                for name, issue in faulty.get(tuple(said), ()):
                    self.cells.fault(row, self.known[name], issue, said[keys.index(name)] or "")
        seats = pl.DataFrame([found for found, _ in settled], schema=SEATS, orient="row")
        return table.join(wanted.hstack(seats), on=keys, how="left", nulls_equal=True, maintain_order="left")

    def _settle(self, school: str | None, stage: str | None, grade: str | None, name: str | None) -> tuple[Any, list[tuple[str, Issue]]]:
        org, faults = self._school(school, name)
        found, told = self._grade(org, stage, grade)
        faults += told
        if org is None or found is None or not name:
            return (org, *(found or (None, None)), None, None), faults
        class_id, key, told = self._class(org, *found, name)
        return (org, *found, class_id, key), faults + told

    def _school(self, text: str | None, name: str | None) -> tuple[int | None, list[tuple[str, Issue]]]:
        if not text:
            if self.org_id is not None:
                return self.org_id, self._teaches(self.org_id)
            what = T("写了班级，没有写学校") if name else T("没有写学校")
            return None, [("school", wrong("org.blank", what, T("请填学校的全称或代码")))]
        found = self.orgs.find(text)
        if isinstance(found, Miss):
            return None, [("school", wrong(found.code, found.message, found.hint))]
        return found, self._teaches(found)

    def _teaches(self, org: int) -> list[tuple[str, Issue]]:
        name = self.orgs.titles[self.orgs.codes[org]]
        gone = self.orgs.closed_before(org, self.day)
        if gone:
            return [("school", wrong(gone.code, gone.message, gone.hint))]
        if self.reach is not None and org not in self.reach:
            return [("school", wrong("roster.reach", T("“%(org)s”不在您办理学籍的范围内", org=name), T("请由该校或县教育局上传")))]
        if not self.grades.stages_at(self.kinds.get(org, "")):
            return [("school", wrong("pupils.stage", T("“%(org)s”不办学，不能有学生", org=name), T("请填学校的全称或代码")))]
        return []

    def _grade(self, org: int | None, stage: str | None, text: str | None) -> tuple[tuple[str, int] | None, list[tuple[str, Issue]]]:
        taught = self.grades.stages_at(self.kinds.get(org, "")) if org is not None else ()
        wanted = self.cells.rules.read("stage", stage) if stage else ""
        if not text:
            return None, [("grade", wrong("cell.required", T("“年级”必须填写"), T("如三年级、七年级、高一")))]
        found = [(one, no) for one, no in self._candidates(text, wanted or "", taught) if self.grades.within(one, no)]
        fit = [pair for pair in found if (not taught or pair[0] in taught) and (not wanted or pair[0] == wanted)]
        if fit:
            return fit[0], []
        if found and taught:
            name = self.orgs.titles[self.orgs.codes[org]] if org is not None else ""
            message = T("“%(school)s”不办%(stage)s", school=name, stage=found[0][0])
            return None, [("grade", wrong("pupils.stage", message, T("这里有：%(taught)s", taught="、".join(taught))))]
        return None, [("grade", wrong("pupils.grade", T("年级“%(text)s”读不懂", text=text[:20]), T("如三年级、七年级、高一")))]

    def _candidates(self, text: str, stage: str, taught: tuple[str, ...]) -> list[tuple[str, int]]:
        """What a grade may mean: 三年级, 3, 初二, 高一, 八年级, 2023级."""
        word = text.replace(" ", "")
        words = self.grades.meanings()
        if word in words:  # where the sheet says 职业高中, its first year may be called 一年级
            spoken = NUMERALS.find(word[0]) + 1 if stage and word[1:] == "年级" else 0
            return [*words[word], *([(stage, spoken)] if spoken else [])]
        if len(word) in {2, 4} and word[0] in _SHORT and word[1] in NUMERALS:
            return [(_SHORT[word[0]], NUMERALS.index(word[1]) + 1)]
        stages = (stage,) if stage else taught
        if match := _LEVEL.match(word):
            return [(one, self.grades.grade_on(int(match[1]), self.day)) for one in stages]
        match = _DIGITS.match(word)
        number = int(match[1]) if match else NUMERALS.find(word[:1]) + 1 if word.rstrip("级") in set(NUMERALS) else 0
        through = words.get(f"{NUMERALS[number - 1]}年级", ()) if 1 <= number <= len(NUMERALS) else ()
        own = [(one, number) for one in stages if one != "小学"] if stage else []
        return [*through, *own, *((one, number) for one in stages)] if number else []

    def _class(self, org: int, stage: str, grade: int, name: str) -> tuple[int | None, str | None, list[tuple[str, Issue]]]:
        year = self.grades.year_of(self.day) - grade + 1
        titled = self.classes.titled.get((org, stage, year, name))
        match = _CLASS.match(name)
        if titled is None and match is None:
            message = T("班级“%(text)s”读不懂", text=name[:20])
            return None, None, [("class", wrong("pupils.class_name", message, T("填班号（如 2 班），或学校已有的班名")))]
        number = titled.number if titled else _number(match[1]) if match else 0
        row = titled or self.classes.rows.get((org, stage, year, number))
        if row is not None and row.valid_from > self.day:
            message = T("“%(title)s”%(day)s才开班", title=str(row), day=day_text(row.valid_from))
            return None, None, [("class", wrong("pupils.class_closed", message, T("把生效日期改在开班之后")))]
        if row is not None:
            return row.pk, None, []
        if not 1 <= number <= 99:
            return None, None, [("class", wrong("pupils.class_number", T("班号在 1 到 99 之间"), T("核对班号")))]
        key = f"{org}|{stage}|{year}|{number}"
        self.classes.opened[key] = (org, stage, year, number)
        return None, key, []


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, _, ones = text.partition("十") if "十" in text else ("", "", text)
    value = (NUMERALS.find(tens) + 1 or 1) * 10 if "十" in text else 0
    return value + (NUMERALS.find(ones) + 1 if ones else 0)


def opened(classes: Classes, orgs: OrgBook) -> list[tuple[Severity, Text]]:
    """What the preview says of classes that do not exist yet."""
    if not classes.opened:
        return []
    schools = {orgs.titles[orgs.codes[org]] for org, *_ in classes.opened.values()}
    message = T("将开设 %(count)s 个还没有的班级（%(schools)s 所学校）", count=len(classes.opened), schools=len(schools))
    return [(Severity.INFO, message)]
