"""Which organisations a table compares: those directly below, or all of a tier or kind below; and who closed within the period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from xingtan.apps.base.orgs.models import FOREVER, Organisation
from xingtan.apps.record.figures.asking import Asked
from xingtan.apps.record.figures.policies import POLICY, VIEW
from xingtan.apps.record.figures.store import Book
from xingtan.apps.record.figures.tree import Spell
from xingtan.ui.named import named

BELOW = "below"
TIERS = ("town", "school")


@dataclass(frozen=True, slots=True)
class Member:
    """One organisation of a table: as it was called and of which kind in the period; `closed` when it ended within it."""

    code: str
    name: str
    kind: str
    closed: date | None = None


def under(shelf: Book, here: Asked) -> list[Member]:
    """All that stood below the organisation in the period, in the order of the tree; what closed within it stays where it last stood."""
    day, start = shelf.day(here.period), here.period.start
    children: dict[str, list[Spell]] = {}
    for code in shelf.tree.codes:
        spell = shelf.tree.spell(code, day)
        if spell is not None and (spell.holds(day) or _ended(spell, start, day)):
            children.setdefault(spell.parent, []).append(spell)
    found: list[Member] = []
    waiting = list(reversed(children.get(here.org.code, [])))
    while waiting:
        spell = waiting.pop()
        found.append(Member(spell.code, spell.name, spell.kind, None if spell.holds(day) else spell.end))
        waiting += reversed(children.get(spell.code, []))
    return found


def _ended(spell: Spell, start: date | None, day: date | None) -> bool:
    return day is not None and start is not None and spell.end != FOREVER and start < spell.end <= day


def choices(shelf: Book, everyone: Sequence[Member]) -> list[tuple[str, str]]:
    """The levels that exist below, as (value of the address, words)."""
    kinds = {kind.id: kind for kind in shelf.pack.organisation.kinds}
    present = {one.kind for one in everyone}
    tiers = {kinds[kind].tier for kind in present if kind in kinds}
    names = {"town": _("全部乡镇"), "school": _("全部学校")}
    found = [(BELOW, _("直接下级"))] if everyone else []
    found += [(tier, names[tier]) for tier in TIERS if tier in tiers]
    return found + [(f"kind:{kind}", named(kinds[kind])) for kind in kinds if kind in present]


def members(shelf: Book, here: Asked, everyone: Sequence[Member], level: str) -> list[Member]:
    """The members of one level; the unknown level of an old address is the direct one."""
    day = shelf.day(here.period)
    tiers = {kind.id: kind.tier for kind in shelf.pack.organisation.kinds}
    if level.startswith("kind:"):
        return [one for one in everyone if one.kind == level.removeprefix("kind:")]
    if level in TIERS:
        return [one for one in everyone if tiers.get(one.kind) == level]
    direct = {one.code for one in everyone if (spell := shelf.tree.spell(one.code, day)) is not None and spell.parent == here.org.code}
    return [one for one in everyone if one.code in direct]


def visible(here: Asked, found: Sequence[Member]) -> list[Member]:
    """Those whose figures the reader may see."""
    there = Organisation.objects.filter(place=here.place, code__in=[one.code for one in found])
    may = set(POLICY.visible(here.account, VIEW, there).values_list("code", flat=True))
    return [one for one in found if one.code in may]
