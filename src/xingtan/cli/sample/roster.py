"""The pupils of the present autumn, one row each, under the headings of the national form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from . import names
from .cohorts import FIRST_AGE, NOW, Cohort, Population
from .returns import CLASS_SIZE, Row

AREA = "990101"
DIGITS = "一二三四五六七八九"
GRADES = {
    "学前": ("小班", "中班", "大班"),
    "初中": ("七年级", "八年级", "九年级"),
    "高中": ("高一", "高二", "高三"),
}
WITHOUT_NUMBER = 0.015  # whose identity number nobody knows yet
LEFT_BEHIND, MIGRANT, POOR, DISABLED, BOARDS = 0.16, 0.05, 0.06, 0.008, 0.7


class Roster:
    """Makes the rows; a person's numbers are told apart by birth date and sex."""

    def __init__(self, population: Population, random: Random) -> None:
        self.population, self.random = population, random
        self._orders: Counter[tuple[str, bool]] = Counter()
        self._serial = 0

    def rows(self) -> Iterator[Row]:
        for cohort in self.population.cohorts:
            size = cohort.size(NOW)
            classes = max(1, round(size / CLASS_SIZE[cohort.stage]))
            for place in range(size):
                yield self._pupil(cohort, place % classes + 1)

    def _pupil(self, cohort: Cohort, class_number: int) -> Row:
        self._serial += 1
        grade, female = cohort.grade(NOW), self.random.random() < 0.48
        birth = self._birth(cohort)
        school, urban = cohort.school, cohort.school.urban
        boards = school.boarding and self.random.random() < BOARDS
        return {
            "学校标识码": school.unit.code, "姓名": names.person(self.random),
            "性别": "女" if female else "男", "出生日期": birth.isoformat(),
            "身份证件类型": "居民身份证", "身份证件号": self._identity(birth, female), "学籍号": f"X{NOW}{self._serial:07d}",
            "民族": "汉族" if self.random.random() < 0.93 else self.random.choice(["满族", "回族", "苗族", "壮族"]),
            "学段": cohort.stage, "年级": grade_title(cohort.stage, grade), "班级": f"{class_number}班",
            "就读方式": "住校" if boards else "走读", "城乡": "城镇" if urban else "农村", "入学年月": f"{cohort.entry}-09",
            "户口性质": "非农业户口" if urban and self.random.random() < 0.6 else "农业户口", "户口所在地": f"{cohort.school.town}镇",
            "健康状况": "健康或良好" if self.random.random() < 0.97 else "一般或较弱", **self._flags(urban), **self._kin(cohort),
        }  # fmt: skip

    def _birth(self, cohort: Cohort) -> date:
        """Of age by the last day of August before entering."""
        youngest = date(cohort.entry - FIRST_AGE[cohort.stage], 8, 31)
        return youngest - timedelta(days=self.random.randrange(365))

    def _identity(self, birth: date, female: bool) -> str:
        if self.random.random() < WITHOUT_NUMBER:
            return ""
        text = f"{birth:%Y%m%d}"
        self._orders[text, female] += 1
        return names.identity(text, self._orders[text, female], female, AREA)

    def _flags(self, urban: bool) -> Row:
        away = not urban and self.random.random() < LEFT_BEHIND
        came = urban and self.random.random() < MIGRANT
        return {
            "是否留守儿童": self.random.choice(["单亲留守儿童", "双亲留守儿童"]) if away else "否",
            "是否进城务工人员随迁子女": "是" if came else "否",
            "是否特困": "是" if self.random.random() < POOR else "否",
            "是否残疾": "是" if self.random.random() < DISABLED else "否",
        }

    def _kin(self, cohort: Cohort) -> Row:
        relation = self.random.choice(["父亲", "母亲", "祖父母"])
        phone = f"100{self.random.randrange(10**8):08d}"  # no such number is in use
        home = f"{cohort.school.town}镇{self.random.choice('东西南北')}街{self.random.randint(1, 99)}号"
        return {"现住址": home, "监护人姓名": names.person(self.random), "监护人关系": relation, "监护人电话": phone}


def grade_title(stage: str, grade: int) -> str:
    """The grade as schools call it."""
    return GRADES[stage][grade - 1] if stage in GRADES else f"{DIGITS[grade - 1]}年级"
