"""Who may use a saved view: its owner, and when it is shared whoever sees figures at the office it belongs to. Only its owner changes it.

A view opens nothing: the figures behind it are asked for anew, with the rights of whoever looks.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from xingtan.apps.base.orgs.models import Place
from xingtan.apps.record.figures.policies import VIEW
from xingtan.ui import policy

from .models import SavedView


def office(account: Any, place: Place) -> Any:
    """The organisation at which the account holds the post that lets it see figures; None for those without a seat in the place."""
    return next((org for at, org in policy.granted(account, VIEW).seats if at == place), None)


class ViewPolicy(policy.Policy[SavedView]):
    """Action: figure.view."""

    model = SavedView

    def visible(self, account: Any, action: str, rows: QuerySet[SavedView] | None = None) -> QuerySet[SavedView]:
        start = SavedView.objects.all() if rows is None else rows
        seats = [org.pk for _place, org in policy.granted(account, action).seats]
        return start.filter(Q(owner_id=account.pk) | Q(shared=True, org__in=seats))

    def require_own(self, account: Any, row: SavedView) -> None:
        """Raise PermissionDenied unless the view is the account's own."""
        if row.owner_id != account.pk:
            raise PermissionDenied(VIEW)


VIEWS = ViewPolicy()
