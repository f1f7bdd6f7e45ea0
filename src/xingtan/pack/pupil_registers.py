"""The registers of pupils as datasets: the roll, movements, classes with their size, flags, and the list of children of school age.

`roll` has one row a spell and `class_roll` one row for each time during which a class kept its size: `on(day)` finds every pupil and every
class of that day once. `movement` and `flag_movement` have the day on which something happened as their date. Persons are pseudonyms.
"""

from __future__ import annotations

from decimal import Decimal

from xingtan.engine.indicators.spec import DatasetSpec, FieldSpec, FieldType

from .schema.pack import PackData
from .staff_registers import SEXES

# Column → the code table of the pack its words come from.
PUPIL_CODES = {
    "stage": "stage",
    "residence": "town_country",
    "entry_mode": "entry_mode",
    "reason": "pupil_leaving_reason",
    "flag": "pupil_flag_kind",
    "kind": "pupil_flag_kind",
    "state": "child_state",
}
KINDS = ("入学", "转入", "转出", "休学", "复学", "辍学", "升级", "留级", "跳级", "分班", "变更", "毕业", "结业", "死亡", "并入")
STATUSES = ("在读", "休学")
SCOPES = ("县内", "县外")
WHYS = ("名册上有，学籍里没有", "辍学未返", "休学期满未复学", "有厌学标记")
FOUND = ("在籍", "不在籍")


def pupil_registers(pack: PackData) -> tuple[DatasetSpec, ...]:
    """The specs with the pack's own words. A column whose table the pack lacks is text."""
    residence = coded(pack, "residence", "城乡")
    who = (
        PERSON, coded(pack, "stage", "学段"), GRADE, GRADE_NAME, SEX, residence, FieldSpec("boarding", "boolean", "住校"),
    )  # fmt: skip
    moved = (
        KIND,
        coded(pack, "reason", "原因"),
        FieldSpec("scope", "code", "县内县外", codes=SCOPES),
        FieldSpec("returned", "boolean", "后来已返校"),
    )
    spell = (
        BIRTH, STATUS, CLASS, coded(pack, "entry_mode", "入学方式"), FieldSpec("began", "code", "因何开始", codes=KINDS),
        FieldSpec("temporary", "boolean", "临时号"),
    )  # fmt: skip
    size = FieldSpec("size", "number", "人数", "人", minimum=Decimal(0), digits=0)
    return (
        DatasetSpec("roll", "学籍名册", (*who, *spell)),
        DatasetSpec("movement", "学籍异动", (*who, *moved)),
        DatasetSpec("class_roll", "班级名册", (CLASS, coded(pack, "stage", "学段"), GRADE, GRADE_NAME, size)),
        DatasetSpec("pupil_flag", "关爱名册", (*who, coded(pack, "kind", "关爱类别"), STATUS)),
        DatasetSpec("flag_movement", "关爱学生异动", (*who, coded(pack, "flag", "关爱类别"), *moved)),
        *_children(pack, residence),
    )


def _children(pack: PackData, residence: FieldSpec) -> tuple[DatasetSpec, DatasetSpec]:
    """The list of children of school age, and the cases of sweeps."""
    state = coded(pack, "state", "核实情况")
    age = FieldSpec("age", "number", "年龄", "岁", minimum=Decimal(0), digits=0)
    found = FieldSpec("found", "code", "学籍", codes=FOUND)
    why = FieldSpec("why", "code", "列入原因", codes=WHYS)
    return (
        DatasetSpec("school_age", "适龄儿童名册", (PERSON, SEX, BIRTH, residence, age, found, state)),
        DatasetSpec("sweep", "控辍保学排查", (PERSON, why, state, FieldSpec("settled", "boolean", "已核实"))),
    )


def coded(pack: PackData, name: str, title: str) -> FieldSpec:
    """A column of words: a code column where the pack has the table."""
    table = pack.codes.get(PUPIL_CODES[name])
    kind: FieldType = "code" if table else "text"
    return FieldSpec(name, kind, title, codes=table.words() if table else (), ordered=bool(table and table.ordered))


PERSON = FieldSpec("person", "person", "学生")
SEX, BIRTH = FieldSpec("sex", "code", "性别", codes=SEXES), FieldSpec("birth", "date", "出生日期")
GRADE = FieldSpec("grade", "number", "年级", minimum=Decimal(1), digits=0)
GRADE_NAME = FieldSpec("grade_name", "text", "年级名称")
STATUS = FieldSpec("status", "code", "状态", codes=STATUSES)
CLASS = FieldSpec("class_id", "text", "班级")
KIND = FieldSpec("kind", "code", "异动类别", codes=KINDS)
