"""Every function of the language, once: what it takes, what it gives, in which words. The reference is generated from this table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from xingtan.kernel.formula.kinds import UNIT_WORDS, Kind
from xingtan.kernel.text import T, Text


class Takes(StrEnum):
    """What may stand in a slot of a call."""

    DATASET = "dataset"  # bare name of a ledger or register
    COLUMN = "column"  # dataset.field
    CONDITION = "condition"  # a condition over the rows of the dataset in the first slot
    FIGURES = "figures"  # children(x, kind)
    INDICATOR = "indicator"  # bare name of an indicator
    ORG_KIND = "org_kind"  # bare name of a kind or tier of organisation
    WORD = "word"  # one of `choices`, bare or in quotes
    WHOLE = "whole"  # a whole number written out
    NUMBER = "number"
    NUMBERS = "numbers"  # a list of numbers
    DATE = "date"
    BOOLEAN = "boolean"
    VALUE = "value"  # any value; all values of the call are of one type


@dataclass(frozen=True, slots=True)
class Slot:
    """One argument. `many`: it may be repeated (the last positional slot only). Optional slots have `required=False`."""

    name: str
    takes: tuple[Takes, ...]
    title: Text
    required: bool = True
    many: bool = False
    choices: tuple[str, ...] = ()


Family = Literal["records", "figures", "time", "plain"]
FAMILY_TITLES: dict[Family, Text] = {
    "records": T("对记录"),
    "figures": T("对指标"),
    "time": T("时间"),
    "plain": T("计算"),
}


@dataclass(frozen=True, slots=True)
class Signature:
    """A function. `returns` None: the type of the column or of the values given."""

    name: str
    family: Family
    slots: tuple[Slot, ...]
    returns: Kind | None
    does: Text
    example: str

    def slot(self, name: str) -> Slot | None:
        """The slot of that name."""
        return next((slot for slot in self.slots if slot.name == name), None)

    def words(self) -> str:
        """`count(dataset, [condition])`."""
        shown = [f"{slot.name}…" if slot.many else slot.name if slot.required else f"[{slot.name}]" for slot in self.slots]
        return f"{self.name}({', '.join(shown)})"


def _slot(name: str, takes: Takes | tuple[Takes, ...], title: Text, **more: bool | tuple[str, ...]) -> Slot:
    return Slot(name, takes if isinstance(takes, tuple) else (takes,), title, **more)  # type: ignore[arg-type]


_COLUMN = _slot("column", Takes.COLUMN, T("台账的栏"))
_SERIES = _slot("column", (Takes.COLUMN, Takes.FIGURES), T("台账的栏，或 children(…)"))
_WHERE = _slot("condition", Takes.CONDITION, T("行的条件"), required=False)
_X = _slot("x", Takes.INDICATOR, T("指标"))
_A = _slot("a", Takes.VALUE, T("甲"))
_B = _slot("b", Takes.VALUE, T("乙"))
_MANY = _slot("values", (Takes.VALUE, Takes.FIGURES), T("两个以上的值，或 children(…)"), many=True)

_TABLE: tuple[Signature, ...] = (
    Signature(
        "count",
        "records",
        (_slot("dataset", Takes.DATASET, T("台账或名册")), _WHERE),
        Kind.NUMBER,
        T("符合条件的行数"),
        "count(enrolment, stage == '初中')",
    ),
    Signature("sum", "records", (_SERIES, _WHERE), None, T("符合条件的各行此栏之和"), "sum(enrolment.pupils, stage == '初中')"),
    Signature("mean", "records", (_SERIES, _WHERE), None, T("符合条件的各行此栏的平均数"), "mean(lesson_observation.score)"),
    Signature("median", "records", (_SERIES, _WHERE), None, T("符合条件的各行此栏的中位数"), "median(lesson_observation.score)"),
    Signature(
        "quantile",
        "records",
        (_SERIES, _slot("q", Takes.NUMBER, T("分位，0 到 1")), _WHERE),
        None,
        T("符合条件的各行此栏的分位数"),
        "quantile(exam.total, lower_quartile)",
    ),
    Signature("distinct", "records", (_COLUMN, _WHERE), Kind.NUMBER, T("此栏不同的值有几个"), "distinct(lesson_observation.teacher)"),
    Signature("first", "records", (_COLUMN, _WHERE), None, T("日期最早的一行此栏的值"), "first(inspection.grade)"),
    Signature("last", "records", (_COLUMN, _WHERE), None, T("日期最晚的一行此栏的值"), "last(inspection.grade)"),
    Signature(
        "previous",
        "figures",
        (_X, _slot("n", Takes.WHOLE, T("往前几期，默认 1"), required=False)),
        None,
        T("往前几期的同一指标"),
        "pupils - previous(pupils)",
    ),
    Signature(
        "children",
        "figures",
        (_X, _slot("kind", Takes.ORG_KIND, T("机构类别"))),
        Kind.FIGURES,
        T("下属此类机构各自的指标值"),
        "mean(children(score, school))",
    ),
    Signature(
        "cv",
        "figures",
        (_X, _slot("over", Takes.ORG_KIND, T("机构类别")), _slot("weight", Takes.INDICATOR, T("权数指标"), required=False)),
        Kind.NUMBER,
        T("下属此类机构之间的差异系数（可加权）"),
        "cv(area_per_pupil, over=school, weight=pupils)",
    ),
    Signature(
        "rank",
        "figures",
        (_X, _slot("among", Takes.ORG_KIND, T("同级的机构类别"))),
        Kind.NUMBER,
        T("在同一上级、同一类别的机构中的名次，1 为最好"),
        "rank(score, among=school)",
    ),
    Signature(
        "share",
        "figures",
        (_X, _slot("of", (Takes.WORD, Takes.ORG_KIND), T("占谁的：parent 上级，root 全域，或上级的类别"), choices=("parent", "root"))),
        Kind.PERCENT,
        T("占上级同一指标的比重"),
        "share(pupils, of=parent)",
    ),
    Signature("target", "figures", (_X,), None, T("责任书给这个机构定的目标值"), "target(junior_dropout_rate)"),
    Signature(
        "streak",
        "figures",
        (_slot("condition", Takes.BOOLEAN, T("关于指标的条件")),),
        Kind.NUMBER,
        T("到本期为止条件连续成立的期数"),
        "streak(rank_from_bottom == 1)",
    ),
    Signature(
        "on",
        "time",
        (_slot("date", Takes.DATE, T("日期")),),
        Kind.BOOLEAN,
        T("这一天有效的行（代替“属于本期”）"),
        "count(enrolment, on(year.start))",
    ),
    Signature(
        "within",
        "time",
        (_slot("n", Takes.NUMBER, T("多少")), _slot("unit", Takes.WORD, T("单位"), choices=UNIT_WORDS)),
        Kind.BOOLEAN,
        T("日期在期末（检查时为今天）之前若干天、周、月以内的行（代替“属于本期”）"),
        "count(hazard, within(grace, days))",
    ),
    Signature(
        "workdays",
        "time",
        (_slot("a", Takes.DATE, T("起")), _slot("b", Takes.DATE, T("止"))),
        Kind.NUMBER,
        T("从起日（不含）到止日（含）的工作日数"),
        "workdays(received, answered) <= answer_days",
    ),
    Signature("min", "plain", (_MANY,), None, T("其中最小的"), "min(1, done / due)"),
    Signature("max", "plain", (_MANY,), None, T("其中最大的"), "max(0, due - done)"),
    Signature(
        "clamp",
        "plain",
        (_A, _slot("low", Takes.VALUE, T("下限")), _slot("high", Takes.VALUE, T("上限"))),
        None,
        T("限制在下限与上限之间"),
        "clamp(score, 0, 100)",
    ),
    Signature(
        "round",
        "plain",
        (_slot("a", Takes.NUMBER, T("数")), _slot("digits", Takes.WHOLE, T("小数位，默认 0"), required=False)),
        None,
        T("四舍五入"),
        "round(quota_share * planned_intake)",
    ),
    Signature("abs", "plain", (_slot("a", Takes.NUMBER, T("数")),), None, T("绝对值"), "abs(score - previous(score))"),
    Signature(
        "if_",
        "plain",
        (_slot("condition", Takes.BOOLEAN, T("条件")), _A, _B),
        None,
        T("条件成立取甲，否则取乙"),
        "if_(pupils < small, small, pupils)",
    ),
    Signature(
        "coalesce",
        "plain",
        (_slot("values", Takes.VALUE, T("两个以上的值"), many=True),),
        None,
        T("依次取第一个不是未知的值"),
        "coalesce(measured_area, stated_area)",
    ),
    Signature(
        "band",
        "plain",
        (
            _slot("x", Takes.NUMBER, T("数")),
            _slot("lines", Takes.NUMBERS, T("由低到高的几条线")),
            _slot("points", Takes.NUMBERS, T("各段的分，比线多一个")),
        ),
        Kind.NUMBER,
        T("按档给分：低于第一条线取第一个分，依次类推"),
        "band(five_rate_composite, [pass_line], [0, full])",
    ),
)
SIGNATURES: Mapping[str, Signature] = MappingProxyType({signature.name: signature for signature in _TABLE})
