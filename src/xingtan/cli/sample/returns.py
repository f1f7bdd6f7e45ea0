"""Three years of the base ledgers, as clerks would have written them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from .cohorts import NOW, YEARS, Population, opened
from .tree import BUREAU, COUNTY, County, School

LAST = NOW - 1
SPAN = (LAST - 2, LAST - 1, LAST)
CLASS_SIZE = {"学前": 28, "小学": 43, "初中": 48, "高中": 50, "职业高中": 40, "特殊教育": 10}
PER_TEACHER = {"学前": 15, "小学": 17.5, "初中": 12.5, "高中": 12, "职业高中": 14, "特殊教育": 4}
PER_PUPIL = {"学前": 600, "小学": 720, "初中": 940, "高中": 1200, "职业高中": 1200, "特殊教育": 6000}
Row = dict[str, object]


@dataclass
class Returns:
    """Writes rows; `population` says how many pupils, `random` the rest."""

    county: County
    population: Population
    random: Random

    def tables(self) -> dict[str, list[Row]]:
        """Rows by ledger id; headings are titles of the ledger's fields and the reserved columns."""
        makers: dict[str, Callable[[int], Iterator[Row]]] = {
            "school_basics": self._basics, "pupil_leaving": self._leaving, "student_aid": self._aid, "funds_paid": self._funds,
            "works": self._works, "equipment": self._equipment, "honour": self._honours, "staff_title": self._titles,
            "training": self._training, "exam_result": self._exams, "activity": self._activities, "petition": self._petitions,
            "research_project": self._research, "safety_accident": self._accidents, "publication": self._publications,
            "graduate_destination": self._destinations,
        }  # fmt: skip
        return {ledger: [row for year in SPAN for row in maker(year)] for ledger, maker in makers.items()}

    def stages(self, year: int) -> Iterator[tuple[str, School, str, float]]:
        """Code of the school of that year, the school it is today, stage, and its part of that school's pupils (two schools became one)."""
        for school in self.population.schools:
            for stage in school.weights:
                if opened(school, year):
                    yield school.unit.code, school, stage, 1.0
                else:
                    parts = [one for one in self.county.schools if one.town == school.town and one.unit.end is not None]
                    yield from ((one.unit.code, school, stage, 1 / len(parts)) for one in parts)

    def size(self, school: School, stage: str, year: int) -> int:
        return sum(one.size(year) for one in self.population.of(school, stage))

    def _basics(self, year: int) -> Iterator[Row]:
        for code, school, stage, part in self.stages(year):
            cohorts = self.population.of(school, stage)
            pupils = round(self.size(school, stage, year) * part)
            teachers = max(1, round(pupils / PER_TEACHER[stage]))
            classes = sum(max(1, round(one.size(year) * part / CLASS_SIZE[stage])) for one in cohorts if one.size(year))
            yield {
                "单位": code, "期间": year, "学段": stage, "学校数": 1 if stage == next(iter(school.weights)) else 0, "班级数": classes,
                "在校学生数": pupils, "学年初在校学生数": round(self.size(school, stage, year - 1) * part),
                "毕业生数": round(sum(one.size(year - 1) for one in cohorts if one.entry + YEARS[stage] == year) * part),
                "教职工数": teachers + max(1, round(teachers * 0.08)), "教师数": teachers,
            }  # fmt: skip

    def _leaving(self, year: int) -> Iterator[Row]:
        for code, school, stage, part in self.stages(year):
            changes = [one.changes[year] for one in self.population.of(school, stage) if year in one.changes]
            dropped, left = (round(sum(getattr(one, name) for one in changes) * part) for name in ("dropped", "left"))
            yield {"单位": code, "期间": year, "学段": stage, "异动类别": "辍学", "人数": dropped}
            yield {"单位": code, "期间": year, "学段": stage, "异动类别": "转出", "人数": left}

    def _aid(self, year: int) -> Iterator[Row]:
        schemes = {
            "小学": ("寄宿生生活补助", 1250),
            "初中": ("寄宿生生活补助", 1500),
            "高中": ("国家助学金", 2000),
            "职业高中": ("国家助学金", 2000),
        }
        for code, school, stage, part in self.stages(year):
            if stage not in schemes or not (school.boarding or stage in ("高中", "职业高中")):
                continue
            scheme, each = schemes[stage]
            pupils = round(self.size(school, stage, year) * part * 0.18)
            yield {
                "单位": code,
                "期间": year,
                "资助项目": scheme,
                "受助层次": f"{stage}学生",
                "人数": pupils,
                "每人标准": each,
                "金额": pupils * each,
            }

    def _funds(self, year: int) -> Iterator[Row]:
        for code, school, stage, part in self.stages(year):
            amount = round(self.size(school, stage, year) * part) * PER_PUPIL[stage]
            yield {"单位": code, "期间": year, "项目": f"{stage}公用经费", "用途": "公用经费", "资金性质": "公用经费", "金额": amount}
        for town in self._towns():
            said = f"{self.random.randint(80, 400) / 10}万"
            yield {"单位": town, "期间": year, "项目": "镇教育投入", "用途": "办学条件", "资金性质": "镇财政", "金额": said}

    def _works(self, year: int) -> Iterator[Row]:
        for school in self.random.sample(self._standing(year), 6):
            area = self.random.randint(6, 30) * 100
            kind = self.random.choice(["新建", "维修改造", "饮水工程"])
            state = "完成" if year < LAST else self.random.choice(["完成", "在建", "计划"])
            yield {
                "单位": school.unit.code, "期间": year, "工程名称": f"{school.unit.name}{kind}", "工程类别": kind, "工程状态": state,
                "学校数": 1, "建筑面积": "" if kind == "饮水工程" else area, "投资": area * self.random.choice([1200, 1800, 2600]),
            }  # fmt: skip

    def _equipment(self, year: int) -> Iterator[Row]:
        for school in self.random.sample(self._standing(year), 14):
            item, each = self.random.choice([("学生用计算机", 3800), ("交互式一体机", 21000), ("图书", 18), ("课桌椅", 260)])
            number = self.random.randint(20, 90) * (30 if each < 100 else 1)
            unit = {"图书": "册", "课桌椅": "套"}.get(item, "台")
            yield {
                "单位": school.unit.code,
                "期间": year,
                "品名": item,
                "学校数": 1,
                "数量": number,
                "计量单位": unit,
                "金额": number * each,
            }

    def _honours(self, year: int) -> Iterator[Row]:
        for school in self.random.sample(self._standing(year), 16):
            kind, level = self.random.choice(["集体", "个人", "学生"]), self.random.choice(["县级", "县级", "州级", "省级"])
            title = {"集体": "教育工作先进单位", "个人": "优秀教师", "学生": "三好学生"}[kind]
            number = 1 if kind == "集体" else self.random.randint(1, 6)
            yield {"单位": school.unit.code, "期间": year, "名称": title, "受表彰者": kind, "等次": "不分等", "级别": level, "数量": number}

    def _titles(self, year: int) -> Iterator[Row]:
        for school in self._standing(year):
            stage = next(iter(school.weights))
            teachers = self.size(school, stage, year) / PER_TEACHER[stage]
            if (backbone := int(teachers * 0.12)) > 0:
                yield {"单位": school.unit.code, "期间": year, "称号": "骨干教师", "级别": "县级", "人数": backbone}

    def _training(self, year: int) -> Iterator[Row]:
        centre = next(one for one in self.county.schools if one.unit.kind == "vocational_school")
        for kind, planned in (("全日制学历教育", 150), ("农民实用技术培训", 1200), ("农村劳动力转移培训", 400)):
            done = round(planned * self.random.uniform(0.85, 1.15))
            yield {"单位": centre.unit.code, "期间": year, "类别": kind, "计划人数": planned, "完成人数": done}
        yield {"单位": f"{BUREAU}9", "期间": year, "类别": "教师培训", "计划人数": 500, "完成人数": 480 + self.random.randint(0, 60)}

    def _exams(self, year: int) -> Iterator[Row]:
        for code, school, stage, _ in self.stages(year):
            if stage == "高中":
                taking = sum(one.size(year - 1) for one in self.population.of(school, stage) if one.entry + 3 == year)
                reached, task = round(taking * self.random.uniform(0.42, 0.6)), round(taking * 0.5)
                yield {
                    "单位": code,
                    "期间": year,
                    "考试": "高考",
                    "分数线": "本科线",
                    "参考人数": taking,
                    "达线人数": reached,
                    "下达任务": task,
                }

    def _activities(self, year: int) -> Iterator[Row]:
        for school in self.random.sample(self._standing(year), 30):
            day = f"{year}-{self.random.randint(3, 12):02d}-{self.random.randint(1, 28):02d}"
            kind, title = self.random.choice(
                [("教研活动", "集体备课"), ("入户劝返", "走访离校学生"), ("督查", "常规检查"), ("家长培训", "家长课堂")]
            )
            yield {
                "单位": school.unit.code,
                "期间": "",
                "日期": day,
                "工作类别": kind,
                "事由": title,
                "次数": 1,
                "参加人次": self.random.randint(6, 60),
            }

    def _petitions(self, year: int) -> Iterator[Row]:
        received = self.random.randint(38, 60)
        closed = received - self.random.randint(0, 3)
        yield {"单位": BUREAU, "期间": year, "信访类别": "来信来访", "受理件数": received, "办结件数": closed}

    def _research(self, year: int) -> Iterator[Row]:
        for school in self.random.sample(self._standing(year), 12):
            yield {
                "单位": school.unit.code,
                "期间": year,
                "级别": self.random.choice(["县级", "州级", "省级"]),
                "课题数": self.random.randint(1, 3),
            }

    def _accidents(self, year: int) -> Iterator[Row]:
        school = self.random.choice(self._standing(year))
        yield {
            "单位": school.unit.code,
            "期间": "",
            "发生日期": f"{year}-{self.random.randint(3, 12):02d}-11",
            "事故等级": "一般",
            "负有责任": "否",
        }

    def _publications(self, year: int) -> Iterator[Row]:
        for school in self.random.sample(self._standing(year), 15):
            number = self.random.randint(1, 12)
            yield {
                "单位": school.unit.code,
                "期间": year,
                "刊物或评选": "县优秀论文评选",
                "成果类别": "论文",
                "级别": "县级",
                "数量": number,
            }

    def _destinations(self, year: int) -> Iterator[Row]:
        for code, school, stage, _ in self.stages(year):
            if stage != "初中":
                continue
            leaving = sum(one.size(year - 1) for one in self.population.of(school, stage) if one.entry + 3 == year)
            senior, vocational = round(leaving * 0.58), round(leaving * 0.34)
            for where, kind, number in (("县内普通高中", "普通高中", senior), ("县职业教育中心", "职业学校", vocational)):
                yield {"单位": code, "期间": year, "去向学校": where, "去向类别": kind, "人数": number}

    def _standing(self, year: int) -> list[School]:
        return [one for one in self.population.schools if opened(one, year)]

    def _towns(self) -> list[str]:
        return [one.code for one in self.county.units if one.kind == "town" and one.parent == COUNTY]
