"""The left navigation: apps register entries at start, the reader sees those he may use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from xingtan.ui import policy
from xingtan.ui.scope import Scope, query


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation. `action` empty means: everybody signed in. `placed`: the address starts with `/p/<place>/`.

    `count` tells how many things wait there (0 shows nothing). From `order` 90 on, entries stand below a rule.
    """

    order: int
    label: str | Promise
    url_name: str
    action: str = ""
    icon: str = ""
    placed: bool = True
    count: Callable[[HttpRequest], int] | None = None


@dataclass(frozen=True, slots=True)
class Link:
    label: str | Promise
    url: str
    icon: str
    active: bool
    count: int
    ruled: bool


_entries: dict[str, Entry] = {}


def register(entry: Entry) -> None:
    """Add an entry; a second entry for the same address replaces the first."""
    _entries[entry.url_name] = entry


def links(request: HttpRequest) -> list[Link]:
    """Return the entries this reader may use, in order, the present one marked."""
    account = getattr(request, "user", None)
    scope: Scope | None = getattr(request, "scope", None) or None  # the lazy stand-in for "none" is not None itself
    found: list[Link] = []
    below = False
    for entry in sorted(_entries.values(), key=lambda e: e.order):
        if entry.action and not policy.can(account, entry.action):
            continue
        url = _address(entry, scope)
        if url:
            ruled = entry.order >= 90 and not below and bool(found)
            below = below or entry.order >= 90
            found.append(Link(entry.label, url, entry.icon, _active(entry, request), entry.count(request) if entry.count else 0, ruled))
    return found


def _address(entry: Entry, scope: Scope | None) -> str:
    if entry.placed and (scope is None or not scope.slug):
        return ""
    kwargs: dict[str, Any] = {"place": scope.slug} if entry.placed and scope else {}
    try:
        return reverse(entry.url_name, kwargs=kwargs) + (query(scope) if scope else "")
    except NoReverseMatch:
        return ""


def _active(entry: Entry, request: HttpRequest) -> bool:
    match = request.resolver_match
    if match is None:
        return False
    if match.view_name == entry.url_name:
        return True
    # An app with one entry owns all its pages; an app with several marks only the page itself.
    app = entry.url_name.partition(":")[0]
    single = sum(1 for other in _entries if other.partition(":")[0] == app) == 1
    return single and app == match.app_name
