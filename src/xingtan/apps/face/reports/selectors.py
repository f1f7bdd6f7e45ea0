"""Reports read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.pack import Pack
from xingtan.pack.schema.report import Report as Template

from .models import Report, ReportFigure
from .policies import POLICY


def reports(place: Place) -> QuerySet[Report]:
    """All reports of a place, newest first."""
    return Report.objects.filter(place=place).select_related("org")


def templates_for(pack: Pack, org: Organisation) -> list[Template]:
    """The templates that are made for organisations of this kind or tier."""
    kind = pack.organisation.kind(org.kind)
    return [one for one in pack.reports.values() if not one.at or org.kind in one.at or (kind is not None and kind.tier in one.at)]


def uses(account: Any, place: Any, indicator: str, org: str, period: str) -> Sequence[tuple[str, str]]:
    """Reports that print a figure and that the account may read, as (label, address); each once, newest first."""
    printing = ReportFigure.objects.filter(indicator=indicator, org=org, period=period).values("report")
    found = POLICY.visible(account, "report.view", Report.objects.filter(place=place, pk__in=printing)).order_by("-pk")
    return [
        (
            _("%(title)s（%(state)s）") % {"title": report.title, "state": report.get_state_display()},
            reverse("reports:report", kwargs={"place": place.slug, "pk": report.pk}),
        )
        for report in found
    ]
