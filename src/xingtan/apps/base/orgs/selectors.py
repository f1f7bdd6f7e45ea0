"""Read places and their trees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T
from xingtan.pack import Pack

from . import packs
from .models import Organisation, OrgEdge, OrgSpell, PackRelease, Place, Succession

if TYPE_CHECKING:
    import pyarrow as pa


def place_get(slug: str) -> Place:
    """The place of an address. Raises `Place.DoesNotExist`."""
    return Place.objects.select_related("root", "pack_release").get(slug=slug)


def active_pack_or_none(place: Place) -> Pack | None:
    """The pack in force, or None before the first activation."""
    digest = PackRelease.objects.filter(places=place).values_list("hash", flat=True).first()
    return packs.pack_by_hash(digest) if digest else None


def pack_read_along(place: Place) -> Pack | None:
    """The pack of a place that was read just now, its release's hash with it (`digest_read`): asks nothing.

    Elsewhere take `active_pack`: another process may have put another pack into force since.
    """
    return packs.pack_by_hash(place.digest_read) if place.digest_read else None


def active_pack(place: Place) -> Pack:
    """The pack in force (kept in memory by hash). Raises `XingtanError` when the place has none yet."""
    pack = active_pack_or_none(place)
    if pack is None:
        message = T("“%(place)s”还没有启用规则包", place=place.title)
        raise XingtanError.one("pack.none", message, T("先运行 xingtan pack activate，或在规则包页面启用"))
    return pack


def org_by_code(place: Place, code: str, on: date | None = None) -> Organisation | None:
    """The organisation of that code; with `on` only if it existed on the day."""
    found = Organisation.objects.filter(place=place, code=code)
    if on is not None:
        found = found.filter(spells__valid_from__lte=on, spells__valid_to__gt=on)
    return found.first()


def subtree_ids(org: Organisation, on: date | None = None) -> QuerySet[OrgEdge, int]:
    """Primary keys of the organisation and everything below it: on a day, or in the open tree."""
    edges = OrgEdge.objects.filter(ancestor=org)
    edges = edges.on(on) if on else edges.open()
    return edges.values_list("descendant_id", flat=True)


def ancestors(org: Organisation, on: date | None = None) -> list[Organisation]:
    """From the root down to the direct parent, on a day or in the open tree (of a closed one: on its last day)."""
    edges = OrgEdge.objects.filter(descendant=org, depth__gt=0).select_related("ancestor").order_by("-depth")
    if on is None and org.closed:
        last = OrgEdge.objects.filter(descendant=org, depth=0).order_by("-valid_to").first()
        edges = edges.filter(valid_to=last.valid_to) if last else edges.none()
    else:
        edges = edges.on(on) if on else edges.open()
    return [edge.ancestor for edge in edges]


@dataclass(frozen=True, slots=True)
class Node:
    """An organisation in the tree of a day: as it was called and what it was then."""

    pk: int
    code: str
    name: str
    kind: str
    depth: int
    parent: int | None
    size: int  # organisations below it


def spells_on(place: Place, on: date | None = None) -> QuerySet[OrgSpell]:
    """Spells of all organisations of the place: of a day, or the open ones."""
    spells = OrgSpell.objects.filter(org__place=place)
    return spells.on(on) if on else spells.open()


def tree(place: Place, on: date | None = None, root: Organisation | None = None) -> list[Node]:
    """The tree in reading order (parents before children, children by code). Two queries."""
    columns = ("org_id", "org__code", "name", "kind", "parent_id")
    rows = {row[0]: row for row in spells_on(place, on).order_by("org__code").values_list(*columns)}
    below: dict[int | None, list[int]] = {}
    for pk, _, _, _, parent in rows.values():
        below.setdefault(parent, []).append(pk)
    start = [root.pk] if root else below.get(None, [])
    nodes: list[Node] = []
    for pk in start:
        if pk in rows:
            _walk(pk, 0, rows, below, nodes)
    return nodes


def _walk(
    pk: int, depth: int, rows: dict[int, tuple[int, str, str, str, int | None]], below: dict[int | None, list[int]], out: list[Node]
) -> int:
    at = len(out)
    _, code, name, kind, parent = rows[pk]
    out.append(Node(pk, code, name, kind, depth, parent, 0))
    size = sum(1 + _walk(child, depth + 1, rows, below, out) for child in below.get(pk, ()))
    out[at] = Node(pk, code, name, kind, depth, parent, size)
    return size


def overseers(org: Organisation, on: date) -> QuerySet[OrgEdge]:
    """The edges to those who stand over an organisation, itself included; over a closed one: who stood there at the end and still does."""
    if org.closed is None or org.closed > on:
        return OrgEdge.objects.on(on).filter(descendant=org)
    there = Q(ancestor__closed__isnull=True) | Q(ancestor__closed__gt=on)
    return OrgEdge.objects.filter(there, descendant=org, valid_to=org.closed)


def children(org: Organisation, on: date | None = None) -> list[Node]:
    """What stands directly below, by code."""
    spells = spells_on(org.place, on).filter(parent=org).order_by("org__code")
    columns = spells.values_list("org_id", "org__code", "name", "kind", "parent_id")
    return [Node(pk, code, name, kind, 1, parent, 0) for pk, code, name, kind, parent in columns]


def heirs(org: Organisation) -> QuerySet[Succession]:
    """Who carried on after it."""
    return Succession.objects.filter(predecessor=org).select_related("successor").order_by("day", "pk")


def forebears(org: Organisation) -> QuerySet[Succession]:
    """Whom it carries on."""
    return Succession.objects.filter(successor=org).select_related("predecessor").order_by("day", "pk")


def names_on(orgs: Iterable[Organisation], on: date) -> dict[int, str]:
    """What organisations were called on a day; those that did not exist are left out."""
    return dict(OrgSpell.objects.filter(org__in=list(orgs)).on(on).values_list("org_id", "name"))


def orgs_table(place: Place) -> pa.Table:
    """Snapshot side table `orgs` (docs/contracts.md, section 2)."""
    from xingtan.warehouse import contracts

    rows = OrgSpell.objects.filter(org__place=place).order_by("org__code", "valid_from")
    columns = rows.values_list("org__code", "name", "kind", "parent__code", "valid_from", "valid_to")
    return _arrow(contracts.ORGS, columns)


def closure_table(place: Place) -> pa.Table:
    """Snapshot side table `closure`."""
    from xingtan.warehouse import contracts

    rows = OrgEdge.objects.filter(place=place).order_by("ancestor__code", "descendant__code", "valid_from")
    return _arrow(contracts.CLOSURE, rows.values_list("ancestor__code", "descendant__code", "depth", "valid_from", "valid_to"))


def succession_table(place: Place) -> pa.Table:
    """Snapshot side table `succession`. A predecessor that survived its split has a row to itself."""
    from xingtan.warehouse import contracts

    rows = Succession.objects.filter(act__place=place).order_by("day", "pk")
    return _arrow(contracts.SUCCESSION, rows.values_list("predecessor__code", "successor__code", "share", "day"))


def _arrow(schema: pa.Schema, rows: Iterable[tuple[object, ...]]) -> pa.Table:
    import pyarrow as pa

    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [pa.array(list(column), type=field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)
