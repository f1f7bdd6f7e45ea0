"""Read the register of pupils."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.base.vault.index import blind

from .identity import index_of
from .models import Act, Enrolment, Flag, Guardian, Movement, Pupil, SchoolClass
from .rules import Rules


def in_force() -> QuerySet[Enrolment]:
    """Spells that were ever in force: those undone have an empty span."""
    return Enrolment.objects.filter(valid_from__lt=F("valid_to"))


def roll_on(place: Place, day: date | None = None) -> QuerySet[Enrolment]:
    """The roll of a place on a day (today): one spell a pupil, suspended ones included."""
    return Enrolment.objects.filter(place=place).on(day or timezone.localdate())


def pupil_by_index(place: Place, number: str) -> Pupil | None:
    """The pupil of an identity number."""
    found = index_of(place, number)
    return Pupil.objects.filter(place=place, person__id_number_index=found, merged_into=None).first() if found else None


def spells_of(pupil: Pupil) -> QuerySet[Enrolment]:
    """A pupil's spells, the oldest first."""
    return in_force().filter(pupil=pupil).select_related("school", "school_class").order_by("valid_from")


def movements_of(pupil: Pupil) -> QuerySet[Movement]:
    """A pupil's movements that stand, the latest first."""
    return (
        Movement.objects.filter(pupil=pupil, undone=False)
        .select_related("act", "begun__school", "ended__school", "begun__school_class", "ended__school_class")
        .order_by("-day", "-pk")
    )


def flag_word(flag: Flag, law: Rules) -> str:
    """The flag's word where the pack lets whoever sees the pupil read it; else ""."""
    word = flag.kind.plain()
    return word if word in law.open_words("flag") else ""


def flags_on(pupil: Pupil, day: date | None = None) -> QuerySet[Flag]:
    return Flag.objects.on(day or timezone.localdate()).filter(pupil=pupil)


def guardians_of(pupil: Pupil) -> QuerySet[Guardian]:
    return Guardian.objects.filter(pupil=pupil).order_by("order")


def matching(rows: QuerySet[Enrolment], place: Place, words: str) -> QuerySet[Enrolment]:
    """By part of the name; letters: pinyin initials; with digits: the beginning of the number, or a whole identity or telephone number."""
    digits = sum(char.isdigit() for char in words)
    if not words.isascii():
        return rows.filter(pupil__person__name__icontains=words)
    if not digits:
        return rows.filter(Q(pupil__person__initials__contains=words.lower()) | Q(pupil__person__name__istartswith=words))
    found = Q(pupil__number__startswith=words.upper())
    if digits >= 7:
        found |= Q(pupil__person__id_number_index=index_of(place, words))
        phone = blind("phone", place.slug, words)
        found |= Q(pupil__person__phone_index=phone) | Q(Exists(Guardian.objects.filter(pupil=OuterRef("pupil"), phone_index=phone)))
    return rows.filter(found)


def flagged(rows: QuerySet[Enrolment], place: Place, kind: str) -> QuerySet[Enrolment]:
    """Spells of pupils who have the flag today."""
    index = blind("poverty", place.slug, kind)
    return rows.filter(Exists(Flag.objects.on(timezone.localdate()).filter(pupil=OuterRef("pupil"), kind_index=index)))


def classes(schools: Iterable[int], day: date | None = None) -> QuerySet[SchoolClass]:
    """Classes of schools that there are on a day."""
    return SchoolClass.objects.on(day or timezone.localdate()).filter(school__in=schools).select_related("school", "head")


def classes_of(school: Organisation, day: date | None = None) -> QuerySet[SchoolClass]:
    return classes([school.pk], day)


def acts_at(school: Organisation) -> QuerySet[Act]:
    """What was done at a school, the latest first."""
    return Act.objects.filter(school=school).order_by("-pk")
