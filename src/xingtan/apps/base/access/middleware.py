"""The door: nobody passes without signing in except where a view says so; who must change a password does that first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from xingtan.apps.base.access import second, sittings
from xingtan.apps.base.access.models import Account
from xingtan.apps.base.access.rights import remembered

# What an account may still do before it has changed its password.
ALLOWED = frozenset({"access:sign_out", "set_language"})


class DoorMiddleware(LoginRequiredMiddleware):
    """Lead whoever is not signed in to the sign-in page; a piece of a page (htmx) makes the whole page go there."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseBase:  # type: ignore[override]
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=204, headers={"HX-Redirect": reverse("access:sign_in")})
        return super().handle_no_permission(request, view_func)


class AccountMiddleware:
    """Look rights up once a request, and hold an account that must change its password at that page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with remembered():
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        if not request.user.is_authenticated:
            return None
        if sittings.over(request):
            logout(request)
            messages.info(request, _("太久没有操作，已自动退出，请重新登录"))
            return _lead(request, "access:sign_in")
        to = _held_at(request)
        match = request.resolver_match
        return None if not to or (match is not None and match.view_name in {*ALLOWED, to}) else _lead(request, to)


def _held_at(request: HttpRequest) -> str:
    """The page at which an account is held before it may do anything else; "" for none."""
    account = cast(Account, request.user)
    if account.must_change_password:
        return "access:password"
    return "access:second" if second.wanted(account) and second.factor_of(account) is None else ""


def _lead(request: HttpRequest, to: str) -> HttpResponseBase:
    """Go to a page; a piece of a page (htmx) makes the whole page go there."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": reverse(to)})
    return redirect(to)
