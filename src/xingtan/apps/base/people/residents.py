"""Posts live at organisations: what undoing an act on the tree must not make homeless."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.orgs.models import Organisation
from xingtan.apps.base.orgs.residents import Resident
from xingtan.kernel.text import T

from .models import Post
from .services import posts_rehome

SAMPLE = 5


class PostResidents:
    """The provider of this app."""

    def living_at(self, org_ids: Collection[int], since: date | None = None) -> Mapping[int, Sequence[Resident]]:
        posts = Post.objects.filter(org_id__in=org_ids)
        if since is not None:
            posts = posts.filter(valid_to__gt=since)
        names: dict[int, list[str]] = {}
        for org, name in posts.order_by("org_id", "person__initials", "pk").values_list("org_id", "person__name"):
            names.setdefault(org, []).append(name)
        return {org: [Resident(T("任职"), len(found), tuple(found[:SAMPLE]))] for org, found in names.items()}

    def rehome(self, org: Organisation, to: Organisation, actor: Actor) -> None:
        posts_rehome(org=org, to=to, actor=actor)
