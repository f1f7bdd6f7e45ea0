"""A roster against the register: who each row is, what would be new, changed, left alone, moved; who is missing from the file."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.orgs.tree import day_text
from xingtan.apps.base.pupils.models import Movement
from xingtan.apps.base.vault import index
from xingtan.apps.base.vault.masks import Kind as Secret
from xingtan.apps.record.imports.body import ROW
from xingtan.kernel.issues import Issue, Severity
from xingtan.kernel.text import T, Text

from . import register
from .cells import Cells, wrong
from .fields import Column

Kind = Movement.Kind
SHARE, SMALL = 3, 10  # a third; registers of fewer pupils raise no alarm
MISSING_SHOWN = 200


@dataclass(slots=True)
class Match:
    """The rows with the pupil each one is (columns of `register.standing`, `kind`), and what is on the roll but not in the file."""

    table: pl.DataFrame
    missing: pl.DataFrame
    covered: int
    opened: dict[str, tuple[int, str, int, int]] = field(default_factory=dict)

    def count(self, *kinds: str) -> int:
        return int(self.table["kind"].is_in(list(kinds)).sum())


@dataclass(frozen=True, slots=True)
class Asked:
    """What holds for the whole upload. `moves`: whether whoever oversees both schools may move a pupil by his roster."""

    place: Place
    day: date
    moves: bool
    reach: Collection[int] | None
    names: dict[int, str]  # organisations by key

    def within(self, org: int | None) -> bool:
        return org is not None and (self.reach is None or org in self.reach)


def match(asked: Asked, cells: Cells, table: pl.DataFrame, known: dict[str, Column]) -> Match:
    """Find out who each row is. Rows that cannot be told apart, or are somebody else's, get faults."""
    old = register.standing(asked.place)
    table = table.with_columns(pl.Series("idx", _indexes(asked.place, table["id_number"]), dtype=pl.String))
    table = _number_freed(table)
    _twins(cells, table, known)
    table = _found(table, old)
    table = table.join(register.others(asked.place), on="idx", how="left", maintain_order="left")
    _clashes(asked, cells, table, known)
    table = table.with_columns(_kind(asked, table))
    _elsewhere(asked, cells, table, known)
    good = table.filter(cells.findings.good(table[ROW]))
    schools = good["school_id"].drop_nulls().unique().to_list()
    roll = old.filter(pl.col("s_school_id").is_in(schools))
    missing = roll.filter(~pl.col("pupil_id").is_in(table["pupil_id"].drop_nulls().to_list()))
    return Match(table, missing, roll.height)


def _indexes(place: Place, numbers: pl.Series) -> list[str]:
    blind, slug = index.blind, place.slug
    return [blind(Secret.ID_NUMBER, slug, text) if text else "" for text in numbers.to_list()]


def _number_freed(table: pl.DataFrame) -> pl.DataFrame:
    """ "" never joins anything."""
    return table.with_columns(pl.col("idx").replace("", None))


def _twins(cells: Cells, table: pl.DataFrame, known: dict[str, Column]) -> None:
    """The same pupil twice in one file: by identity number, by pupil's number, or by name and birth where neither is known."""
    for key, name in (("idx", "id_number"), ("number", "number")):
        said = table.filter(pl.col(key).is_not_null()).select(ROW, "school_id", key)
        said = said.filter(pl.col(key).is_duplicated()).with_columns(pl.col(ROW, "school_id").first().over(key).name.suffix("_first"))
        for row, school, _, first, first_school in said.filter(pl.col(ROW) != pl.col("row_first")).rows():
            cells.fault(row, known[name], _twin(known[name].title, first, elsewhere=school != first_school))
    bare = table.filter(pl.col("idx").is_null() & pl.col("number").is_null() & pl.col("name").is_not_null())
    bare = bare.select(ROW, "school_id", "name", "birth")
    bare = bare.filter(pl.struct("school_id", "name", "birth").is_duplicated())
    bare = bare.with_columns(pl.col(ROW).first().over("school_id", "name", "birth").alias("first"))
    for row, *_, first in bare.filter(pl.col(ROW) != pl.col("first")).rows():
        message = T("与第 %(row)s 行的学校、姓名、出生日期都相同", row=first)
        cells.fault(row, known["name"], wrong("roster.twice", message, T("请保留一行；确是两名学生的，请填上身份证件号")))


