"""Taking a roster back as a whole: who came with it goes, what it changed stands as before. Refused, with the list, where anything
happened since."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from xingtan.apps.base.audit.services import Actor, Target
from xingtan.apps.base.orgs.models import FOREVER
from xingtan.apps.base.orgs.tree import day_text
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.vault.fields import SealedField
from xingtan.apps.base.vault.sealed import seal
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Severity, Where, error
from xingtan.kernel.text import T

from .bulk import PERSON, PUPIL, ROSTER
from .many import chunks, followed, lock_many, take_back_all
from .models import Act, Enrolment, Flag, Guardian, Movement, Pupil, SchoolClass
from .rows import Ids, delete, insert, update
from .stamps import FLAGS, ROLL, noted

SHOWN = 200
# What a roster writes itself; rows of these are told apart by key or act, not by who refers to whom.
OWN = frozenset({Enrolment, Movement, Guardian, Flag, Pupil})


@transaction.atomic
def roster_undo(*, actor: Actor, act: Act, before: Sequence[tuple[int, str]], reason: str) -> Act:
    """Take a roster back. `before`: pupil and what stood there before, of those it changed. One audit event.

    Raises XingtanError without a reason, and with the list of what was changed since.
    """
    held = Act.objects.select_for_update().select_related("place").get(pk=act.pk)
    if held.undone:
        raise XingtanError.one("pupils.undone", T("这件事已经撤回"))
    if not reason.strip():
        raise XingtanError.one("pupils.undo_reason", T("没有写撤回理由"), T("写明为什么撤回"), Where(field="reason"))
    pupils = Ids.of(held.facts["pupils"])
    lock_many([*pupils, *(pupil for pupil, _ in before)])
    was = {pupil: json.loads(text) for pupil, text in before}
    if issues := changed_since(held, was):
        raise XingtanError(issues)
    count = _take_back(held, was)
    held.facts = {**held.facts, "restored": {str(pupil): _versions_after(before) for pupil, before in was.items()}}
    held.undone, held.undone_by, held.undone_reason = timezone.now(), actor.label[:200], reason.strip()[:500]
    held.save(update_fields=["facts", "undone", "undone_by", "undone_reason"])
    target = Target("pupils.act", str(held.pk), held.evidence)
    told = {"actor": actor, "action": "pupil.roster_undo", "target": target, "before": {"pupils": count}, "reason": reason}
    noted(place=held.place, parts=(ROLL, FLAGS), **told)
    return held


def changed_since(act: Act, was: Mapping[int, Mapping[str, Any]]) -> list[Issue]:
    """Everything that stands in the way, with whom it concerns; the first ones by name."""
    created, persons = set(Ids.of(act.facts["pupils"])), set(Ids.of(act.facts["persons"]))
    lines = [
        T("%(who)s：此后又有%(kind)s（%(day)s）", who=_who(row.pupil_id), kind=row.kind, day=day_text(row.day)) for row in followed(act)
    ]
    lines += [T("%(who)s：资料后来又改过", who=_who(pupil)) for pupil in _edited(act, created, persons, was)]
    lines += [T("%(who)s：%(what)s", who=_who(pupil), what=what) for pupil, what in _referred(act, created, persons)]
    if not lines:
        return []
    hint = T("请先撤销后来的改动，或逐个更正")
    found = [error("undo.changed", T("这批名册里有 %(count)s 处后来又有改动，不能整批撤销", count=len(lines)), Where(), hint)]
    found += [Issue(Severity.INFO, "undo.row", line) for line in lines[:SHOWN]]
    if len(lines) > SHOWN:
        found.append(Issue(Severity.INFO, "undo.more", T("显示前 %(shown)s 处，共 %(all)s 处", shown=SHOWN, all=len(lines))))
    return found


def _who(pupil: int) -> str:
    return f"№{pupil}"


def _versions_after(before: Mapping[str, Any]) -> list[int]:
    """Versions of person and pupil: as they were before the roster that is undone now, and as undoing leaves them."""
    person, pupil = before["versions"]
    changed = [bool(before.get("person")), bool(before.get("pupil"))]
    return [person - changed[0], pupil - changed[1], person + changed[0], pupil + changed[1]]


def _carried(act: Act, pupil: int, versions: list[Any]) -> list[Any]:
    """The versions after later rosters that were undone again: they raised them and changed nothing that still stands."""
    for told in _later_undone(act):
        if (said := told.get(str(pupil))) and said[:2] == versions:
            versions = said[2:]
    return versions


def _later_undone(act: Act) -> list[dict[str, Any]]:
    if not hasattr(act, "_undone"):
        rows = Act.objects.filter(place=act.place, kind=ROSTER, pk__gt=act.pk, undone__isnull=False).order_by("pk")
        act._undone = [facts.get("restored", {}) for facts in rows.values_list("facts", flat=True)]  # type: ignore[attr-defined]
    return act._undone  # type: ignore[attr-defined,no-any-return]


def _edited(act: Act, created: set[int], persons: set[int], was: Mapping[int, Mapping[str, Any]]) -> list[int]:
    """Pupils whose rows, or whose person's, carry another version than the roster left."""
    found = []
    for part in chunks(sorted(created | set(was))):
        rows = Pupil.objects.filter(pk__in=part).values_list("pk", "version", "person_id", "person__version", "merged_into")
        for pupil, version, person, person_version, merged in rows:
            left = [1 if person in persons else person_version, 1] if pupil in created else was[pupil]["versions"]
            if merged or [person_version, version] != _carried(act, pupil, left):
                found.append(pupil)
    return found


