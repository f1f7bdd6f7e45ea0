"""Request sugar (`request.actor`, `request.scope`) and the net under every view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from xingtan.kernel.errors import XingtanError
from xingtan.ui import errors, scope

Next = Callable[[HttpRequest], HttpResponseBase]


class ScopeMiddleware:
    """Give views `request.actor` (None when nobody is signed in) and `request.scope`.

    Under an address with `<slug:place>` the scope is read before the view runs, so that a place, organisation or period
    that the reader may not see ends in a 404 or in a page of issues. Elsewhere it is the reader's home, read when first used.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = SimpleLazyObject(lambda: getattr(request.user, "actor", None))  # type: ignore[attr-defined]
        request.scope = SimpleLazyObject(lambda: _home(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> HttpResponseBase | None:
        if "place" not in kwargs or not request.user.is_authenticated:
            return None
        try:
            request.scope = scope.read(request, str(kwargs["place"]))  # type: ignore[attr-defined]
        except XingtanError as error:  # what is raised here never reaches ProblemMiddleware, which hears of views only
            return refused(request, error)
        return None


def _home(request: HttpRequest) -> scope.Scope | None:
    source = scope.provider()
    return source.home(request.user) if source is not None and request.user.is_authenticated else None


class ProblemMiddleware:
    """Show a refusal (`XingtanError`) that no view caught as a page with all its issues, status 400; give a 405 a page too."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        told = errors.not_allowed(request)
        told["Allow"] = response["Allow"]
        return told

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if not isinstance(exception, XingtanError):
            return None
        return refused(request, exception)


def refused(request: HttpRequest, error: XingtanError) -> HttpResponseBase:
    """The page of a refusal."""
    return errors.page(request, 400, _("没有办成"), _("什么都没有改动。请按下面各条改好后再办。"), issues=error.issues)