def _twin(title: str, first: int, *, elsewhere: bool) -> Issue:
    if elsewhere:
        message = T("与第 %(row)s 行是同一名学生，却写在两所学校", row=first)
        return wrong("roster.two_schools", message, T("请核对他现在在哪所学校，只留那一行"))
    return wrong("roster.twice", T("与第 %(row)s 行的%(column)s相同", row=first, column=title), T("请保留一行，或核对号码"))


def _found(table: pl.DataFrame, old: pl.DataFrame) -> pl.DataFrame:
    """The pupil of each row: by identity number, else by pupil's number, else by name and birth on the roll of the same school."""
    by_idx = old.filter(pl.col("p_id_number_index") != "").select(pl.col("p_id_number_index").alias("idx"), pl.col("pupil_id").alias("a"))
    by_number = old.select(pl.col("u_number").alias("number"), pl.col("pupil_id").alias("b"))
    bare = old.filter(pl.col("s_school_id").is_not_null() & pl.col("p_birth").is_not_null())
    bare = bare.select(
        pl.col("s_school_id").alias("school_id"), pl.col("p_name").alias("name"), pl.col("p_birth").alias("birth"),
        pl.col("pupil_id").alias("c"), (pl.col("p_id_number_index") != "").alias("c_known"),
    ).unique(["school_id", "name", "birth"], keep="none")  # fmt: skip
    table = table.join(by_idx, on="idx", how="left", maintain_order="left").join(by_number, on="number", how="left", maintain_order="left")
    table = table.join(bare, on=["school_id", "name", "birth"], how="left", maintain_order="left")
    # Whoever has another identity number is somebody else, however alike.
    third = pl.when(pl.col("idx").is_null() | ~pl.col("c_known")).then(pl.col("c"))
    table = table.with_columns(pl.coalesce("a", "b", third).alias("pupil_id")).drop("c", "c_known")
    return table.join(old, on="pupil_id", how="left", maintain_order="left")


def _clashes(asked: Asked, cells: Cells, table: pl.DataFrame, known: dict[str, Column]) -> None:
    """Numbers that belong to others, and two rows that turn out to be one pupil."""
    other = table.filter(
        pl.col("pupil_id").is_not_null() & pl.col("idx").is_not_null() & (pl.col("p_id_number_index") != "")
        & (pl.col("p_id_number_index") != pl.col("idx"))
    )  # fmt: skip
    for row in other[ROW].to_list():
        message = T("这个学籍号的学生，登记的是另一个证件号")
        cells.fault(row, known["number"], wrong("roster.number_other", message, T("核对学籍号和证件号；登记有误的，请先在学籍里更正")))
    split = table.filter(pl.col("a").is_not_null() & pl.col("b").is_not_null() & (pl.col("a") != pl.col("b")))
    for row in split[ROW].to_list():
        cells.fault(row, known["number"], wrong("pupils.number_taken", T("学籍号已有别的学生使用"), T("核对学籍号；留空则由系统编号")))
    strange = pl.col("s_school_id").is_null() | (pl.col("s_school_id") != pl.col("school_id"))
    renamed = table.filter(pl.col("pupil_id").is_not_null() & strange & (pl.col("p_name") != pl.col("name")))
    named = table.filter(pl.col("other_id").is_not_null() & (pl.col("other_name") != pl.col("name")))
    for row in [*renamed[ROW].to_list(), *named[ROW].to_list()]:
        message = T("这个号码在本县属于另一个姓名的人")
        cells.fault(row, known["id_number"], wrong("pupils.id_taken", message, T("核对证件；如是同一人，先更正那份资料")))
    twice = table.filter(pl.col("pupil_id").is_not_null()).select(ROW, "pupil_id")
    twice = twice.filter(pl.col("pupil_id").is_duplicated()).with_columns(pl.col(ROW).first().over("pupil_id").alias("first"))
    for row, _, first in twice.filter(pl.col(ROW) != pl.col("first")).rows():
        if row not in cells.findings.refused:
            cells.fault(row, known["name"], _twin(known["name"].title, first, elsewhere=False))


