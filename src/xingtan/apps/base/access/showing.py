"""How a sealed field stands on a page for one reader: mask, nothing, or a way to the plain text. Asked many times a page, so remembered."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from xingtan.apps.base.access import unmask
from xingtan.apps.base.access.models import Account, PurposeGrant
from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.orgs.selectors import active_pack_or_none
from xingtan.pack import Pack
from xingtan.ui import policy, sealed


def show(request: HttpRequest, row: Any, field: str) -> sealed.Shown:
    """The mask, "" where the pack's rule shows nothing, and the address of the page that unmasks where a granted purpose opens the kind.

    Whether the purpose reaches this very row is judged on that page.
    """
    thing = unmask.known(row._meta.label_lower)
    value = thing.read(row, field) if thing else getattr(row, field)
    if thing is None or not value:
        return sealed.Shown(str(value))
    pack, held = _at(request, thing.place(row))
    kind, rule = thing.fields(row)[field], thing.rule(pack, row, field)
    open_to = held & {one.id for one in unmask.opening(pack, kind, rule)}
    hidden = rule is not None and rule.shows == "nothing" and not open_to
    kwargs = {"place": thing.place(row).slug, "kind": row._meta.label_lower, "pk": row.pk, "field": field}
    return sealed.Shown("" if hidden else str(value), reverse("access:reveal", kwargs=kwargs) if open_to else "", hidden)


def _at(request: HttpRequest, place: Place) -> tuple[Pack | None, frozenset[str]]:
    """The pack of a place and the purposes the reader holds there, read once a request."""
    memory: dict[int, tuple[Pack | None, frozenset[str]]] = request.__dict__.setdefault("_showing", {})
    if place.pk not in memory:
        memory[place.pk] = (active_pack_or_none(place), _held(request.user, place))
    return memory[place.pk]


def _held(account: Any, place: Place) -> frozenset[str]:
    if not isinstance(account, Account) or not policy.can(account, unmask.REVEAL):
        return frozenset()
    rows = PurposeGrant.objects.on(timezone.localdate()).filter(account=account, org__place=place, state=PurposeGrant.State.GRANTED)
    return frozenset(rows.values_list("purpose", flat=True))
