"""The tree in the database: read it as a `Forest`, write what an act changed, keep the closure and the last-spell columns in step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from .models import FOREVER, Organisation, OrgEdge, OrgSpell, Place
from .names import initials
from .tree import Edge, Forest, Spell


def read(place: Place) -> Forest:
    """All organisations of a place with all their spells: two queries, whatever the size."""
    codes = dict(Organisation.objects.filter(place=place).values_list("pk", "code"))
    spells: dict[str, list[Spell]] = {}
    rows = OrgSpell.objects.filter(org__place=place).order_by("org__code", "valid_from")
    for org, name, kind, parent, start, end in rows.values_list("org_id", "name", "kind", "parent_id", "valid_from", "valid_to"):
        spells.setdefault(codes[org], []).append(Spell(name, kind, codes.get(parent), start, end))
    return Forest({code: tuple(found) for code, found in spells.items()})


def lock(place: Place) -> Place:
    """The place, locked to the end of the transaction: acts on one tree happen one after another."""
    return Place.objects.select_for_update().get(pk=place.pk)


def write(place: Place, old: Forest, new: Forest) -> dict[str, Organisation]:
    """Make the database say what `new` says. Organisations that `new` no longer knows are deleted. Returns the touched ones by code."""
    codes = new.changed(old)
    touched = _organisations(place, new, codes)
    OrgSpell.objects.filter(org__place=place, org__code__in=codes).delete()
    ids = dict(Organisation.objects.filter(place=place).values_list("code", "pk"))
    OrgSpell.objects.bulk_create(_spell(ids, code, spell) for code in codes for spell in new.spells.get(code, ()))
    _write_edges(place, ids, new, codes)
    gone = [touched.pop(code) for code in codes if code not in new and code in touched]
    for org in gone:
        org.delete()
    return touched


def _organisations(place: Place, new: Forest, codes: list[str]) -> dict[str, Organisation]:
    """The organisation rows of the codes, made where missing, with the columns that repeat the last spell."""
    found = {org.code: org for org in Organisation.objects.filter(place=place, code__in=codes)}
    fresh: list[Organisation] = []
    for code in codes:
        if code not in new:
            continue
        org = found.setdefault(code, Organisation(place=place, code=code))
        last = new.last(code)
        org.name, org.initials, org.kind = last.name, initials(last.name), last.kind
        org.closed = None if last.end == FOREVER else last.end
        if org.pk is None:
            fresh.append(org)
    Organisation.objects.bulk_create(fresh)
    Organisation.objects.bulk_update(
        [org for org in found.values() if org.code in new], ["name", "initials", "kind", "closed"], batch_size=200
    )
    return found


def _spell(ids: Mapping[str, int], code: str, spell: Spell) -> OrgSpell:
    parent = ids[spell.parent] if spell.parent is not None else None
    return OrgSpell(
        org_id=ids[code], name=spell.name, initials=initials(spell.name), kind=spell.kind,
        parent_id=parent, valid_from=spell.start, valid_to=spell.end,
    )  # fmt: skip


def _write_edges(place: Place, ids: Mapping[str, int], new: Forest, codes: Iterable[str]) -> None:
    """Rewrite the edges of everything that stands, or stood, below a changed organisation; rows that stay the same are left alone."""
    names = {pk: code for code, pk in ids.items()}
    moved = {ids[code] for code in codes if code in ids}
    affected = moved | set(OrgEdge.objects.filter(ancestor_id__in=moved).values_list("descendant_id", flat=True))
    wanted = new.closure(sorted(names[pk] for pk in affected))
    stale = []
    columns = ("pk", "ancestor_id", "descendant_id", "depth", "valid_from", "valid_to")
    for pk, ancestor, descendant, depth, start, end in OrgEdge.objects.filter(descendant_id__in=affected).values_list(*columns):
        edge = Edge(names[ancestor], names[descendant], depth, start, end)
        if edge in wanted:
            wanted.discard(edge)
        else:
            stale.append(pk)
    for at in range(0, len(stale), 500):
        OrgEdge.objects.filter(pk__in=stale[at : at + 500]).delete()
    OrgEdge.objects.bulk_create((_edge(place, ids, edge) for edge in wanted), batch_size=1000)


def _edge(place: Place, ids: Mapping[str, int], edge: Edge) -> OrgEdge:
    return OrgEdge(
        place=place, ancestor_id=ids[edge.ancestor], descendant_id=ids[edge.descendant],
        depth=edge.depth, valid_from=edge.start, valid_to=edge.end,
    )  # fmt: skip


def pack_up(forest: Forest, codes: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """The spells of some codes as JSON."""
    return {
        code: [
            {"name": s.name, "kind": s.kind, "parent": s.parent, "from": s.start.isoformat(), "to": s.end.isoformat()}
            for s in forest.spells.get(code, ())
        ]
        for code in codes
    }  # fmt: skip


def unpack(data: Mapping[str, list[dict[str, Any]]]) -> dict[str, tuple[Spell, ...]]:
    """The spells that `pack_up` wrote."""
    return {code: tuple(_from_json(row) for row in rows) for code, rows in data.items()}


def _from_json(row: Mapping[str, Any]) -> Spell:
    start, end = date.fromisoformat(row["from"]), date.fromisoformat(row["to"])
    return Spell(row["name"], row["kind"], row["parent"], start, end)
