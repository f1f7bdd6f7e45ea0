"""One person, several rows: who applied twice, and who would hold two schemes that exclude each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.quantity import Quantity
from xingtan.kernel.text import T

from .spec import Held, Outcome, Proposal, Verdict

NA = Quantity.not_applicable()


def refused(one: Proposal, verdict: Verdict) -> Proposal:
    """The proposal turned down by a further rule."""
    return replace(one, outcome=Outcome.REFUSED, tier="", each=NA, amount=NA, sets=NA, verdicts=(*one.verdicts, verdict))


def undecided(one: Proposal, verdict: Verdict) -> Proposal:
    """The proposal left open by a further rule."""
    return replace(one, outcome=Outcome.UNDECIDED, verdicts=(*one.verdicts, verdict))


def once_each(proposals: Sequence[Proposal], issues: list[Issue]) -> list[Proposal]:
    """A person's second row in one scheme is left undecided until somebody withdraws one of the two."""
    seen: dict[tuple[str, str, str], Proposal] = {}
    made = []
    for one in proposals:
        first = seen.setdefault((one.scheme.id, one.applicant.period, one.identity), one)
        if first is one or one.outcome is Outcome.REFUSED:
            made.append(one)
            continue
        a, b = first.applicant.row, one.applicant.row
        message = T("第 %(a)s 行和第 %(b)s 行是同一人，在“%(scheme)s”申请了两次", a=a, b=b, scheme=one.scheme.title)
        hint = T("核对是不是同一人，作废多余的一行")
        issues.append(Issue(Severity.WARNING, "aid.twice", message, Where(field=one.scheme.title), hint))
        made.append(undecided(one, Verdict(T("同一人重复申请，另见第 %(row)s 行", row=first.applicant.row), None)))
    return made


def without_doubles(proposals: Sequence[Proposal], held: Mapping[str, Sequence[Held]], issues: list[Issue]) -> list[Proposal]:
    """Of two schemes that exclude each other a person keeps the greater amount; what was decided earlier stays."""
    made = [_beside_held(one, held.get(one.identity, ())) for one in proposals]
    persons: dict[tuple[str, str], list[int]] = {}
    for at, one in enumerate(made):
        if one.outcome is Outcome.ELIGIBLE:
            persons.setdefault((one.applicant.period, one.identity), []).append(at)
    for places in persons.values():
        if len(places) > 1:
            _keep_one(made, places, issues)
    return made


def _exclude(a: Proposal, b: Proposal) -> bool:
    return b.scheme.id in a.scheme.excludes or a.scheme.id in b.scheme.excludes


def _beside_held(one: Proposal, held: Sequence[Held]) -> Proposal:
    for other in held:
        if one.outcome is not Outcome.REFUSED and other.scheme in one.scheme.excludes:
            return refused(one, Verdict(T("已享受“%(other)s”，不重复享受", other=other.title), False))
    return one


def _keep_one(made: list[Proposal], places: Sequence[int], issues: list[Issue]) -> None:
    ranked = sorted(places, key=lambda at: (-(made[at].amount.value or 0), at))
    for position, at in enumerate(ranked):
        for better in ranked[:position]:
            one, other = made[at], made[better]
            if Outcome.REFUSED in {one.outcome, other.outcome} or not _exclude(one, other):
                continue
            if not (one.amount.is_exact and other.amount.is_exact):
                said = {"row": one.applicant.row, "a": other.scheme.title, "b": one.scheme.title}
                message = T("第 %(row)s 行合“%(a)s”也合“%(b)s”，金额不明，不能断定留哪一项", **said)
                issues.append(Issue(Severity.WARNING, "aid.double", message, Where(field=one.scheme.title), T("补上缺的数，或由人选定")))
                made[at] = undecided(one, Verdict(T("与“%(other)s”只能享受一项", other=other.scheme.title), None))
            else:
                made[at] = refused(one, Verdict(T("与“%(other)s”只能享受一项，留金额高的一项", other=other.scheme.title), False))
