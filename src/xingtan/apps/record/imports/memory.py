"""How a set of headings was understood last time."""

from __future__ import annotations

from xingtan.apps.base.orgs.models import Place
from xingtan.apps.record.ledgers.keys import digest

from .models import Mapping
from .reading.headings import Head, normal


def shape_hash(head: Head) -> str:
    """Hash of the headings whatever their order."""
    return digest("\x1f".join(sorted(normal(heading.text) for heading in head.headings)))


def remembered(place: Place, ledger: str, head: Head) -> dict[str, str] | None:
    """Heading → target as it was confirmed for headings like these; None when they are new."""
    found = Mapping.objects.filter(place=place, ledger=ledger, headings_hash=shape_hash(head)).first()
    if found is None:
        return None
    return {heading.text: found.mapping.get(normal(heading.text), heading.target) for heading in head.headings}


def remember(place: Place, ledger: str, head: Head, mapping: dict[str, str]) -> None:
    said = {normal(text): target for text, target in mapping.items()}
    Mapping.objects.update_or_create(place=place, ledger=ledger, headings_hash=shape_hash(head), defaults={"mapping": said})
