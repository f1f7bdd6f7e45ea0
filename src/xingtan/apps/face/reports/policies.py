"""Who may read a report: whoever may read reports of its organisation; who may issue one: whose post says so."""

from __future__ import annotations

from xingtan.ui.policy import Policy

from .models import Report


class ReportPolicy(Policy[Report]):
    """Actions: report.view, report.issue."""

    model = Report


POLICY = ReportPolicy()
