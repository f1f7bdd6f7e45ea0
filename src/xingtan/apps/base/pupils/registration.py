"""What the app hangs into the house."""

from __future__ import annotations

from xingtan.apps.base.orgs import residents

from . import audit_words
from .residents import PupilResidents


def register() -> None:
    """Once, when the app starts."""
    residents.register_settler(PupilResidents())
    audit_words.register()
