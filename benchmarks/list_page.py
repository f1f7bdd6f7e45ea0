"""Claim: a page of a ledger's list costs at most twice the CPU of a bare Django page.

- list: 50 of 2,000 rows × 8 columns for a signed-in statistician, everything on: session, rights, scope, navigation, filters, pager.
- bare: a plain Django page: three ORM queries and a Django template of 50 rows × 6 columns with `floatformat`, no session read, no rights, no frame.

Both are asked for as a server asks, by a WSGI call in this process over the same SQLite database, each connecting anew as Django does: the list
through the product's middleware, the bare page through the seven that `startproject` writes, with its three context processors. No server's own
costs are in either. Asked in turn; the values of the first column are compared before. The bare page's work alone (view and template, called
as a function) is given too, without a limit.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any
from wsgiref.util import setup_testing_defaults

from benchmarks import _report

ROWS, LIMIT, ROUNDS = 2_000, 2.0, 200
TODAY = date(2009, 12, 31)
STANDARD = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
BARE = """<!doctype html><html><head><title>{{ place.title }}</title></head><body><h1>{{ place.title }}</h1><p>{{ total }}</p><table>
{% for row in rows %}<tr><td><a href="/r/{{ row.pk }}/">{{ row.org.name }}</a></td><td>{{ row.date|date:"Y-m-d" }}</td><td>{{ row.s1 }}</td>
<td>{{ row.s2 }}</td><td>{{ row.pk|floatformat:1 }}</td><td>{{ row.doubt }}</td></tr>
{% endfor %}</table></body></html>"""


@cache
def template() -> Any:
    from django.template.backends.django import DjangoTemplates

    start = "django.template.context_processors.request", "django.contrib.auth.context_processors.auth"
    options = {"context_processors": [*start, "django.contrib.messages.context_processors.messages"]}
    return DjangoTemplates({"NAME": "bare", "DIRS": [], "APP_DIRS": True, "OPTIONS": options}).from_string(BARE)


def bare_page(request: Any) -> Any:
    from django.http import HttpResponse

    from xingtan.apps.base.orgs.models import Place
    from xingtan.apps.record.ledgers.models import Record

    place = Place.objects.get(slug="xishan")
    rows = Record.objects.filter(place=place, ledger="hazard")
    context = {"place": place, "total": rows.count(), "rows": list(rows.select_related("org").order_by("org__name", "pk")[:50])}
    return HttpResponse(template().render(context, request))


def bare_handler() -> Any:
    """A WSGI application of this one page, behind the middleware of a new Django project."""
    from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
    from django.test import override_settings
    from django.urls import path

    class Request(WSGIRequest):
        urlconf = (path("bare/", bare_page),)

    class Handler(WSGIHandler):
        request_class = Request

    with override_settings(MIDDLEWARE=STANDARD):
        return Handler()


def county() -> Any:
    """The cast's county with 2,000 hazards."""
    from tests import cast as casting

    from xingtan.apps.record.imports import services

    cast = casting.make_cast()
    schools = ["XS-11", "XS-12", "XS-121", "XS-21", "XS-22"]
    lines = [f"{schools[n % 5]},2009-{1 + n % 12:02}-{1 + n % 28:02},第 {n} 处：楼梯扶手松动,未整改,严师,否" for n in range(ROWS)]
    data = "\n".join(["单位,发现日期,隐患,状态,发现人,是否重大", *lines, ""]).encode()
    source = services.import_upload(
        actor=casting.ACTOR, place=cast.place, ledger="hazard", org=cast.county, period="", name="隐患.csv", data=data
    )
    services.import_read(source=source, today=TODAY)
    source = services.import_confirm(actor=casting.ACTOR, source=source)
    services.import_run(actor=casting.ACTOR, source=source, today=TODAY)
    return cast


def get(handler: Any, path: str, cookie: str = "") -> Callable[[], str]:
    """A GET of a path, as a server would call it."""

    def call() -> str:
        environ: dict[str, Any] = {"PATH_INFO": path, "REQUEST_METHOD": "GET", "QUERY_STRING": "", "wsgi.input": io.BytesIO()}
        environ |= {"HTTP_COOKIE": cookie, "HTTP_ACCEPT_LANGUAGE": "zh-hans", "HTTP_HOST": "127.0.0.1"}
        setup_testing_defaults(environ)
        status: list[str] = []
        body = handler(environ, lambda code, _headers: status.append(code))
        text = b"".join(body).decode()
        body.close()
        assert status == ["200 OK"], status
        return text

    return call


def handlers(cast: Any) -> dict[str, Callable[[], str]]:
    """The two pages, and the bare page's work alone."""
    from django.conf import settings
    from django.contrib.auth.models import AnonymousUser
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import Client, RequestFactory

    client = Client()
    client.force_login(cast.accounts["statistician"])
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    alone = RequestFactory().get("/bare/")
    alone.user = AnonymousUser()
    return {
        "list": get(WSGIHandler(), "/p/xishan/ledgers/hazard/", cookie),
        "bare": get(bare_handler(), "/bare/"),
        "bare, work alone": lambda: str(bare_page(alone).content, "utf-8"),
    }


def asked(page: Callable[[], str]) -> int:
    """How many queries a page asks."""
    from django.db import connection

    count = 0

    def counted(execute: Any, *call: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*call)

    with connection.execute_wrapper(counted):
        page()
    return count


def main() -> int:
    import django
    from django.test.utils import setup_databases

    django.setup()
    setup_databases(verbosity=0, interactive=False)
    pages = handlers(county())
    seen = {name: page() for name, page in pages.items()}
    assert all(text.count("东溪") >= 10 for text in seen.values())
    queries = {name: asked(page) for name, page in pages.items()}
    times = _report.alternate(pages, ROUNDS)
    claim = _report.Claim("list page ÷ bare page, CPU", times["list"].cpu / times["bare"].cpu, LIMIT)
    lines = [
        f"50 of {ROWS:,} rows × 8 columns with everything on, against a plain Django page of three ORM queries and 50 × 6 cells.",
        f"Medians of {ROUNDS} WSGI calls in turn, SQLite; the bare page behind Django's standard middleware.", "",
        "| page | queries | CPU ms | wall ms |", "|---|---|---|---|",
        *(f"| {name} | {queries[name]} | {1000 * one.cpu:.2f} | {1000 * one.wall:.2f} |" for name, one in times.items()), "",
        "| claim | measured | limit | |", "|---|---|---|---|", claim.row(),
    ]  # fmt: skip
    _report.publish("A list page", lines)
    return 0 if claim.holds else 1


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(XINGTAN_HOME=folder, DJANGO_SETTINGS_MODULE="xingtan.config.settings", DATABASE_URL="")
        code = main()
    sys.exit(code)
