"""What the app hangs into the house."""

from __future__ import annotations


def register() -> None:
    """Once, when the app starts."""
    from . import audit_words

    audit_words.register()
