"""Proposals as rows of the register `aid_award`: what figures count. Codes and amounts only: no names, no numbers of persons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from xingtan.kernel.quantity import Quantity, Reason

from .spec import Outcome, Proposal

PROPOSED = "拟定"
FORMS = {"cash": "现金", "in_kind": "实物", "exemption": "减免"}
STATES = (PROPOSED, "核准", "已付", "退回", "停发")
OUTCOMES = tuple(one.value for one in Outcome)
REACHED = ("是", "否", "未定")
PUPILS, STAFF = "学生", "教职工"


def records(proposals: Iterable[Proposal]) -> Iterator[dict[str, Any]]:
    """One record a proposal, of state `拟定`."""
    for one in proposals:
        yield {
            "row_id": f"aid:{one.scheme.id}:{one.applicant.row}", "org": one.applicant.org, "period": one.applicant.period,
            "doubt": one.applicant.doubt, "scheme": one.scheme.title, "tier": one.tier or tier_unknown(one), "form": FORMS[one.scheme.form],
            "recipients": one.scheme.recipients, "stage": stage(one), "persons": one.persons, "each": one.each, "amount": one.amount,
            "sets": one.sets, "outcome": one.outcome.value, "state": PROPOSED, "year": one.applicant.year,
        }  # fmt: skip


def tier_unknown(one: Proposal) -> Reason:
    """A refused row has no tier; of an undecided one it may be unknown."""
    return Reason.NOT_APPLICABLE if one.outcome is Outcome.REFUSED else Reason.UNKNOWN


def stage(one: Proposal) -> Any:
    """The stage the row states, else the only one the scheme is for."""
    if one.scheme.stage:
        found = one.applicant.values.get(one.scheme.stage)
        return found if isinstance(found, str) else Reason.UNKNOWN
    return one.scheme.stages[0] if len(one.scheme.stages) == 1 else Reason.NOT_APPLICABLE


@dataclass(frozen=True, slots=True)
class Child:
    """A row of those who ought to be reached. `number` empty: nobody can say whether it is reached."""

    row: str
    org: str
    period: str
    number: str
    kind: str = ""
    doubt: str = ""


Found = Mapping[tuple[str, str], set[Outcome]]  # period and number → outcomes


def reached(child: Child, by_number: Found) -> str:
    """Whether any aid reaches the child: yes by one eligible row, no when it is known to have none, else undecided."""
    found = by_number.get((child.period, child.number), set()) if child.number else {Outcome.UNDECIDED}
    if Outcome.ELIGIBLE in found:
        return REACHED[0]
    return REACHED[2] if Outcome.UNDECIDED in found else REACHED[1]


def outcomes(proposals: Iterable[Proposal]) -> Found:
    """The outcomes of all rows of a person, by period and number."""
    found: dict[tuple[str, str], set[Outcome]] = {}
    for one in proposals:
        kind, _, number = one.identity.partition(":")
        if kind == "number":
            found.setdefault((one.applicant.period, number), set()).add(one.outcome)
    return found


def reach_records(children: Iterable[Child], by_number: Found) -> Iterator[dict[str, Any]]:
    """One record of the register `aid_reach` for each child."""
    for one in children:
        yield {
            "row_id": f"reach:{one.row}", "org": one.org, "period": one.period, "doubt": one.doubt, "kind": one.kind or Reason.UNKNOWN,
            "reached": reached(one, by_number), "persons": Quantity.exact(1),
        }  # fmt: skip
