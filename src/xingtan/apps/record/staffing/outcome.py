"""What a sheet would do, or did: tried row by row with the very verbs that write, and taken back unless everything is right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction

from xingtan.kernel.issues import Issue
from xingtan.kernel.text import Text

WORDS = ("added", "changed", "same")


@dataclass(slots=True)
class Outcome:
    """Counts of `added`, `changed`, `same`; a line each for what is added or changed; every fault."""

    counts: Counter[str] = field(default_factory=Counter)
    lines: list[tuple[str, str, Text]] = field(default_factory=list)  # what happens, whom it is about, in words
    issues: list[Issue] = field(default_factory=list)
    left_out: tuple[str, ...] = ()
    written: bool = False

    def note(self, kind: str, whom: str, words: Text) -> None:
        self.counts[kind] += 1
        if kind != "same":
            self.lines.append((kind, whom, words))


def tried(work: Callable[[Outcome], None], *, keep: bool) -> Outcome:
    """Do the work in one transaction. It stands only when nothing was wrong and it was meant to be kept."""
    outcome = Outcome()
    with transaction.atomic():
        work(outcome)
        outcome.written = keep and not outcome.issues
        if not outcome.written:
            transaction.set_rollback(True)
    return outcome
