"""What is read of ledgers. `current` is the only spelling of “this row counts”."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q, QuerySet

from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.period import Period
from xingtan.kernel.text import T
from xingtan.pack import Pack
from xingtan.pack.due import due_kinds
from xingtan.pack.schema.ledger import Ledger

from .models import Batch, NilReturn, Record


def hidden_batches(place: Place, ledger: str = "") -> list[int]:
    """Batches whose rows do not count: staged ones, and undone ones that are not yet tidied away. Few at any time."""
    found = Batch.objects.filter(place=place, hidden=True)
    return list((found.filter(ledger=ledger) if ledger else found).values_list("pk", flat=True))


def counting(hidden: Iterable[int]) -> Q:
    """The condition under which a row counts; `hidden` are the hidden batches."""
    out = list(hidden)
    if not out:
        return Q(live=True, ending__isnull=True)
    # Spelled with IS NULL, because NOT IN is undecided for rows that came in no batch.
    return Q(live=True) & (Q(batch__isnull=True) | ~Q(batch__in=out)) & (Q(ending__isnull=True) | Q(ending__in=out))


def counting_sql(hidden: list[int], alias: str = "r") -> str:
    """`counting` as SQL, for the raw paths. Batch ids are integers of ours."""
    if not hidden:
        return f"{alias}.live AND {alias}.ending_id IS NULL"
    out = ", ".join(str(int(one)) for one in hidden)
    batch = f"({alias}.batch_id IS NULL OR {alias}.batch_id NOT IN ({out}))"
    return f"{alias}.live AND {batch} AND ({alias}.ending_id IS NULL OR {alias}.ending_id IN ({out}))"


def current(place: Place, ledger: str) -> QuerySet[Record]:
    """The rows of a ledger that count now."""
    return Record.objects.filter(counting(hidden_batches(place, ledger)), place=place, ledger=ledger)


def within(rows: QuerySet[Record], period: Period) -> QuerySet[Record]:
    """The rows of a period: those of it, of a period inside it, or without period dated in it."""
    exact = Q(period=period.text)
    if period.start is None or period.end is None:
        return rows.filter(exact)
    return rows.filter(exact | Q(starts__gte=period.start, ends__lte=period.end))


def record_get(place: Place, pk: int) -> Record:
    """One version of a row of the place. Raises XingtanError when there is none (a row of another place is none)."""
    found = Record.objects.select_related("org", "batch").filter(place=place, pk=pk).first()
    if found is None:
        raise XingtanError.one("record.unknown", T("没有编号为 %(pk)s 的台账记录", pk=pk), T("它可能属于别的地方，或地址抄错了"))
    return found


def versions(record: Record) -> list[Record]:
    """All versions of the row that counted at some time, oldest first."""
    first = record.first
    rows = Record.objects.filter(Q(pk=first) | Q(chain=first)).select_related("org", "batch").order_by("version", "pk")
    return [row for row in rows if row.batch is None or row.batch.state in (Batch.State.VISIBLE, Batch.State.UNDONE)]


def present(record: Record) -> Record | None:
    """The version of the row that counts now; None when it was withdrawn or its import undone."""
    first = record.first
    return current(record.place, record.ledger).filter(Q(pk=first) | Q(chain=first)).select_related("org").first()


def nil_returns(place: Place, ledger: str) -> QuerySet[NilReturn]:
    return NilReturn.objects.filter(place=place, ledger=ledger, withdrawn__isnull=True)


def counts_by_ledger(place: Place, orgs: QuerySet[Organisation], period: Period | None, *, doubtful: bool = False) -> dict[str, int]:
    """How many rows count, by ledger, of these organisations (and within a period; only the doubtful ones)."""
    rows = Record.objects.filter(counting(hidden_batches(place)), place=place, org__in=orgs)
    if period is not None:
        rows = within(rows, period)
    if doubtful:
        rows = rows.exclude(doubt="")
    return dict(rows.values_list("ledger").annotate(count=Count("pk")))


def owing(*, place: Place, pack: Pack, ledger: Ledger, period: Period, orgs: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """The organisations that owe the ledger, open at the period's end, with neither a row nor a nil return for the period."""
    there = within(current(place, ledger.id), period).values("org")
    stated = nil_returns(place, ledger.id).filter(period=period.text).values("org")
    open_then = orgs.filter(place=place, kind__in=due_kinds(pack, ledger)).filter(
        Q(closed__isnull=True) | Q(closed__gt=period.end or date.min)
    )
    return open_then.exclude(pk__in=there).exclude(pk__in=stated).order_by("code")
