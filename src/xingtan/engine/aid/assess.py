"""Every row against every rule of its scheme, then persons across schemes, then the caps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import Any

from xingtan.kernel.formula import Env, Expr, evaluate
from xingtan.kernel.formula.values import either, quantity, tri, unknown
from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.provenance import Provenance
from xingtan.kernel.quantity import Quantity, Reason
from xingtan.kernel.text import T, Text
from xingtan.kernel.tri import Tri, all3

from .caps import capped
from .spec import OUTCOMES, Applicant, Asked, Assessment, Held, Outcome, Proposal, Rule, Scheme, Tier, Total, Verdict
from .together import once_each, without_doubles

NA = Quantity.not_applicable()
ONE, NOBODY = Quantity.exact(1), Quantity.exact(0)


def assess(asked: Iterable[Asked], *, held: Mapping[str, Sequence[Held]] | None = None, provenance: Provenance | None = None) -> Assessment:
    """Assess rows of one period. `held`: what persons (by `Proposal.identity`) hold by earlier decisions.

    Never raises for what a row says or lacks; doubts and conflicts come as issues.
    """
    issues: list[Issue] = []
    found: list[Proposal] = []
    envs: dict[str, Env] = {}
    for one in asked:
        envs[one.scheme.id] = one.env
        found += [propose(one.scheme, applicant, one.env, issues) for applicant in one.applicants]
    found = once_each(found, issues)
    found = without_doubles(found, held or {}, issues)
    found = capped(found, envs, issues)
    return Assessment(tuple(found), tuple(issues), provenance)


def propose(scheme: Scheme, applicant: Applicant, env: Env, issues: list[Issue]) -> Proposal:
    """One row against one scheme."""
    row = applicant.values
    verdicts = [judged(scheme, rule, tri(evaluate(rule.when, row, env)), row) for rule in scheme.rules]
    possible, settled = _tiers(scheme, applicant, env, issues)
    verdicts.append(_tier_verdict(scheme, possible, settled, row))
    holds = all3(verdict.holds for verdict in verdicts)
    heads = _heads(scheme, row)
    if holds is False or not possible:
        return Proposal(scheme, applicant, Outcome.REFUSED, "", heads, NA, NA, NA, tuple(verdicts))
    each = _hull([quantity(evaluate(tier.amount, row, env)) for tier in possible])
    sets = _hull([_sets(tier.sets, row, env) for tier in possible])
    title = possible[0].title if settled else ""
    if heads is not ONE:
        return Proposal(scheme, applicant, OUTCOMES[holds], title, heads, each, each * heads, sets * heads, tuple(verdicts))
    return Proposal(scheme, applicant, OUTCOMES[holds], title, heads, each, each, sets, tuple(verdicts))


def _sets(expr: Expr | None, row: Mapping[str, Any], env: Env) -> Quantity:
    return NA if expr is None else quantity(evaluate(expr, row, env))


def _hull(items: Sequence[Quantity]) -> Quantity:
    return reduce(lambda a, b: quantity(either(a, b)), items)


def _tiers(scheme: Scheme, applicant: Applicant, env: Env, issues: list[Issue]) -> tuple[list[Tier], bool]:
    """The tiers a row may belong to, and whether it is certain that it is the only one."""
    row = applicant.values
    states: list[tuple[Tier, Tri]] = [(one, True if one.when is None else tri(evaluate(one.when, row, env))) for one in scheme.tiers]
    stated = [tier for tier, state in states if state is True and tier.when is not None]
    if len(stated) > 1:
        message = T("第 %(row)s 行同时合“%(a)s”和“%(b)s”两档", row=applicant.row, a=stated[0].title, b=stated[1].title)
        hint = T("改规则包里这两档的条件，使任何一行至多合一档")
        issues.append(Issue(Severity.ERROR, "aid.tiers", message, Where(field=scheme.title), hint))
    possible: list[Tier] = []
    for tier, state in states:
        if state is not False:
            possible.append(tier)
        if state is True:
            return possible, len(possible) == 1
    return possible, False


def _tier_verdict(scheme: Scheme, possible: Sequence[Tier], settled: bool, row: Mapping[str, Any]) -> Verdict:
    if not possible:
        return Verdict(T("不合任何档次"), False)
    if settled:
        return Verdict(T("档次：%(tier)s", tier=possible[0].title), True)
    asks = tuple(dict.fromkeys(name for tier in possible for name in tier.asks))
    missing = lacking(scheme, asks, row)
    titles = "、".join(tier.title for tier in possible)
    if missing:
        return Verdict(T("档次未定，可能是%(tiers)s（缺：%(missing)s）", tiers=titles, missing=missing), None)
    return Verdict(T("档次未定，可能是%(tiers)s", tiers=titles), None)


def judged(scheme: Scheme, rule: Rule, holds: Tri, row: Mapping[str, Any]) -> Verdict:
    """A rule's verdict in words."""
    say = rule.say
    if holds is None:
        missing = lacking(scheme, rule.asks, row)
        text = T("未定：%(say)s（缺：%(missing)s）", say=say, missing=missing) if missing else T("未定：%(say)s", say=say)
        return Verdict(text, None)
    return Verdict(T("符合：%(say)s", say=say) if holds else T("不符合：%(say)s", say=say), holds)


def lacking(scheme: Scheme, asks: Iterable[str], row: Mapping[str, Any]) -> str:
    """The titles of the columns that are asked for and unknown."""
    return "、".join(scheme.titles.get(name, name) for name in asks if _missing(row.get(name)))


def _missing(value: Any) -> bool:
    return value is Reason.UNKNOWN or unknown(value)


def _heads(scheme: Scheme, row: Mapping[str, Any]) -> Quantity:
    """How many persons a row stands for: its count; one for a named person without a count; one where rows are persons."""
    if not scheme.heads:
        return ONE
    counted = row.get(scheme.heads)
    named = bool(scheme.person) and isinstance(row.get(scheme.person), str)
    if named and (counted is None or (isinstance(counted, Quantity) and counted.is_unknown)):
        return ONE
    return quantity(counted)


def totals(proposals: Iterable[Proposal]) -> tuple[Total, ...]:
    """Sums by scheme, tier and outcome, in the order of the schemes and their tiers. Money of refused rows is none."""
    groups: dict[tuple[str, str, Outcome], list[Proposal]] = {}
    for one in proposals:
        groups.setdefault((one.scheme.id, one.tier, one.outcome), []).append(one)
    made = []
    for (scheme, tier, outcome), rows in groups.items():
        money = [one.amount for one in rows if not one.amount.is_not_applicable]
        things = [one.sets for one in rows if not one.sets.is_not_applicable]
        persons = sum((one.persons for one in rows), NOBODY)
        made.append(Total(scheme, tier, outcome, len(rows), persons, sum(money, NOBODY), sum(things, NOBODY) if things else NA))
    return tuple(made)


def reasons(proposal: Proposal) -> tuple[Text, ...]:
    """Why a row is not eligible: the verdicts that do not hold, or are undecided."""
    return tuple(verdict.say for verdict in proposal.verdicts if verdict.holds is not True)
