"""Who may see a figure: whoever may see figures of the organisation it is about."""

from __future__ import annotations

from xingtan.apps.base.orgs.models import Organisation
from xingtan.ui.policy import Policy


class FigurePolicy(Policy[Organisation]):
    """Actions: figure.view, snapshot.manage. A figure is a function of its organisation, so the row is the organisation."""

    model = Organisation
    org = "pk"


POLICY = FigurePolicy()
