"""The columns of a roster of pupils: where each goes, what it is called in the sheets that schools have, how its cells are read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xingtan.apps.base.people.identity import LIMITS as PERSON_LIMITS
from xingtan.apps.base.pupils.checks import LABELS, LIMITS
from xingtan.apps.base.pupils.rules import Rules
from xingtan.apps.base.vault.masks import Kind
from xingtan.apps.record.imports.reading.headings import Target
from xingtan.kernel.text import T, Text

FLAG = "flag:"
SHORT = 24  # columns of words have room for so many characters


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `goes`: person, pupil, spell, guardian, flag; `reads`: how its cells are understood; `sealed`: the kind of secret."""

    id: str
    title: str
    goes: str
    reads: str = "text"
    words: tuple[str, ...] = ()
    limit: int = SHORT
    sealed: str = ""
    codes: str = ""  # the column of `pupils.rules.TABLES` whose words it holds

    @property
    def label(self) -> Text:
        return LABELS.get(self.id) or T("%(title)s", title=self.title)


def _p(name: str, title: str, *words: str, goes: str = "pupil", reads: str = "text", sealed: str = "", limit: int = 0) -> Column:
    codes = name if reads == "code" else ""
    return Column(name, title, goes, reads, words, limit or LIMITS.get(name, SHORT), sealed, codes)


