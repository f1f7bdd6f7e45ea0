"""Reports read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.pack import Pack
from xingtan.pack.schema.report import Report as Template

from .models import Report, ReportFigure
from .policies import POLICY


def address(report: Report) -> str:
    """The address of a report: in its own organisation and period, so that the page around it speaks of the same."""
    query = urlencode({"org": report.org.code, "period": report.period})
    return f"{reverse('reports:report', kwargs={'place': report.place.slug, 'pk': report.pk})}?{query}"


def reports(place: Place) -> QuerySet[Report]:
    """All reports of a place, newest first."""
    return Report.objects.filter(place=place).select_related("org", "place")


def templates_for(pack: Pack, org: Organisation) -> list[Template]:
    """The templates that are made for organisations of this kind or tier."""
    kind = pack.organisation.kind(org.kind)
    return [one for one in pack.reports.values() if not one.at or org.kind in one.at or (kind is not None and kind.tier in one.at)]


def uses(account: Any, place: Any, indicator: str, org: str, period: str) -> Sequence[tuple[str, str]]:
    """Reports that print a figure and that the account may read, as (label, address); each once, newest first."""
    printing = ReportFigure.objects.filter(indicator=indicator, org=org, period=period).values("report")
    found = (
        POLICY.visible(account, "report.view", Report.objects.filter(place=place, pk__in=printing))
        .select_related("org", "place")
        .order_by("-pk")
    )
    return [
        (
            _("%(title)s（%(state)s）") % {"title": report.title, "state": report.get_state_display()},
            address(report),
        )
        for report in found
    ]
