"""Write one event. Every service of every app calls `record` once, inside its own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from .actors import Actor
from .canon import canonical, digest
from .listening import told
from .models import Chain, Event

__all__ = ["Actor", "Target", "record"]


@dataclass(frozen=True, slots=True)
class Target:
    """What was acted on, when it is no model instance: `type` such as "orgs.place", `id` to find it, `label` to print it."""

    type: str
    id: str
    label: str = ""


def record(
    *,
    actor: Actor,
    action: str,
    place: str,
    target: models.Model | Target,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    pack: str = "",
) -> Event:
    """Append one event to the chain of the place (its slug; "" is the installation).

    The caller's transaction holds the chain's lock until it ends: events of one place are written one after another, and an event
    whose act is rolled back was never there. Raises `TransactionManagementError` outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("record() belongs inside the service's transaction")
    what, chain = target if isinstance(target, Target) else _target(target), _locked(place)
    event = Event(
        place=place, sequence=chain.length + 1, at=timezone.now(), previous=chain.head,
        actor_kind=actor.kind, actor_id=actor.id, actor_label=_clean(actor.label, 200),
        action=action, target_type=what.type, target_id=what.id, target_label=_clean(what.label, 200),
        before=canonical(before), after=canonical(after), reason=_clean(reason), pack=pack,
    )  # fmt: skip
    event.hash = digest(event)
    event.save(force_insert=True)
    _lengthen(chain, event)
    told(event)
    return event


def _lengthen(chain: Chain, event: Event) -> None:
    chain.length, chain.head = event.sequence, event.hash
    chain.save(update_fields=["length", "head"])


def _locked(place: str) -> Chain:
    """The chain's head, locked to the end of the transaction (SQLite locks the whole file: its transactions are IMMEDIATE)."""
    found = Chain.objects.select_for_update().filter(place=place).first()
    if found is None:
        Chain.objects.get_or_create(place=place)
        found = Chain.objects.select_for_update().get(place=place)
    return found


def _target(instance: models.Model) -> Target:
    return Target(instance._meta.label_lower, str(instance.pk), str(instance))


def _clean(text: str, limit: int | None = None) -> str:
    """PostgreSQL takes no NUL in a text."""
    return text.replace("\x00", "")[:limit]
