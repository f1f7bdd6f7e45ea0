"""Whose data a page shows and for which period: read from the address, the same way on every page.

A place-bound address is `/p/<place>/…` and takes `?org=CODE&period=TEXT`. How places, organisations and periods are found,
`orgs` tells through a `Provider`; how fresh the data are, whoever keeps snapshots tells through `register_freshness`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlencode

from django.http import Http404, HttpRequest

if TYPE_CHECKING:
    from xingtan.kernel.period import Period


@dataclass(frozen=True, slots=True)
class Scope:
    """`place` and `org` are rows of `orgs`; `org` is None only where a place has no organisation that the reader may see."""

    place: Any
    org: Any
    period: Period | None

    @property
    def slug(self) -> str:
        return str(self.place.slug) if self.place is not None else ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a picker: `value` goes into the address, `depth` indents."""

    value: str
    label: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Freshness:
    """As of when the figures of a place stand, from which snapshot, and whether something is still being computed."""

    as_of: datetime | None = None
    snapshot: str = ""
    pending: bool = False


class Provider(Protocol):
    """What `orgs` registers. Only what the account may see is offered or read; anything else is a 404."""

    def read(self, account: Any, slug: str, org: str, period: str) -> Scope:
        """Return the scope; empty texts mean the account's own organisation and the place's present period.

        Raises Http404 for a place or organisation unknown to the account, XingtanError for a period that cannot be read.
        """
        ...

    def home(self, account: Any) -> Scope | None:
        """Return where the account is at home: for pages that stand outside a place."""
        ...

    def places(self, account: Any) -> Sequence[Choice]: ...

    def elsewhere(self, account: Any, place: Any) -> bool:
        """Whether there are other places to choose than this one."""
        ...

    def orgs(self, account: Any, place: Any) -> Sequence[Choice]: ...

    def periods(self, account: Any, place: Any) -> Sequence[Choice]: ...


_providers: list[Provider] = []
_freshness: list[Callable[[Any], Freshness]] = []


def register(provider: Provider) -> None:
    _providers[:] = [provider]


def register_freshness(source: Callable[[Any], Freshness]) -> None:
    """Name who tells how fresh a place's figures are."""
    _freshness[:] = [source]


def provider() -> Provider | None:
    return _providers[0] if _providers else None


def freshness(place: Any) -> Freshness:
    return _freshness[0](place) if _freshness and place is not None else Freshness()


def read(request: HttpRequest, place_slug: str) -> Scope:
    """Read the scope of a page; raises Http404 or XingtanError as the provider does."""
    source = provider()
    if source is None:
        raise Http404(place_slug)
    return source.read(request.user, place_slug, request.GET.get("org", "").strip(), request.GET.get("period", "").strip())


@lru_cache(maxsize=1024)
def _written(parts: tuple[tuple[str, str], ...]) -> str:
    return f"?{urlencode(parts)}"


def place_of(request: HttpRequest) -> Any:
    """The place of a page under `/p/PLACE/…`."""
    return request.scope.place  # type: ignore[attr-defined]


def chosen_org(request: HttpRequest) -> Any:
    """The organisation chosen on top; None for the whole place."""
    org = request.scope.org  # type: ignore[attr-defined]
    return None if org is None or org.pk == place_of(request).root_id else org


def query(scope: Scope | None, **more: str) -> str:
    """Return `?org=…&period=…` (and more) of a scope, or "" when there is nothing to say."""
    parts = dict(more)
    if scope and scope.org is not None:
        parts["org"] = str(scope.org.code)
    if scope and scope.period is not None:
        parts["period"] = scope.period.text
    return _written(tuple(parts.items())) if parts else ""
