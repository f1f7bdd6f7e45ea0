"""Verbs on what a person is: degrees and certificates, titles, the team. One transaction and one audit event each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from xingtan.apps.base.audit.services import Actor, record
from xingtan.apps.base.orgs.models import EVER, FOREVER
from xingtan.apps.base.orgs.tree import day_text
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.people.selectors import person_locked
from xingtan.apps.base.staff import checks, codes
from xingtan.apps.base.staff.models import Credential, Spell, TeamSpell, TitleHolding
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Where, error
from xingtan.kernel.text import T

S = TypeVar("S", TitleHolding, TeamSpell)
RANKS = "职称"  # the one series whose steps are ranks, not tiers of government


@dataclass(frozen=True, slots=True)
class Title:
    """A title: of which series, at which level of government or (职称) of which rank."""

    series: str
    level: str = ""
    rank: str = ""
    awarded_by: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A degree or certificate: how high, in which subject of the school, in which field of study, from whom."""

    kind: str
    level: str
    subject: str = ""
    detail: str = ""
    institution: str = ""


@transaction.atomic
def credential_add(*, person: Person, paper: Paper, day: date, actor: Actor) -> Credential:
    """Enter a degree or certificate with the day it was obtained (EVER: not known)."""
    locked = person_locked(person)
    if issues := _paper_faults(locked, paper, day):
        raise XingtanError(issues)
    made = Credential.objects.create(
        person=locked, kind=paper.kind, level=paper.level, subject=paper.subject, detail=paper.detail.strip(),
        institution=paper.institution.strip(), day=day,
    )  # fmt: skip
    record(actor=actor, action="credential.add", place=locked.place.slug, target=locked, after=_credential_told(made))
    return made


@transaction.atomic
def credential_withdraw(*, credential: Credential, version: int, day: date, actor: Actor, reason: str = "") -> Credential:
    """It counts no longer from the day on (on the day it was obtained: it was entered by mistake)."""
    person = person_locked(credential.person)
    held = Credential.objects.select_for_update().get(pk=credential.pk)
    if held.version != version:
        raise checks.stale(person)
    if not held.day <= day < held.withdrawn:
        message = T("失效日期应在%(day)s以后、失效之前", day=day_text(held.day))
        raise XingtanError.one("staff.before", message, T("核对日期；填取得日期视为误录"), Where(field="day"))
    before = _credential_told(held)
    held.withdrawn, held.version = day, held.version + 1
    held.save(update_fields=["withdrawn", "version"])
    slug = person.place.slug
    record(actor=actor, action="credential.withdraw", place=slug, target=person, before=before, after=_credential_told(held), reason=reason)
    return held


@transaction.atomic
def title_award(*, person: Person, title: Title, day: date, actor: Actor, until: date = FOREVER) -> TitleHolding:
    """Enter a title held from a day on. One of a higher level does not end those below: holdings and holders are counted apart.

    A new rank (职称) ends the former one: nobody is 一级 and 高级 at once.
    """
    locked = person_locked(person)
    if issues := _title_faults(locked, title, day, until):
        raise XingtanError(issues)
    before = _rank_ended(locked, day) if title.series == RANKS else {}
    made = TitleHolding.objects.create(
        person=locked, series=title.series, level=title.level, rank=title.rank, awarded_by=title.awarded_by.strip(),
        basis=title.basis.strip(), valid_from=day, valid_to=until,
    )  # fmt: skip
    record(
        actor=actor, action="title.award", place=locked.place.slug, target=locked, before=before, after=_title_told(made), reason=made.basis
    )
    return made


@transaction.atomic
def title_end(*, holding: TitleHolding, version: int, day: date, actor: Actor, reason: str = "") -> TitleHolding:
    """End a title on `day`, the first day without it."""
    person, held = _held(TitleHolding, holding, version)
    _end(held, day)
    record(actor=actor, action="title.end", place=person.place.slug, target=person, after=_title_told(held), reason=reason)
    return held


@transaction.atomic
def team_join(*, person: Person, team: str, day: date, actor: Actor, basis: str = "") -> TeamSpell:
    """From the day on the person belongs to a team; the former one ends that day."""
    locked = person_locked(person)
    issues = codes.fault(locked.place, "team", team, T("教师团队"), required=True, day=None if day == EVER else day)
    issues += [*checks.span_faults(day, FOREVER), *checks.text_faults(basis=basis.strip())]
    former = checks.crossing(TeamSpell.objects.select_for_update().filter(person=locked), day, FOREVER).order_by("valid_from")
    later = [row for row in former if row.valid_from >= day]
    if later:
        message = T("%(name)s自%(day)s起已登记团队", name=locked.name, day=day_text(later[0].valid_from))
        issues.append(error("staff.team_later", message, Where(field="day"), T("填更晚的日期，或先结束那一段")))
    if issues:
        raise XingtanError(issues)
    before = {"team": former[0].team} if former else {}
    for row in former:
        row.valid_to, row.version = day, row.version + 1
        row.save(update_fields=["valid_to", "version"])
    made = TeamSpell.objects.create(person=locked, team=team, valid_from=day, basis=basis.strip())
    after = {"team": team, "from": day.isoformat()}
    record(actor=actor, action="team.join", place=locked.place.slug, target=locked, before=before, after=after, reason=made.basis)
    return made


