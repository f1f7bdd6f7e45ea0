"""A goal that cannot be met, such as one rank up from the first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from xingtan.kernel.formula import Kind
from xingtan.kernel.issues import Severity
from xingtan.kernel.text import T, Text
from xingtan.pack.schema.common import interval
from xingtan.pack.schema.indicator import Indicator
from xingtan.pack.schema.target import COMPARISONS, Goal
from xingtan.pack.scope import kind_of_unit

from .lint import Finding, Lint, Rule

Number = Callable[[str | None], Decimal | None]
HINT = T("与下达单位核对；确实照文件录入的，在 waivers.yaml 里说明")


def find(lint: Lint) -> Iterator[Finding]:
    """Goals of own letters that contradict ranks, rates or the plausible range of their indicator."""
    for name, target in lint.own("targets"):
        for at, goal in enumerate(target.goals):
            indicator = lint.pack.indicators[goal.indicator]
            for key, message in (*_ranks(goal, lint.number), *_places(goal, lint.number), *_values(goal, indicator, lint.number)):
                yield Finding(Severity.WARNING, "targets", name, ("goals", at, key), message, HINT)


def _ranks(goal: Goal, number: Number) -> Iterator[tuple[str, Text]]:
    now, up, within, among = (number(text) for text in (goal.rank_now, goal.rank_up, goal.rank_within, goal.among))
    if up is not None and now is not None and now - up < 1:
        yield "rank_up", T("现在第 %(now)s 名，不能再升 %(up)s 名", now=now, up=up)
    if within is not None and (within < 1 or (among is not None and within > among)):
        yield "rank_within", T("名次目标 %(within)s 不在 1 到 %(among)s 之间", within=within, among=among if among is not None else "…")


def _places(goal: Goal, number: Number) -> Iterator[tuple[str, Text]]:
    if goal.places is None:
        return
    count, top, among = number(goal.places.count), number(goal.places.top), number(goal.among)
    if count is not None and top is not None and count > top:
        yield "places", T("前 %(top)s 名里放不下 %(count)s 个", top=top, count=count)
    elif top is not None and among is not None and top > among:
        yield "places", T("一共只有 %(among)s 个，谈不上前 %(top)s 名", among=among, top=top)


def _values(goal: Goal, indicator: Indicator, number: Number) -> Iterator[tuple[str, Text]]:
    low, high = _range(indicator)
    for key in ("at_least", "more_than", "equals", "at_most", "less_than"):
        value = number(getattr(goal, key))
        if value is None:
            continue
        if high is not None and key in {"at_least", "more_than", "equals"} and (value > high or (key == "more_than" and value == high)):
            yield key, T("目标 %(value)s 高于“%(title)s”可能的最大值 %(high)s", value=value, title=indicator.title, high=high)
        if low is not None and key in {"at_most", "less_than", "equals"} and (value < low or (key == "less_than" and value == low)):
            yield key, T("目标 %(value)s 低于“%(title)s”可能的最小值 %(low)s", value=value, title=indicator.title, low=low)
    yield from _stretch(goal, number)


def _stretch(goal: Goal, number: Number) -> Iterator[tuple[str, Text]]:
    """The value that earns the bonus must ask for more than the plan."""
    stretch = number(goal.stretch)
    plan = next((number(getattr(goal, key)) for key in COMPARISONS if key != "places" and getattr(goal, key) is not None), None)
    if stretch is None or plan is None:
        return
    if (stretch < plan) if goal.at_most is None and goal.less_than is None else (stretch > plan):
        yield "stretch", T("奖励考核指标 %(stretch)s 比计划 %(plan)s 还容易达到", stretch=stretch, plan=plan)


def _range(indicator: Indicator) -> tuple[Decimal | None, Decimal | None]:
    if indicator.plausible:
        return interval(indicator.plausible)
    return Decimal(0), Decimal(1) if kind_of_unit(indicator.unit) is Kind.PERCENT else None


RULE = Rule(
    "infeasible_target",
    T("目标要能达到"),
    T("第一名不能再升一名，比率不能高于百分之百，前三名里放不下四个；奖励指标不能比计划容易。"),
    find,
)