def _kind(asked: Asked, table: pl.DataFrame) -> pl.Series:
    """added, back (on no roll now), here, moved or elsewhere."""
    within = [asked.within(org) for org in table["s_school_id"].to_list()]
    return table.select(
        pl.when(pl.col("pupil_id").is_null()).then(pl.lit("added"))
        .when(pl.col("s_school_id").is_null()).then(pl.lit("back"))
        .when(pl.col("s_school_id") == pl.col("school_id")).then(pl.lit("here"))
        .when(pl.Series(within, dtype=pl.Boolean) & pl.lit(asked.moves)).then(pl.lit("moved"))
        .otherwise(pl.lit("elsewhere")).alias("kind")
    ).to_series()  # fmt: skip


def _elsewhere(asked: Asked, cells: Cells, table: pl.DataFrame, known: dict[str, Column]) -> None:
    """Pupils whom another school has: a transfer to propose, never a silent move. Their rows are left out; the others can be taken."""
    rows = table.filter(pl.col("kind") == "elsewhere").select(ROW, "s_school_id")
    for row, school in rows.rows():
        name = asked.names.get(school, "") if asked.within(school) else ""
        message = T("这名学生现在“%(school)s”在籍，没有导入", school=name) if name else T("这名学生现在本县另一所学校在籍，没有导入")
        issue = Issue(Severity.WARNING, "roster.transfer", message, hint=T("请在“转学”里提出转入，对方同意后学籍自动转来"))
        cells.fault(row, known["school"], issue)


def settled(asked: Asked, cells: Cells, found: Match, known: dict[str, Column]) -> None:
    """Faults that depend on what happened to a pupil before: only asked for those whose seat would change."""
    rows = found.table.filter(pl.col("moves") & pl.col("pupil_id").is_not_null())
    pupils = rows["pupil_id"].to_list()
    waiting = register.open_transfers(pupils)
    last = register.last_movements(pupils)
    for row, pupil, kind, day in rows.join(last, on="pupil_id", how="left").select(ROW, "pupil_id", "last_kind", "last_day").rows():
        if kind == Kind.DEATH:
            cells.fault(row, known["name"], wrong("roster.dead", T("这名学生已登记死亡"), T("核对是不是另一个人；登记有误的，请先撤回")))
        elif day is not None and day > asked.day:
            message = T("此后已有异动：%(day)s%(kind)s", day=day_text(day), kind=kind)
            cells.fault(row, known["school"], wrong("pupils.before_last", message, T("把生效日期改在它之后，或先撤回那次异动")))
        elif pupil in waiting:
            cells.fault(row, known["school"], wrong("pupils.in_transfer", T("这名学生有一项转学还没有答复"), T("先答复或撤回那项转学")))


def missing_told(asked: Asked, found: Match) -> list[Text]:
    """Who is on the roll of the file's schools but not in the file: by school how many, and the first of them by name."""
    if not found.missing.height:
        return []
    told = [
        T("“%(school)s”在籍的学生，有 %(count)s 名不在文件里；他们的学籍不变", school=asked.names.get(school, ""), count=count)
        for school, count in found.missing.group_by("s_school_id").len().sort("s_school_id").rows()
    ]
    rows = found.missing.select("p_name", "s_school_id", "s_stage", "s_grade").head(MISSING_SHOWN).rows()
    for name, school, stage, grade in rows:
        where = {"school": asked.names.get(school, ""), "stage": stage, "grade": grade}
        told.append(T("不在文件里：%(name)s（%(school)s，%(stage)s第%(grade)s年级）", name=name, **where))
    if found.missing.height > MISSING_SHOWN:
        told.append(T("显示前 %(shown)s 名，共 %(all)s 名", shown=MISSING_SHOWN, all=found.missing.height))
    return told


def alarm(found: Match) -> Text | None:
    """Why somebody should look twice; None when nothing is unusual."""
    changed = found.count("changed", "moved", "back")
    if found.covered < SMALL:
        return None
    if found.missing.height * SHARE >= found.covered:
        return T(
            "这些学校在籍 %(all)s 人，文件里缺了 %(gone)s 人（三分之一以上）。缺的人学籍不变", all=found.covered, gone=found.missing.height
        )
    if changed * SHARE >= found.covered:
        return T("这些学校在籍 %(all)s 人，文件要改动 %(changed)s 人（三分之一以上）", all=found.covered, changed=changed)
    return None
