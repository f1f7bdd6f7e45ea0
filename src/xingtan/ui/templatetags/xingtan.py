"""The tags and filters of every template (a builtin: no `{% load %}` needed). They show; they never compute."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from xingtan.kernel.issues import Issue
from xingtan.ui import addresses, figures, icons, policy, scope, table_rows
from xingtan.ui import assets as bundle
from xingtan.ui import issues as findings
from xingtan.ui import sealed as sealing
from xingtan.ui.named import Titled
from xingtan.ui.named import named as title_of
from xingtan.ui.tables import Bound
from xingtan.ui.text import render
from xingtan.ui.translated import translate

register = template.Library()
register.tag("translate", translate)  # this library stands after Django's i18n among the builtins
Label = str | Promise


@register.filter
def num(value: Any, digits: Any = None) -> str:
    """`{{ value|num }}`, `{{ value|num:2 }}`: thousands separators, half-up; quantities in words; "—" for nothing."""
    return figures.number(value, None if digits in {None, ""} else int(digits))


@register.filter
def words(value: Any) -> str:
    """`{{ text|words }}`: a kernel text in the reader's language."""
    return render(value)


@register.filter
def named(one: Titled) -> str:
    """`{{ ledger|named }}`: what an item of a pack is called in the reader's language."""
    return title_of(one)


@register.filter
def moment(value: datetime | None) -> str:
    """`{{ when|moment }}`: 2026-11-20 22:40 in the place's time zone; "—" for None."""
    return "—" if value is None else timezone.localtime(value).strftime("%Y-%m-%d %H:%M")


@register.filter
def as_day(value: date | None) -> str:
    """`{{ day|as_day }}`: 2026-11-20; an open end (year 9999) is “长期”, an unrecorded beginning (year 1) or None “—”."""
    if value is None or value.year == 1:
        return "—"
    return _("长期") if value.year == 9999 else value.isoformat()


@register.simple_tag
def icon(name: str, label: Label = "") -> SafeString:
    """Draw an icon; without a label it is decoration and hidden from screen readers."""
    return icons.draw(name, str(label))


@register.simple_tag
def light(state: Any, word: Label = "", *, bare: bool = False) -> SafeString:
    """Draw a status light: shape, colour and word (`bare` keeps the word for screen readers only, in dense tables)."""
    shown = figures.light(state, word)
    if not shown.shape:
        return SafeString()
    inner = format_html('<span class="vh">{}</span>', shown.word) if bare else format_html(" {}", shown.word)
    return format_html('<span class="light {}"><span aria-hidden="true">{}</span>{}</span>', shown.tone, shown.shape, inner)


@register.simple_tag
def assets() -> SafeString:
    """The scripts and styles of every page."""
    return bundle.tags()


@register.simple_tag(takes_context=True)
def pick_url(context: Context, what: str) -> str:
    """The address of a picker that comes back to this page."""
    request = context["request"]
    here = urlencode({"next": request.get_full_path()})
    return f"{addresses.address('ui:pick', place=request.scope.slug, what=what)}{scope.query(request.scope)}&{here}".replace("/&", "/?")


@register.inclusion_tag("ui/parts/figure.html")
def figure(
    value: Any, url: str = "", *, status: Any = "known", digits: int | None = None, unit: str = "", state: Any = ""
) -> dict[str, Any]:
    """Show a number that walks back to its rows: dotted underline, light before it (`state`), standing behind it (`status`).

    `{% figure figure.value url status=figure.status digits=1 unit="%" state="met" %}`
    """
    return {
        "shown": figures.number(value, digits),
        "unit": unit,
        "url": url,
        "standing": figures.light(status),
        "state": state,
    }


@register.inclusion_tag("ui/parts/issues.html", name="issues")
def issues_tag(found: Iterable[Issue], limit: int | None = None, all_url: str = "") -> dict[str, Any]:
    """List findings: gravity, place, reason, remedy. With `limit`, say how many there are and link to all."""
    return {"listing": findings.listing(found, limit), "all_url": all_url}


