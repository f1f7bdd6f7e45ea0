"""Pages for what went wrong: in Chinese, saying what to do. The last resort (500) touches neither database nor session."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from xingtan.kernel.issues import Issue
from xingtan.ui.issues import listing

log = logging.getLogger("xingtan.errors")


def page(request: HttpRequest, status: int, title: str, advice: str, *, issues: Iterable[Issue] = ()) -> HttpResponse:
    """Render a problem as a page, or as a piece of one when htmx asked for a piece."""
    part = bool(getattr(request, "htmx", False)) and not getattr(request.htmx, "boosted", False)  # type: ignore[attr-defined]
    context = {"title": title, "advice": advice, "listing": listing(issues), "status": status}
    return render(request, "ui/parts/problem.html" if part else "ui/problem.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(
        request, 400, _("请求有误"), _("地址或提交的内容不完整。请返回上一页重新操作；若从书签或他人处得到此地址，请核对是否完整。")
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    advice = _("您的岗位没有办理这件事或查看这个单位的权限。如确需办理，请联系本单位的系统管理员核对任职和授权。")
    return page(request, 403, _("没有权限"), advice)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    advice = _("为保护您的账号，这次提交没有执行：页面打开太久，或浏览器禁用了 Cookie。请返回上一页，刷新后重新提交。")
    return page(request, 403, _("页面已过期"), advice)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    advice = _("这个地址没有内容：可能已移走、尚未建立，或不在您可查看的范围内。请从左侧导航或搜索重新进入。")
    return page(request, 404, _("没有找到"), advice)


def not_allowed(request: HttpRequest) -> HttpResponse:
    advice = _("这个地址只接受页面上的按钮或表单提交的内容，不能直接打开或收藏。请返回上一页，用页面上的按钮办理。")
    return page(request, 405, _("不能这样打开"), advice)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer with an error id that stands in the log beside the traceback."""
    number = secrets.token_hex(4)
    log.error("error %s at %s %s", number, request.method, request.path, exc_info=True)
    return HttpResponse(render_to_string("ui/server_error.html", {"number": number}), status=500)
