"""What the assessment is told and what it answers; all frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Literal

from xingtan.kernel.formula import Env, Expr
from xingtan.kernel.issues import Issue
from xingtan.kernel.provenance import Provenance
from xingtan.kernel.quantity import Quantity
from xingtan.kernel.text import Text
from xingtan.kernel.tri import Tri

Form = Literal["cash", "in_kind", "exemption"]


class Outcome(StrEnum):
    """What the rules say of a row. What is unknown leaves it undecided: nobody is refused for a blank."""

    ELIGIBLE = "合格"
    REFUSED = "不合格"
    UNDECIDED = "待定"


OUTCOMES: Mapping[Tri, Outcome] = {True: Outcome.ELIGIBLE, False: Outcome.REFUSED, None: Outcome.UNDECIDED}


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition over a row; `asks` are the columns it names."""

    when: Expr
    say: str
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tier:
    """`amount`: yuan for one person and period; `sets`: things for one person and period."""

    id: str
    title: str
    amount: Expr
    when: Expr | None = None
    sets: Expr | None = None
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so many persons, so many yuan in a period; `order` is the number by which rows are served, greatest first."""

    persons: Expr | None = None
    amount: Expr | None = None
    order: Expr | None = None


def _none() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme of a pack. `person`, `number`, `heads`, `stage` are columns of the applications, `titles` the columns' titles."""

    id: str
    title: str
    tiers: tuple[Tier, ...]
    rules: tuple[Rule, ...] = ()
    form: Form = "cash"
    recipients: str = ""
    measure: str = ""
    person: str = ""
    number: str = ""
    heads: str = ""
    stage: str = ""
    stages: tuple[str, ...] = ()
    excludes: frozenset[str] = frozenset()
    cap: Cap | None = None
    years: Expr | None = None
    basis: str = ""
    titles: Mapping[str, str] = field(default_factory=_none)


@dataclass(frozen=True, slots=True)
class Applicant:
    """One row of the applications: a person, or a group with a count. `year`: the how many-th period in a row it would be paid for."""

    row: str
    org: str
    period: str
    values: Mapping[str, Any]
    doubt: str = ""
    year: int = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """A scheme with its applications, and what its formulas see beside a row."""

    scheme: Scheme
    applicants: tuple[Applicant, ...]
    env: Env


@dataclass(frozen=True, slots=True)
class Held:
    """What a person holds already by an earlier decision."""

    scheme: str
    title: str
    amount: Quantity


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says of a row: it holds, does not, or is undecided for want of the named columns."""

    say: Text
    holds: Tri


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rules give a row. `each` for one person, `amount` and `sets` for the row; not applicable when refused.

    Of an undecided row they are what it would get if what is open were found to hold.
    """

    scheme: Scheme
    applicant: Applicant
    outcome: Outcome
    tier: str
    persons: Quantity
    each: Quantity
    amount: Quantity
    sets: Quantity
    verdicts: tuple[Verdict, ...]

    @property
    def who(self) -> str:
        """The person as the row names it; empty for a group."""
        found = self.applicant.values.get(self.scheme.person) if self.scheme.person else None
        return found if isinstance(found, str) else ""

    @property
    def identity(self) -> str:
        """What tells this person from others: the number, else name and organisation, else the row itself."""
        number = self.applicant.values.get(self.scheme.number) if self.scheme.number else None
        if isinstance(number, Quantity):
            number = str(number.value) if number.is_exact else None
        if isinstance(number, str) and number:
            return f"number:{number}"
        return f"name:{self.applicant.org}:{self.who}" if self.who else f"row:{self.applicant.row}"


@dataclass(frozen=True, slots=True)
class Total:
    """Rows, persons and yuan of one scheme, tier and outcome."""

    scheme: str
    tier: str
    outcome: Outcome
    rows: int
    persons: Quantity
    amount: Quantity
    sets: Quantity


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything the rules say of the rows; `issues` tell what a person has to look at, an error forbids to decide."""

    proposals: tuple[Proposal, ...]
    issues: tuple[Issue, ...]
    provenance: Provenance | None = None
