"""The page of rates for an organisation and school year, and the page of published tables."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xingtan.apps.base.orgs.selectors import active_pack
from xingtan.apps.base.pupils.grades import grades
from xingtan.apps.record.figures.asking import Asked, asked
from xingtan.apps.record.figures.policies import POLICY, VIEW
from xingtan.ui.scope import query

from . import cohorts, selectors
from . import published as tables
from .reading import BOTH, BOYS, GIRLS

SEXES = (BOTH, BOYS, GIRLS)
Tabs = list[tuple[str, str, bool]]


def index(request: HttpRequest, place: str) -> HttpResponseBase:
    """Rates of the school year, for all pupils or for boys or girls alone."""
    here = asked(request)
    POLICY.require(here.account, VIEW, here.org)
    sex = request.GET.get("sex", BOTH) if request.GET.get("sex") in SEXES else BOTH
    year = selectors.school_year(here.period)
    context = {"org": here.org, "tabs": _sexes(request, sex), "pages": _pages(request, "index"), "year": year}
    if year is None:
        return render(request, "cohorts/index.html", context)
    today = timezone.localdate()
    law = grades(here.place)
    followed = {stage: cohorts.lines(here.place, here.org, law, stage, today) for stage in ("小学", "初中")}
    page = selectors.page(here, year, sex)
    titled = [(page.titles.get(stage, stage), lines) for stage, lines in followed.items() if lines]
    context |= {"page": page, "followed": titled}
    return render(request, "cohorts/index.html", context)


def published(request: HttpRequest, place: str) -> HttpResponseBase:
    """Cells of published tables whose three rates do not add up to 100 %."""
    here: Asked = asked(request)
    POLICY.require(here.account, VIEW, here.org)
    there = tables.LEDGER in active_pack(here.place).ledgers
    found = tables.report(here.account, here.place, here.org) if there else tables.Report((), 0, 0)
    bound = tables.BROKEN.bind(request, found.lines)
    if bound.export:
        return bound.workbook(_("对不上的公布比率"))
    return render(
        request, "cohorts/published.html", {"table": bound, "report": found, "org": here.org, "pages": _pages(request, "published")}
    )


def _sexes(request: HttpRequest, present: str) -> Tabs:
    names = {BOTH: _("男女合计"), BOYS: _("男"), GIRLS: _("女")}
    scope = request.scope  # type: ignore[attr-defined]
    here = reverse("cohorts:index", kwargs={"place": scope.slug})
    return [(names[sex], here + query(scope, sex=sex), sex == present) for sex in SEXES]


def _pages(request: HttpRequest, present: str) -> Tabs:
    names = {"index": _("本地的率"), "published": _("核对公布的率")}
    scope = request.scope  # type: ignore[attr-defined]
    return [
        (name, reverse(f"cohorts:{page}", kwargs={"place": scope.slug}) + query(scope), page == present) for page, name in names.items()
    ]
