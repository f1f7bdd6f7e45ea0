"""Files as people send them, and the way of a file through the services."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.record.imports import services
from xingtan.apps.record.imports.models import Import
from xingtan.apps.record.imports.store import issue_of
from xingtan.kernel.issues import Issue

TODAY = date(2009, 12, 31)
ACTOR = Actor.system("试验")
HEAD = "单位,期间,学段,在校生数,辍学人数"


def csv(*lines: str, head: str = HEAD, encoding: str = "utf-8") -> bytes:
    return "\n".join([head, *lines, ""]).encode(encoding)


def xlsx(*rows: tuple[Any, ...], shape: Any = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    if shape is not None:
        shape(sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def read(cast: Any, data: bytes, *, ledger: str = "enrolment", name: str = "表.csv", period: str = "") -> Import:
    """Upload and check."""
    source = services.import_upload(actor=ACTOR, place=cast.place, ledger=ledger, org=cast.county, period=period, name=name, data=data)
    services.import_read(source=source, today=TODAY)
    return source


def issues(source: Import) -> list[Issue]:
    return [issue_of(finding) for finding in source.findings.all()]


def errors(source: Import) -> dict[str, Issue]:
    """Errors by cell (or row)."""
    return {issue.where.cell or str(issue.where.row): issue for issue in issues(source) if issue.severity == "error"}


def take(source: Import, **how: bool) -> Import:
    """Confirm and write."""
    source = services.import_confirm(actor=ACTOR, source=source, **how)
    return services.import_run(actor=ACTOR, source=source, today=TODAY)
