"""Records that may be of one person: same name and birth, or same name and telephone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from xingtan.apps.base.orgs.models import Place

from .models import Guardian, Pupil


@dataclass(frozen=True)
class Suspects:
    """Records that look alike, and by what."""

    pupils: tuple[Pupil, ...]
    by: str  # birth or phone


def suspects(place: Place, seen: QuerySet[Pupil]) -> list[Suspects]:
    """Groups of records of a place of which at least one is among those the reader sees; each group once."""
    mine = set(seen.filter(place=place, merged_into=None).values_list("pk", flat=True))
    found = [keys for keys in (*_by_birth(place), *_by_phone(place)) if mine & set(keys[1])]
    groups: dict[tuple[int, ...], str] = {}
    for by, keys in found:
        groups.setdefault(tuple(sorted(keys)), by)
    rows = Pupil.objects.filter(pk__in=[pk for keys in groups for pk in keys]).select_related("person", "place")
    pupils = {row.pk: row for row in rows.prefetch_related("spells__school")}
    return [Suspects(tuple(pupils[pk] for pk in keys), by) for keys, by in sorted(groups.items())]


def _by_birth(place: Place) -> list[tuple[str, Sequence[int]]]:
    """Same name and date of birth; two different identity numbers tell two persons apart."""
    base = Pupil.objects.filter(place=place, merged_into=None, person__birth__isnull=False)
    twice = base.order_by().values("person__name", "person__birth").annotate(n=Count("pk")).filter(n__gt=1)
    groups: dict[tuple[object, object], list[tuple[int, str]]] = defaultdict(list)
    names = {(row["person__name"], row["person__birth"]) for row in twice}
    rows = base.filter(person__name__in={name for name, _ in names}).values_list(
        "pk", "person__name", "person__birth", "person__id_number_index"
    )
    for pk, name, birth, index in rows:
        if (name, birth) in names:
            groups[name, birth].append((pk, index))
    return [("birth", [pk for pk, _ in group]) for group in groups.values() if _may_be_one(group)]


def _by_phone(place: Place) -> list[tuple[str, Sequence[int]]]:
    """Same name and the same guardian's telephone."""
    base = Guardian.objects.filter(pupil__place=place, pupil__merged_into=None).exclude(phone_index="")
    twice = (
        base.order_by()
        .values("phone_index")
        .annotate(n=Count("pupil", distinct=True))
        .filter(n__gt=1)
        .values_list("phone_index", flat=True)
    )
    groups: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    rows = base.filter(phone_index__in=list(twice)).values_list(
        "pupil", "pupil__person__name", "phone_index", "pupil__person__id_number_index"
    )
    for pk, name, phone, index in rows:
        groups[name, phone][pk] = index
    return [("phone", list(group)) for group in groups.values() if len(group) > 1 and _may_be_one(list(group.items()))]


def _may_be_one(group: Sequence[tuple[int, str]]) -> bool:
    """Not when every record has an identity number of its own."""
    numbers = [index for _, index in group if index]
    return len(numbers) < len(group) or len(set(numbers)) < len(numbers)
