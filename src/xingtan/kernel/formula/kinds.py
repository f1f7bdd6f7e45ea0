"""What the parts of a formula are: the types of values, and of the things a function takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from xingtan.kernel.text import T, Text


class Kind(StrEnum):
    """The type of a value. The first nine are types of columns."""

    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    TEXT = "text"
    CODE = "code"
    DATE = "date"
    BOOLEAN = "boolean"
    PERSON = "person"
    ORG = "org"
    FIGURES = "figures"
    LIST = "list"
    ANY = "any"


KIND_TITLES: dict[Kind, Text] = {
    Kind.NUMBER: T("数"),
    Kind.MONEY: T("钱"),
    Kind.PERCENT: T("比率"),
    Kind.TEXT: T("文字"),
    Kind.CODE: T("代码"),
    Kind.DATE: T("日期"),
    Kind.BOOLEAN: T("是非"),
    Kind.PERSON: T("人员"),
    Kind.ORG: T("机构"),
    Kind.FIGURES: T("各下级的一组数"),
    Kind.LIST: T("列表"),
    Kind.ANY: T("任意值"),
}
NUMERIC = frozenset({Kind.NUMBER, Kind.MONEY, Kind.PERCENT})
TEXTUAL = frozenset({Kind.TEXT, Kind.CODE, Kind.PERSON, Kind.ORG})


@dataclass(frozen=True, slots=True)
class FieldType:
    """The type of a column or name. `codes`: the words a code column may hold, in order; `ordered`: they can be compared with < and >."""

    kind: Kind
    codes: tuple[str, ...] = ()
    ordered: bool = False
    title: str = ""


def _nothing() -> Mapping[str, FieldType]:
    return {}


@dataclass(frozen=True, slots=True)
class Scope:
    """The names a formula may use.

    `row_dataset`: the formula is a condition over a row of that dataset (check, guard); None: a figure's formula.
    `extra`: further bare names of the place of writing, such as `who` in a duty or `score` in a scheme.
    `org_kinds`: ids of kinds and tiers of organisations; empty: not checked.
    """

    datasets: Mapping[str, Mapping[str, FieldType]]
    parameters: Mapping[str, FieldType] = field(default_factory=_nothing)
    indicators: Mapping[str, FieldType] = field(default_factory=_nothing)
    row_dataset: str | None = None
    extra: Mapping[str, FieldType] = field(default_factory=_nothing)
    org_kinds: frozenset[str] = frozenset()


# Names that every row has, unless a column of the dataset carries the same id.
ROW_NAMES: dict[str, FieldType] = {
    "date": FieldType(Kind.DATE, title="日期"),
    "org": FieldType(Kind.ORG, title="机构"),
    "doubtful": FieldType(Kind.BOOLEAN, title="存疑"),
}
# `term` is 'T1', 'T2' or 'T3'. Of a figure all are those of its period, of a check those of the day.
TIME_NAMES: dict[str, FieldType] = {
    "today": FieldType(Kind.DATE, title="今天"),
    "year.start": FieldType(Kind.DATE, title="学年初"),
    "year.end": FieldType(Kind.DATE, title="学年末"),
    "term.start": FieldType(Kind.DATE, title="学期初"),
    "term.end": FieldType(Kind.DATE, title="学期末"),
    "term": FieldType(Kind.CODE, codes=("T1", "T2"), ordered=True, title="学期"),
}
UNIT_WORDS = ("days", "workdays", "weeks", "months")
LITERALS = frozenset({0, 1, 100, 10000})