def _referred(act: Act, created: set[int], persons: set[int]) -> Iterable[tuple[int, Any]]:
    """Rows of other registers, and later ones of our own, that name somebody who would go."""
    kin, flags = set(Ids.of(act.facts["guardians"])), set(Ids.of(act.facts["flags"]))
    for model, mine in ((Guardian, kin), (Flag, flags)):
        for part in chunks(sorted(created)):
            for key, pupil in model._default_manager.filter(pupil__in=part).values_list("pk", "pupil"):
                if key not in mine:
                    yield pupil, model._meta.verbose_name
    for part in chunks(sorted(created)):
        for pupil in Movement.objects.filter(pupil__in=part, undone=False).exclude(act=act).values_list("pupil", flat=True):
            yield pupil, Movement._meta.verbose_name
    yield from _elsewhere(Pupil, {pk: pk for pk in created})
    for part in chunks(sorted(created)):
        owners = dict(Pupil.objects.filter(pk__in=part).values_list("person", "pk"))
        yield from _elsewhere(Person, {person: pupil for person, pupil in owners.items() if person in persons})


def _elsewhere(model: type[models.Model], owners: Mapping[int, int]) -> Iterable[tuple[int, Any]]:
    for relation in model._meta.related_objects:
        other: Any = relation.related_model
        if other in OWN or relation.field.many_to_many:
            continue
        for part in chunks(sorted(owners)):
            rows = other._default_manager.filter(**{f"{relation.field.name}__in": part})
            for key in rows.values_list(relation.field.attname, flat=True):
                yield owners[key], other._meta.verbose_name


def _take_back(act: Act, was: Mapping[int, Mapping[str, Any]]) -> int:
    """Write it: spells and movements, then those who came with it, then what was changed."""
    count = take_back_all(act)
    created = list(Ids.of(act.facts["pupils"]))
    _restore(act, was)
    for table in ("pupils_movement", "pupils_enrolment", "pupils_guardian", "pupils_flag"):
        delete(table, "pupil_id", created)
    delete("pupils_pupil", "id", created)
    delete("people_person", "id", list(Ids.of(act.facts["persons"])))
    for part in chunks(act.facts["classes"]):
        held = set(Enrolment.objects.filter(school_class__in=part).values_list("school_class", flat=True))
        SchoolClass.objects.filter(pk__in=held, valid_to=FOREVER).update(valid_to=act.day)
        SchoolClass.objects.filter(pk__in=set(part) - held).delete()
    return max(count, len(created) + len(was))


def _restore(act: Act, was: Mapping[int, Mapping[str, Any]]) -> None:
    """Columns, guardians and flags as they stood."""
    persons = [
        (*_sealed(Person, PERSON, before["person"]), before["person_id"], before["versions"][0])
        for before in was.values()
        if before.get("person")
    ]
    pupils = [
        (*_sealed(Pupil, PUPIL, before["pupil"]), pupil, before["versions"][1]) for pupil, before in was.items() if before.get("pupil")
    ]
    done = update("people_person", PERSON, persons) + update("pupils_pupil", PUPIL, pupils)
    if done != len(persons) + len(pupils):
        raise XingtanError.one("pupils.stale", T("有学生的资料刚刚被别人改过，没有撤销"), T("再撤销一次"))
    delete("pupils_flag", "id", list(Ids.of(act.facts["flags"])))
    reopened = [(FOREVER, "", key) for before in was.values() for key in before.get("ended_flags", ())]
    update("pupils_flag", ("valid_to", "ended_by"), reopened, version=False)
    swapped = [pupil for pupil, before in was.items() if before.get("kin") is not None]
    delete("pupils_guardian", "pupil_id", swapped)
    columns = ("id", "order", "relation", "name", "phone", "phone_index")
    rows = [(pupil, *_sealed(Guardian, columns, kin)) for pupil in swapped for kin in was[pupil]["kin"]]
    insert("pupils_guardian", ("pupil_id", *columns), rows)


def _sealed(model: type[models.Model], columns: Sequence[str], values: Sequence[Any]) -> list[Any]:
    """Values kept in plain words under one seal, each sealed for its own column again (the keys may have been changed meanwhile)."""
    fields = [model._meta.get_field(name.removesuffix("_id")) for name in columns]
    return [seal(value, item.context) if isinstance(item, SealedField) else value for item, value in zip(fields, values, strict=True)]
