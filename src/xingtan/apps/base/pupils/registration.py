"""What the app hangs into the house."""

from __future__ import annotations

from xingtan.apps.base.orgs import residents

from . import audit_words, datasets, stamps
from .residents import PupilResidents


def register() -> None:
    """Once, when the app starts."""
    residents.register_settler(PupilResidents())
    stamps.watch()
    datasets.register()
    audit_words.register()
