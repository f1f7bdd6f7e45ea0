"""Verbs on places and organisations. Each is one transaction and one audit event; each refuses with all its reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from xingtan.apps.base.audit.services import Actor, Target, record
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.text import T

from . import packs, residents, store
from .acts import Act, Close, Draft, Heir, Merge, Move, New, Open, Part, Rename, Split, facts
from .loads import OrgRow, orgs_load
from .models import OrgAct, Organisation, Place, Succession
from .places import pack_activate, pack_enforce, place_create
from .previews import left_behind, refuse_worse, trial, undone
from .selectors import active_pack_or_none
from .tree import Forest
from .words import act_text

__all__ = [
    "New", "OrgRow", "Part", "act_undo", "org_close", "org_move", "org_open", "org_rename", "org_split",
    "orgs_load", "orgs_merge", "pack_activate", "pack_enforce", "perform", "place_create",
]  # fmt: skip


def org_open(*, place: Place, code: str, name: str, kind: str, parent: str, day: date, actor: Actor, basis: str = "") -> Organisation:
    """Open an organisation under the one with code `parent`, from `day` on."""
    perform(place=place, act=Open(New(code, name.strip(), kind, parent), day), actor=actor, basis=basis)
    return Organisation.objects.get(place=place, code=code)


def org_close(*, org: Organisation, day: date, actor: Actor, basis: str = "") -> OrgAct:
    """End an organisation on `day` (it is no longer there on that day). Refused while organisations stand below it."""
    return perform(place=org.place, act=Close(org.code, day), actor=actor, basis=basis)


def org_rename(*, org: Organisation, name: str, day: date, actor: Actor, kind: str = "", basis: str = "") -> OrgAct:
    """A new name from `day` on, and a new kind if `kind` is given."""
    return perform(place=org.place, act=Rename(org.code, name.strip(), day, kind), actor=actor, basis=basis)


def org_move(*, org: Organisation, parent: Organisation, day: date, actor: Actor, basis: str = "") -> OrgAct:
    """Put an organisation, with all below it, under another one of the same place."""
    return perform(place=org.place, act=Move(org.code, parent.code, day), actor=actor, basis=basis)


def orgs_merge(*, sources: Sequence[Organisation], into: Organisation | New, day: date, actor: Actor, basis: str = "") -> OrgAct:
    """Merge organisations into an existing one (perhaps one of them) or into a new one; their children go along."""
    target = into.code if isinstance(into, Organisation) else into
    act = Merge(tuple(org.code for org in sources), target, day)
    return perform(place=sources[0].place, act=act, actor=actor, basis=basis)


def org_split(
    *, org: Organisation, parts: Sequence[Part], day: date, actor: Actor, children: Mapping[str, str] | None = None, basis: str = ""
) -> OrgAct:
    """Split one organisation; shares sum to 1. A part with the old code is the old organisation surviving."""
    act = Split(org.code, tuple(parts), day, children or {})
    return perform(place=org.place, act=act, actor=actor, basis=basis)


@transaction.atomic
def perform(*, place: Place, act: Act, actor: Actor, basis: str = "") -> OrgAct:
    """Try an act on the tree as it stands now and write it. Raises `XingtanError` with everything that is wrong."""
    place = store.lock(place)
    old = store.read(place)
    draft, new = trial(old, act, packs.rules(active_pack_or_none(place)))
    named = {code: old.name(code, act.day) for code in old.spells if code in _mentioned(act)}
    row = OrgAct.objects.create(
        place=place, kind=act.kind, day=act.day, basis=basis.strip()[:200], facts={**facts(act), "names": named},
        undo=_undo_data(old, new), actor_id=actor.id, actor_label=actor.label,
    )  # fmt: skip
    orgs = store.write(place, old, new)
    row.touched.set(orgs.values())
    _write_heirs(row, draft.heirs)
    _settle(row, (old, new), draft, actor)
    _record(row, f"org.{act.kind}", actor, (old, new), basis)
    return row


@transaction.atomic
def act_undo(*, act: OrgAct, actor: Actor, rehome: Mapping[str, str] | None = None, reason: str = "") -> OrgAct:
    """Take an act back exactly. `rehome`: for each organisation that disappears, the code of the one to which what lives there goes.

    Raises `XingtanError` with the later acts on the same organisations, or the list of what would lose its home.
    """
    place = store.lock(act.place)
    act = OrgAct.objects.select_for_update().get(pk=act.pk)
    old, moves = store.read(place), dict(rehome or {})
    for settler in residents.settlers():
        settler.unsettle(act, actor)
    new = undone(place, old, act, moves)
    refuse_worse(old, new, packs.rules(active_pack_or_none(place)))
    _rehome(place, act, moves, actor)
    act.successions.all().delete()
    try:
        store.write(place, old, new)
    except ProtectedError as error:
        raise _still_needed(error) from error
    act.undone = timezone.now()
    act.save(update_fields=["undone"])
    _record(act, "org.undo", actor, (old, new), reason)
    return act


def _settle(act: OrgAct, states: tuple[Forest, Forest], draft: Draft, actor: Actor) -> None:
    """What may not be left behind goes to the heir with the largest share; without an heir the act is refused."""
    new = states[1]
    ended = [code for code in draft.changes if code in new and new.last(code).end == act.day]
    if issues := left_behind(act.place, ended, draft, act.day):
        raise XingtanError(issues)
    heirs = sorted((heir for heir in draft.heirs if heir.predecessor in ended), key=lambda heir: heir.share)
    orgs = {org.code: org for org in Organisation.objects.filter(place=act.place, code__in={*ended, *(heir.successor for heir in heirs)})}
    moves = {orgs[heir.predecessor].pk: orgs[heir.successor] for heir in heirs}
    for settler in residents.settlers() if moves else ():
        settler.settle(act, moves, actor)


def _mentioned(act: Act) -> set[str]:
    """Codes whose names the act's sentence needs."""
    if isinstance(act, Merge):
        return {*act.sources, act.heir}
    if isinstance(act, Open):
        return {act.new.parent}
    return {act.code, act.parent} if isinstance(act, Move) else {act.code}


