"""Findings of an import as rows of the database, and back as issues of the kernel."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Protocol

from django.db import connection

from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.text import T, Text

from .findings import Findings
from .models import Finding, Import
from .reading.guard import letters
from .reading.sheets import Sheet


class Findable(Protocol):
    """What was read of a file, a ledger's or a roster's."""

    @property
    def sheet(self) -> Sheet: ...
    @property
    def findings(self) -> Findings: ...


MOST = 50_000  # faults kept of one file; how many there are in all stands in the counts


def write_findings(source: Import, made: Findable) -> None:
    """Replace what was kept of an earlier reading."""
    Finding.objects.filter(source=source)._raw_delete(using=connection.alias)
    rows = [
        (
            source.pk, found.fault.severity.value, found.fault.code, made.sheet.name[:64], found.row, found.column, found.title[:200],
            found.value[:200], pack(found.fault.message), pack(found.fault.hint),
        )
        for found in made.findings.ordered()[:MOST]
    ]  # fmt: skip
    sql = (
        'INSERT INTO imports_finding (source_id, severity, code, sheet, row, "column", field, value, message, hint) '
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
    )
    with connection.cursor() as cursor:
        for start in range(0, len(rows), 5000):
            cursor.executemany(sql, rows[start : start + 5000])


def pack(text: Text | None) -> str:
    """A text as JSON: template and parameters, so that it is translated for whoever reads it."""
    return json.dumps(_packed(text) if text else {}, ensure_ascii=False)


def _packed(value: object) -> Any:
    if isinstance(value, Text):
        return {"t": value.template, "p": {name: _packed(item) for name, item in value.params.items()}}
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def unpack(stored: Any) -> Text | None:
    """The text that `pack` wrote."""
    if not stored:
        return None
    params = {name: unpack(item) if isinstance(item, dict) else item for name, item in stored.get("p", {}).items()}
    return T(stored["t"], **params)


def issue_of(finding: Finding, file: str = "") -> Issue:
    """A finding as an issue: place, reason, remedy."""
    cell = f"{letters(finding.column)}{finding.row}" if finding.column is not None and finding.row else ""
    where = Where(file=file, sheet=finding.sheet, row=finding.row, cell=cell, field=finding.field)
    return Issue(Severity(finding.severity), finding.code, unpack(finding.message) or Text(""), where, unpack(finding.hint), finding.value)


def issues_of(made: Findable, file: str = "", *, limit: int | None = None) -> list[Issue]:
    """The findings of a plan as issues, in the order of the file."""
    result = []
    for found in made.findings.ordered()[:limit]:
        cell = f"{letters(found.column)}{found.row}" if found.column is not None else ""
        where = Where(file=file, sheet=made.sheet.name, row=found.row, cell=cell, field=found.title)
        result.append(Issue(found.fault.severity, found.fault.code, found.fault.message, where, found.fault.hint, found.value))
    return result


def errors_only(issues: Iterable[Issue]) -> list[Issue]:
    return [issue for issue in issues if issue.severity is Severity.ERROR]
