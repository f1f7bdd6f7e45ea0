"""The desk of one person, from what the house already knows: what to do today, what is late, what changed, how the numbers stand."""

from __future__ import annotations

from dataclasses import dataclass, field

from xingtan.apps.record.figures import selectors as figures
from xingtan.apps.record.figures.asking import Asked
from xingtan.apps.record.figures.policies import POLICY as FIGURES
from xingtan.apps.record.figures.policies import VIEW
from xingtan.apps.record.figures.selectors import Line
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue

from . import changes, duties
from .changes import Change, Since
from .duties import Debt, Task

SHOWN = 12  # indicators on the desk; all of them are one link away
RANK = {"doubtful": 0, "partial": 1, "known": 2, "unknown": 3}


@dataclass(slots=True)
class Numbers:
    """How the numbers stand: the first of them, and how many there are of each standing."""

    lines: list[Line] = field(default_factory=list)
    total: int = 0
    unknown: int = 0
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Morning:
    """The desk of one person. What the person may not see is left out."""

    tasks: list[Task]
    late: list[Debt]
    changes: list[Change]
    more_changes: int
    since: Since
    ledgers: list[tuple[str, int, str]]
    numbers: Numbers

    @property
    def kept(self) -> list[tuple[str, int, str]]:
        """The ledgers with rows in the period."""
        return [line for line in self.ledgers if line[1]]

    @property
    def idle(self) -> list[tuple[str, int, str]]:
        """The ledgers without."""
        return [line for line in self.ledgers if not line[1]]


def morning(here: Asked) -> Morning:
    """Gather the desk. A place without pack or data says so instead of failing."""
    since = changes.since(here)
    changed = changes.changed(here, since)
    owed = duties.owed(here)
    return Morning(
        tasks=duties.tasks(here, [debt for debt in owed if not debt.late]),
        late=[debt for debt in owed if debt.late],
        changes=changed[: changes.SHOWN],
        more_changes=max(0, len(changed) - changes.SHOWN),
        since=since,
        ledgers=duties.ledgers_of(here),
        numbers=numbers(here),
    )


def numbers(here: Asked) -> Numbers:
    """The figures of the organisation in the period: those that ask for a look first."""
    if not FIGURES.can_on(here.account, VIEW, here.org):
        return Numbers()
    try:
        lines = figures.overview(here.place, here.org, here.period, here.account)
    except XingtanError as error:
        return Numbers(issues=error.issues)
    ranked = sorted(lines, key=lambda line: RANK.get(line.now.status, 2))
    return Numbers(ranked[:SHOWN], len(lines), sum(line.now.status == "unknown" for line in lines))
