"""Verbs on secondments: a person lent from one organisation to another, the contract, the evaluation, the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from xingtan.apps.base.audit.services import Actor, record
from xingtan.apps.base.orgs.models import EVER, FOREVER, Organisation
from xingtan.apps.base.orgs.tree import day_text
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.people.selectors import person_locked
from xingtan.apps.base.staff import checks, codes
from xingtan.apps.base.staff.models import Secondment
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Where, error
from xingtan.kernel.text import T

WORDS = {"kind": T("方式"), "role": T("派出人员身份"), "subject": T("任教学科")}
TEXTS = ("sender_name", "host_name", "duty", "programme", "contract", "basis")


@dataclass(frozen=True, slots=True)
class Loan:
    """Who lends to whom, and for what. An end outside the place has a name instead of an organisation."""

    kind: str
    sender: Organisation | None = None
    host: Organisation | None = None
    sender_name: str = ""
    host_name: str = ""
    role: str = ""
    subject: str = ""
    duty: str = ""
    programme: str = ""
    contract: str = ""
    contract_day: date | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the secondment went, in whose judgement."""

    grade: str
    day: date
    by: str = ""
    words: str = ""


@transaction.atomic
def begin(*, person: Person, loan: Loan, day: date, actor: Actor, until: date = FOREVER) -> Secondment:
    """Lend a person from a day on (until another). Refused while he is lent elsewhere in the same way on one of those days."""
    locked = person_locked(person)
    if issues := _faults(locked, loan, day, until):
        raise XingtanError(issues)
    made = Secondment(person=locked, kind=loan.kind, sender=loan.sender, host=loan.host, valid_from=day, valid_to=until)
    for name in (*TEXTS, "role", "subject"):
        setattr(made, name, getattr(loan, name).strip())
    made.contract_day = loan.contract_day
    made.save(force_insert=True)
    record(actor=actor, action="secondment.begin", place=locked.place.slug, target=locked, after=told(made), reason=made.basis)
    return made


@transaction.atomic
def end(*, secondment: Secondment, version: int, day: date, actor: Actor, reason: str = "") -> Secondment:
    """Bring the person back on `day`, the first day without it. On its first day: it never was in force."""
    person, held = _held(secondment, version)
    if issues := checks.end_fault(held, day, T("这段交流支教")):
        raise XingtanError(issues)
    before = told(held)
    held.valid_to, held.version = day, held.version + 1
    held.save(update_fields=["valid_to", "version"])
    record(actor=actor, action="secondment.end", place=person.place.slug, target=person, before=before, after=told(held), reason=reason)
    return held


@transaction.atomic
def evaluate(*, secondment: Secondment, version: int, verdict: Verdict, actor: Actor) -> Secondment:
    """Write down how it went. A later evaluation replaces the former one, which stays in the log."""
    person, held = _held(secondment, version)
    issues = codes.fault(person.place, "grade", verdict.grade, T("考核等次"), required=True)
    issues += checks.text_faults(evaluated_by=verdict.by.strip(), evaluation=verdict.words.strip())
    if not held.valid_from <= verdict.day <= timezone.localdate():
        message = T("考核日期应在%(day)s以后、今天以前", day=day_text(held.valid_from))
        issues.append(error("staff.verdict_day", message, Where(field="day"), T("核对日期")))
    if issues:
        raise XingtanError(issues)
    before = told(held)
    held.grade, held.evaluated_on, held.evaluated_by = verdict.grade, verdict.day, verdict.by.strip()
    held.evaluation, held.version = verdict.words.strip(), held.version + 1
    held.save()
    record(actor=actor, action="secondment.evaluate", place=person.place.slug, target=person, before=before, after=told(held))
    return held


@transaction.atomic
def rehome(*, org: Organisation, to: Organisation, actor: Actor) -> int:
    """Say that what one organisation lent or was lent, another did: used when undoing an act takes the first one away."""
    count = 0
    for name in ("sender", "host"):
        rows = list(Secondment.objects.select_for_update(of=("self",)).filter(**{name: org}).order_by("pk"))
        for row in rows:
            setattr(row, name, to)
            row.version += 1
            row.save(update_fields=[name, "version"])
        count += len(rows)
    if count:
        before, after = {"org": org.code, "count": count}, {"org": to.code, "count": count}
        record(actor=actor, action="secondment.rehome", place=to.place.slug, target=to, before=before, after=after)
    return count


def told(row: Secondment) -> Mapping[str, Any]:
    """A secondment as the audit log keeps it."""
    return {
        "kind": row.kind, "sender": row.sender.name if row.sender else row.sender_name,
        "host": row.host.name if row.host else row.host_name,
        "role": row.role, "subject": row.subject, "duty": row.duty, "programme": row.programme, "contract": row.contract,
        "from": row.valid_from.isoformat(), "to": row.valid_to.isoformat(), "basis": row.basis, "grade": row.grade,
        "evaluation": row.evaluation, "evaluated_by": row.evaluated_by,
    }  # fmt: skip


def _held(secondment: Secondment, version: int) -> tuple[Person, Secondment]:
    person = person_locked(secondment.person)
    rows = Secondment.objects.select_for_update(of=("self",)).select_related("sender", "host")
    held = rows.get(pk=secondment.pk)
    if held.version != version:
        raise checks.stale(person)
    return person, held


def _faults(person: Person, loan: Loan, day: date, until: date) -> list[Issue]:
    on = None if day == EVER else day
    found = [*checks.span_faults(day, until), *checks.birth_faults(person, day), *_end_faults(person, loan, day)]
    for name, label in WORDS.items():
        found += codes.fault(person.place, name, getattr(loan, name).strip(), label, required=name == "kind", day=on)
    found += checks.text_faults(**{name: getattr(loan, name).strip() for name in TEXTS})
    for row in checks.crossing(Secondment.objects.filter(person=person, kind=loan.kind), day, until):
        message = T("%(name)s自%(day)s起已登记同样的交流支教", name=person.name, day=day_text(row.valid_from))
        found.append(error("staff.lent", message, Where(field="day"), T("先结束那一段，或改日期")))
    return found


def _end_faults(person: Person, loan: Loan, day: date) -> list[Issue]:
    """Both ends are told, at least one is here, and they differ."""
    found: list[Issue] = []
    for name, org, outside in (("sender", loan.sender, loan.sender_name), ("host", loan.host, loan.host_name)):
        if org is not None:
            found += checks.org_faults(person.place, org, day, name)
        elif not outside.strip():
            found.append(error("staff.end_missing", T("派出和接收单位都要填写"), Where(field=name), T("选本地单位，或写外地单位的名称")))
    if loan.sender is None and loan.host is None:
        found.append(error("staff.end_here", T("至少一方应是本地单位"), Where(field="host"), T("选派出单位或接收单位")))
    if loan.sender is not None and loan.sender == loan.host:
        found.append(error("staff.end_same", T("派出和接收是同一单位"), Where(field="host"), T("核对两个单位")))
    return found
