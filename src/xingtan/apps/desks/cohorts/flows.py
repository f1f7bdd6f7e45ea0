"""The flow of one stage from last school year to this, by grade, with survival; and the Chinese rates beside those of UIS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from xingtan.apps.base.pupils.grades import Grades
from xingtan.engine.cohorts.enrolment import transition
from xingtan.engine.cohorts.flow import Flow, Flowed, rates
from xingtan.engine.cohorts.given import Input, ratio, total
from xingtan.engine.cohorts.survival import Survival, survival
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue
from xingtan.kernel.period import Period
from xingtan.kernel.quantity import Quantity
from xingtan.kernel.text import Text
from xingtan.press import svg
from xingtan.ui.text import render

from .printing import percent
from .reading import Numbers

CYCLES = ("小学", "初中", "高中")  # stages in the order in which children pass through them
LIMITED = 1  # repeats allowed in the second survival column


@dataclass(frozen=True, slots=True)
class Years:
    """Numbers by school year: the one shown, the one before, and those further back that a cohort began in. `titles` of the stages."""

    present: Period
    numbers: Mapping[Period, Numbers]
    titles: Mapping[str, str] = field(default_factory=dict)

    @property
    def before(self) -> Period:
        return self.present.previous()

    def of(self, period: Period, stage: str, grade: int, sex: str, column: str) -> Quantity:
        found = self.numbers.get(period)
        return Quantity.unknown(0) if found is None else found.of((stage, str(grade)), sex, column)

    def stages(self) -> list[str]:
        """Stages of which either year says anything, in their order."""
        said = {key[0] for period in (self.present, self.before) for key in self.numbers[period].keys}
        return [stage for stage in CYCLES if stage in said]


@dataclass(frozen=True, slots=True)
class GradeLine:
    """One grade on the page: counts, and rates in words."""

    grade: str
    before: Quantity
    now: Quantity
    repeating: Quantity
    promotion: Text
    repetition: Text
    dropout: Text
    odd: bool  # a negative dropout
    entering: Text
    limited: Text


@dataclass(frozen=True, slots=True)
class Pair:
    """One rate in the Chinese way, and what UIS has beside it."""

    name: str
    value: Text
    how: str
    uis: str
    uis_value: Text
    uis_how: str


@dataclass(frozen=True, slots=True)
class StageFlow:
    """What a page shows of a stage, under its `title`; `issues` instead of `lines` where the numbers cannot be right."""

    title: str
    lines: tuple[GradeLine, ...] = ()
    picture: str = ""
    pairs: tuple[Pair, ...] = ()
    issues: tuple[Issue, ...] = ()


def stage_flow(years: Years, law: Grades, stage: str, sex: str) -> StageFlow:
    """Rates of all grades of a stage; faults of the input all at once."""
    flow, title = _flow(years, law, stage, sex), years.titles.get(stage, stage)
    try:
        flowed = rates(flow)
    except XingtanError as error:
        return StageFlow(title, issues=tuple(error.issues))
    unlimited, limited = survival(flowed), survival(flowed, LIMITED)
    lines = tuple(_line(flow, flowed, unlimited, limited, number) for number in range(len(flow.grades)))
    pairs = _pairs(years, law, stage, sex, (flow, flowed, unlimited))
    return StageFlow(title, lines, _picture(title, unlimited), pairs, flowed.issues)


def _flow(years: Years, law: Grades, stage: str, sex: str) -> Flow:
    grades = range(1, law.last(stage) + 1)

    def column(period: Period, name: str) -> tuple[Quantity, ...]:
        return tuple(years.of(period, stage, grade, sex, name) for grade in grades)

    return Flow(
        tuple(law.word(stage, grade) for grade in grades),
        column(years.before, "enrolled"),
        column(years.present, "enrolled"),
        column(years.present, "repeaters"),
        years.of(years.before, stage, grades[-1], sex, "graduates"),
        f"{years.before.text} → {years.present.text}",
    )


def _line(flow: Flow, flowed: Flowed, unlimited: Survival, limited: Survival, number: int) -> GradeLine:
    one = flowed.grades[number]
    return GradeLine(
        one.grade,
        flow.enrolled[number],
        flow.following[number],
        flow.repeaters[number],
        percent(one.promotion.value),
        percent(one.repetition.value),
        percent(one.dropout.value),
        one.dropout.value.compare("<", 0) is True,
        percent(unlimited.entering[number].value),
        percent(limited.entering[number].value),
    )


def _picture(stage: str, found: Survival) -> str:
    """The survival curve; nothing where fewer than two points are known. Every text in it is escaped where it is drawn."""
    shares = [*zip(found.grades, found.entering, strict=True), (_("毕业"), found.completion)]
    points = [
        svg.Point(name, None if (at := rate.value.value) is None else float(at * 100), render(percent(rate.value))) for name, rate in shares
    ]
    if sum(point.value is not None for point in points) < 2:
        return ""
    title = _("%(stage)s：重构批次进入各年级的比例") % {"stage": stage}
    return mark_safe(svg.trend(points, title, unit="%"))  # noqa: S308


def _pairs(years: Years, law: Grades, stage: str, sex: str, found: tuple[Flow, Flowed, Survival]) -> tuple[Pair, ...]:
    return (_dropout(years, law, stage, sex, found), _retention(years, law, stage, sex, found[2]), _passage(years, law, stage, sex))


def _dropout(years: Years, law: Grades, stage: str, sex: str, found: tuple[Flow, Flowed, Survival]) -> Pair:
    flow, flowed, _survival = found
    grades = range(1, law.last(stage) + 1)
    left = [Input("D", years.of(years.before, stage, grade, sex, "dropouts")) for grade in grades]
    rate = ratio(left, [Input("E", number) for number in flow.enrolled], "Σ D[g,t] ÷ Σ E[g,t]")
    gone = total(one.dropout.value * number for one, number in zip(flowed.grades, flow.enrolled, strict=True))
    return Pair(
        _("学年辍学率"),
        percent(rate.value),
        _("上一学年内登记的辍学人数 ÷ 上一学年初在校人数"),
        _("各年级合计辍学率"),
        percent(gone / total(flow.enrolled)),
        _("1 − 升级率 − 留级率，由两年人数倒推；转出也算在内"),
    )


def _retention(years: Years, law: Grades, stage: str, sex: str, found: Survival) -> Pair:
    last = law.last(stage)
    began = years.present.previous(last - 1)
    here = Input("E[n]", years.of(years.present, stage, last, sex, "enrolled"))
    rate = ratio([here], [Input("E[1]", years.of(began, stage, 1, sex, "enrolled"))], "E[n,t] ÷ E[1,t−n+1]")
    return Pair(
        _("巩固率"),
        percent(rate.value),
        _("本学年毕业年级在校人数 ÷ %(years)s学年一年级在校人数") % {"years": began.text},
        _("存留到毕业年级的比例"),
        percent(found.entering[-1].value),
        _("重构批次：按这两年的升级率、留级率一直走下去"),
    )


def _passage(years: Years, law: Grades, stage: str, sex: str) -> Pair:
    above = CYCLES[CYCLES.index(stage) + 1] if stage != CYCLES[-1] else ""
    last = law.last(stage)
    pupils = years.of(years.before, stage, last, sex, "enrolled")
    graduates = years.of(years.before, stage, last, sex, "graduates")
    entrants = Quantity.unknown(0)
    if above:
        entrants = years.of(years.present, above, 1, sex, "enrolled") - years.of(years.present, above, 1, sex, "repeaters")
    new = Input("N", entrants)
    return Pair(
        _("升学率"),
        percent(ratio([new], [Input("G", graduates)], "N ÷ G").value),
        _("下一学段一年级新生 ÷ 上一学年毕业生"),
        _("过渡率"),
        percent(transition(new, Input("E[n]", pupils)).value),
        _("下一学段一年级新生 ÷ 上一学年毕业年级在校人数"),
    )
