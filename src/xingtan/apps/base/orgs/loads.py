"""Take in a whole list of organisations (a bundle's sheet). Loading the same list again changes nothing. (Public through `services`.)"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from xingtan.apps.base.audit.services import Actor, record
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import NOWHERE, Issue, Severity, Where, error
from xingtan.kernel.text import T
from xingtan.pack import Pack

from . import packs, store, successions
from .models import EVER, FOREVER, OrgAct, Place
from .names import name_faults
from .previews import refuse_worse
from .selectors import active_pack_or_none
from .tree import Forest, Spell


@dataclass(frozen=True, slots=True)
class OrgRow:
    """One spell of one organisation as a sheet states it; several rows of one code are its history.

    `kind` is a kind's id, title or short form. Empty `parent`: the root itself, or directly under it. Empty `start`: since its parent.
    `heirs` stand on the row with which an organisation ends.
    """

    code: str
    name: str
    kind: str
    parent: str = ""
    start: date | None = None
    end: date | None = None
    where: Where = NOWHERE
    heirs: tuple[tuple[str, Decimal], ...] = ()  # who carries on after `end`, with which share


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many organisations were opened, changed and left alone; `issues`: those left alone although the list says otherwise."""

    opened: int
    changed: int
    same: int
    issues: tuple[Issue, ...] = ()


@transaction.atomic
def orgs_load(*, place: Place, rows: Sequence[OrgRow], actor: Actor, basis: str = "") -> Loaded:
    """Make the tree say what the rows say. Organisations changed by hand since are left alone and reported as warnings.

    Raises `XingtanError` with every faulty row; then nothing is written.
    """
    place = store.lock(place)
    old, pack = store.read(place), active_pack_or_none(place)
    wanted = _wanted(place, old, rows, pack)
    kept = _by_hand(place, [code for code in wanted if code in old and wanted[code] != old.spells[code]])
    new = old.with_spells({code: spells for code, spells in wanted.items() if code not in kept})
    heirs = successions.unwritten(place, [row for row in rows if row.code not in kept])
    codes = sorted({*new.changed(old), *(one.code for one in heirs)})
    warnings = tuple(_left(old, code) for code in sorted(kept))
    if not codes:
        return Loaded(0, 0, len(wanted), warnings)
    refuse_worse(old, new, packs.rules(pack))
    successions.write(_write(place, (old, new), actor, codes=codes, basis=basis), heirs)
    opened = sum(code not in old for code in codes)
    return Loaded(opened, len(codes) - opened, len(wanted) - len(codes), warnings)


def _write(place: Place, states: tuple[Forest, Forest], actor: Actor, *, codes: Sequence[str], basis: str) -> OrgAct:
    old, new = states
    before, after = store.pack_up(old, codes), store.pack_up(new, codes)
    act = OrgAct.objects.create(
        place=place, kind=OrgAct.Kind.LOAD, day=timezone.localdate(), basis=basis[:200], facts={"count": len(codes)},
        undo={"before": before, "after": after}, actor_id=actor.id, actor_label=actor.label,
    )  # fmt: skip
    act.touched.set(store.write(place, old, new).values())
    record(
        actor=actor, action="org.load", place=place.slug, target=act, reason=basis,
        before={code: spells for code, spells in before.items() if spells}, after=after,
    )  # fmt: skip
    return act


def _wanted(place: Place, old: Forest, rows: Sequence[OrgRow], pack: Pack | None) -> dict[str, tuple[Spell, ...]]:
    """The spells that the rows state, by code. Raises `XingtanError` with the faults of single rows."""
    root = place.root.code if place.root else ""
    issues = [_placed(issue, row.where) for row in rows for issue in name_faults(row.code, row.name.strip())]
    issues += [fault for row in rows for fault in _row_faults(row, {one.code for one in rows}, old)]
    issues += successions.faults(rows, old)
    if issues:
        raise XingtanError(issues)
    kinds = _kind_words(pack)
    starts = {row.code: row.start for row in reversed(rows)}
    wanted: dict[str, list[Spell]] = {}
    for row in rows:
        parent = None if row.code == root else row.parent or root
        start = row.start or _since(parent, rows, starts, old)
        kind = kinds.get(row.kind.strip(), row.kind.strip())
        wanted.setdefault(row.code, []).append(Spell(row.name.strip(), kind, parent, start, row.end or FOREVER))
    return {code: spells for code, spells in old.with_spells(wanted).spells.items() if code in wanted}


def _since(parent: str | None, rows: Sequence[OrgRow], starts: Mapping[str, date | None], old: Forest) -> date:
    """The day on which the parent began: what is not dated has been there as long as what it stands under."""
    parents = {row.code: row.parent for row in reversed(rows)}
    for _ in range(len(parents) + 1):
        if parent is None:
            return EVER
        if starts.get(parent):
            return starts[parent] or EVER
        if parent not in parents:
            return old.spells[parent][0].start if parent in old else EVER
        parent = parents[parent] or None
    return EVER


def _row_faults(row: OrgRow, codes: set[str], old: Forest) -> list[Issue]:
    found = []
    if row.parent and row.parent not in codes and row.parent not in old:
        message = T("“%(org)s”的上级组织 %(code)s 不存在", org=row.name[:40], code=row.parent)
        found.append(error("orgs.no_parent", message, row.where, T("先列出上级，或核对上级代码")))
    if row.end and (row.start or EVER) >= row.end:
        found.append(error("orgs.span", T("“%(org)s”的起始日期不早于终止日期", org=row.name[:40]), row.where, T("核对两个日期")))
    return found


def _placed(issue: Issue, where: Where) -> Issue:
    return Issue(issue.severity, issue.code, issue.message, where, issue.hint, issue.value)


def _kind_words(pack: Pack | None) -> dict[str, str]:
    """Every way to write a kind → its id."""
    kinds = pack.organisation.kinds if pack else ()
    return {word: kind.id for kind in kinds for word in (kind.short, kind.title, kind.id) if word}


def _by_hand(place: Place, codes: Sequence[str]) -> set[str]:
    """Those of the codes that an act other than a load has changed since."""
    acts = OrgAct.objects.filter(place=place, undone=None, touched__code__in=codes).exclude(kind=OrgAct.Kind.LOAD)
    return set(acts.values_list("touched__code", flat=True)) & set(codes)


def _left(old: Forest, code: str) -> Issue:
    message = T("“%(org)s”在系统中另有变更，未按表格改动", org=old.name(code))
    return Issue(Severity.WARNING, "orgs.by_hand", message, Where(field=code), T("表格有误就改表格；要以表格为准，先撤回那些变更"))
