"""The organisations of the county: a bureau with departments, twelve towns of five shapes, sixty schools of every kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .names import TOWNS

COUNTY, BUREAU = "990101", "990101-J"
SEAT = "杏林"
MERGED, OPENED = date(2024, 8, 1), date(2024, 8, 1)
DEPARTMENTS = ("办公室", "基础教育科", "人事科", "财务科", "安全科", "学生资助中心")


@dataclass(frozen=True)
class Unit:
    """An organisation as the sheet of organisations lists it."""

    code: str
    name: str
    kind: str
    parent: str = ""
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True)
class School:
    """A school with the share it has of the county's pupils of each stage, and whether it boards and lies in town."""

    unit: Unit
    weights: dict[str, float] = field(hash=False)
    town: str = SEAT
    boarding: bool = False
    urban: bool = False


@dataclass
class County:
    """All units, parents first, and the schools among them."""

    units: list[Unit] = field(default_factory=list)
    schools: list[School] = field(default_factory=list)

    def unit(self, code: str, name: str, kind: str, parent: str = "") -> Unit:
        self.units.append(Unit(code, name, kind, parent))
        return self.units[-1]

    def school(self, name: str, kind: str, parent: str, weights: dict[str, float], **more: Any) -> None:
        """Add a school; `more`: its `start` and `end`, and what else `School` knows."""
        spans = {key: more.pop(key) for key in ("start", "end") if key in more}
        unit = Unit(f"99{len(self.schools) + 1:08d}", name, kind, parent, **spans)
        self.units.append(unit)
        self.schools.append(School(unit, weights, **more))


def county() -> County:
    """Make the tree. It does not depend on the seed: places are the same in every sample."""
    made = County()
    made.unit(COUNTY, f"{SEAT}县", "county")
    made.unit(BUREAU, f"{SEAT}县教育局", "county_bureau", COUNTY)
    for number, title in enumerate(DEPARTMENTS, 1):
        made.unit(f"{BUREAU}{number}", f"{SEAT}县教育局{title}", "bureau_department", BUREAU)
    made.unit(f"{BUREAU}7", f"{SEAT}县教研室", "research_office", BUREAU)
    made.unit(f"{BUREAU}8", f"{SEAT}县督导室", "supervision_office", BUREAU)
    made.unit(f"{BUREAU}9", f"{SEAT}县教师进修学校", "teacher_school", BUREAU)
    _seat(made)
    for number, town in enumerate(TOWNS, 1):
        _town(made, number, town)
    return made


def _seat(made: County) -> None:
    near = {"urban": True}
    made.school(f"{SEAT}县第一中学", "senior_school", BUREAU, {"高中": 10}, boarding=True, **near)
    made.school(f"{SEAT}县第二中学", "senior_school", BUREAU, {"高中": 7}, boarding=True, **near)
    made.school(f"{SEAT}县第三中学", "complete_secondary", BUREAU, {"初中": 7, "高中": 4}, boarding=True, **near)
    made.school(f"{SEAT}县职业教育中心", "vocational_school", BUREAU, {"职业高中": 10}, boarding=True, **near)
    made.school(f"{SEAT}县特殊教育学校", "special_school", BUREAU, {"特殊教育": 1}, boarding=True, **near)
    made.school("启明民办学校", "private_school", BUREAU, {"小学": 4, "初中": 4, "高中": 2}, boarding=True, **near)
    for title, weight in (("第一", 9.0), ("第二", 7.0)):
        made.school(f"{SEAT}县{title}初级中学", "junior_school", BUREAU, {"初中": weight}, **near)
    for title, weight in (("第一", 12.0), ("第二", 9.0), ("第三", 7.0)):
        made.school(f"{SEAT}县{title}小学", "complete_primary", BUREAU, {"小学": weight}, **near)
    for title in ("第一", "第二"):
        made.school(f"{SEAT}县{title}幼儿园", "kindergarten", BUREAU, {"学前": 5}, **near)
    for title in ("小太阳", "蒲公英"):
        made.school(f"{title}民办幼儿园", "private_kindergarten", BUREAU, {"学前": 3}, **near)


def _town(made: County, number: int, name: str) -> None:
    code = f"{COUNTY}{number:02d}"
    made.unit(code, f"{name}镇", "town", COUNTY)
    over = _office(made, number, name, code)
    size = 1.0 + (number * 7 % 5) * 0.5
    if number % 5 == 0:
        made.school(f"{name}九年一贯制学校", "nine_year_school", over, {"小学": 2 * size, "初中": 2 * size}, town=name, boarding=True)
    else:
        made.school(f"{name}初级中学", "junior_school", over, {"初中": 2.5 * size}, town=name, boarding=number % 2 == 0)
        made.school(f"{name}中心小学", "central_primary", over, {"小学": 2.5 * size}, town=name, boarding=number % 4 == 0)
    for weights in _small(number, size):
        _village(made, number, name, over, weights)
    if number % 2:
        made.school(f"{name}中心幼儿园", "kindergarten", over, {"学前": size}, town=name)


def _small(number: int, size: float) -> Iterator[float]:
    yield 0.6 * size
    if number % 2 and number < 11:
        yield 0.25


def _village(made: County, number: int, name: str, over: str, weight: float) -> None:
    kind, title = ("teaching_point", "教学点") if weight < 0.5 else ("village_primary", "村小学")
    if number == 3 and kind == "village_primary":  # two village schools that became one
        for end in "东西":
            made.school(f"{name}{end}{title}", kind, over, {"小学": weight / 2}, town=name, end=MERGED)
        made.school(f"{name}完全小学", "complete_primary", over, {"小学": weight}, town=name, start=OPENED)
        return
    made.school(f"{name}{'小河' if kind == 'teaching_point' else '山前'}{title}", kind, over, {"小学": weight}, town=name)


def _office(made: County, number: int, name: str, code: str) -> str:
    """The office over a town's schools, by the town's shape; the town itself where there is none."""
    shapes = {
        1: ("town_education_office", "教育办公室"),
        2: ("central_school", "中心学校"),
        3: ("general_school", "总校"),
        4: ("school_district", "学区"),
    }
    if number % 5 not in shapes:
        return code
    kind, title = shapes[number % 5]
    return made.unit(f"{code}-B", f"{name}镇{title}", kind, code).code
