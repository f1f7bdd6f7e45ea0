"""What the shell needs on every page. Everything is lazy: a page that does not draw the shell asks nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from xingtan.ui import menu, nav
from xingtan.ui import scope as scopes
from xingtan.ui.addresses import address
from xingtan.ui.scope import Choice, Freshness, Scope


class Shell:
    """The frame around a page, for one request; each part is read when the template reaches it, once."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._kept: dict[str, Any] = {}

    def _keep(self, name: str, make: Callable[[], Any]) -> Any:
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]

    @property
    def signed_in(self) -> bool:
        user = getattr(self._request, "user", None)
        return bool(user is not None and user.is_authenticated)

    @property
    def demo(self) -> bool:
        return bool(settings.XINGTAN_DEMO)

    @property
    def scope(self) -> Scope | None:
        return getattr(self._request, "scope", None) or None

    @property
    def nav(self) -> list[nav.Link]:
        return list(self._keep("nav", lambda: nav.links(self._request) if self.signed_in else []))

    @property
    def menu(self) -> list[menu.Line]:
        return list(self._keep("menu", lambda: menu.lines(self._request.user) if self.signed_in else []))

    @property
    def notices(self) -> dict[str, Any]:
        url, unread = self._keep("notices", lambda: menu.notices(self._request.user) if self.signed_in else ("", 0))
        return {"url": url, "unread": unread}

    @property
    def freshness(self) -> Freshness:
        found: Freshness = self._keep("fresh", lambda: scopes.freshness(self.scope.place if self.scope else None))
        return found

    @property
    def elsewhere(self) -> bool:
        """Whether the reader may choose another place than this page's."""
        return bool(self._keep("elsewhere", self._elsewhere))

    def _elsewhere(self) -> bool:
        source, at = scopes.provider(), self.scope
        return bool(source and at and at.place and self.signed_in and source.elsewhere(self._request.user, at.place))

    @property
    def orgs(self) -> list[Choice]:
        return list(self._keep("orgs", lambda: self._choices("orgs")))

    @property
    def periods(self) -> list[Choice]:
        return list(self._keep("periods", lambda: self._choices("periods")))

    def _choices(self, what: str) -> list[Choice]:
        source = scopes.provider()
        if source is None or not self.signed_in:
            return []
        if self.scope is None:
            return []
        ask = source.orgs if what == "orgs" else source.periods
        return list(ask(self._request.user, self.scope.place))

    @property
    def search_url(self) -> str:
        return address("desk:search", place=self.scope.slug) if self.scope and self.scope.slug else ""

    @property
    def home_url(self) -> str:
        return address(settings.LOGIN_REDIRECT_URL) or "/"

    @property
    def here(self) -> str:
        """The address of this page, to come back to."""
        return self._request.get_full_path()

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The address's other parameters, which a picker keeps; a page number of another list is not kept."""
        skip = {"org", "period", "page"}
        return [(name, value) for name, values in self._request.GET.lists() if name not in skip for value in values]


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"shell": Shell(request)}