@register.inclusion_tag("ui/parts/table.html", takes_context=True)
def table(context: Context, bound: Bound[Any], empty: Label = "", advice: Label = "") -> dict[str, Any]:
    """Draw a list with its filter bar and pager; `empty` and `advice` say what an empty list means and what to do next."""
    return {"table": bound, "empty": empty, "advice": advice, "csrf_token": context.get("csrf_token"), "request": context.get("request")}


@register.simple_tag(name="table_heads")
def table_heads_tag(bound: Bound[Any]) -> SafeString:
    """The headings of a list."""
    return table_rows.heads(bound)


@register.simple_tag(name="table_rows")
def table_rows_tag(bound: Bound[Any]) -> SafeString:
    """The rows of a list."""
    return table_rows.draw(bound, light)


@register.inclusion_tag("ui/parts/sealed.html", takes_context=True)
def sealed(context: Context, row: Any, field: str) -> dict[str, Any]:
    """`{% sealed row "phone" %}`: the mask of a sealed field, and the way to the plain text where the reader's purpose is granted."""
    return {"shown": sealing.show(context.get("request"), row, field)}


@register.simple_tag(takes_context=True)
def why(context: Context, row: Any) -> SafeString:
    """`{% why person %}`: a button to the page that says who may see the row and its sensitive fields, and why."""
    place = getattr(getattr(context.get("request"), "scope", None), "slug", "")
    url = addresses.address("access:why", place=place, kind=row._meta.label_lower, pk=row.pk) if place else ""
    return format_html('<a class="button" href="{}">{}</a>', url, _("谁能看，为什么")) if url else SafeString()


@register.simple_tag(takes_context=True)
def history(context: Context, row: Any) -> SafeString:
    """`{% history person %}`: a button to everything that ever happened to the row, for whoever reads the log of the place."""
    request = context.get("request")
    place = getattr(getattr(request, "scope", None), "place", None)
    if request is None or place is None or place.root_id is None or not policy.can_at(request.user, "audit.view", place.root_id):
        return SafeString()
    url = addresses.address("audit:history", place=place.slug, kind=row._meta.label_lower, key=str(row.pk))
    return format_html('<a class="button" href="{}">{}</a>', url, _("操作历史")) if url else SafeString()


@register.inclusion_tag("ui/parts/empty.html")
def empty(title: Label, advice: Label = "", url: str = "", label: Label = "") -> dict[str, Any]:
    """Say that there is nothing, and what to do next."""
    return {"title": title, "advice": advice, "url": url, "label": label}


@register.inclusion_tag("ui/parts/progress.html")
def progress(done: int, total: int | None, note: str = "", label: Label = "") -> dict[str, Any]:
    """Show how far long work is; `total` None means the end is not known yet."""
    return {"done": done, "total": total, "note": note, "label": label}


@register.simple_tag(takes_context=True)
def placed(context: Context, name: str, *args: Any, **kwargs: Any) -> str:
    """`{% placed "ledgers:list" ledger=x %}`: an address in the reader's place, organisation and period kept.

    Unlike `{% url %}` it gives "" when the address does not exist, so that a part may be drawn before its page is built.
    """
    where: scope.Scope | None = getattr(context.get("request"), "scope", None)
    if where and where.slug:
        kwargs = {"place": where.slug, **kwargs}
    if not args:
        found = addresses.address(name, **kwargs)
        return found + scope.query(where or None) if found else ""
    try:
        return reverse(name, args=args) + scope.query(where or None)
    except NoReverseMatch:
        return ""


@register.filter
def as_text(value: Any) -> str:
    """A cell's value as plain text: kernel texts translated, moments local, None as an em dash."""
    return table_rows.words(value)


@register.filter
def indent(depth: int) -> SafeString:
    """Indent an option of a picker: option elements take no padding everywhere."""
    return mark_safe("&#8195;" * int(depth))  # noqa: S308 - a constant repeated
