"""Who asks for which organisation and period: what every page of figures and reports begins with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone

from xingtan.apps.base.audit.actors import Actor
from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.kernel.period import Period

TODAY = "today"  # ?recast=today: the past told in today's tree


@dataclass(frozen=True, slots=True)
class Asked:
    """The signed-in account and what the address names."""

    account: Any
    actor: Actor
    place: Place
    org: Organisation
    period: Period
    retold: bool = False  # all periods in today's tree; else each in the tree of its own day


def asked(request: HttpRequest) -> Asked:
    """Read the request's scope. Raises Http404 where the reader may see no organisation."""
    scope: Any = request.scope  # type: ignore[attr-defined]
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if scope.org is None:
        raise Http404("org")
    period = scope.period or Period.parse(str(timezone.localdate().year))
    return Asked(request.user, actor, scope.place, scope.org, period, request.GET.get("recast") == TODAY)
