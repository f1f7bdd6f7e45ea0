"""The first page after signing in, and search."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from xingtan.apps.record.figures.asking import asked
from xingtan.apps.record.figures.policies import POLICY, VIEW
from xingtan.apps.record.figures.services import keep_fresh
from xingtan.apps.record.figures.tables import drawn
from xingtan.ui import scope
from xingtan.ui import search as finding

from .selectors import morning

ALL = 500  # hits of one kind on the page that shows all


def start(request: HttpRequest) -> HttpResponse:
    """Send a signed-in person to the place he belongs to."""
    source = scope.provider()
    here = source.home(request.user) if source is not None else None
    if here is None or here.org is None:
        return render(request, "desk/nowhere.html")
    return redirect(reverse("desk:home", kwargs={"place": here.slug}))


def home(request: HttpRequest, place: str) -> HttpResponse:
    """工作台: what must be done, what is late, how the numbers stand."""
    here = asked(request)
    if POLICY.can_on(here.account, VIEW, here.org):
        keep_fresh(place=here.place, actor=here.actor)
    page = morning(here)
    lines = [(line, drawn(line)) for line in page.numbers.lines]
    return render(request, "desk/home.html", {"page": page, "lines": lines, "org": here.org, "period": here.period})


def search(request: HttpRequest, place: str) -> HttpResponse:
    """Everything the reader may see that holds the words: Chinese substrings or pinyin initials."""
    words = request.GET.get("q", "").strip()[:100]
    limit = ALL if request.GET.get("all") else 8
    here = asked(request)
    groups = finding.find(request.user, request.scope, words, limit) if words else []  # type: ignore[attr-defined]
    return render(request, "desk/search.html", {"words": words, "groups": groups, "org": here.org})
