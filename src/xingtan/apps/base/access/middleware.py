"""The door: nobody passes without signing in except where a view says so; who must change a password does that first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from xingtan.apps.base.access.rights import remembered

# What an account may still do before it has changed its password.
ALLOWED = frozenset({"access:password", "access:sign_out", "set_language"})


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
        held = request.user.is_authenticated and request.user.must_change_password
        match = request.resolver_match
        if not held or (match is not None and match.view_name in ALLOWED):
            return None
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=204, headers={"HX-Redirect": reverse("access:password")})
        return redirect("access:password")
