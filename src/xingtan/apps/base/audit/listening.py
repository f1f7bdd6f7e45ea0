"""Who wants to hear of every act: rooms above this one register here (figures are refreshed after a change)."""

from __future__ import annotations

from collections.abc import Callable

from .models import Event

Listener = Callable[[Event], None]
_LISTENERS: list[Listener] = []


def on_event(listener: Listener) -> Listener:
    """Call `listener(event)` in the transaction of every act, after its event was written."""
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)
    return listener


def told(event: Event) -> None:
    for listener in _LISTENERS:
        listener(event)
