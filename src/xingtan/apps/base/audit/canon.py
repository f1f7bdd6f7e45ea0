"""Canonical JSON and the hash of an event: the same bytes on both databases, for ever."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from .models import Event

_HASHED = (
    "place", "sequence", "actor_kind", "actor_id", "actor_label", "action", "target_type", "target_id", "target_label",
    "before", "after", "reason", "pack", "previous",
)  # fmt: skip


def canonical(values: Mapping[str, Any] | None) -> str:
    """Values as canonical JSON; "" for none. Decimals and dates become texts, anything else that is no JSON its own text."""
    if not values:
        return ""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


def digest(event: Event) -> str:
    """SHA-256 over all that the event says, its place in the chain and the previous hash."""
    body = {name: getattr(event, name) for name in _HASHED}
    body["at"] = moment(event.at)
    return hashlib.sha256(canonical(body).encode()).hexdigest()


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
