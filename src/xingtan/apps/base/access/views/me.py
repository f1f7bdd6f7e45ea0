"""My own account: password, language, sessions."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from xingtan.apps.base.access.forms import LanguageForm, PasswordForm
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
    return render(request, "access/me.html", {"account": account, "rights": rights_of(account), "form": form})


@sensitive_post_parameters("old", "new", "again")
def password(request: HttpRequest) -> HttpResponse:
    """Change my password; my other sessions end, this one goes on."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        old, new = form.cleaned_data["old"], form.cleaned_data["new"]
        account = act(form, lambda: password_change(account=reader(request), old=old, new=new))
        if account is not None:
            update_session_auth_hash(request, account)
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
    messages.success(request, _("其他设备上的登录已全部退出"))
    return redirect("access:me")
