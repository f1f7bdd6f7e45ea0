"""Read staff: who is employed where on a day, one person's whole file, the establishment, titles, secondments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.base.orgs.selectors import subtree_ids
from xingtan.apps.base.people.models import Person

from .models import Credential, Employment, Secondment, TeamSpell, TitleHolding
from .services.standing import RANKS


def employed(place: Place, day: date | None = None) -> QuerySet[Employment]:
    """Everybody on the staff on a day (today), with the rank he holds that day as `rank`."""
    on = day or timezone.localdate()
    ranks = TitleHolding.objects.on(on).filter(person=OuterRef("person_id"), series=RANKS).order_by("-valid_from", "-pk")
    rows = Employment.objects.on(on).filter(person__place=place)
    return rows.select_related("person", "org").annotate(rank=Subquery(ranks.values("rank")[:1]))


def within(rows: QuerySet[Any], org: Organisation, path: str = "org") -> QuerySet[Any]:
    """Rows at an organisation or below it."""
    return rows.filter(**{f"{path}__in": subtree_ids(org)})


def matching(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """By part of the person's name or by pinyin initials."""
    low = words.lower()
    found = Q(person__name__icontains=words)
    return rows.filter(found | Q(person__initials__startswith=low) if low.isascii() else found)


def titles(place: Place, day: date | None = None) -> QuerySet[TitleHolding]:
    """Titles held on a day, ranks among them, with the organisation that employs the holder that day as `at`."""
    on = day or timezone.localdate()
    jobs = Employment.objects.on(on).filter(person=OuterRef("person_id"))
    rows = TitleHolding.objects.on(on).filter(person__place=place).select_related("person")
    return rows.annotate(at=Subquery(jobs.values("org__name")[:1]), at_org=Subquery(jobs.values("org_id")[:1]))


@dataclass(frozen=True, slots=True)
class Ladder:
    """One step of a ladder of titles: how many holdings, of how many persons, and how many persons stand here or higher."""

    series: str
    level: str
    holdings: int
    persons: int
    here_or_higher: int


def ladder(rows: QuerySet[TitleHolding], levels: Sequence[str]) -> list[Ladder]:
    """The steps of each series of titles with tiers. `levels` from the lowest to the highest."""
    order = {level: number for number, level in enumerate(levels)}
    held: dict[str, dict[str, list[int]]] = {}
    for series, level, person in rows.exclude(series=RANKS).values_list("series", "level", "person_id"):
        held.setdefault(series, {}).setdefault(level, []).append(person)
    found: list[Ladder] = []
    for series in sorted(held):
        higher: set[int] = set()
        steps = []
        for level in sorted(held[series], key=lambda one: -order.get(one, -1)):
            persons = held[series][level]
            higher |= set(persons)
            steps.append(Ladder(series, level, len(persons), len(set(persons)), len(higher)))
        found += reversed(steps)
    return found


def secondments(place: Place) -> QuerySet[Secondment]:
    """All that were ever in force."""
    rows = Secondment.objects.filter(person__place=place, valid_from__lt=F("valid_to"))
    return rows.select_related("person", "sender", "host")


def established(place: Place, day: date | None = None) -> Mapping[tuple[int, str], Mapping[str, int]]:
    """(organisation, stage) → kind of establishment → persons on the day."""
    on = day or timezone.localdate()
    rows = Employment.objects.on(on).filter(person__place=place).order_by().values_list("org_id", "stage", "establishment")
    found: dict[tuple[int, str], dict[str, int]] = {}
    for org, stage, kind, count in rows.annotate(n=Count("pk")):
        found.setdefault((org, stage), {})[kind] = count
    return found


@dataclass(frozen=True, slots=True)
class File:
    """Everything this app keeps about one person, the latest first."""

    person: Person
    employments: list[Employment]
    credentials: list[Credential]
    titles: list[TitleHolding]
    teams: list[TeamSpell]
    secondments: list[Secondment]

    def current(self, day: date) -> Employment | None:
        """The employment of the day."""
        return next((row for row in self.employments if row.valid_from <= day < row.valid_to), None)


def file(person: Person) -> File:
    """The file of a person, without what never was in force. Five queries."""

    def alive(rows: Any) -> list[Any]:
        return list(rows.filter(person=person, valid_from__lt=F("valid_to")).order_by("-valid_from", "-pk"))

    papers = Credential.objects.filter(person=person, day__lt=F("withdrawn")).order_by("-day", "-pk")
    return File(
        person,
        alive(Employment.objects.select_related("org")),
        list(papers),
        alive(TitleHolding.objects),
        alive(TeamSpell.objects),
        alive(Secondment.objects.select_related("sender", "host")),
    )
