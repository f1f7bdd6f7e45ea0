"""Note that the register changed, at the end of every verb: after its audit event, so that the chain is always locked first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.signals import post_save

from xingtan.apps.base.audit.models import Event
from xingtan.apps.base.audit.services import record
from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.people.models import Person

from .models import Pupil, Stamp

ROLL, FLAGS, CHILDREN = "roll", "flags", "children"


def touch(place: Place, *parts: str) -> None:
    """Count one change of each part (the roll, when none is named), inside the caller's transaction."""
    for part in parts or (ROLL,):
        mine = Stamp.objects.filter(place=place, part=part)
        if not mine.update(number=F("number") + 1):
            try:
                with transaction.atomic():
                    Stamp.objects.create(place=place, part=part, number=1)
            except IntegrityError:  # somebody else made it in this moment
                mine.update(number=F("number") + 1)


def stamp(place: str, *parts: str) -> str:
    """The present numbers of parts of a place (its slug)."""
    found = dict(Stamp.objects.filter(place__slug=place, part__in=parts).values_list("part", "number"))
    return "-".join(str(found.get(part, 0)) for part in parts)


def noted(*, place: Place, parts: Sequence[str] = (ROLL,), **event: Any) -> Event:
    """Write a verb's audit event and count the change."""
    written = record(place=place.slug, **event)
    touch(place, *parts)
    return written


def watch() -> None:
    """Sex and birth of a pupil are the person's: a change of them changes the roll."""
    post_save.connect(_person_saved, sender=Person, dispatch_uid="pupils.stamps")


def _person_saved(sender: type[Person], instance: Person, created: bool, **more: Mapping[str, Any]) -> None:
    if not created and Pupil.objects.filter(person=instance).exists():
        touch(instance.place, ROLL, FLAGS)
