"""What is read of aid: runs and their rows, names as the ledgers have them, what stands in the way of paying."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone

from xingtan.apps.base.access.rights import rights_of
from xingtan.apps.base.orgs import selectors as orgs
from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.record.ledgers.cells import load
from xingtan.engine.aid.publication import masked
from xingtan.engine.aid.spec import Outcome
from xingtan.kernel.issues import Issue, error
from xingtan.kernel.text import T, Text
from xingtan.pack import Pack
from xingtan.pack.schema.aid import Aid
from xingtan.pack.schema.allocation import Allocation

from .models import Award, Run

IN_FORCE = (Award.State.APPROVED, Award.State.PAID, Award.State.RETURNED)


def runs(place: Place) -> QuerySet[Run]:
    """All runs of a place, the newest first."""
    return Run.objects.filter(place=place).select_related("org", "place")


def address(run: Run) -> str:
    return reverse("aid:run", kwargs={"place": run.place.slug, "pk": run.pk})


def schemes(pack: Pack) -> list[Allocation]:
    """The schemes of fixed amounts of a pack."""
    return [one for one in pack.allocations.values() if one.aid is not None]


def aid_of(pack: Pack, scheme: str) -> Aid | None:
    """A scheme of the pack in force; None when it is gone."""
    found = pack.allocations.get(scheme)
    return found.aid if found is not None else None


def decided_firsts(place: Place, scheme: str, period: str) -> set[int]:
    """The applications on which the scheme has decided for a period."""
    decided = Award.objects.filter(run__place=place, run__scheme=scheme, run__period=period, run__state=Run.State.DECIDED)
    return set(decided.exclude(state=Award.State.PROPOSED).values_list("first", flat=True))


@dataclass(frozen=True, slots=True)
class Sums:
    """Rows, persons and yuan of a run, by what the rules say and what became of it."""

    eligible: int
    refused: int
    undecided: int
    persons: Decimal
    amount: Decimal
    paid: Decimal
    returned: int


def sums(run: Run) -> Sums:
    """One query."""
    entitled = Q(outcome=Outcome.ELIGIBLE.value) & ~Q(state=Award.State.STOPPED)
    found = run.awards.aggregate(
        eligible_=Count("pk", filter=Q(outcome=Outcome.ELIGIBLE.value)),
        refused_=Count("pk", filter=Q(outcome=Outcome.REFUSED.value)),
        undecided_=Count("pk", filter=Q(outcome=Outcome.UNDECIDED.value)),
        persons_=Sum("persons", filter=entitled),
        amount_=Sum("amount", filter=entitled),
        paid_=Sum("amount", filter=Q(state=Award.State.PAID)),
        returned_=Count("pk", filter=Q(state=Award.State.RETURNED)),
    )  # the names of columns cannot be taken again
    plain: dict[str, Any] = {name.rstrip("_"): value if value is not None else Decimal(0) for name, value in found.items()}
    return Sums(**plain)


def payable(run: Run) -> QuerySet[Award]:
    """The awards that are to be paid, or were returned by the bank."""
    return run.awards.filter(state__in=(Award.State.APPROVED, Award.State.RETURNED), form="cash").select_related("org", "record")


def shown_name(pack: Pack, ledger: str, column: str, name: str) -> str:
    """A name as pages and files show it: the family name only, where the pack calls the column sensitive."""
    return masked(name) if column in pack.ledgers[ledger].visible.sensitive else name


def names(pack: Pack, awards: Iterable[Award], column: str) -> dict[int, str]:
    """The names of awards as they may be shown; "" where there is none. The awards come with their record."""
    return {key: shown_name(pack, ledger, column, name) for key, (ledger, name) in open_names(pack, awards, column).items()}


def open_names(pack: Pack, awards: Iterable[Award], column: str) -> dict[int, tuple[str, str]]:
    """Ledger and name in full, by award: for the public notice, which masks every name, and for nothing else."""
    found: dict[int, tuple[str, str]] = {}
    for one in awards:
        ledger = pack.ledgers.get(one.record.ledger)
        field = ledger.field(column) if ledger is not None and column else None
        cell = load(field, one.record.data.get(column)) if field is not None else None
        found[one.pk] = (one.record.ledger, cell.value if cell is not None and isinstance(cell.value, str) else "")
    return found


def verdict_words(award: Award, *, all_of: bool = False) -> list[Text]:
    """Why the rules say what they say; without `all_of` only what does not hold."""
    return [Text(template, params) for template, params, holds in award.verdicts if all_of or holds is not True]


def obstacles(run: Run) -> list[Issue]:
    """What has to be done before anything is paid."""
    found: list[Issue] = []
    aid = aid_of(orgs.active_pack(run.place), run.scheme)
    if run.state != Run.State.DECIDED:
        return [error("aid.undecided", T("还没有核准"), hint=T("先由有权的人审批"))]
    if aid is not None and aid.publish is not None:
        if run.notice_from is None:
            found.append(error("aid.unpublished", T("还没有公示"), hint=T("先公示，期满再付款")))
        elif run.notice_to is not None and timezone.localdate() < run.notice_to:
            found.append(
                error("aid.notice", T("公示未满，到 %(day)s 才能付款", day=run.notice_to.isoformat()), hint=T("期满后再导出付款清单"))
            )
    if open_ones := run.objections.filter(answered__isnull=True).count():
        found.append(error("aid.objections", T("还有 %(count)s 条异议没有处理", count=open_ones), hint=T("处理完再付款")))
    return found


def posts_over(account: Any, org: Organisation) -> frozenset[str]:
    """The posts whose rights reach the organisation today: held at it, or above it."""
    above = {one.pk for one in orgs.ancestors(org)} | {org.pk}
    return frozenset(one.post for one in rights_of(account) if one.org.pk in above)
