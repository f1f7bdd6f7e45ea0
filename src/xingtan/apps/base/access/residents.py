"""Grants live at organisations: what undoing an act on the tree must not leave behind."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.orgs.models import Organisation
from xingtan.apps.base.orgs.residents import Resident
from xingtan.kernel.text import T

from .models import Grant
from .services import grants_rehome

SAMPLE = 5


class GrantResidents:
    """Registered with `orgs`."""

    def living_at(self, org_ids: Collection[int], since: date | None = None) -> Mapping[int, Sequence[Resident]]:
        grants = Grant.objects.filter(org_id__in=org_ids)
        if since is not None:
            grants = grants.filter(valid_to__gt=since)
        names: dict[int, list[str]] = {}
        for org, name in grants.order_by("org_id", "account__login", "pk").values_list("org_id", "account__display_name"):
            names.setdefault(org, []).append(name)
        return {org: [Resident(T("授权"), len(found), tuple(found[:SAMPLE]))] for org, found in names.items()}

    def rehome(self, org: Organisation, to: Organisation, actor: Actor) -> None:
        grants_rehome(org=org, to=to, actor=actor)
