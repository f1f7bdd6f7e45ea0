"""What aid hangs into the house."""

from __future__ import annotations

from xingtan.apps.base.orgs import residents
from xingtan.warehouse import registry

from .datasets import AidSource
from .residents import AidResidents


def register() -> None:
    """Called once, when the app is ready."""
    registry.register(AidSource())
    residents.register(AidResidents())
