"""What a person must do today, and what is late: from imports, rows, reports, jobs and returns that are due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from xingtan.apps.base.jobs.models import Job, State
from xingtan.apps.base.jobs.registry import title_of
from xingtan.apps.base.orgs import selectors as orgs
from xingtan.apps.base.orgs.models import Organisation
from xingtan.apps.face.reports.models import Report
from xingtan.apps.face.reports.policies import POLICY as REPORTS
from xingtan.apps.face.reports.selectors import address as report_address
from xingtan.apps.record.figures.asking import Asked
from xingtan.apps.record.imports.models import Import
from xingtan.apps.record.imports.policies import imports
from xingtan.apps.record.ledgers import selectors as ledgers
from xingtan.apps.record.ledgers.policies import VIEW, WRITE
from xingtan.pack import Pack
from xingtan.pack.due import due_day
from xingtan.pack.schema.ledger import Ledger
from xingtan.ui import policy
from xingtan.ui.named import named
from xingtan.ui.text import render

NAMED = 3  # who is missing, by name; all of them are one link away
EACH = 5  # imports and jobs told one by one


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits: what to do, about what, from whom, where to go. `count` 0: the thing is one by itself."""

    verb: str
    label: str
    url: str
    source: str = ""
    count: int = 0
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Debt:
    """A return of one ledger that has not come: who owes it, since when."""

    ledger: str
    names: tuple[str, ...]
    total: int
    url: str
    due: date | None
    late: bool

    @property
    def more(self) -> int:
        return self.total - len(self.names)


def placed(here: Asked, name: str, more: dict[str, str] | None = None, **kwargs: object) -> str:
    """An address in the organisation and period of the page."""
    query = urlencode({"org": here.org.code, "period": here.period.text, **(more or {})})
    return f"{reverse(name, kwargs={'place': here.place.slug, **kwargs})}?{query}"


def tasks(here: Asked, owed: list[Debt]) -> list[Task]:
    """Everything that waits for this person, what is wrong first."""
    found = [*_imports(here), *_jobs(here), *_owing(owed), *_doubts(here), *_drafts(here)]
    return sorted(found, key=lambda task: not task.urgent)


def _imports(here: Asked) -> Iterator[Task]:
    """Files that came in and were not taken over: with faults to mend, or only to be confirmed."""
    waiting = Import.objects.filter(place=here.place, state__in=[Import.State.UPLOADED, Import.State.PREVIEW]).order_by("-pk")
    seen = imports.of(here.account, waiting)
    for one in seen[:EACH]:
        faults = int(one.counts.get("faults") or 0)
        url = reverse("imports:import", kwargs={"place": here.place.slug, "pk": one.pk})
        verb = _("匹配列") if one.state == Import.State.UPLOADED else _("改错") if faults else _("确认")
        label = _("导入“%(name)s”：%(n)s 处错误") % {"name": one.name, "n": faults} if faults else _("导入“%(name)s”") % {"name": one.name}
        yield Task(verb, label, url, one.actor_label, urgent=bool(faults))
    if (rest := seen.count() - EACH) > 0:
        yield Task(_("确认"), _("其他待处理的导入"), reverse("imports:list", kwargs={"place": here.place.slug}), count=rest)


def _jobs(here: Asked) -> Iterator[Task]:
    """The person's own long work that failed and was not tried again since."""
    failed = Job.objects.filter(Q(place=here.place) | Q(place=None), owner_id=here.account.pk, state=State.FAILED).order_by("-pk")
    for job in failed[:EACH]:
        label = _("任务“%(title)s”没有办成") % {"title": render(title_of(job.kind))}
        yield Task(_("处理"), label, reverse("jobs:job", args=[job.pk]), urgent=True)
    if (rest := failed.count() - EACH) > 0:
        yield Task(_("处理"), _("其他没有办成的任务"), f"{reverse('jobs:jobs')}?state={State.FAILED}", count=rest)


def _owing(owed: list[Debt]) -> Iterator[Task]:
    for debt in owed:
        yield Task(_("上报"), _("“%(ledger)s”尚未上报") % {"ledger": debt.ledger}, debt.url, "、".join(debt.names), debt.total)


def _doubts(here: Asked) -> Iterator[Task]:
    """Doubtful rows of the period that this person may settle."""
    pack = orgs.active_pack_or_none(here.place)
    may = Organisation.objects.filter(pk__in=orgs.subtree_ids(here.org, here.period.end)).filter(
        policy.reach(policy.granted(here.account, WRITE), "pk")
    )
    counts = ledgers.counts_by_ledger(here.place, may, here.period, doubtful=True) if pack else {}
    for ledger in pack.ledgers.values() if pack else ():
        if count := counts.get(ledger.id):
            url = placed(here, "ledgers:list", {"doubtful": "1"}, ledger=ledger.id)
            yield Task(_("核实"), _("“%(ledger)s”存疑的行") % {"ledger": named(ledger)}, url, count=count)


def _drafts(here: Asked) -> Iterator[Task]:
    drafts = REPORTS.visible(here.account, "report.issue", Report.objects.filter(place=here.place, state=Report.State.DRAFT))
    for one in drafts.select_related("org", "place").order_by("-refreshed")[:EACH]:
        url = report_address(one)
        yield Task(_("印发"), _("报告草稿：%(title)s") % {"title": one.title}, url, one.made_by_label)
    if (rest := drafts.count() - EACH) > 0:
        yield Task(_("印发"), _("其他报告草稿"), f"{reverse('reports:index', kwargs={'place': here.place.slug})}?state=draft", count=rest)


def owed(here: Asked) -> list[Debt]:
    """Returns of the period that are due and have not come. Late once the last day for them is over."""
    pack = orgs.active_pack_or_none(here.place)
    if pack is None or here.period.end is None or not policy.can_at(here.account, VIEW, here.org.pk):
        return []
    return [debt for ledger in pack.ledgers.values() if (debt := _debt(here, pack, ledger)) is not None]


def _debt(here: Asked, pack: Pack, ledger: Ledger) -> Debt | None:
    if ledger.due is None or ledger.period not in {"", here.period.kind}:
        return None
    end = here.period.end
    below = Organisation.objects.filter(pk__in=orgs.subtree_ids(here.org, end))
    missing = ledgers.owing(place=here.place, pack=pack, ledger=ledger, period=here.period, orgs=below)
    total = missing.count()
    if not total:
        return None
    first = list(missing[:NAMED])
    called = orgs.names_on(first, end) if end is not None else {}
    due = None if end is None else due_day(pack, ledger, end)
    late = due is not None and due < timezone.localdate()
    names = tuple(called.get(one.pk, one.name) for one in first)
    return Debt(named(ledger), names, total, placed(here, "ledgers:list", ledger=ledger.id), due, late)


def ledgers_of(here: Asked) -> list[tuple[str, int, str]]:
    """Every ledger with the number of its rows in the period; those with rows first."""
    pack = orgs.active_pack_or_none(here.place)
    if pack is None or not policy.can_at(here.account, VIEW, here.org.pk):
        return []
    below = Organisation.objects.filter(pk__in=orgs.subtree_ids(here.org, here.period.end))
    counts = ledgers.counts_by_ledger(here.place, below, here.period)
    found = [(named(one), counts.get(one.id, 0), placed(here, "ledgers:list", ledger=one.id)) for one in pack.ledgers.values()]
    return sorted(found, key=lambda line: not line[1])
