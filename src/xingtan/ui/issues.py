"""Findings as a reader sees them: how grave (shape, colour and word), where, why, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.forms import BaseForm
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from xingtan.kernel.issues import Issue, Severity
from xingtan.ui.text import render

# tone → the classes of the style sheet; the order is the order of the list
WORDS: dict[Severity, tuple[str, str, str | Promise]] = {
    Severity.ERROR: ("miss", "▼", _("须改正")),
    Severity.DOUBT: ("near", "◆", _("存疑")),
    Severity.WARNING: ("near", "◆", _("提醒")),
    Severity.HISTORICAL: ("none", "○", _("原文如此")),
    Severity.INFO: ("none", "○", _("说明")),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One finding, in the reader's language."""

    tone: str
    shape: str
    word: str | Promise
    where: str
    message: str
    value: str
    remedy: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The findings to show, how many there are, and how many of them are errors."""

    lines: Sequence[Line]
    total: int
    errors: int

    @property
    def cut(self) -> bool:
        return len(self.lines) < self.total


def line(issue: Issue) -> Line:
    tone, shape, word = WORDS[issue.severity]
    remedy = render(issue.hint) if issue.hint else ""
    return Line(tone, shape, word, str(issue.where), render(issue.message), issue.value, remedy, issue.excerpt)


def listing(issues: Iterable[Issue], limit: int | None = None) -> Listing:
    """Return all findings, gravest first; with `limit` the first of them, and the count of all."""
    order = list(WORDS)
    ranked = sorted(issues, key=lambda issue: order.index(issue.severity))
    errors = sum(issue.severity is Severity.ERROR for issue in ranked)
    return Listing([line(issue) for issue in ranked[:limit]], len(ranked), errors)


def onto_form(form: BaseForm, issues: Iterable[Issue]) -> None:
    """Put each finding beside the field it names (`where.field`), the others on top of the form."""
    for issue in issues:
        shown = line(issue)
        parts = {"message": shown.message.rstrip("。"), "remedy": shown.remedy}
        text = gettext("%(message)s。%(remedy)s") % parts if shown.remedy else shown.message
        form.add_error(issue.where.field if issue.where.field in form.fields else None, text)
