"""What waits for a person in the morning, from what the house already knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from xingtan.apps.base.audit.display import sentence
from xingtan.apps.base.audit.models import Event
from xingtan.apps.base.orgs import selectors as orgs
from xingtan.apps.base.orgs.models import Organisation
from xingtan.apps.face.reports.models import Report
from xingtan.apps.face.reports.policies import POLICY as REPORTS
from xingtan.apps.record.figures import selectors as figures
from xingtan.apps.record.figures.asking import Asked
from xingtan.apps.record.figures.selectors import Line
from xingtan.apps.record.ledgers import selectors as ledgers
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue
from xingtan.kernel.text import Text
from xingtan.pack.schema.ledger import Ledger
from xingtan.ui import policy

SHOWN = 12  # indicators on the desk; all of them are one link away


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits: what, how many, where to go."""

    label: str
    count: int
    url: str
    late: bool = False


@dataclass(slots=True)
class Morning:
    """The desk of one person."""

    tasks: list[Task] = field(default_factory=list)
    ledgers: list[tuple[str, int, str]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    all_lines: int = 0
    unknown: int = 0
    doubtful: int = 0
    events: Sequence[tuple[Event, Text]] = field(default_factory=tuple)
    issues: tuple[Issue, ...] = ()


def morning(here: Asked) -> Morning:
    """Gather the desk. What the person may not see is left out; a place without data says so instead of failing."""
    page = Morning()
    if policy.can_at(here.account, "ledger.view", here.org.pk):
        _ledgers(here, page)
    _reports(here, page)
    if policy.can_at(here.account, "figure.view", here.org.pk):
        _figures(here, page)
    if policy.can_at(here.account, "audit.view", here.org.pk):
        recent = Event.objects.filter(place=here.place.slug).order_by("-sequence")[:8]
        page.events = [(event, sentence(event)) for event in recent]
    return page


def _here(here: Asked, name: str, **kwargs: object) -> str:
    query = urlencode({"org": here.org.code, "period": here.period.text})
    return f"{reverse(name, kwargs={'place': here.place.slug, **kwargs})}?{query}"


def _ledgers(here: Asked, page: Morning) -> None:
    pack = orgs.active_pack_or_none(here.place)
    below = Organisation.objects.filter(pk__in=orgs.subtree_ids(here.org, here.period.end))
    counts = ledgers.counts_by_ledger(here.place, below, here.period)
    for ledger in pack.ledgers.values() if pack else ():
        page.ledgers.append((ledger.title, counts.get(ledger.id, 0), _here(here, "ledgers:list", ledger=ledger.id)))
        _owing(here, page, ledger)


def _owing(here: Asked, page: Morning, ledger: Ledger) -> None:
    """Returns of the period that are due and have not come."""
    if ledger.due is None or here.period.end is None or ledger.period not in {"", here.period.kind}:
        return
    below = Organisation.objects.filter(pk__in=orgs.subtree_ids(here.org, here.period.end))
    missing = ledgers.owing(place=here.place, ledger=ledger.id, kinds=ledger.due.from_, period=here.period, orgs=below)
    if count := missing.count():
        page.tasks.append(
            Task(_("“%(ledger)s”未报的单位") % {"ledger": ledger.title}, count, _here(here, "ledgers:list", ledger=ledger.id), True)
        )


def _reports(here: Asked, page: Morning) -> None:
    drafts = REPORTS.visible(here.account, "report.issue", Report.objects.filter(place=here.place, state=Report.State.DRAFT))
    if count := drafts.count():
        page.tasks.append(Task(_("待印发的报告草稿"), count, f"{reverse('reports:index', kwargs={'place': here.place.slug})}?state=draft"))


def _figures(here: Asked, page: Morning) -> None:
    try:
        lines = figures.overview(here.place, here.org, here.period)
    except XingtanError as error:
        page.issues = error.issues
        return
    page.all_lines = len(lines)
    page.unknown = sum(line.now.status == "unknown" for line in lines)
    page.doubtful = sum(line.now.status == "doubtful" for line in lines)
    ranked = sorted(lines, key=lambda line: (line.now.status == "unknown", line.now.status != "doubtful"))
    page.lines = ranked[:SHOWN]
    if page.doubtful:
        url = f"{_here(here, 'figures:index')}&status=doubtful"
        page.tasks.append(Task(_("存疑的数字，请核实来源"), page.doubtful, url))
