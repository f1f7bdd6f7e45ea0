"""My notices."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from xingtan.apps.base.access.models import Account
from xingtan.apps.base.notices.models import Notice
from xingtan.apps.base.notices.selectors import notices_of, text_of, unread_count
from xingtan.apps.base.notices.services import notices_read
from xingtan.ui.tables import Column, Filter, Table

NOTICES: Table[Notice] = Table(
    columns=(
        Column("text", gettext_lazy("内容"), text_of, link=lambda n: reverse("notices:follow", args=[n.pk])),
        Column("state", gettext_lazy("状态"), lambda n: _("已读") if n.read else _("未读"), sort="read"),
        Column("created", gettext_lazy("时间"), lambda n: n.created, kind="date", sort="created"),
    ),
    filters=(
        Filter(
            "state", gettext_lazy("状态"), lambda rows, value: rows.filter(read__isnull=value == "unread"),
            choices=(("unread", gettext_lazy("未读")), ("read", gettext_lazy("已读"))),
        ),
    ),
    default="-created",
    many=(("/notices/read/", gettext_lazy("标为已读")),),
)  # fmt: skip


@require_safe
def notice_list(request: HttpRequest) -> HttpResponseBase:
    account = cast(Account, request.user)
    bound = NOTICES.bind(request, notices_of(account))
    if bound.export:
        return bound.workbook(_("通知"))
    return render(request, "notices/notices.html", {"table": bound, "unread": unread_count(account)})


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark the ticked notices as read, or all of them when none is named."""
    ticked = [int(text) for text in request.POST.getlist("row") if text.isascii() and text.isdigit()]
    notices_read(account=cast(Account, request.user), notices=None if "all" in request.POST else ticked)
    return redirect("notices:notices")


@require_safe
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Go where a notice points; it is read then."""
    account = cast(Account, request.user)
    notice = get_object_or_404(notices_of(account), pk=pk)
    notices_read(account=account, notices=[notice.pk])
    return redirect(notice.url or "notices:notices")
