"""The registers of staff as datasets: employment, titles held, secondments, and who teaches what.

Rows are pieces: a spell is cut wherever something that its columns tell changes, so that `on(day)` finds each person once, as he was on
that day. Only the first piece of a spell has a `date`; without `on(…)` a formula therefore counts what began in the period.
"""

from __future__ import annotations

from decimal import Decimal

from xingtan.engine.indicators.spec import DatasetSpec, FieldSpec, FieldType

from .schema.pack import PackData

SEXES = ("男", "女")
# The bands of the yearly statistics of education, in completed years; each five years wide from the youngest on.
AGE_BANDS = ("24岁以下", "25—29岁", "30—34岁", "35—39岁", "40—44岁", "45—49岁", "50—54岁", "55—59岁", "60岁以上")
YOUNGEST, BAND_YEARS = 25, 5
COURSE_KINDS = ("科目", "周总课时")
ALL_SUBJECTS = "全科"  # a certificate for all subjects of the primary school
# Column → the code table of the pack its words come from.
STAFF_CODES = {
    "establishment": "establishment_kind",
    "category": "staff_category",
    "stage": "stage",
    "subject": "subject",
    "channel": "recruit_channel",
    "ended": "leaving_reason",
    "degree": "education_level",
    "certificate": "teaching_certificate",
    "certified": "subject",
    "rank": "title_level",
    "series": "title_series",
    "level": "level",
    "team": "team_type",
    "kind": "secondment_kind",
    "role": "staff_role",
    "grade": "evaluation_grade",
}


def staff_registers(pack: PackData) -> tuple[DatasetSpec, ...]:
    """The specs with the pack's own words. A column whose table the pack lacks is text."""
    return _employment(pack), _titles(pack), _secondment(pack), _assignment(pack), _curriculum(pack)


def _coded(pack: PackData, name: str, title: str) -> FieldSpec:
    table = pack.codes.get(STAFF_CODES[name])
    kind: FieldType = "code" if table else "text"
    return FieldSpec(name, kind, title, codes=table.words() if table else (), ordered=bool(table and table.ordered))


_PERSON = FieldSpec("person", "person", "人员")
_OFF = FieldSpec("off_subject", "boolean", "学教不对口")
_GRADE = FieldSpec("grade", "number", "年级", digits=0)
_CLASS = FieldSpec("school_class", "text", "班级")


def _employment(pack: PackData) -> DatasetSpec:
    named = {
        "establishment": "编制", "category": "岗位类别", "stage": "学段", "subject": "主教学科", "channel": "补充渠道",
        "degree": "最高学历",
        "certificate": "教师资格", "rank": "职称", "team": "教师团队",
    }  # fmt: skip
    own = (_PERSON, FieldSpec("sex", "code", "性别", codes=SEXES), FieldSpec("birth", "date", "出生日期"), _OFF)
    band = FieldSpec("age_band", "code", "年龄段", codes=AGE_BANDS, ordered=True)
    return DatasetSpec("employment", "教职工名册", (*own, band, *(_coded(pack, name, title) for name, title in named.items())))


def _titles(pack: PackData) -> DatasetSpec:
    named = {"series": "称号", "level": "级别", "rank": "职称", "stage": "学段", "channel": "补充渠道"}
    return DatasetSpec("title_holding", "称号名册", (_PERSON, *(_coded(pack, name, title) for name, title in named.items())))


def _secondment(pack: PackData) -> DatasetSpec:
    named = {"kind": "方式", "role": "派出人员身份", "subject": "任教学科", "grade": "考核等次"}
    own = (
        _PERSON, FieldSpec("sender", "org", "派出单位"), FieldSpec("host", "org", "接收单位"),
        FieldSpec("contracted", "boolean", "签有合同"),
        FieldSpec("programme", "text", "所属工程"),
    )  # fmt: skip
    return DatasetSpec("secondment", "交流支教名册", (*own, *(_coded(pack, name, title) for name, title in named.items())))


def _assignment(pack: PackData) -> DatasetSpec:
    """Who teaches what to which class in a term. `holder` is a teacher in a term, so that the load of a year is not counted twice."""
    own = (
        _PERSON, FieldSpec("holder", "text", "任课教师（按学期）"), _CLASS, _GRADE,
        FieldSpec("periods", "number", "周课时", "节", minimum=Decimal(0)), _OFF,
    )  # fmt: skip
    return DatasetSpec("assignment", "任课名册", (*own, _coded(pack, "stage", "学段"), _coded(pack, "subject", "学科")))


def _curriculum(pack: PackData) -> DatasetSpec:
    """What each class must be taught in a term, and what it is. `counted`: periods given, as far as they are required."""
    hours = {"required": "应开周课时", "given": "实开周课时", "counted": "计入的周课时"}
    numbers = tuple(FieldSpec(name, "number", title, "节", minimum=Decimal(0)) for name, title in hours.items())
    kind = FieldSpec("kind", "code", "项目", codes=COURSE_KINDS)
    own = (_CLASS, _GRADE, kind, FieldSpec("opened", "boolean", "已开设"), *numbers)
    return DatasetSpec("curriculum", "课程开设名册", (*own, _coded(pack, "stage", "学段"), _coded(pack, "subject", "学科")))
