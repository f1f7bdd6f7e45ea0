"""The left navigation: apps register entries at start, the reader sees those he may use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise

from xingtan.ui import policy
from xingtan.ui.addresses import address
from xingtan.ui.scope import Scope, query


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation. `action` empty means: everybody signed in; of several, parted by
    blanks, any one will do. `placed`: the address starts with `/p/<place>/`.

    `count` tells how many things wait there (0 shows nothing). From `order` 90 on, entries stand below a rule. `apps`: further apps whose
    pages belong to the entry.
    """

    order: int
    label: str | Promise
    url_name: str
    action: str = ""
    icon: str = ""
    placed: bool = True
    count: Callable[[HttpRequest], int] | None = None
    apps: tuple[str, ...] = ()


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
    urls = {
        entry.url_name: url
        for entry in sorted(_entries.values(), key=lambda e: e.order)
        if (not entry.action or any(policy.can(account, action) for action in entry.action.split())) and (url := _address(entry, scope))
    }
    found: list[Link] = []
    below, present = False, _present(request, urls)
    for name, url in urls.items():
        entry = _entries[name]
        ruled = entry.order >= 90 and not below and bool(found)
        below = below or entry.order >= 90
        found.append(Link(entry.label, url, entry.icon, name == present, entry.count(request) if entry.count else 0, ruled))
    return found


def _address(entry: Entry, scope: Scope | None) -> str:
    if entry.placed and (scope is None or not scope.slug):
        return ""
    kwargs = {"place": scope.slug} if entry.placed and scope else {}
    found = address(entry.url_name, **kwargs)
    return found + query(scope) if found else ""


def _present(request: HttpRequest, urls: Mapping[str, str]) -> str:
    """The entry that the page belongs to: itself, else the nearest one above its address, else the only one of its app."""
    match = request.resolver_match
    if match is None or match.view_name in _entries:
        return match.view_name if match else ""
    paths = {name: url.partition("?")[0] for name, url in urls.items()}
    above = [(path, name) for name, path in paths.items() if request.path.startswith(path) and not _is_home(_entries[name], path)]
    if above:
        return max(above)[1]
    owners = [name for name in urls if match.app_name in (name.partition(":")[0], *_entries[name].apps)]
    return owners[0] if len(owners) == 1 else ""


def _is_home(entry: Entry, path: str) -> bool:
    """Everything stands below a home page: that says nothing."""
    return path.strip("/").count("/") < (2 if entry.placed else 0) or path == "/"
