"""Signing in and out, one-time links, the demonstration's buttons."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from xingtan.apps.base.access import demo, links, second
from xingtan.apps.base.access.forms import CodeForm, NewPasswordForm, SignInForm
from xingtan.apps.base.access.models import Account
from xingtan.apps.base.access.services import signed_in
from xingtan.apps.base.access.signin import peer_of, sign_in_check
from xingtan.apps.base.access.views.common import act
from xingtan.ui.forms import status

PENDING = "access.pending"  # who gave the password and still owes the code
PATIENCE = 300  # seconds


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; somebody who is signed in already goes on."""
    if request.user.is_authenticated:
        return redirect(_next(request))
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        account = act(form, lambda: sign_in_check(request=request, login=typed["login"], password=typed["password"]))
        if account is not None:
            return enter(request, account, by="password")
    choices = demo.demo_choices() if demo.offered(request) else ()
    page = {"form": form, "next": _next(request), "choices": choices}
    return render(request, "access/sign_in.html", page, status=status(form))


@login_not_required
@never_cache
@require_POST
def demo_in(request: HttpRequest) -> HttpResponse:
    """Sign in as a demonstration account: only in a demonstration home, only from this very machine."""
    pk = request.POST.get("account", "")
    account = demo.demo_choices().filter(pk=int(pk)).first() if demo.offered(request) and pk.isascii() and pk.isdigit() else None
    if account is None:
        raise Http404
    return enter(request, account, by="demo")


@require_POST
@login_not_required
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("access:sign_in")


@login_not_required
@never_cache
@sensitive_post_parameters("new", "again")
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Where a one-time link leads: set a password, and go in. A link that is void says so."""
    found = links.link_open(token)
    if found is None:
        return render(request, "access/link_dead.html", status=410)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        new = form.cleaned_data["new"]
        account = act(form, lambda: links.link_redeem(token=token, password=new, peer=peer_of(request)))
        if account is not None:
            logout(request)  # whoever was signed in here before
            return enter(request, account, by="link")
    page = {"form": form, "account": found.account, "first": found.purpose == "invitation"}
    return render(request, "access/link.html", page, status=status(form))


@login_not_required
@never_cache
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second step: the code of the app, or a recovery code. Only after the password, and not long after it."""
    waiting = request.session.get(PENDING, {})
    fresh = int(timezone.now().timestamp()) - int(waiting.get("at", 0)) < PATIENCE
    account = Account.objects.filter(pk=waiting.get("account"), is_active=True).first() if fresh else None
    if account is None:
        return redirect("access:sign_in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        done = act(form, lambda: second.pass_second(account=account, code=code, peer=peer_of(request)))
        if done is not None:
            request.session[PENDING] = {**waiting, "passed": account.pk}
            return enter(request, account, by=str(waiting["by"]))
    return render(request, "access/sign_in_code.html", {"form": form, "next": waiting.get("next", "/")}, status=status(form))


def enter(request: HttpRequest, account: Account, by: str) -> HttpResponseRedirect:
    """Open the session of an account and lead on; the language it chose goes along as a cookie."""
    if by != "demo" and second.factor_of(account) is not None and request.session.get(PENDING, {}).get("passed") != account.pk:
        request.session[PENDING] = {"account": account.pk, "by": by, "at": int(timezone.now().timestamp()), "next": _next(request)}
        return redirect("access:sign_in_code")
    request.session.pop(PENDING, None)
    login(request, account, backend="django.contrib.auth.backends.ModelBackend")
    signed_in(account=account, by=by)
    response = redirect(_next(request))
    return cast(HttpResponseRedirect, remember_language(response, account.language))


def remember_language(response: HttpResponse, language: str) -> HttpResponse:
    """Let the browser remember the language of the pages; "" leaves it to the browser's own setting."""
    if language:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=31536000, samesite="Lax", secure=secure)
    return response


def _next(request: HttpRequest) -> str:
    asked = request.POST.get("next") or request.GET.get("next", "")
    inside = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return asked if inside else "/"
