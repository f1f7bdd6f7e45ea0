"""What changed since a person was last here: rows, organisations, reports, rules — as far as the person may see them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xingtan.apps.base.audit.models import Event
from xingtan.apps.base.orgs import policies as org_policies
from xingtan.apps.base.orgs import selectors as orgs
from xingtan.apps.base.orgs.words import act_text
from xingtan.apps.face.reports.models import Report
from xingtan.apps.face.reports.policies import POLICY as REPORTS
from xingtan.apps.face.reports.selectors import address as report_address
from xingtan.apps.record.figures.asking import Asked
from xingtan.apps.record.ledgers import selectors as ledgers
from xingtan.apps.record.ledgers.models import Record
from xingtan.apps.record.ledgers.policies import VIEW
from xingtan.ui import policy
from xingtan.ui.named import named
from xingtan.ui.text import render

from .duties import placed

SHOWN = 10
_WRITES = Q(action__startswith="record.") | Q(action__startswith="import.")
WITHOUT = timedelta(days=7)  # how far to look back for somebody who is here for the first time


@dataclass(frozen=True, slots=True)
class Since:
    """From when on; `first` when the person was never here before."""

    at: datetime
    first: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed, told in a sentence."""

    at: datetime
    label: str
    url: str = ""


def since(here: Asked) -> Since:
    """When the person signed in the time before this one, as the audit log has it."""
    slugs = ["", here.account.place.slug] if here.account.place is not None else [""]
    times = Event.objects.filter(place__in=slugs, actor_id=str(here.account.pk), actor_kind="account", action="access.sign_in").order_by(
        "-at"
    )
    before = times.values_list("at", flat=True)[1:2].first()
    return Since(before, False) if before is not None else Since(timezone.now() - WITHOUT, True)


def changed(here: Asked, start: Since) -> list[Change]:
    """All changes, the newest first."""
    found = [*_rows(here, start), *_acts(here, start), *_reports(here, start), *_pack(here, start)]
    return sorted(found, key=lambda change: change.at, reverse=True)


def _rows(here: Asked, start: Since) -> Iterator[Change]:
    """Rows that count now and were written since by others, ledger by ledger."""
    pack = orgs.active_pack_or_none(here.place)
    if pack is None or not policy.can_at(here.account, VIEW, here.org.pk):
        return
    if not Event.objects.filter(place=here.place.slug, at__gt=start.at).filter(_WRITES).exists():
        return  # the log is short and indexed by time, the rows are many
    rows = Record.objects.filter(ledgers.counting(ledgers.hidden_batches(here.place)), place=here.place, written__gt=start.at)
    if here.org.pk != here.place.root_id:
        rows = rows.filter(org__in=orgs.subtree_ids(here.org))
    rows = rows.exclude(actor_id=str(here.account.pk))
    for name, count, last in rows.values_list("ledger").annotate(count=Count("pk"), last=Max("written")):
        if ledger := pack.ledgers.get(name):
            said = _("“%(ledger)s”新填或更改 %(n)s 行") % {"ledger": named(ledger), "n": count}
            yield Change(last, said, placed(here, "ledgers:list", ledger=name))


def _acts(here: Asked, start: Since) -> Iterator[Change]:
    for act in org_policies.acts_visible(here.account, here.place).filter(created__gt=start.at).order_by("-created")[:SHOWN]:
        yield Change(act.created, render(act_text(act)), reverse("orgs:act_detail", kwargs={"place": here.place.slug, "pk": act.pk}))


def _reports(here: Asked, start: Since) -> Iterator[Change]:
    seen = REPORTS.visible(here.account, "report.view", Report.objects.filter(place=here.place, issued__gt=start.at))
    for one in seen.select_related("org", "place").order_by("-issued")[:SHOWN]:
        said = _("报告“%(title)s”%(state)s") % {"title": one.title, "state": one.get_state_display()}
        if one.issued is not None:
            yield Change(one.issued, said, report_address(one))


def _pack(here: Asked, start: Since) -> Iterator[Change]:
    if policy.can_at(here.account, "pack.view", here.org.pk):
        enforced = Event.objects.filter(place=here.place.slug, action="pack.activate", at__gt=start.at)
        for event in enforced.order_by("-sequence")[:1]:
            yield Change(event.at, _("启用了新的规则包；已封存的数字仍按原版本"), reverse("desk:pack", kwargs={"place": here.place.slug}))
