"""Pupils live at schools: a merger takes them along, a closure is refused while they are there, undoing puts them back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.db.models import Count, F, Q

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.orgs.models import OrgAct, Organisation
from xingtan.apps.base.orgs.residents import Resident
from xingtan.kernel.text import T

from .models import Act, Child, Enrolment, Movement, SchoolClass
from .services.rehoming import KIND, pupils_rehome, pupils_settle, pupils_unsettle

PUPILS, CLASSES, CHILDREN = T("在籍学生"), T("班级"), T("适龄儿童名册")


class PupilResidents:
    """The provider of this app. Samples name grades, never pupils."""

    def living_at(self, org_ids: Collection[int], since: date | None = None) -> Mapping[int, Sequence[Resident]]:
        later = Q(valid_to__gt=since) if since else Q()
        spells = Enrolment.objects.filter(later, school__in=org_ids, valid_from__lt=F("valid_to"))
        classes = SchoolClass.objects.filter(later, school__in=org_ids, valid_from__lt=F("valid_to"))
        found = _pupils(spells)
        for org, count in classes.values_list("school").annotate(n=Count("pk")):
            found.setdefault(org, []).append(Resident(CLASSES, count))
        for org, count in Child.objects.filter(org__in=org_ids, struck=None).values_list("org").annotate(n=Count("pk")):
            found.setdefault(org, []).append(Resident(CHILDREN, count))
        return found

    def rehome(self, org: Organisation, to: Organisation, actor: Actor) -> None:
        pupils_rehome(org=org, to=to, actor=actor)

    def bound(self, org_ids: Collection[int], day: date) -> Mapping[int, Sequence[Resident]]:
        return _pupils(Enrolment.objects.filter(school__in=org_ids, valid_to__gt=day, valid_from__lt=F("valid_to")))

    def settle(self, act: OrgAct, moves: Mapping[int, Organisation], actor: Actor) -> None:
        pupils_settle(act=act, moves=moves, actor=actor)

    def unsettle(self, act: OrgAct, actor: Actor) -> None:
        pupils_unsettle(act=act, actor=actor)

    def brought(self, act: OrgAct) -> Mapping[int, Sequence[Resident]]:
        acts = Act.objects.filter(place=act.place_id, kind=KIND, undone=None, facts__org_act=act.pk)
        rows = Movement.objects.filter(act__in=acts, undone=False, begun__valid_from__lt=F("begun__valid_to"))
        found = {org: [Resident(PUPILS, count)] for org, count in rows.values_list("begun__school").annotate(n=Count("pk"))}
        opened = [pk for one in acts for pk in one.facts.get("classes_opened", [])]
        for org, count in SchoolClass.objects.filter(pk__in=opened).values_list("school").annotate(n=Count("pk")):
            found.setdefault(org, []).append(Resident(CLASSES, count))
        return found


def _pupils(spells: object) -> dict[int, list[Resident]]:
    """Pupils by school, with how many there are in each stage."""
    parts: dict[int, list[tuple[str, int]]] = {}
    rows = spells.order_by("school", "stage").values_list("school", "stage").annotate(n=Count("pk"))  # type: ignore[attr-defined]
    for org, stage, count in rows:
        parts.setdefault(org, []).append((stage, count))
    return {
        org: [Resident(PUPILS, sum(count for _, count in found), tuple(f"{stage} {count}" for stage, count in found))]
        for org, found in parts.items()
    }
