"""Taking a person's business file out of the house."""

from __future__ import annotations

from django.db import transaction

from xingtan.apps.base.audit.services import Actor, record
from xingtan.apps.base.people.models import Person


@transaction.atomic
def file_taken(*, actor: Actor, person: Person, kind: str) -> None:
    """Note that somebody takes the file along, as which kind of document."""
    record(actor=actor, action="export.file", place=person.place.slug, target=person, after={"kind": kind})
