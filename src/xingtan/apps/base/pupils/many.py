"""Movements of many pupils in one act, by sets: what `moving` does for one, without a query a pupil.

The caller holds the pupils' rows (`lock_many`) and has checked the steps; here they are only written and taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from xingtan.apps.base.orgs.models import FOREVER

from .models import Act, Enrolment, Movement, Pupil, SchoolClass

CHUNK = 500
COLUMNS = ("school_id", "stage", "grade", "school_class_id", "seat", "boarding", "residence", "entry_mode", "status")


@dataclass(frozen=True)
class Line:
    """One pupil's movement: the spell that ends, and in which columns the next differs (None: there is none)."""

    spell: Enrolment
    kind: str
    changed: dict[str, Any] | None = None
    reason: str = ""


def lock_many(pupils: Iterable[int]) -> None:
    """Hold the rows of pupils, in one order everywhere so that two acts never wait for one another."""
    for part in chunks(sorted(set(pupils))):
        list(Pupil.objects.select_for_update(of=("self",)).filter(pk__in=part).order_by("pk").values_list("pk"))


def write_many(act: Act, lines: Sequence[Line], day: date) -> None:
    """End the spells on the day, begin the next ones, write the movements."""
    for part in chunks([line.spell.pk for line in lines]):
        Enrolment.objects.filter(pk__in=part).update(valid_to=day)
    begun = {line.spell.pk: _next(line, day) for line in lines if line.changed is not None}
    made = Enrolment.objects.bulk_create(begun.values(), batch_size=CHUNK)
    at = dict(zip(begun, made, strict=True))
    Movement.objects.bulk_create(
        (
            Movement(
                place_id=line.spell.place_id, act=act, pupil_id=line.spell.pupil_id, kind=line.kind, day=day, reason=line.reason,
                ended_id=line.spell.pk, ended_was=line.spell.valid_to, begun=at.get(line.spell.pk),
            )
            for line in lines
        ),
        batch_size=CHUNK,
    )  # fmt: skip


def _next(line: Line, day: date) -> Enrolment:
    spell = line.spell
    kept = {name: getattr(spell, name) for name in COLUMNS}
    return Enrolment(
        place_id=spell.place_id, pupil_id=spell.pupil_id, valid_from=day, valid_to=spell.valid_to, **{**kept, **(line.changed or {})}
    )


def followed(act: Act) -> list[Movement]:
    """For pupils of the act to whom something happened since: that movement (any one of each pupil)."""
    mine = Movement.objects.filter(act=act, undone=False, pupil=OuterRef("pupil"))
    later = Q(day__gt=act.day) | Q(day=act.day, pk__gt=_last_key(act))
    rows = Movement.objects.filter(Exists(mine), later, undone=False).exclude(act=act).select_related("pupil").order_by("pupil", "day")
    return list({row.pupil_id: row for row in rows}.values())


def _last_key(act: Act) -> int:
    return Movement.objects.filter(act=act).order_by("-pk").values_list("pk", flat=True).first() or 0


def take_back_all(act: Act) -> int:
    """Undo every movement of an act that nothing followed. Returns the number of pupils."""
    rows = list(Movement.objects.filter(act=act, undone=False).values_list("pk", "pupil", "begun", "ended", "ended_was"))
    begun = {row[2] for row in rows if row[2]}
    for part in chunks(sorted(begun)):
        Enrolment.objects.filter(pk__in=part).update(valid_to=F("valid_from"))
    ends: dict[date, list[int]] = {}
    for _, _, _, ended, was in rows:
        if ended and ended not in begun:  # a spell that the act itself began stays as if it had never been
            ends.setdefault(was or FOREVER, []).append(ended)
    for was, spells in ends.items():
        for part in chunks(sorted(spells)):
            Enrolment.objects.filter(pk__in=part).update(valid_to=was)
    Movement.objects.filter(act=act).update(undone=True)
    _classes_back(act)
    return len({row[1] for row in rows})


def _classes_back(act: Act) -> None:
    """Classes that the act opened never were; those it closed go on."""
    opened = act.facts.get("classes_opened", [])
    SchoolClass.objects.filter(pk__in=opened).update(valid_to=F("valid_from"), version=F("version") + 1)
    for pk, was in act.facts.get("classes_closed", {}).items():
        SchoolClass.objects.filter(pk=int(pk)).update(valid_to=date.fromisoformat(was), version=F("version") + 1)


def chunks(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """Rows in pieces that a database takes as parameters."""
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]
