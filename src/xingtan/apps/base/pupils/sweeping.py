"""Whom a sweep looks for, and who on the list of children is on no roll."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from xingtan.apps.base.orgs.models import Organisation, OrgEdge
from xingtan.apps.base.vault.index import blind

from .grades import grades
from .models import Child, Enrolment, Flag, Movement, SweepLine

WEARY = "厌学"
Why = SweepLine.Why


def below(org: Organisation, day: date) -> QuerySet[OrgEdge, int]:
    """Keys of an organisation and everything below it on a day."""
    return OrgEdge.objects.on(day).filter(ancestor=org).values_list("descendant_id", flat=True)


def missing(org: Organisation, year: int, day: date) -> QuerySet[Child]:
    """Children on the year's list, kept at the organisation or below, who are on no roll of the county on the day."""
    enrolled = Enrolment.objects.on(day).filter(pupil=OuterRef("pupil"))
    rows = Child.objects.filter(org__in=below(org, day), year=year, struck=None)
    return rows.filter(Q(pupil=None) | ~Exists(enrolled)).select_related("org", "pupil__person")


def dropped(org: Organisation, day: date) -> list[tuple[int, int]]:
    """Pupils whose last movement is dropping out: (pupil, school they left)."""
    rows = Movement.objects.filter(undone=False, day__lte=day, ended__school__in=below(org, day), kind=Movement.Kind.DROP)
    after = Q(day__gt=OuterRef("day")) | Q(day=OuterRef("day"), pk__gt=OuterRef("pk"))
    later = Movement.objects.filter(after, undone=False, pupil=OuterRef("pupil"))
    return list(rows.filter(~Exists(later.filter(day__lte=day))).order_by("pk").values_list("pupil", "ended__school"))


def cases(org: Organisation, year: int, day: date) -> list[dict[str, Any]]:
    """The lines of a sweep. A pupil who is weary and has dropped out is one case."""
    found: list[dict[str, Any]] = [{"org_id": child.org_id, "why": Why.UNLISTED, "child": child} for child in missing(org, year, day)]
    listed = {case["child"].pupil_id for case in found}
    pupils = {pupil: (school, Why.DROPPED) for pupil, school in dropped(org, day)}
    roll = Enrolment.objects.on(day).filter(school__in=below(org, day))
    start = grades(org.place).first_day(year)
    absent = roll.filter(status=Enrolment.Status.SUSPENDED, valid_from__lt=start)
    for pupil, school in absent.values_list("pupil", "school"):
        pupils.setdefault(pupil, (school, Why.ABSENT))
    weary = Flag.objects.on(day).filter(pupil=OuterRef("pupil"), kind_index=blind("poverty", org.place.slug, WEARY))
    for pupil, school in roll.filter(Exists(weary)).values_list("pupil", "school"):
        pupils.setdefault(pupil, (school, Why.WEARY))
    return found + [{"org_id": school, "why": why, "pupil_id": pupil} for pupil, (school, why) in pupils.items() if pupil not in listed]


def progress(rows: QuerySet[SweepLine]) -> tuple[int, int]:
    """How many cases are settled, of how many."""
    return rows.exclude(state="").count(), rows.count()
