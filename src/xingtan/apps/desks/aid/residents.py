"""Runs and awards live at organisations: an act that made an organisation cannot be undone while they do."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.db.models import Count

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.orgs.models import Organisation
from xingtan.apps.base.orgs.residents import Resident
from xingtan.kernel.text import T

from .models import Award, Run


class AidResidents:
    """Awards stay with the school that applied: money that was paid is not moved by a merger."""

    def living_at(self, org_ids: Collection[int], since: date | None = None) -> Mapping[int, Sequence[Resident]]:
        found: dict[int, list[Resident]] = {}
        awards = Award.objects.filter(org__in=org_ids).values_list("org").annotate(count=Count("pk"))
        for org, count in awards if since is None else ():
            found.setdefault(org, []).append(Resident(T("资助"), count))
        runs = Run.objects.filter(org__in=org_ids, state=Run.State.PROPOSED).values_list("org").annotate(count=Count("pk"))
        for org, count in runs:
            found.setdefault(org, []).append(Resident(T("待审批的资助核算"), count))
        return found

    def rehome(self, org: Organisation, to: Organisation, actor: Actor) -> None:
        """What has been proposed or decided stays where it was applied for."""