COLUMNS: tuple[Column, ...] = (
    Column("school", "学校", "spell", "school", (
        "学校名称", "学校标识码", "学校代码", "校名", "就读学校", "所在学校", "在读学校", "单位", "单位名称", "单位代码",
    )),
    Column("name", "姓名", "person", "name", ("学生姓名", "学生"), 64),
    Column("sex", "性别", "person", "sex", ("学生性别",)),
    Column("birth", "出生日期", "person", "date", ("出生年月日", "出生年月", "生日", "出生")),
    Column("id_kind", "身份证件类型", "person", "code", ("证件类型", "证件种类"), codes="id_kind"),
    Column("id_number", "身份证件号", "person", "id_number", (
        "身份证号", "身份证号码", "身份证件号码", "证件号", "证件号码", "公民身份号码", "身份证", "学生身份证号",
    ), PERSON_LIMITS["id_number"], Kind.ID_NUMBER),
    Column("number", "学籍号", "pupil", "number", ("全国学籍号", "学生学籍号", "国网学籍号"), 32),
    Column("ethnic", "民族", "person", "code", (), codes="ethnic"),
    Column("former_name", "曾用名", "person", "text", (), PERSON_LIMITS["former_name"]),
    Column("phone", "联系电话", "person", "phone", ("电话", "手机", "手机号", "手机号码", "学生电话"), PERSON_LIMITS["phone"], Kind.PHONE),
    Column("address", "现住址", "person", "text", ("住址", "居住所在地", "现居住地", "居住地址"), PERSON_LIMITS["address"], Kind.ADDRESS),
    Column("stage", "学段", "spell", "stage", ("就读学段",)),
    Column("grade", "年级", "spell", "grade", ("就读年级", "所在年级")),
    Column("class", "班级", "spell", "class", ("班", "班号", "所在班级", "班级名称"), 40),
    Column("seat", "班内学号", "spell", "text", ("座号", "班内编号"), 16),
    Column("boarding", "就读方式", "spell", "boarding", ("是否住校", "是否寄宿", "寄宿", "住宿", "住校")),
    _p("residence", "城乡", "城乡类型", "城乡类别", reads="code"),
    _p("entry_month", "入学年月", "入学时间", "入学日期", reads="month"),
    _p("entry_mode", "入学方式", reads="code"),
    _p("hukou_place", "户口所在地", "户籍所在地", "户籍地", "户口地"),
    _p("hukou_kind", "户口性质", "户籍性质", "户口类型", reads="code"),
    _p("birth_place", "出生地", "出生所在地"),
    _p("native_place", "籍贯"),
    _p("nationality", "国籍/地区", "国籍", "国籍地区", reads="code"),
    _p("overseas", "港澳台侨外", reads="code"),
    _p("politics", "政治面貌", reads="code"),
    _p("origin", "学生来源", reads="code"),
    _p("only_child", "是否独生子女", "独生子女", reads="yes"),
    _p("preschool", "是否受过学前教育", "是否接受过学前教育", "受过学前教育", reads="yes"),
    _p("inclusive", "随班就读", "是否随班就读", reads="code"),
    _p("health", "健康状况", reads="code", sealed=Kind.HEALTH),
    _p("disability", "残疾类型", "残疾类别", reads="code", sealed=Kind.HEALTH),
    _p("home_address", "家庭地址", "家庭住址", sealed=Kind.ADDRESS),
    _p("mail_address", "通信地址", "通讯地址", sealed=Kind.ADDRESS),
    _p("postcode", "邮政编码", "邮编", reads="postcode"),
    _p("email", "电子信箱", "电子邮箱", "邮箱"),
    _p("talent", "特长"),
    _p("note", "备注", "说明"),
    *(
        Column(f"{slot}_{part}", title, "guardian", reads, words, limit, sealed, codes)
        for slot, part, title, reads, words, limit, sealed, codes in (
            ("kin1", "name", "监护人姓名", "name", ("监护人", "监护人1", "监护人1姓名", "家长姓名", "家长"), 64, Kind.GUARDIAN, ""),
            ("kin1", "relation", "监护人关系", "code", ("与学生关系", "关系", "监护人1关系", "与监护人关系"), 16, "", "relation"),
            ("kin1", "phone", "监护人电话", "phone", (
                "监护人联系电话", "监护人1电话", "监护人1联系电话", "家长电话", "家长联系电话",
            ), 32, Kind.PHONE, ""),
            ("kin2", "name", "监护人2姓名", "name", ("监护人2", "第二监护人", "第二监护人姓名"), 64, Kind.GUARDIAN, ""),
            ("kin2", "relation", "监护人2关系", "code", ("第二监护人关系",), 16, "", "relation"),
            ("kin2", "phone", "监护人2电话", "phone", ("监护人2联系电话", "第二监护人电话"), 32, Kind.PHONE, ""),
            ("father", "name", "父亲姓名", "name", ("父亲", "监护人(父亲)"), 64, Kind.GUARDIAN, ""),
            ("father", "phone", "父亲电话", "phone", ("父亲联系电话", "监护人(父亲)电话"), 32, Kind.PHONE, ""),
            ("mother", "name", "母亲姓名", "name", ("母亲", "监护人(母亲)"), 64, Kind.GUARDIAN, ""),
            ("mother", "phone", "母亲电话", "phone", ("母亲联系电话", "监护人(母亲)电话"), 32, Kind.PHONE, ""),
        )
    ),
)  # fmt: skip
REQUIRED = ("name", "grade")
SLOTS = {"kin1": "", "kin2": "", "father": "父亲", "mother": "母亲"}


def columns(rules: Rules) -> dict[str, Column]:
    """Every column of a roster under the pack in force: those of the form, and one for each flag that the pack knows."""
    found = {column.id: column for column in COLUMNS}
    for kind in rules.words("flag"):
        called = (kind, *_synonyms(rules, kind))
        words = (*(f"是否{one}" for one in called), f"{kind}学生", *called[1:])  # the national form asks for each in a question
        found[f"{FLAG}{kind}"] = Column(f"{FLAG}{kind}", kind, "flag", "flag", words, sealed=Kind.POVERTY)
    return found


def _synonyms(rules: Rules, kind: str) -> Iterable[str]:
    table = rules.pack.codes.get("pupil_flag_kind") if rules.pack else None
    return next((code.synonyms for code in table.codes if code.code == kind), ()) if table else ()


def targets(known: dict[str, Column]) -> list[Target]:
    """What headings are matched with."""
    return [Target(column.id, column.title, (column.id, *column.words)) for column in known.values()]
