"""What is known of a pupil: facts, guardians, flags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.orgs.models import FOREVER, Place
from xingtan.apps.base.orgs.tree import day_text
from xingtan.apps.base.people.services import person_change
from xingtan.apps.base.pupils.checks import NATIONAL, Facts, Kin, Who, facts_faults, who_faults
from xingtan.apps.base.pupils.identity import known
from xingtan.apps.base.pupils.models import Flag, Guardian, Pupil
from xingtan.apps.base.pupils.moving import lock
from xingtan.apps.base.pupils.rules import rules
from xingtan.apps.base.pupils.stamps import FLAGS, noted
from xingtan.apps.base.pupils.told import masked
from xingtan.apps.base.vault.index import blind
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Where, error
from xingtan.kernel.text import T


@transaction.atomic
def pupil_change(*, pupil: Pupil, version: int, who: Who, facts: Facts, actor: Actor) -> Pupil:
    """Change what is known of a pupil. `version` is the one the change was made from: what was changed meanwhile is not overwritten."""
    locked = lock(pupil)
    if locked.version != version:
        message = T("这名学生的资料刚刚被别人改过，您的修改没有保存")
        raise XingtanError.one("pupils.stale", message, T("打开最新的资料，核对后再改"))
    who, facts = national_number(who, facts)
    law = rules(locked.place)
    issues = who_faults(locked.place, who) + facts_faults(facts, law) + unique_number(locked.place, facts, locked) + _taken(locked, who)
    if issues:
        raise XingtanError(issues)
    person = locked.person
    known_as = {"name": who.name, "sex": who.sex, "birth": who.birth, "note": person.note}
    locked.person = person_change(person=person, version=person.version, actor=actor, **known_as, **who.particulars())  # type: ignore[arg-type]
    before = _columns(locked, facts)
    for column, value in facts.values.items():
        if column != "number" or value:
            setattr(locked, column, value)
    locked.temporary, locked.version = not locked.person.id_number, locked.version + 1
    locked.save()
    if facts.guardians is not None:
        guardians_write(locked, facts.guardians)
    after = _columns(locked, facts)
    _told(locked, before, after, actor)
    return locked


def _told(locked: Pupil, before: dict[str, Any], after: dict[str, Any], actor: Actor) -> None:
    changed = [name for name in after if after[name] != before[name]]
    told = masked({name: before[name] for name in changed}), masked({name: after[name] for name in changed})
    noted(actor=actor, action="pupil.change", place=locked.place, target=locked, before=told[0], after=told[1])


def _columns(pupil: Pupil, facts: Facts) -> dict[str, Any]:
    """The columns that a change names, and how many guardians there are."""
    kept = {name: getattr(pupil, name) for name in facts.values if name != "number"}
    if facts.guardians is not None:
        kept["guardians"] = pupil.guardians.count()
    return kept


def _taken(pupil: Pupil, who: Who) -> list[Issue]:
    """An identity number that somebody else in the place has."""
    found = known(pupil.place, who.id_number, pupil.since).person if who.id_number else None
    if found is None or found.pk == pupil.person_id:
        return []
    message = T("这个证件号在本县已有别人使用")
    return [error("pupils.id_taken", message, Where(field="id_number"), T("核对证件；如是同一人的两份学籍，在“疑似重复”里合并"))]


@transaction.atomic
def guardians_set(*, pupil: Pupil, guardians: Sequence[Kin], actor: Actor) -> Pupil:
    """Say who a pupil's guardians are, the first one to be called first."""
    locked = lock(pupil)
    if issues := facts_faults(Facts(guardians=guardians), rules(locked.place)):
        raise XingtanError(issues)
    before = list(locked.guardians.values_list("relation", flat=True))
    guardians_write(locked, guardians)
    after = [kin.relation for kin in guardians]
    noted(
        actor=actor, action="pupil.guardians", place=locked.place, target=locked, before={"guardians": before},
        after={"guardians": after},
    )  # fmt: skip
    return locked


