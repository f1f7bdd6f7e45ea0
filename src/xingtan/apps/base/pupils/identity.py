"""Who is already known by an identity number: the person, the pupil, and where the pupil is enrolled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.vault.index import blind
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Where, error
from xingtan.kernel.text import T

from .models import Enrolment, Pupil

KIND = "id_number"


@dataclass(frozen=True)
class Known:
    """What is known of an identity number in a place."""

    person: Person | None = None
    pupil: Pupil | None = None
    spell: Enrolment | None = None  # in force on the day asked for


class DuplicateError(XingtanError):
    """Somebody of this identity number is on a roll already. `pupil` is who: for a link, if the reader may see that pupil."""

    pupil: Pupil | None = None


def index_of(place: Place, number: str) -> str:
    """The blind index of an identity number in a place; "" for none."""
    return blind(KIND, place.slug, number) if number else ""


def known(place: Place, number: str, day: date) -> Known:
    """Who has the number."""
    found = index_of(place, number)
    person = Person.objects.filter(place=place, id_number_index=found, merged_into=None).first() if found else None
    if person is None:
        return Known()
    pupil = Pupil.objects.filter(person=person).select_related("person", "place").first()
    spell = Enrolment.objects.on(day).filter(pupil=pupil).select_related("school").first() if pupil else None
    return Known(person, pupil, spell)


def refuse_enrolled(found: Known, school: Organisation) -> None:
    """Raise `DuplicateError` when the one who has the number is on a roll on the day."""
    if found.pupil is None or found.spell is None:
        return
    where = Where(field="id_number")
    if found.spell.school_id == school.pk:
        issue = error("pupils.duplicate_here", T("本校已有这个证件号的学生"), where, T("打开那份学籍修改，不要重复建档"))
    else:
        issue = error("pupils.duplicate", T("这个证件号的学生已有学籍"), where, T("已在本县另一所学校有学籍，请发起转学"))
    refused = DuplicateError((issue,))
    refused.pupil = found.pupil
    raise refused
