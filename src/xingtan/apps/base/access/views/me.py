"""My own account: password, language, sessions."""

from __future__ import annotations

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from xingtan.apps.base.access import second, sittings
from xingtan.apps.base.access.forms import CodeForm, FactorOffForm, LanguageForm, PasswordForm
from xingtan.apps.base.access.rights import rights_of
from xingtan.apps.base.access.services import language_set, password_change, sessions_end
from xingtan.apps.base.access.views.common import act, reader
from xingtan.apps.base.access.views.signin import remember_language
from xingtan.ui.forms import status


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """What the house knows of me, and what I may do."""
    account = reader(request)
    form = LanguageForm(initial={"language": account.language})
    page = {"account": account, "rights": rights_of(account), "form": form, "factor": second.factor_of(account)}
    return render(request, "access/me.html", {**page, "sittings": sittings.listed(account, request)})


@sensitive_post_parameters("old", "new", "again")
def password(request: HttpRequest) -> HttpResponse:
    """Change my password; my other sessions end, this one goes on."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        old, new = form.cleaned_data["old"], form.cleaned_data["new"]
        account = act(form, lambda: password_change(account=reader(request), old=old, new=new))
        if account is not None:
            update_session_auth_hash(request, account)
            sittings.kept(request, account)
            messages.success(request, _("密码已修改，其他设备上的登录已退出"))
            return redirect("access:me")
    page = {"form": form, "forced": reader(request).must_change_password}
    return render(request, "access/password.html", page, status=status(form))


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of my pages, on every device."""
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return redirect("access:me")
    chosen = form.cleaned_data["language"]
    language_set(account=reader(request), language=chosen)
    response = redirect("access:me")
    if not chosen:
        from django.conf import settings

        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    return remember_language(response, chosen)


@require_POST
def sessions(request: HttpRequest) -> HttpResponse:
    """End my sessions on other devices."""
    account = sessions_end(actor=reader(request).actor, account=reader(request))
    update_session_auth_hash(request, account)
    sittings.kept(request, account)
    messages.success(request, _("其他设备上的登录已全部退出"))
    return redirect("access:me")


@require_POST
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of my sessions."""
    account = reader(request)
    sittings.sitting_end(account=account, sitting=get_object_or_404(account.sittings.all(), pk=pk))
    messages.success(request, _("那次登录已退出"))
    return redirect("access:me")


@never_cache
@sensitive_post_parameters("code")
def second_factor(request: HttpRequest) -> HttpResponse:
    """Put the secret into an app and confirm it with a first code; then the recovery codes are shown, this one time."""
    account = reader(request)
    if account.is_demo:
        raise Http404
    found, forced = second.factor_of(account), second.wanted(account)
    if found is not None:
        return render(request, "access/second_on.html", {"factor": found, "form": FactorOffForm(), "forced": forced})
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        codes = act(form, lambda: second.confirm(account=account, code=form.cleaned_data["code"]))
        if codes is not None:
            return render(request, "access/second_codes.html", {"codes": codes})
    offered = second.offer(account)
    picture = segno.make(offered.uri, error="m").svg_data_uri(scale=4, border=2)
    page = {"form": form, "offer": offered, "picture": picture, "forced": forced}
    return render(request, "access/second.html", page, status=status(form))


@require_POST
@sensitive_post_parameters("password")
def second_off(request: HttpRequest) -> HttpResponse:
    """Take my second factor away; the password is asked again."""
    account, form = reader(request), FactorOffForm(request.POST)
    if form.is_valid() and account.check_password(form.cleaned_data["password"]):
        second.remove(actor=account.actor, account=account, reason=_("本人停用"))
        messages.success(request, _("已停用动态验证码"))
        return redirect("access:me")
    messages.error(request, _("密码不对，没有停用"))
    return redirect("access:second")