def guardians_write(pupil: Pupil, guardians: Sequence[Kin]) -> None:
    """Replace a pupil's guardians. Public for the other services."""
    Guardian.objects.filter(pupil=pupil).delete()
    Guardian.objects.bulk_create(
        Guardian(
            pupil=pupil, order=at, relation=kin.relation.strip(), name=kin.name.strip(), phone=kin.phone.strip(),
            phone_index=blind("phone", pupil.place.slug, kin.phone) if kin.phone.strip() else "",
        )
        for at, kin in enumerate(guardians, start=1)
    )  # fmt: skip


def flag_index(place: Place, kind: str) -> str:
    """The blind index of a flag's kind in a place."""
    return blind("poverty", place.slug, kind)


@transaction.atomic
def flag_set(*, pupil: Pupil, kind: str, day: date, actor: Actor, source: str = "", until: date = FOREVER) -> Flag:
    """Set a flag from a day on, on some ground. Refused while the same one stands."""
    locked = lock(pupil)
    law, found = rules(locked.place), flag_index(locked.place, kind)
    issues = law.fault("flag", "kind", T("类别"), kind, day)
    if not kind:
        issues.append(error("pupils.flag", T("没有选类别"), Where(field="kind"), T("选一项")))
    if until <= day:
        issues.append(error("pupils.span", T("止日不在起日之后"), Where(field="until"), T("核对两个日期")))
    if locked.flags.filter(kind_index=found, valid_from__lt=until, valid_to__gt=day).exists():
        issues.append(error("pupils.flag_twice", T("这段时间里已有“%(kind)s”标记", kind=kind), Where(field="kind"), T("先结束原来的标记")))
    if issues:
        raise XingtanError(issues)
    flag = Flag.objects.create(
        pupil=locked, kind=kind, kind_index=found, valid_from=day, valid_to=until, source=source.strip()[:200], set_by=actor.label[:200]
    )
    noted(
        actor=actor,
        action="pupil.flag_set",
        place=locked.place,
        parts=(FLAGS,),
        target=locked,
        after={"flag": flag.kind.mask, "day": day.isoformat()},
    )
    return flag


@transaction.atomic
def flag_end(*, flag: Flag, day: date, actor: Actor, reason: str = "") -> Flag:
    """End a flag on the first day without it; on its first day: it was set by mistake."""
    locked = lock(flag.pupil)
    row = Flag.objects.select_for_update().get(pk=flag.pk)
    if row.valid_to <= day or day < row.valid_from:
        message = T("标记的期间是%(start)s到%(end)s", start=day_text(row.valid_from), end=day_text(row.valid_to))
        raise XingtanError.one("pupils.flag_span", message, T("填这段时间里的日子"), Where(field="day"))
    row.valid_to, row.ended_by = day, actor.label[:200]
    row.save(update_fields=["valid_to", "ended_by"])
    told = {"flag": row.kind.mask, "day": day.isoformat()}
    noted(actor=actor, action="pupil.flag_end", place=locked.place, parts=(FLAGS,), target=locked, after=told, reason=reason)
    return row


def national_number(who: Who, facts: Facts) -> tuple[Who, Facts]:
    """A number of the national system carries the identity number: that goes where it is sealed, and the number is left to the house."""
    text = str(facts.values.get("number", "")).strip()
    found = NATIONAL.fullmatch(text)
    if not found:
        return who, facts
    rest = {name: value for name, value in facts.values.items() if name != "number"}
    return who if who.id_number else replace(who, id_number=found[1].upper()), replace(facts, values=rest)


def unique_number(place: Place, facts: Facts, own: Pupil | None) -> list[Issue]:
    """A number that another pupil of the place has."""
    number = facts.values.get("number", "")
    if not number:
        return []
    others = Pupil.objects.filter(place=place, number=number).exclude(pk=own.pk if own else 0)
    if not others.exists():
        return []
    return [error("pupils.number_taken", T("学籍号已有别的学生使用"), Where(field="number"), T("核对学籍号；留空则由系统编号"))]
