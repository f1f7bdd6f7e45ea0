"""Who lives at an organisation: apps above (people, ledgers, …) say so here, so that undoing an act never makes anything homeless."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from xingtan.apps.base.audit.services import Actor
from xingtan.kernel.text import Text

from .models import OrgAct, Organisation


@dataclass(frozen=True, slots=True)
class Resident:
    """`count` things of one sort that name the organisation, with the words of some of them."""

    what: Text
    count: int
    sample: tuple[str, ...] = ()


class Provider(Protocol):
    """An app that keeps things at organisations."""

    def living_at(self, org_ids: Collection[int], since: date | None = None) -> Mapping[int, Sequence[Resident]]:
        """What names each organisation at all, or (since) still does on or after a day."""

    def rehome(self, org: Organisation, to: Organisation, actor: Actor) -> None:
        """Move everything to another organisation, inside the caller's transaction, writing its own audit events."""


class Settler(Provider, Protocol):
    """A provider whose things may not be left behind at an organisation that ends (pupils): it moves them when the act is done."""

    def bound(self, org_ids: Collection[int], day: date) -> Mapping[int, Sequence[Resident]]:
        """What has to go somewhere when these organisations end on the day."""

    def settle(self, act: OrgAct, moves: Mapping[int, Organisation], actor: Actor) -> None:
        """Move what is bound: organisation that ends → the one that carries on. Inside the transaction of the act."""

    def unsettle(self, act: OrgAct, actor: Actor) -> None:
        """Take `settle` of the act back, before the act itself is undone. Raises `XingtanError` when something came after it."""

    def brought(self, act: OrgAct) -> Mapping[int, Sequence[Resident]]:
        """What `settle` brought to each organisation: undoing the act takes it away again, it needs no new home."""


_providers: list[Provider] = []
_settlers: list[Settler] = []


def register(provider: Provider) -> None:
    """Once, when the app starts."""
    if provider not in _providers:
        _providers.append(provider)


def register_settler(settler: Settler) -> None:
    """Once, when the app starts: a provider that also moves what may not be left behind."""
    register(settler)
    if settler not in _settlers:
        _settlers.append(settler)


def settlers() -> tuple[Settler, ...]:
    return tuple(_settlers)


def bound(org_ids: Collection[int], day: date) -> dict[int, list[Resident]]:
    """What may not be left behind at organisations that end on a day."""
    found: dict[int, list[Resident]] = {}
    for settler in _settlers:
        for org, residents in settler.bound(org_ids, day).items():
            found.setdefault(org, []).extend(one for one in residents if one.count)
    return {org: residents for org, residents in found.items() if residents}


def living_at(org_ids: Collection[int], since: date | None = None) -> dict[int, list[Resident]]:
    """What all apps keep at these organisations; organisations where nothing lives are left out."""
    found: dict[int, list[Resident]] = {}
    for provider in _providers:
        for org, residents in provider.living_at(org_ids, since).items():
            found.setdefault(org, []).extend(one for one in residents if one.count)
    return {org: residents for org, residents in found.items() if residents}


def rehome(org: Organisation, to: Organisation, actor: Actor) -> None:
    for provider in _providers:
        provider.rehome(org, to, actor)
