"""Reports written: drafted from figures, refreshed, framed, issued on a frozen snapshot, withdrawn."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import transaction
from django.utils import timezone

from xingtan.apps.base.audit.actors import Actor
from xingtan.apps.base.audit.services import record
from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.record.figures import services as figures
from xingtan.apps.record.figures.store import Book, book
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T

from .composing import Printed
from .models import Report, ReportFigure
from .rendering import Rendered, render, template_of
from .template import Use

FRAME = ("title", "issuer", "number", "addressee", "date", "copy_to")


@transaction.atomic
def report_draft(*, place: Place, org: Organisation, template: str, period: str, actor: Actor) -> Report:
    """Draft a report from the working snapshot. Raises XingtanError for an unknown template or a body that cannot be filled."""
    figures.snapshot_refresh(place=place)
    shelf = book(place)
    made = render(shelf, template_of(shelf, template), org, period)
    report = Report(place=place, org=org, template=template, period=period, made_by=actor.id, made_by_label=actor.label)
    _frame(report, made)
    _fill(report, shelf, made)
    record(actor=actor, action="reports.draft", place=place.slug, target=report, after=_told(report), pack=shelf.pack.hash)
    return report


@transaction.atomic
def report_refresh(*, report: Report, actor: Actor) -> Report:
    """Compute a draft's numbers again; the frame stays as it was edited. Raises XingtanError for an issued report."""
    report = _draft(report)
    before = _told(report)
    figures.snapshot_refresh(place=report.place)
    shelf = book(report.place)
    _fill(report, shelf, render(shelf, template_of(shelf, report.template), report.org, report.period))
    record(
        actor=actor,
        action="reports.refresh",
        place=report.place.slug,
        target=report,
        before=before,
        after=_told(report),
        pack=shelf.pack.hash,
    )
    return report


@transaction.atomic
def report_frame(*, report: Report, actor: Actor, **changes: str) -> Report:
    """Change what stands around the text: title, issuer, number, addressee, date, copy_to (separated by ；)."""
    report = _draft(report)
    before = {name: getattr(report, name) for name in FRAME}
    for name in FRAME:
        setattr(report, name, changes.get(name, before[name]))
    report.save(update_fields=FRAME)
    after = {name: getattr(report, name) for name in FRAME}
    record(actor=actor, action="reports.frame", place=report.place.slug, target=report, before=before, after=after)
    return report


@transaction.atomic
def report_issue(*, report: Report, actor: Actor) -> Report:
    """Freeze a snapshot, compute every number on it, and close the report for ever."""
    report = _draft(report)
    # Files do not roll back with the database: a name of its own for every try.
    name = f"report-{report.pk}-{secrets.token_hex(3)}"
    figures.snapshot_create(place=report.place, name=name, actor=actor, reason=report.title)
    shelf = book(report.place, name)
    _fill(report, shelf, render(shelf, template_of(shelf, report.template), report.org, report.period))
    now = timezone.now()
    today = timezone.localdate()
    report.state, report.issued, report.issued_by_label, report.snapshot = Report.State.ISSUED, now, actor.label, name
    report.date = report.date or f"{today.year}年{today.month}月{today.day}日"
    report.save()
    record(actor=actor, action="reports.issue", place=report.place.slug, target=report, after=_told(report), pack=shelf.pack.hash)
    return report


@transaction.atomic
def report_withdraw(*, report: Report, actor: Actor, reason: str) -> Report:
    """Take an issued report out of force; it stays readable, with the reason."""
    report = Report.objects.select_for_update().get(pk=report.pk)
    if report.state != Report.State.ISSUED:
        raise XingtanError.one("report.not_issued", T("只有已印发的报告才能废止"), T("草稿可以直接更新或不再使用"))
    report.state, report.reason = Report.State.WITHDRAWN, reason
    report.save(update_fields=["state", "reason"])
    record(actor=actor, action="reports.withdraw", place=report.place.slug, target=report, reason=reason)
    return report


def _draft(report: Report) -> Report:
    """Lock a report that may still change."""
    found = Report.objects.select_for_update().get(pk=report.pk)
    if found.state != Report.State.DRAFT:
        raise XingtanError.one("report.issued", T("报告“%(title)s”已印发，不能再改", title=found.title), T("先废止，再另拟一份"))
    return found


def _frame(report: Report, made: Rendered) -> None:
    frame = made.frame
    report.title, report.issuer, report.number, report.addressee = frame.title, frame.issuer, frame.number, frame.addressee
    report.date, report.copy_to, report.form = frame.date, "；".join(frame.copy_to), frame.form


def _fill(report: Report, shelf: Book, made: Rendered) -> None:
    report.body, report.pack_hash, report.pack_version = made.filled.markdown, shelf.pack.hash, f"{shelf.pack.id} {shelf.pack.version}"
    report.snapshot, report.refreshed = shelf.snapshot.manifest.name or shelf.snapshot.version, timezone.now()
    report.save()
    report.figures.all().delete()
    rows = [_figure(report, n, use, made) for n, use in enumerate(made.filled.uses)]
    ReportFigure.objects.bulk_create(rows)


def _figure(report: Report, index: int, use: Use, made: Rendered) -> ReportFigure:
    printed: Printed = made.printed[use]
    figure = made.world.figure(use.indicator, use.org, use.period)
    return ReportFigure(
        report=report,
        index=index,
        indicator=use.indicator,
        org=use.org,
        period=use.period,
        form=use.form,
        title=printed.title,
        text=printed.text,
        mark=printed.mark,
        status=str(figure.status),
        value=[str(part) if part is not None else None for part in figure.value.columns()],
        remarks=list(printed.remarks),
    )


def _told(report: Report) -> dict[str, Any]:
    return {
        "title": report.title,
        "period": report.period,
        "snapshot": report.snapshot,
        "figures": report.figures.count() if report.pk else 0,
    }
