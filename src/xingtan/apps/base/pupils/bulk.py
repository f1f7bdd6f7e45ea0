"""Many pupils entered and changed in one transaction, by sets: what `services` does for one pupil, for a whole county's roster.

Whoever calls has read, checked and compared everything, and has sealed what is to be sealed; here it is only written. Nothing is
visible before the one transaction ends, and a process killed in it leaves nothing behind.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from xingtan.apps.base.audit.models import Chain
from xingtan.apps.base.audit.services import Actor, Target
from xingtan.apps.base.orgs.models import FOREVER, Organisation, Place
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T

from .many import lock_many
from .models import Act, Movement, SchoolClass
from .moving import act_of
from .rows import Ids, delete, insert, reserve, update
from .stamps import FLAGS, ROLL, noted

ROSTER = "roster"
PERSON = (
    "name",
    "initials",
    "sex",
    "birth",
    "id_kind",
    "id_number",
    "id_number_index",
    "ethnic",
    "former_name",
    "phone",
    "phone_index",
    "address",
)
PUPIL = (
    "number", "temporary", "birth_place", "native_place", "nationality", "overseas", "politics", "hukou_place", "hukou_kind", "residence",
    "entry_month", "entry_mode", "origin", "only_child", "preschool", "inclusive", "health", "disability", "home_address", "mail_address",
    "postcode", "email", "talent", "note",
)  # fmt: skip
SPELL = ("school_id", "stage", "grade", "school_class_id", "seat", "boarding", "residence", "entry_mode", "status")
Values = tuple[Any, ...]
Kin = tuple[str, str, str, str]  # relation, name and phone sealed, phone's blind index


@dataclass(slots=True)
class Line:
    """One pupil. `person`, `pupil`: the columns as they will stand, None when nothing changes there; `seat`: the columns of the next spell.

    `person_id` without `pupil_id`: somebody known who becomes a pupil. `versions`: of person and pupil as they were compared.
    """

    person_id: int | None = None
    pupil_id: int | None = None
    versions: tuple[int, int] = (0, 0)
    person: Values | None = None
    pupil: Values | None = None
    seat: Values | None = None
    class_key: str | None = None
    kind: str = ""
    spell_id: int | None = None
    left: str = ""  # moved within the county: the new school's name
    kin: Sequence[Kin] | None = None
    flags: Sequence[tuple[str, str]] = ()  # kind sealed, its index
    ended_flags: Sequence[int] = ()


@dataclass(slots=True)
class Roster:
    """What is to be written, and for whom. `opened`: classes to open, key → (school, stage, entry year, number)."""

    place: Place
    school: Organisation
    day: date
    label: str
    lines: list[Line]
    opened: Mapping[str, tuple[int, str, int, int]] = field(default_factory=dict)
    counts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Written:
    """What came of it: primary keys of the rows made, as spans; enough to take them back."""

    act: Act
    persons: Ids
    pupils: Ids
    guardians: Ids
    flags: Ids
    classes: list[int]

    def told(self) -> dict[str, Any]:
        return {name: getattr(self, name).spans() for name in ("persons", "pupils", "guardians", "flags")} | {"classes": self.classes}


@transaction.atomic
def roster_write(*, actor: Actor, roster: Roster, guard: Callable[[], None], also: Callable[[Written], None]) -> Written:
    """Write a roster. One audit event. `guard` is called when nobody else can write any more and raises if the comparison no longer
    holds; `also` is what belongs into the same transaction. Raises XingtanError when a row was changed meanwhile."""
    lines = roster.lines
    lock_many([line.pupil_id for line in lines if line.pupil_id])
    Chain.objects.get_or_create(place=roster.place.slug)
    list(Chain.objects.select_for_update().filter(place=roster.place.slug))
    guard()
    act = act_of(place=roster.place, school=roster.school, kind=ROSTER, day=roster.day, actor=actor, evidence=roster.label)
    classes = _open_classes(roster)
    persons, pupils = _persons(roster), _pupils(roster, actor)
    _spells(roster, act, classes)
    written = Written(act, persons, pupils, _guardians(lines), _flags(roster, actor), sorted(classes.values()))
    act.facts = {**roster.counts, **written.told()}
    act.save(update_fields=["facts"])
    noted(
        actor=actor, action="pupil.roster", place=roster.place, parts=(ROLL, FLAGS), target=Target("pupils.act", str(act.pk), roster.label),
        after={"day": roster.day.isoformat(), "pupils": len(lines), "classes": len(classes), **roster.counts},
    )  # fmt: skip
    also(written)
    return written


def _open_classes(roster: Roster) -> dict[str, int]:
    rows = [
        SchoolClass(school_id=school, stage=stage, entry_year=year, number=number, valid_from=roster.day)
        for school, stage, year, number in roster.opened.values()
    ]
    return dict(zip(roster.opened, (row.pk for row in SchoolClass.objects.bulk_create(rows)), strict=True))


def _persons(roster: Roster) -> Ids:
    fresh = [line for line in roster.lines if line.person_id is None]
    ids = reserve("people_person", len(fresh))
    for line, key in zip(fresh, ids, strict=True):
        line.person_id = key
    place = roster.place.pk
    rows = ((line.person_id, place, *(line.person or ()), "", 1) for line in fresh)
    insert("people_person", ("id", "place_id", *PERSON, "note", "version"), rows)
    made = set(map(id, fresh))
    changed = [(*line.person, line.person_id, line.versions[0]) for line in roster.lines if line.person and id(line) not in made]
    _changed(update("people_person", PERSON, changed), changed)
    return Ids(ids)


def _pupils(roster: Roster, actor: Actor) -> Ids:
    fresh = [line for line in roster.lines if line.pupil_id is None]
    changed = [(*line.pupil, line.pupil_id, line.versions[1]) for line in roster.lines if line.pupil and line.pupil_id is not None]
    _changed(update("pupils_pupil", PUPIL, changed), changed)
    ids = reserve("pupils_pupil", len(fresh))
    place, day, rows = roster.place.pk, roster.day, []
    for line, key in zip(fresh, ids, strict=True):
        number, *rest = line.pupil or ()
        line.pupil_id = key
        rows.append((key, place, line.person_id, number or f"{day.year}{line.person_id:07d}", *rest, day, 1))
    insert("pupils_pupil", ("id", "place_id", "person_id", *PUPIL, "since", "version"), rows)
    return Ids(ids)


def _changed(done: int, wanted: Sequence[Any]) -> None:
    if done != len(wanted):
        message = T("%(count)s 名学生的资料刚刚被别人改过，没有写入", count=len(wanted) - done)
        raise XingtanError.one("pupils.stale", message, T("系统会重新比对，请再确认一次"))


def _spells(roster: Roster, act: Act, classes: Mapping[str, int]) -> None:
    """End the spells that end, begin the next ones, write the movements."""
    moving = [line for line in roster.lines if line.seat is not None]
    update("pupils_enrolment", ("valid_to",), [(roster.day, line.spell_id) for line in moving if line.spell_id], version=False)
    place, day = roster.place.pk, roster.day
    begun = reserve("pupils_enrolment", len(moving))
    at = SPELL.index("school_class_id")
    insert(
        "pupils_enrolment", ("id", "place_id", "pupil_id", *SPELL, "valid_from", "valid_to"),
        (
            (key, place, line.pupil_id, *_seated(line, classes, at), day, FOREVER)
            for line, key in zip(moving, begun, strict=True)
        ),
    )  # fmt: skip
    columns = ("place_id", "act_id", "pupil_id", "kind", "day", "reason", "to", "ended_id", "ended_was", "begun_id", "undone")
    insert(
        "pupils_movement",
        columns,
        (row for line, key in zip(moving, begun, strict=True) for row in _movements(line, key, (place, act.pk, day))),
    )


def _seated(line: Line, classes: Mapping[str, int], at: int) -> Values:
    seat = line.seat or ()
    return (*seat[:at], classes[line.class_key], *seat[at + 1 :]) if line.class_key else seat


def _movements(line: Line, begun: int, where: tuple[int, int, date]) -> Iterable[Values]:
    place, act, day = where
    was = FOREVER if line.spell_id else None
    if line.left:
        yield (place, act, line.pupil_id, str(Movement.Kind.OUT), day, "", line.left[:120], line.spell_id, was, None, False)
        yield (place, act, line.pupil_id, str(Movement.Kind.IN), day, "", "", None, None, begun, False)
    else:
        yield (place, act, line.pupil_id, line.kind, day, "", "", line.spell_id, was, begun, False)


def _guardians(lines: Sequence[Line]) -> Ids:
    delete("pupils_guardian", "pupil_id", [line.pupil_id for line in lines if line.kin is not None and line.versions[1]])
    rows = [(line.pupil_id, order, *kin) for line in lines if line.kin for order, kin in enumerate(line.kin, 1)]
    ids = reserve("pupils_guardian", len(rows))
    insert(
        "pupils_guardian", ("id", "pupil_id", "order", "relation", "name", "phone", "phone_index"),
        ((key, *row) for key, row in zip(ids, rows, strict=True)),
    )  # fmt: skip
    return Ids(ids)


def _flags(roster: Roster, actor: Actor) -> Ids:
    ended = [(roster.day, actor.label[:200], key) for line in roster.lines for key in line.ended_flags]
    update("pupils_flag", ("valid_to", "ended_by"), ended, version=False)
    rows = [(line.pupil_id, *flag) for line in roster.lines for flag in line.flags]
    ids, now = reserve("pupils_flag", len(rows)), timezone.now()
    insert(
        "pupils_flag", ("id", "pupil_id", "kind", "kind_index", "valid_from", "valid_to", "source", "set_by", "set_at", "ended_by"),
        ((key, *row, roster.day, FOREVER, roster.label[:200], actor.label[:200], now, "") for key, row in zip(ids, rows, strict=True)),
    )  # fmt: skip
    return Ids(ids)


def before_text(values: Mapping[str, Any]) -> str:
    """What stood before, as the text that `bulk_undo.restore` reads."""
    return json.dumps(values, ensure_ascii=False, default=str)
