"""Names between the nouns of a pack: every reference leads somewhere, and no name says two things."""

from __future__ import annotations

from xingtan.kernel.issues import Issue
from xingtan.pack.formulas import Formulas
from xingtan.pack.schema.pack import PackData
from xingtan.pack.sources import Sources

from .asking import Asker
from .golden import golden
from .nouns import allocations, cases, duties, indicators, schemes, surveys, targets
from .reports import reports
from .tables import codes, curricula, equity, identifiers, ledgers, organisation, place, waivers
from .trust import purposes, visibility

PARTS = (
    identifiers, codes, organisation, place, ledgers, indicators, targets, duties, cases, schemes, allocations, surveys, reports,
    golden, curricula, equity, waivers, purposes, visibility,
)  # fmt: skip


def issues(pack: PackData, sources: Sources, formulas: Formulas) -> list[Issue]:
    """Every name that leads nowhere or twice somewhere."""
    asker = Asker(pack, sources, formulas)
    for part in PARTS:
        part(asker)
    return asker.issues
