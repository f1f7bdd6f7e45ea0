"""The pickers of the top bar as pages: they work without scripts, and open in a dialog with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from xingtan.ui import scope
from xingtan.ui.scope import Choice, Provider, Scope


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    url: str
    depth: int
    present: bool


def pick(request: HttpRequest, place: str, what: str) -> HttpResponse:
    """Choose place, organisation or period, then go back to `next` with the choice in the address."""
    here: Scope = request.scope  # type: ignore[attr-defined]
    source = scope.provider()
    if source is None or what not in {"place", "org", "period"}:
        raise Http404(what)
    words = request.GET.get("q", "").strip()[:100]
    back = _back(request, place)
    present = {"place": place, "org": getattr(here.org, "code", ""), "period": here.period.text if here.period else ""}[what]
    lines = [
        Line(c.label, _address(what, c.value, back), c.depth, c.value == present)
        for c in _choices(source, request.user, here, what)
        if words.casefold() in c.label.casefold() or words.casefold() == c.value.casefold()
    ]
    titles = {"place": _("选择地区"), "org": _("选择单位"), "period": _("选择期间")}
    part = request.headers.get("HX-Request") == "true"
    context = {"title": titles[what], "choices": lines, "next": back, "words": words, "part": part}
    return render(request, "ui/parts/pick.html" if part else "ui/pick.html", context)


def _choices(source: Provider, account: Any, here: Scope, what: str) -> list[Choice]:
    if what == "place":
        return list(source.places(account))
    return list((source.orgs if what == "org" else source.periods)(account, here.place))


def _back(request: HttpRequest, place: str) -> str:
    wanted = request.GET.get("next", "")
    safe = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if safe else _home(place)


def _home(place: str) -> str:
    try:
        return reverse("desk:home", kwargs={"place": place})
    except NoReverseMatch:
        return f"/p/{place}/"


def _address(what: str, value: str, back: str) -> str:
    if what == "place":
        return _home(value)
    parts = urlsplit(back)
    # The page number belongs to the list that was seen, not to the one that will be.
    query = [(name, text) for name, text in parse_qsl(parts.query, keep_blank_values=True) if name not in {what, "page"}]
    return f"{parts.path}?{urlencode([*query, (what, value)])}"
