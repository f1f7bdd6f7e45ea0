"""Who may see a figure: whoever may see figures of the organisation it is about."""

from __future__ import annotations

from xingtan.apps.base.orgs.models import Organisation
from xingtan.ui.policy import Policy

from .asking import Asked

VIEW, MANAGE = "figure.view", "snapshot.manage"


class FigurePolicy(Policy[Organisation]):
    """Actions: figure.view, snapshot.manage. A figure is a function of its organisation, so the row is the organisation."""

    model = Organisation
    org = "pk"


POLICY = FigurePolicy()


def sees_snapshots(here: Asked) -> bool:
    """A snapshot is of the whole place: its list is for those who see the root's figures, or keep snapshots."""
    root = here.place.root
    return root is not None and (POLICY.can_on(here.account, VIEW, root) or POLICY.can_on(here.account, MANAGE, root))
