"""Verbs on employment. Each is one transaction and one audit event; each refuses with all its reasons.

The person's row is locked first: two clerks who employ one person at two schools meet here, and the second is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from xingtan.apps.base.audit.services import Actor, record
from xingtan.apps.base.orgs.models import EVER, FOREVER, Organisation, Place
from xingtan.apps.base.orgs.tree import day_text
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.people.selectors import person_locked
from xingtan.apps.base.staff import checks, codes
from xingtan.apps.base.staff.models import Employment
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Where, error
from xingtan.kernel.text import T

WORDS = {
    "establishment": T("编制"), "category": T("岗位类别"), "stage": T("学段"), "subject": T("主教学科"), "channel": T("补充渠道"),
}  # fmt: skip
REQUIRED = frozenset({"establishment", "category"})


@dataclass(frozen=True, slots=True)
class Terms:
    """What an employment is: where, and in the pack's words as what."""

    org: Organisation
    establishment: str
    category: str
    stage: str = ""
    subject: str = ""
    channel: str = ""
    basis: str = ""

    def words(self) -> dict[str, str]:
        return {name: getattr(self, name).strip() for name in WORDS}


@transaction.atomic
def begin(*, person: Person, terms: Terms, day: date, actor: Actor, until: date = FOREVER) -> Employment:
    """Take a person on the staff from a day on (until another). Refused while he is employed elsewhere on any of those days."""
    locked = person_locked(person)
    if issues := [*_faults(locked, terms, day, until), *_taken(locked, day, until)]:
        raise XingtanError(issues)
    made = _made(locked, terms, day, until)
    record(actor=actor, action="employment.begin", place=_slug(locked), target=locked, after=told(made), reason=terms.basis)
    return made


@transaction.atomic
def change(*, employment: Employment, version: int, terms: Terms, day: date, actor: Actor) -> Employment:
    """From the day on the employment is this: elsewhere, of another establishment, subject … On its first day the row itself is put right.

    What stood before the day stays as it was.
    """
    person = person_locked(employment.person)
    held = _current(employment, version, person)
    issues = _faults(person, terms, day, held.valid_to) if day < held.valid_to else []
    issues += checks.end_fault(held, day, T("这段聘用"))
    if issues:
        raise XingtanError(issues)
    before = told(held)
    if day == held.valid_from:
        _put(held, terms)
        held.version += 1
        held.save()
        made = held
    else:
        until, held.valid_to, held.version = held.valid_to, day, held.version + 1
        held.save(update_fields=["valid_to", "version"])
        made = _made(person, terms, day, until)
    record(actor=actor, action="employment.change", place=_slug(person), target=person, before=before, after=told(made), reason=terms.basis)
    return made


@transaction.atomic
def end(*, employment: Employment, version: int, day: date, reason: str, actor: Actor) -> Employment:
    """End an employment on `day`, the first day without it. On its first day: it was entered by mistake and never was in force."""
    person = person_locked(employment.person)
    held = _current(employment, version, person)
    issues = checks.end_fault(held, day, T("这段聘用"))
    issues += codes.fault(person.place, "ended", reason.strip(), T("离开事由"), required=True)
    if issues:
        raise XingtanError(issues)
    before = told(held)
    held.valid_to, held.ended, held.version = day, reason.strip(), held.version + 1
    held.save(update_fields=["valid_to", "ended", "version"])
    record(actor=actor, action="employment.end", place=_slug(person), target=person, before=before, after=told(held))
    return held


@transaction.atomic
def rehome(*, org: Organisation, to: Organisation, actor: Actor) -> int:
    """Say that everybody employed at one organisation was employed at another: used when undoing an act takes the first one away."""
    rows = list(Employment.objects.select_for_update(of=("self",)).filter(org=org).select_related("person").order_by("pk"))
    if not rows:
        return 0
    for row in rows:
        row.org, row.version = to, row.version + 1
        row.save(update_fields=["org", "version"])
    names = [row.person.name for row in rows]
    record(
        actor=actor, action="employment.rehome", place=to.place.slug, target=to,
        before={"org": org.code, "persons": names}, after={"org": to.code, "persons": names},
    )  # fmt: skip
    return len(rows)


def told(row: Employment) -> Mapping[str, Any]:
    """An employment as the audit log keeps it."""
    return {
        "org": row.org.code, "org_name": row.org.name, **{name: getattr(row, name) for name in WORDS},
        "from": row.valid_from.isoformat(), "to": row.valid_to.isoformat(), "basis": row.basis, "ended": row.ended,
    }  # fmt: skip


def _slug(person: Person) -> str:
    return person.place.slug


def _current(employment: Employment, version: int, person: Person) -> Employment:
    held = Employment.objects.select_for_update(of=("self",)).select_related("org").get(pk=employment.pk)
    if held.version != version:
        raise checks.stale(person)
    return held


def _made(person: Person, terms: Terms, day: date, until: date) -> Employment:
    row = Employment(person=person, valid_from=day, valid_to=until)
    _put(row, terms)
    row.save(force_insert=True)
    return row


def _put(row: Employment, terms: Terms) -> None:
    row.org, row.basis = terms.org, terms.basis.strip()
    for name, word in terms.words().items():
        setattr(row, name, word)


def faults(place: Place, terms: Terms, day: date) -> list[Issue]:
    """What is wrong with the terms themselves, whoever is meant."""
    found = checks.org_faults(place, terms.org, day)
    on = None if day == EVER else day
    for name, word in terms.words().items():
        found += codes.fault(place, name, word, WORDS[name], required=name in REQUIRED, day=on)
    return found + checks.text_faults(basis=terms.basis.strip())


def _faults(person: Person, terms: Terms, day: date, until: date) -> list[Issue]:
    return [*checks.span_faults(day, until), *checks.birth_faults(person, day), *faults(person.place, terms, day)]


def _taken(person: Person, day: date, until: date) -> list[Issue]:
    """Where the person is employed already on one of those days."""
    rows = checks.crossing(Employment.objects.filter(person=person), day, until).select_related("org").order_by("valid_from")
    hint = T("先结束那一段，或用“变更”从某日起调到这里；临时到别处任教的登记为交流支教")
    return [
        error(
            "staff.employed",
            T(
                "%(name)s自%(start)s至%(end)s受聘于“%(org)s”",
                name=person.name, start=day_text(row.valid_from), end=day_text(row.valid_to), org=row.org.name,
            ),
            Where(field="day"),
            hint,
        )
        for row in rows
    ]  # fmt: skip


def terms_of(row: Employment) -> Terms:
    """The terms of an employment as it is, to be changed in part: `replace(terms_of(row), subject=…)`."""
    return Terms(row.org, **{name: getattr(row, name) for name in (*WORDS, "basis")})
