"""Tables, series and even supply: read the address, ask the policy, show."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xingtan.apps.record.figures import services as figures
from xingtan.apps.record.figures.asking import Asked, asked
from xingtan.apps.record.figures.policies import POLICY, VIEW
from xingtan.apps.record.figures.store import Book, book
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T
from xingtan.ui.named import named
from xingtan.ui.scope import query

from . import equity as evenness
from . import services
from .forms import ViewForm
from .grid import build, offered, table_of
from .levels import choices, under, visible
from .models import SavedView
from .policies import VIEWS, office
from .series import pair

PASSING = ("export", "page", "name", "shared", "csrfmiddlewaretoken")  # parameters that a kept view does not keep
Tabs = list[tuple[str, str, bool]]


def _open(request: HttpRequest, *, file: bool = False) -> tuple[Asked, Book]:
    """Who asks, and the figures as he may see them; what leaves as a file hides small groups from everybody."""
    here = asked(request)
    POLICY.require(here.account, VIEW, here.org)
    figures.keep_fresh(place=here.place, actor=here.actor)
    shelf = book(here.place, reader=None if file else here.account)
    shelf.require(here.org.code)
    return here, shelf


def grid(request: HttpRequest, place: str) -> HttpResponseBase:
    """Organisations × indicators."""
    file = request.GET.get("export") == "xlsx"
    here, shelf = _open(request, file=file)
    made = build(shelf, here, request.GET.getlist("i"), request.GET.get("level", ""))
    bound = table_of(made, file=file).bind(request, made.rows)
    if bound.export:
        return bound.workbook(_("%(org)s对比表") % {"org": here.org.name})
    levels = [(value, words, value == made.level) for value, words in choices(shelf, made.everyone)]
    chosen = {spec.id for spec in made.specs}
    picks = [(spec.id, named(spec), spec.id in chosen) for spec in offered(shelf)]
    context = {
        "grid": made, "table": bound, "org": here.org, "levels": levels, "picks": picks, "pages": _pages(request, "grid"),
        "views": _views(here), "kept": request.GET.urlencode(), "silent": _silent(shelf, here), "shares": office(here.account, here.place),
    }  # fmt: skip
    return render(request, "compare/grid.html", context)


def _views(here: Asked) -> list[tuple[SavedView, str, bool]]:
    """The views the reader may use, each with its address and whether it is his own."""
    seen = VIEWS.visible(here.account, VIEW, SavedView.objects.filter(place=here.place)).select_related("owner", "org")
    home = reverse("compare:grid", kwargs={"place": here.place.slug})
    return [(one, f"{home}?{one.query}", one.owner_id == here.account.pk) for one in seen]


def _silent(shelf: Book, here: Asked) -> str | None:
    """Where nothing was reported for the period: the last one of its kind in which anything was ("" for none). None: something was."""
    known = shelf.periods(here.period.kind)
    if here.period in known:
        return None
    return known[-1].text if known else ""


@require_POST
def save(request: HttpRequest, place: str) -> HttpResponse:
    """Keep the present table under a name."""
    here = asked(request)
    POLICY.require(here.account, VIEW, here.org)
    form = ViewForm(request.POST)
    if not form.is_valid():
        raise XingtanError.one("compare.name", T("视图要有名称，最多 60 字"), T("返回对比表，写上名称再保存"))
    question = QueryDict(form.cleaned_data["query"], mutable=True)
    for name in PASSING:
        question.pop(name, None)
    told = question.urlencode()
    at = office(here.account, here.place)
    shared = form.cleaned_data["shared"] and at is not None
    services.view_save(
        owner=request.user, org=at or here.org, name=form.cleaned_data["name"], query=told, shared=shared, actor=here.actor  # type: ignore[arg-type]
    )  # fmt: skip
    messages.success(request, _("已保存视图“%(name)s”") % {"name": form.cleaned_data["name"]})
    return redirect(f"{reverse('compare:grid', kwargs={'place': place})}?{told}")


@require_POST
def remove(request: HttpRequest, place: str, pk: int) -> HttpResponse:
    """Throw one's own view away."""
    here = asked(request)
    view = get_object_or_404(VIEWS.visible(here.account, VIEW, SavedView.objects.filter(place=here.place)), pk=pk)
    VIEWS.require_own(here.account, view)
    services.view_remove(view=view, actor=here.actor)
    messages.success(request, _("已删除视图“%(name)s”") % {"name": view.name})
    return redirect(reverse("compare:grid", kwargs={"place": place}) + query(request.scope))  # type: ignore[attr-defined]


def series(request: HttpRequest, place: str) -> HttpResponseBase:
    """Two organisations, or two indicators, side by side."""
    here, shelf = _open(request)
    known = offered(shelf)
    names = [name for name in request.GET.getlist("i") if name] or [spec.id for spec in known[:1]]
    other = request.GET.get("with", "").strip()
    made = pair(shelf, here, names, other) if names else None
    context = {
        "pair": made, "org": here.org, "picks": [(spec.id, named(spec)) for spec in known], "names": [*names, "", ""][:2], "other": other,
        "pages": _pages(request, "series"), "others": _others(shelf, here),
    }  # fmt: skip
    return render(request, "compare/series.html", context)


def _others(shelf: Book, here: Asked) -> list[tuple[str, str]]:
    """Organisations to be laid beside this one: all of the place that the reader may see."""
    root = here.place.root or here.org
    everyone = under(shelf, Asked(here.account, here.actor, here.place, root, here.period))
    seen = visible(here, everyone)
    first = [(root.code, root.name)] if POLICY.can_on(here.account, VIEW, root) else []
    return [(code, name) for code, name in [*first, *((one.code, one.name) for one in seen)] if code != here.org.code]


def equity(request: HttpRequest, place: str) -> HttpResponseBase:
    """How evenly the schools of a stage are equipped."""
    here, shelf = _open(request)
    standard = evenness.standard_of(shelf, request.GET.get("standard", ""))
    found = evenness.page(shelf, here, standard) if standard is not None else None
    home = reverse("compare:equity", kwargs={"place": place})
    scope = request.scope  # type: ignore[attr-defined]
    tabs = [(named(one), home + query(scope, standard=one.id), standard is one) for one in evenness.standards(shelf)]
    context = {"page": found, "tabs": tabs, "org": here.org, "pages": _pages(request, "equity"), "silent": _silent(shelf, here)}
    return render(request, "compare/equity.html", context)


def _pages(request: HttpRequest, present: str) -> Tabs:
    names = {"grid": _("对比表"), "series": _("走势对比"), "equity": _("优质均衡")}
    scope = request.scope  # type: ignore[attr-defined]
    return [
        (name, reverse(f"compare:{page}", kwargs={"place": scope.slug}) + query(scope), page == present) for page, name in names.items()
    ]
