"""Who may read the log of a place: whoever may `audit.view` at its root, since the log tells of all organisations."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from xingtan.ui import policy

from .models import Event
from .selectors import events

VIEW = "audit.view"


def visible(account: Any, place: Any) -> QuerySet[Event]:
    """The events of a place (a row of `orgs`); raises PermissionDenied for whoever may not see them."""
    if place is None or place.root_id is None or not policy.can_at(account, VIEW, place.root_id):
        raise PermissionDenied(VIEW)
    return events(place.slug)


def visible_installation(account: Any) -> QuerySet[Event]:
    """The events of the installation itself: only for who may see everything."""
    if not policy.granted(account, VIEW).everywhere:
        raise PermissionDenied(VIEW)
    return events("")