@transaction.atomic
def team_leave(*, spell: TeamSpell, version: int, day: date, actor: Actor, reason: str = "") -> TeamSpell:
    """End the membership on `day`, the first day without it."""
    person, held = _held(TeamSpell, spell, version)
    _end(held, day)
    after = {"team": held.team, "to": day.isoformat()}
    record(actor=actor, action="team.leave", place=person.place.slug, target=person, after=after, reason=reason)
    return held


def _held(model: type[S], row: S, version: int) -> tuple[Person, S]:
    person = person_locked(row.person)
    held: S = model.objects.select_for_update().get(pk=row.pk)
    if held.version != version:
        raise checks.stale(person)
    return person, held


def _end(held: Spell, day: date) -> None:
    if issues := checks.end_fault(held, day, T("这一项")):
        raise XingtanError(issues)
    held.valid_to, held.version = day, held.version + 1
    held.save(update_fields=["valid_to", "version"])


def _rank_ended(person: Person, day: date) -> Mapping[str, Any]:
    before: dict[str, Any] = {}
    for row in checks.crossing(TitleHolding.objects.select_for_update().filter(person=person, series=RANKS), day, FOREVER):
        before = dict(_title_told(row))
        row.valid_to, row.version = day, row.version + 1
        row.save(update_fields=["valid_to", "version"])
    return before


def _title_faults(person: Person, title: Title, day: date, until: date) -> list[Issue]:
    on = None if day == EVER else day
    found = codes.fault(person.place, "series", title.series, T("称号"), required=True, day=on)
    ranked = title.series == RANKS
    found += codes.fault(person.place, "rank", title.rank, T("职称"), required=ranked, day=on)
    found += codes.fault(person.place, "level", title.level, T("级别"), required=not ranked, day=on)
    if not ranked and title.rank:
        found.append(error("staff.rank", T("只有“职称”才填职称一栏"), Where(field="rank"), T("清空这一栏，或把称号改为“职称”")))
    found += checks.span_faults(day, until) + checks.text_faults(awarded_by=title.awarded_by.strip(), basis=title.basis.strip())
    rows = TitleHolding.objects.filter(person=person, series=title.series)
    if ranked:
        rows = rows.filter(valid_from__gte=day)  # earlier ranks end on the day; later ones stand in the way
    else:
        rows = rows.filter(level=title.level)
    for row in checks.crossing(rows, day, until):
        message = T("%(name)s自%(day)s起已有这一称号", name=person.name, day=day_text(row.valid_from))
        found.append(error("staff.title_twice", message, Where(field="day"), T("不必重复登记；日期不对的先结束原来那一条")))
    return found


def _paper_faults(person: Person, paper: Paper, day: date) -> list[Issue]:
    found: list[Issue] = []
    if paper.kind not in Credential.Kind.values:
        found.append(error("staff.paper", T("种类“%(kind)s”读不懂", kind=paper.kind[:20]), Where(field="kind"), T("选学历或教师资格")))
    degree = paper.kind == Credential.Kind.DEGREE
    label = T("学历") if degree else T("教师资格种类")
    found += codes.fault(person.place, "degree" if degree else "certificate", paper.level, label, required=True)
    found += codes.fault(person.place, "certified", paper.subject, T("学科"))
    found += checks.text_faults(detail=paper.detail.strip(), institution=paper.institution.strip())
    if day > timezone.localdate():
        found.append(error("staff.future", T("取得日期在将来"), Where(field="day"), T("填实际取得的日期")))
    return found + [issue for issue in checks.birth_faults(person, day)]


def _credential_told(row: Credential) -> Mapping[str, Any]:
    return {
        "kind": row.kind, "level": row.level, "subject": row.subject, "detail": row.detail, "institution": row.institution,
        "day": row.day.isoformat(), "withdrawn": row.withdrawn.isoformat(),
    }  # fmt: skip


def _title_told(row: TitleHolding) -> Mapping[str, Any]:
    return {
        "series": row.series, "level": row.level, "rank": row.rank, "awarded_by": row.awarded_by,
        "from": row.valid_from.isoformat(), "to": row.valid_to.isoformat(), "basis": row.basis,
    }  # fmt: skip
