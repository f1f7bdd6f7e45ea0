"""The log as a list with filters, one event with its before and after, and the proof that the chain is whole."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from xingtan.ui.tables import Column, Filter, Table
from xingtan.ui.text import render as words

from . import display, policies, selectors
from . import history as past
from .models import Event
from .verify import verify


def _filters() -> tuple[Filter, ...]:
    return (
        Filter("who", _("操作人"), selectors.by_actor, kind="text"),
        Filter("action", _("操作"), selectors.by_action, choices=_actions),
        Filter("record", _("对象"), selectors.by_record, kind="text"),
        Filter("from", _("自"), selectors.since, kind="date"),
        Filter("to", _("至"), selectors.until, kind="date"),
    )


def _actions() -> list[tuple[str, str]]:
    return [(action, words(text)) for action, text in display.actions()]


def _table(place: str) -> Table[Event]:
    columns = (
        Column[Event]("sequence", _("序号"), lambda event: event.sequence, kind="number", sort="sequence"),
        Column[Event]("at", _("时间"), lambda event: event.at, kind="date", sort="at"),
        Column[Event]("actor", _("操作人"), lambda event: event.actor_label),
        Column[Event]("what", _("做了什么"), lambda event: words(display.sentence(event)), link=lambda event: _address(place, event)),
        Column[Event]("reason", _("事由"), lambda event: event.reason or None, minor=True),
    )
    return Table(columns, _filters(), selectors.with_words, _("操作人、对象、事由"), default="-sequence")


def _address(place: str, event: Event) -> str:
    if place:
        return reverse("audit:event", kwargs={"place": place, "sequence": event.sequence})
    return reverse("audit:installation_event", kwargs={"sequence": event.sequence})


def log(request: HttpRequest, place: str = "") -> HttpResponseBase:
    """The list; with `?export=xlsx` as a workbook."""
    bound = _table(place).bind(request, _visible(request, place))
    if bound.export:
        return bound.workbook(str(_("审计记录")))
    return render(
        request, "audit/log.html", {"table": bound, "verify_url": _verify_url(place), "installation": not place, "reveals": bool(place)}
    )


def event(request: HttpRequest, sequence: int, place: str = "") -> HttpResponseBase:
    """One event: who, when, what, why, from what to what."""
    found = get_object_or_404(_visible(request, place), sequence=sequence)
    facts = [
        (_("时间"), found.at), (_("操作人"), found.actor_label), (_("对象"), found.target_label), (_("事由"), found.reason),
        (_("规则包"), found.pack[:12]), (_("校验值"), found.hash),
    ]  # fmt: skip
    context: dict[str, Any] = {
        "history": _of(place, found) if place else "",
        "event": found, "sentence": display.sentence(found), "changes": display.changes(found),
        "facts": [fact for fact in facts if fact[1]], "back": _log_url(place),
    }  # fmt: skip
    return render(request, "audit/event.html", context)


def history(request: HttpRequest, place: str, kind: str, key: str) -> HttpResponseBase:
    """Everything that ever happened to one record and to what belongs to it, in words."""
    rows = past.events(_visible(request, place), kind, key)
    latest = rows.filter(target_type=kind, target_id=key).first() or rows.first()
    if latest is None:
        raise Http404(key)
    columns = (
        Column[Event]("at", _("时间"), lambda event: event.at, kind="date", sort="sequence"),
        Column[Event]("actor", _("操作人"), lambda event: event.actor_label),
        Column[Event]("what", _("做了什么"), lambda event: words(display.sentence(event)), link=lambda event: _address(place, event)),
        Column[Event]("changes", _("改动"), _changed, kind="html", export=_said),
        Column[Event]("reason", _("事由"), lambda event: event.reason or None, minor=True),
    )
    bound = Table(columns, _filters()[:2], selectors.with_words, _("操作人、对象、事由"), default="-at").bind(request, rows)
    if bound.export:
        return bound.workbook(str(_("操作历史")))
    context = {"table": bound, "label": latest.target_label, "back": _log_url(place)}
    return render(request, "audit/history.html", context)


def reveals(request: HttpRequest, place: str) -> HttpResponseBase:
    """Who saw a sensitive field of whom, for which purpose and why."""
    columns = (
        Column[Event]("at", _("时间"), lambda event: event.at, kind="date", sort="sequence"),
        Column[Event]("actor", _("查看人"), lambda event: event.actor_label, link=lambda event: _address(place, event)),
        Column[Event]("whose", _("对象"), lambda event: event.target_label, link=lambda event: _of(place, event)),
        Column[Event]("what", _("内容"), lambda event: words(display.value("sealed.kind", str(event.became.get("kind", ""))))),
        Column[Event]("purpose", _("用途"), lambda event: words(display.value(f"purpose@{place}", str(event.became.get("purpose", ""))))),
        Column[Event]("reason", _("事由"), lambda event: event.reason),
    )
    filters = tuple(one for one in _filters() if one.id != "action")
    rows = selectors.by_action(_visible(request, place), "sealed.reveal")
    bound = Table(columns, filters, selectors.with_words, _("查看人、对象、事由"), default="-at").bind(request, rows)
    if bound.export:
        return bound.workbook(str(_("敏感信息查看记录")))
    return render(request, "audit/reveals.html", {"table": bound, "back": _log_url(place)})


def _of(place: str, event: Event) -> str:
    if not event.target_type or not event.target_id:
        return ""
    return reverse("audit:history", kwargs={"place": place, "kind": event.target_type, "key": event.target_id})


def _said(event: Event) -> str:
    """The changes of an event as lines."""
    lines = []
    for change in display.changes(event):
        before, after = ("、".join(map(words, one)) for one in (change.before_lines, change.after_lines))
        lines.append(f"{words(change.title)}：{before or '—'} → {after or '—'}")
    return "\n".join(lines)


def _changed(event: Event) -> SafeString:
    return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in _said(event).splitlines()))


@require_POST
def check(request: HttpRequest, place: str = "") -> HttpResponseBase:
    """Verify the whole chain now and show what was found."""
    count = _visible(request, place).count()
    context = {"found": verify(place), "count": count, "back": _log_url(place)}
    return render(request, "audit/check.html", context)


def _visible(request: HttpRequest, place: str) -> Any:
    if not place:
        return policies.visible_installation(request.user)
    return policies.visible(request.user, request.scope.place)  # type: ignore[attr-defined]


def _log_url(place: str) -> str:
    return reverse("audit:log", kwargs={"place": place}) if place else reverse("audit:installation")


def _verify_url(place: str) -> str:
    return reverse("audit:check", kwargs={"place": place}) if place else reverse("audit:installation_check")
