"""What an act, or undoing one, would do: everything the reader needs before saying yes, and the same checks that the services make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Where, error
from xingtan.kernel.text import T

from . import packs, residents, store
from .acts import Act, Draft
from .models import EVER, FOREVER, OrgAct, Organisation, Place
from .selectors import active_pack_or_none
from .tree import Forest, Rules, Spell
from .words import Line, act_text, lines


@dataclass(frozen=True, slots=True)
class Affected:
    """What lives at an organisation that ends or disappears."""

    org: Organisation
    residents: tuple[residents.Resident, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """`issues` non-empty: it will be refused. `affected`: what stays behind at organisations that end."""

    issues: tuple[Issue, ...]
    lines: tuple[Line, ...] = ()
    affected: tuple[Affected, ...] = ()
    heirs: tuple[tuple[str, str, str], ...] = ()  # predecessor, successor, share in words

    @property
    def possible(self) -> bool:
        return not self.issues


def trial(forest: Forest, act: Act, rules: Rules) -> tuple[Draft, Forest]:
    """Try an act on a forest. Raises `XingtanError` with everything that is wrong."""
    if not EVER < act.day < FOREVER:
        raise XingtanError.one("orgs.day", T("生效日期不合理"), T("填写真实的日期，如 2009-09-01"), Where(field="day"))
    draft = act.draft(forest)
    if draft.issues:
        raise XingtanError(draft.issues)
    new = forest.with_spells(draft.changes)
    refuse_worse(forest, new, rules)
    return draft, new


def refuse_worse(old: Forest, new: Forest, rules: Rules) -> None:
    """Raise `XingtanError` with the faults that `new` has and `old` had not: history under older rules stays as it was."""
    changed = new.changed(old)
    codes = list(dict.fromkeys([*changed, *(child for code in changed for child in new.below(code, EVER))]))
    if faults := new.faults(codes, rules):
        known = set(old.faults(codes, rules))
        if worse := [fault for fault in faults if fault not in known]:
            raise XingtanError(worse)


def preview(place: Place, act: Act) -> Preview:
    """What the act would change, and who still lives at the organisations it ends. Writes nothing."""
    forest, rules = store.read(place), packs.rules(active_pack_or_none(place))
    try:
        draft, new = trial(forest, act, rules)
    except XingtanError as refused:
        return Preview(refused.issues)
    ended = [code for code in draft.changes if new.last(code).end == act.day]
    if left := left_behind(place, ended, draft, act.day):
        return Preview(tuple(left), affected=tuple(_affected(place, ended, act.day)))
    heirs = tuple((forest.name(one.predecessor, act.day), new.name(one.successor, act.day), one.percent) for one in draft.heirs)
    return Preview((), tuple(lines(forest, new, rules)), tuple(_affected(place, ended, act.day)), heirs)


def left_behind(place: Place, ended: list[str], draft: Draft, day: date) -> list[Issue]:
    """Organisations that end without heir while there are things that may not be left behind."""
    alone = set(ended) - {heir.predecessor for heir in draft.heirs}
    orgs = {org.pk: org for org in Organisation.objects.filter(place=place, code__in=alone)}
    return [
        error(
            "orgs.left_behind",
            T(
                "“%(org)s”还有%(what)s %(count)s 名：%(sample)s",
                org=orgs[pk].name,
                what=one.what,
                count=one.count,
                sample="、".join(one.sample),
            ),
            Where(field="act"),
            T("先让他们转学或离校，或改办合并"),
        )
        for pk, found in residents.bound(list(orgs), day).items()
        for one in found
    ]


def _affected(place: Place, codes: list[str], since: date | None) -> list[Affected]:
    orgs = {org.pk: org for org in Organisation.objects.filter(place=place, code__in=codes)}
    return [Affected(orgs[pk], tuple(found)) for pk, found in residents.living_at(list(orgs), since).items()]


def undone(place: Place, forest: Forest, act: OrgAct, rehome: Mapping[str, str]) -> Forest:
    """The forest without the act. Raises `XingtanError`: later acts on the same organisations, or things that would lose their home."""
    issues = _later(place, forest, act)
    created = [code for code, spells in act.undo["before"].items() if not spells]
    brought = {(pk, one.what): one.count for settler in residents.settlers() for pk, found in settler.brought(act).items() for one in found}
    issues += [fault for code in created if (fault := _no_home(forest, code, rehome, set(act.undo["before"])))]
    for found in _affected(place, created, None):
        if found.org.code not in rehome:
            issues += [
                _homeless(found.org, resident)
                for resident in found.residents
                if resident.count > brought.get((found.org.pk, resident.what), 0)
            ]
    if issues:
        raise XingtanError(issues)
    new = forest.with_spells(store.unpack(act.undo["before"]))
    return new.with_spells(adopted(new, {code: rehome[code] for code in created if code in rehome}))


def adopted(forest: Forest, rehome: Mapping[str, str]) -> dict[str, list[Spell]]:
    """The spells of organisations that stood under re-homed ones, with the new parent."""
    return {
        code: [replace(spell, parent=rehome.get(spell.parent or "", spell.parent)) for spell in spells]
        for code, spells in forest.spells.items()
        if any(spell.parent in rehome for spell in spells)
    }


def undo_preview(place: Place, act: OrgAct, rehome: Mapping[str, str]) -> Preview:
    """What undoing would change. `affected`: what lives at organisations that would disappear and needs a new home."""
    forest, rules = store.read(place), packs.rules(active_pack_or_none(place))
    created = [code for code, spells in act.undo["before"].items() if not spells]
    affected = tuple(_affected(place, created, None))
    try:
        new = undone(place, forest, act, rehome)
        refuse_worse(forest, new, rules)
    except XingtanError as refused:
        return Preview(refused.issues, affected=affected)
    return Preview((), tuple(lines(forest, new, rules)), affected)


def _later(place: Place, forest: Forest, act: OrgAct) -> list[Issue]:
    """Acts that came later and changed the same organisations; they must be undone first, latest first."""
    if act.undone:
        return [error("orgs.undone", T("这件事已经撤回"), Where(field="act"))]
    touched = act.undo["after"]
    if store.pack_up(forest, touched) == touched:
        return []
    codes = [code for code in touched if store.pack_up(forest, [code])[code] != touched[code]]
    newer = OrgAct.objects.filter(Q(pk__gt=act.pk), place=place, undone=None, touched__code__in=codes).distinct()
    return [
        error("orgs.undo_order", T("后来还有：%(act)s", act=act_text(later)), Where(field="act"), T("先撤回后来的变更，由近及远"))
        for later in newer
    ] or [error("orgs.undo_changed", T("此后组织又有变化，不能撤回"), Where(field="act"))]  # fmt: skip


def _no_home(forest: Forest, code: str, rehome: Mapping[str, str], undone_too: set[str]) -> Issue | None:
    """Organisations that stand under one that would disappear, unless they are told where to go."""
    orphans = [child for child in forest.below(code, EVER) if child not in undone_too]
    target = rehome.get(code)
    if target is not None and (target not in forest or target == code):
        return error("orgs.rehome", T("改归的组织 %(code)s 不存在", code=target), Where(field=code), T("选一个存在的组织"))
    if not orphans or target is not None:
        return None
    names = "、".join(forest.name(child) for child in orphans)
    message = T("“%(org)s”将不复存在，而它下面有 %(count)s 个组织：%(names)s", org=forest.name(code), count=len(orphans), names=names)
    return error("orgs.homeless", message, Where(field=code), T("指定它们改归哪个组织，或先撤回后来的变更"))


def _homeless(org: Organisation, resident: residents.Resident) -> Issue:
    params = {"org": org.name, "what": resident.what, "count": resident.count, "sample": "、".join(resident.sample)}
    message = T("“%(org)s”将不复存在，而那里有%(what)s %(count)s 条：%(sample)s", **params)
    return error("orgs.homeless", message, Where(field=org.code), T("指定它们改归哪个组织，或先撤回后来的变更"))
