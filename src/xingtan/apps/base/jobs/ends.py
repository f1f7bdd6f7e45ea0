"""Who wants to hear that a job ended: rooms above this one register here (notices tell the owner)."""

from __future__ import annotations

from collections.abc import Callable

from xingtan.apps.base.jobs.models import Job

Listener = Callable[[Job], None]
_LISTENERS: list[Listener] = []


def on_end(listener: Listener) -> Listener:
    """Call `listener(job)` in the transaction in which a job becomes done, failed or cancelled."""
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)
    return listener


def ended(job: Job) -> None:
    for listener in _LISTENERS:
        listener(job)
