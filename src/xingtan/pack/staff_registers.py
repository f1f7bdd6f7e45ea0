"""The registers of staff as datasets: employment, titles held, secondments, and who teaches what.

Rows are pieces: a spell is cut wherever something that its columns tell changes, so that `on(day)` finds each person once, as he was on
that day. Only the first piece of a spell has a `date`; without `on(…)` a formula therefore counts what began in the period.
"""

from __future__ import annotations

from xingtan.engine.indicators.spec import DatasetSpec, FieldSpec, FieldType

from .schema.pack import PackData

SEXES = ("男", "女")
# The bands of the yearly statistics of education, in completed years; each five years wide from the youngest on.
AGE_BANDS = ("24岁以下", "25—29岁", "30—34岁", "35—39岁", "40—44岁", "45—49岁", "50—54岁", "55—59岁", "60岁以上")
YOUNGEST, BAND_YEARS = 25, 5
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

    def coded(name: str, title: str) -> FieldSpec:
        table = pack.codes.get(STAFF_CODES[name])
        kind: FieldType = "code" if table else "text"
        return FieldSpec(name, kind, title, codes=table.words() if table else (), ordered=bool(table and table.ordered))

    person = FieldSpec("person", "person", "人员")
    sex, birth = FieldSpec("sex", "code", "性别", codes=SEXES), FieldSpec("birth", "date", "出生日期")
    employment = DatasetSpec(
        "employment",
        "教职工名册",
        (
            person, sex, birth, coded("establishment", "编制"), coded("category", "岗位类别"), coded("stage", "学段"),
            coded("subject", "主教学科"), coded("channel", "补充渠道"), coded("degree", "最高学历"), coded("certificate", "教师资格"),
            FieldSpec("off_subject", "boolean", "学教不对口"),
            FieldSpec("age_band", "code", "年龄段", codes=AGE_BANDS, ordered=True), coded("rank", "职称"), coded("team", "教师团队"),
        ),
    )  # fmt: skip
    titles = DatasetSpec(
        "title_holding",
        "称号名册",
        (
            person,
            coded("series", "称号"),
            coded("level", "级别"),
            coded("rank", "职称"),
            coded("stage", "学段"),
            coded("channel", "补充渠道"),
        ),
    )
    secondment = DatasetSpec(
        "secondment",
        "交流支教名册",
        (
            person, coded("kind", "方式"), coded("role", "派出人员身份"), FieldSpec("sender", "org", "派出单位"),
            FieldSpec("host", "org", "接收单位"), coded("subject", "任教学科"), coded("grade", "考核等次"),
            FieldSpec("contracted", "boolean", "签有合同"), FieldSpec("programme", "text", "所属工程"),
        ),
    )  # fmt: skip
    return employment, titles, secondment