def _undo_data(old: Forest, new: Forest) -> dict[str, object]:
    codes = new.changed(old)
    return {"before": store.pack_up(old, codes), "after": store.pack_up(new, codes)}


def _write_heirs(act: OrgAct, heirs: Sequence[Heir]) -> None:
    codes = {code for heir in heirs for code in (heir.predecessor, heir.successor)}
    orgs = {org.code: org for org in Organisation.objects.filter(place=act.place, code__in=codes)}
    Succession.objects.bulk_create(
        Succession(act=act, predecessor=orgs[heir.predecessor], successor=orgs[heir.successor], share=heir.share, day=act.day)
        for heir in heirs
    )


def _rehome(place: Place, act: OrgAct, moves: Mapping[str, str], actor: Actor) -> None:
    """Residents move; the acts of organisations that stood under a disappearing one are re-told, so that they too can be undone exactly."""
    if not moves:
        return
    orgs = {org.code: org for org in Organisation.objects.filter(place=place, code__in={*moves, *moves.values()})}
    created = [code for code, spells in act.undo["before"].items() if not spells]
    for code in created:
        if code in moves:
            residents.rehome(orgs[code], orgs[moves[code]], actor)
    for other in OrgAct.objects.filter(place=place, undone=None).exclude(pk=act.pk):
        told = {side: _retold(spells, moves) for side, spells in other.undo.items()}
        if told != other.undo:
            other.undo = told
            other.save(update_fields=["undo"])


def _retold(data: Mapping[str, list[dict[str, str]]], moves: Mapping[str, str]) -> dict[str, list[dict[str, str]]]:
    return {code: [{**row, "parent": moves.get(row["parent"], row["parent"])} for row in rows] for code, rows in data.items()}


def _still_needed(error: ProtectedError) -> XingtanError:
    """Each thing that would lose its home, by name."""
    named = sorted((str(row._meta.verbose_name), str(row)) for row in error.protected_objects)
    hint = T("先把它改归别的组织；以这个组织的名义拟定的报告不能改归，请不撤回，改为撤销这个组织")
    said = [T("%(kind)s“%(name)s”记在将不复存在的组织上", kind=kind, name=name) for kind, name in named]
    return XingtanError(Issue(Severity.ERROR, "orgs.homeless", text, Where(field="act"), hint) for text in said)


def _record(act: OrgAct, action: str, actor: Actor, states: tuple[Forest, Forest], reason: str) -> None:
    old, new = states
    codes = new.changed(old)
    parents = {spell.parent for code in codes for spell in (*old.spells.get(code, ()), *new.spells.get(code, ())) if spell.parent}
    names = {code: old.name(code) if code in old else new.name(code) for code in sorted(parents)}
    record(
        actor=actor, action=action, place=act.place.slug, reason=reason,
        target=Target("orgs.orgact", str(act.pk), str(act_text(act))),
        before=store.pack_up(old, codes), after={**store.pack_up(new, codes), "": {"kind": act.kind, "day": act.day, "names": names}},
    )  # fmt: skip
