"""Indicators of an organisation, one figure with all that stands behind it, snapshots."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xingtan.ui.downloads import SVG, download
from xingtan.ui.forms import status
from xingtan.ui.issues import onto_form
from xingtan.ui.named import named
from xingtan.ui.tables import Bound

from . import selectors, services, snapshot_lists
from .asking import Asked, asked
from .children import SHOWS, Children
from .explaining import drawing
from .forms import SnapshotForm
from .idle import with_data
from .pages import Provenance, provenance, trees
from .policies import MANAGE, POLICY, VIEW, sees_snapshots
from .selectors import Line
from .store import book
from .tables import BELOW, INDICATORS, ROWS
from .trail import trail


def index(request: HttpRequest, place: str) -> HttpResponseBase:
    """Every indicator of the organisation in the period, each with its trend."""
    here: Asked = asked(request)
    POLICY.require(here.account, VIEW, here.org)
    services.keep_fresh(place=here.place, actor=here.actor)
    reader = None if request.GET.get("export") else here.account  # what leaves the house is told as to anybody
    every = selectors.overview(here.place, here.org, here.period, reader)
    lines = every if request.GET.get("all") else with_data(book(here.place), every)
    bound = INDICATORS.bind(request, lines)
    if bound.narrowed:  # who looks for something looks among all
        bound = INDICATORS.bind(request, every)
    if bound.export:
        return bound.workbook(_("%(org)s指标") % {"org": here.org.name})
    idle = 0 if bound.narrowed else len(every) - len(lines)
    return render(request, "figures/index.html", {"table": bound, "org": here.org, "idle": idle, "all_url": bound.url(all="1", page="")})


def figure(request: HttpRequest, place: str, indicator: str) -> HttpResponseBase:
    """Where a number comes from."""
    here = asked(request)
    POLICY.require(here.account, VIEW, here.org)
    services.keep_fresh(place=here.place, actor=here.actor)
    reader = None if request.GET.get("b_export") else here.account
    page: Provenance = provenance(here, indicator, request.GET.get("snapshot", ""), request.GET.get("group", ""), reader)
    bound = BELOW.bind(request, page.below)
    if bound.export:
        return bound.workbook(named(page.indicator))
    side = Children(page.below, page.trend, request.GET.get("show", ""))
    if bound.image:
        return download(side.image(f"{named(page.indicator)} · {here.org.name}").encode(), f"{named(page.indicator)}.svg", SVG)
    context = {"page": page, "now": page.now, "table": bound, "org": here.org, "retold": here.retold, "children": side}
    context |= {"picture": drawing(page.trend, named(page.indicator)), "shows": _shows(bound, side), "image_url": bound.url(export="svg")}
    return render(request, "figures/figure.html", {**context, "trees": trees(here, page, request.GET.get("snapshot", ""))})


def _shows(bound: Bound[Line], side: Children) -> list[tuple[str, str, bool]]:
    """The forms in which what is below may be looked at; each has an address."""
    names = {"table": _("表格"), "bars": _("条形"), "multiples": _("小图")}
    return [(names[show], bound.with_query(show="" if show == "table" else show), show == side.show) for show in SHOWS]


def rows(request: HttpRequest, place: str, indicator: str) -> HttpResponseBase:
    """The rows under a figure, as far as the reader may see them."""
    here = asked(request)
    POLICY.require(here.account, VIEW, here.org)
    services.keep_fresh(place=here.place, actor=here.actor)
    shelf = book(here.place, request.GET.get("snapshot", ""), retold=here.retold, reader=here.account)
    shelf.require(here.org.code)
    spec = selectors.indicator_of(shelf, indicator)
    part = selectors.group_of(spec, request.GET.get("group", ""))
    found = trail(here, shelf, spec, part)
    bound = ROWS.bind(request, found.rows)
    if bound.export:
        return bound.workbook(_("%(title)s的来源行") % {"title": named(spec)})
    back = selectors.address(place, indicator, here.org.code, here.period.text, group=str(part), **selectors.told(shelf))
    return render(request, "figures/rows.html", {"table": bound, "trail": found, "indicator": spec, "org": here.org, "back": back})


def snapshots(request: HttpRequest, place: str) -> HttpResponseBase:
    """All snapshots of the place, the working one first."""
    here = asked(request)
    if not sees_snapshots(here):
        raise PermissionDenied(VIEW)
    bound = snapshot_lists.SNAPSHOTS.bind(request, snapshot_lists.lines(here.place))
    if bound.export:
        return bound.workbook(_("快照"))
    manages = here.place.root is not None and POLICY.can_on(here.account, MANAGE, here.place.root)
    return render(request, "figures/snapshots.html", {"table": bound, "manages": manages})


def snapshot_new(request: HttpRequest, place: str) -> HttpResponse:
    """Keep the present state under a name for ever."""
    here = asked(request)
    POLICY.require(here.account, MANAGE, here.place.root)
    form = SnapshotForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        from xingtan.kernel.errors import XingtanError

        try:
            made = services.snapshot_create(place=here.place, actor=here.actor, **form.cleaned_data)
        except XingtanError as error:
            onto_form(form, error.issues)
        else:
            messages.success(request, _("已封存快照“%(name)s”") % {"name": made.id})
            return redirect("figures:snapshots", place=place)
    return render(request, "figures/snapshot_new.html", {"form": form}, status=status(form))


@require_POST
def snapshot_refresh(request: HttpRequest, place: str) -> HttpResponse:
    """Bring the working snapshot up to date now."""
    here = asked(request)
    if not sees_snapshots(here):
        raise PermissionDenied(VIEW)
    services.snapshot_refresh(place=here.place)
    messages.success(request, _("数据已更新到此刻"))
    return redirect(reverse("figures:snapshots", kwargs={"place": place}))


@require_POST
def snapshot_verify(request: HttpRequest, place: str, name: str) -> HttpResponse:
    """Recompute the hashes of a snapshot and show what does not agree."""
    here = asked(request)
    POLICY.require(here.account, MANAGE, here.place.root)
    issues = services.snapshot_verify(place=here.place, name=name, actor=here.actor)
    return render(request, "figures/verified.html", {"issues": issues, "name": name})
