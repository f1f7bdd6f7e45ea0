"""Staff lives at organisations: what undoing an act on the tree must not make homeless."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.db.models import F, QuerySet

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.orgs.models import OrgAct, Organisation
from xingtan.apps.base.orgs.residents import Resident
from xingtan.kernel.text import T

from .models import Employment, Secondment
from .services import employment, secondment, settling

SAMPLE = 5


class StaffResidents:
    """The provider of this app."""

    def living_at(self, org_ids: Collection[int], since: date | None = None) -> Mapping[int, Sequence[Resident]]:
        found: dict[int, list[Resident]] = {}
        for org, names in _names(Employment, "org", org_ids, since).items():
            found.setdefault(org, []).append(Resident(T("教职工"), len(names), tuple(names[:SAMPLE])))
        for end in ("sender", "host"):
            for org, names in _names(Secondment, end, org_ids, since).items():
                found.setdefault(org, []).append(Resident(T("交流支教"), len(names), tuple(names[:SAMPLE])))
        return found

    def bound(self, org_ids: Collection[int], day: date) -> Mapping[int, Sequence[Resident]]:
        """Whoever is still employed when the organisation ends has to go somewhere."""
        return self._staff(Employment.objects.filter(org__in=org_ids, valid_to__gt=day, valid_from__lt=F("valid_to")))

    def settle(self, act: OrgAct, moves: Mapping[int, Organisation], actor: Actor) -> None:
        settling.settle(act=act, moves=moves, actor=actor)

    def unsettle(self, act: OrgAct, actor: Actor) -> None:
        settling.unsettle(act=act, actor=actor)

    def brought(self, act: OrgAct) -> Mapping[int, Sequence[Resident]]:
        return self._staff(Employment.objects.filter(moved_by=act, valid_from__lt=F("valid_to")))

    def _staff(self, rows: QuerySet[Employment]) -> dict[int, list[Resident]]:
        found: dict[int, list[str]] = {}
        for org, name in rows.order_by("org", "person__initials", "pk").values_list("org_id", "person__name"):
            found.setdefault(org, []).append(name)
        return {org: [Resident(T("教职工"), len(names), tuple(names[:SAMPLE]))] for org, names in found.items()}

    def rehome(self, org: Organisation, to: Organisation, actor: Actor) -> None:
        employment.rehome(org=org, to=to, actor=actor)
        secondment.rehome(org=org, to=to, actor=actor)


def _names(model: type[Employment] | type[Secondment], end: str, org_ids: Collection[int], since: date | None) -> dict[int, list[str]]:
    rows = model.objects.filter(**{f"{end}__in": org_ids}, valid_from__lt=F("valid_to"))
    if since is not None:
        rows = rows.filter(valid_to__gt=since)
    found: dict[int, list[str]] = {}
    for org, name in rows.order_by(end, "person__initials", "pk").values_list(f"{end}_id", "person__name"):
        found.setdefault(org, []).append(name)
    return found
