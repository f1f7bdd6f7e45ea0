"""Reports read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.pack import Pack
from xingtan.pack.schema.report import Report as Template

from .models import Report, ReportFigure


def reports(place: Place) -> QuerySet[Report]:
    """All reports of a place, newest first."""
    return Report.objects.filter(place=place).select_related("org")


def templates_for(pack: Pack, org: Organisation) -> list[Template]:
    """The templates that are made for organisations of this kind or tier."""
    kind = pack.organisation.kind(org.kind)
    return [one for one in pack.reports.values() if not one.at or org.kind in one.at or (kind is not None and kind.tier in one.at)]


def uses(place: Any, indicator: str, org: str, period: str) -> Sequence[tuple[str, str]]:
    """Reports that print a figure, as (label, address); each once."""
    rows = ReportFigure.objects.filter(report__place=place, indicator=indicator, org=org, period=period).select_related("report")
    found = {row.report_id: row.report for row in rows}
    return [
        (f"{report.title}（{report.get_state_display()}）", reverse("reports:report", kwargs={"place": place.slug, "pk": pk}))
        for pk, report in sorted(found.items(), reverse=True)
    ]
