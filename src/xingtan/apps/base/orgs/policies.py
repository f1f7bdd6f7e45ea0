"""Who may see and change which organisations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet

from xingtan.ui.policy import Policy

from .acts import Act, Merge, Move, New, Open, Split
from .models import OrgAct, Organisation, Place

VIEW, MANAGE = "org.view", "org.manage"


class OrganisationPolicy(Policy[Organisation]):
    """Organisations below those for which the account holds a grant, closed ones included (`ui.policy`)."""

    model = Organisation
    org = "pk"


organisations = OrganisationPolicy()


def require_all(account: Any, action: str, place: Place, codes: Iterable[str]) -> None:
    """Raise PermissionDenied unless the account may do `action` at every existing organisation of these codes."""
    wanted = Organisation.objects.filter(place=place, code__in=set(codes))
    if organisations.visible(account, action, wanted).count() != wanted.count():
        raise PermissionDenied(action)


def concerned(act: Act) -> set[str]:
    """Codes of the organisations whose manager must agree: those that change and those under which something is put."""
    if isinstance(act, Open):
        return {act.new.parent}
    if isinstance(act, Merge):
        return {*act.sources, act.into.parent if isinstance(act.into, New) else act.into}
    if isinstance(act, Split):
        return {act.code, *(part.new.parent for part in act.parts)}
    return {act.code, act.parent} if isinstance(act, Move) else {act.code}


def require_act(account: Any, place: Place, act: Act) -> None:
    """Raise PermissionDenied unless the account may perform the act."""
    require_all(account, MANAGE, place, concerned(act))


def require_undo(account: Any, act: OrgAct, rehome: Iterable[str]) -> None:
    """Raise PermissionDenied unless the account manages everything that undoing would change."""
    require_all(account, MANAGE, act.place, {*act.undo["before"], *rehome})


def acts_visible(account: Any, place: Place) -> QuerySet[OrgAct]:
    """Acts of the place that touched at least one organisation the account may see."""
    touched = organisations.visible(account, VIEW, Organisation.objects.filter(place=place))
    return OrgAct.objects.filter(place=place).filter(
        Exists(OrgAct.touched.through.objects.filter(orgact_id=OuterRef("pk"), organisation_id__in=touched.values("pk")))
    )
