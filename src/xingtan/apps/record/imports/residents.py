"""Imports name the organisation for which they were handed in: they go along when that one is undone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.db.models import Count

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.audit.services import record as audit
from xingtan.apps.base.orgs.models import Organisation
from xingtan.apps.base.orgs.residents import Resident
from xingtan.kernel.text import T

from .models import Import


class ImportResidents:
    """Registered with `orgs`. The rows of imports live in their ledger; here are the uploads only."""

    def living_at(self, org_ids: Collection[int], since: date | None = None) -> Mapping[int, Sequence[Resident]]:
        """How many uploads; none of them holds anything up on or after a day."""
        if since is not None:
            return {}
        counts = Import.objects.filter(org__in=org_ids).order_by().values_list("org").annotate(count=Count("pk"))
        return {org: [Resident(T("上传的表格"), count)] for org, count in counts}

    def rehome(self, org: Organisation, to: Organisation, actor: Actor) -> None:
        moved = Import.objects.filter(org=org).update(org=to)
        if moved:
            after = {"imports": moved, "from": org.code, "to": to.code}
            audit(actor=actor, action="import.rehome", place=to.place.slug, target=to, after=after)
