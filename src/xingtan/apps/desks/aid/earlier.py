"""What earlier decisions mean for a new assessment: awards that go on by themselves, and what a person holds already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone

from xingtan.apps.base.orgs.models import Place
from xingtan.apps.record.ledgers.cells import load
from xingtan.apps.record.ledgers.models import Record
from xingtan.engine.aid.spec import Applicant, Held, Scheme
from xingtan.kernel.formula import evaluate
from xingtan.kernel.formula.values import quantity
from xingtan.kernel.period import Period
from xingtan.kernel.quantity import Quantity
from xingtan.pack import Pack, aid, aid_run
from xingtan.pack.schema.ledger import NUMERIC

from .models import Award, Run

if TYPE_CHECKING:
    import pyarrow as pa

IN_FORCE = (Award.State.APPROVED, Award.State.PAID, Award.State.RETURNED)


def day_of(period: str) -> date:
    """What `today` means in a formula: the period's last day; of a nominal or undated period the present day."""
    found = Period.parse(period) if period else None
    end = found.end if found is not None else None
    return end if end is not None else timezone.localdate()


def years_of(pack: Pack, scheme: Scheme, period: str) -> int:
    """For how many periods in a row the scheme pays on; 1 when it says nothing or the number is not known."""
    if scheme.years is None:
        return 1
    env = aid_run.environment(pack, aid_run.ledger_of(pack, scheme.id), day_of(period))
    found = quantity(evaluate(scheme.years, None, env))
    return int(found.value) if found.is_exact and found.value is not None else 1


def carried(place: Place, pack: Pack, period: str, tables: Mapping[str, pa.Table]) -> dict[str, list[Applicant]]:
    """Rows decided for the period before that are paid on, by scheme; whoever applied anew is assessed anew."""
    if not period:
        return {}
    before = Period.parse(period).previous().text
    found: dict[str, list[Applicant]] = {}
    for scheme in aid.schemes(pack):
        most = years_of(pack, scheme, period)
        if most > 1:
            table = tables[aid_run.ledger_of(pack, scheme.id)]
            anew = set(table.column(scheme.number).to_pylist()) if scheme.number else set()
            awards = _awards(place, scheme.id, before).filter(year__lt=most).select_related("record", "org")
            found[scheme.id] = [_again(pack, one, period) for one in awards if _text(pack, one.record, scheme.number) not in anew]
    return found


def held_before(place: Place, pack: Pack, period: str) -> Mapping[str, Sequence[Held]]:
    """What persons hold by decisions for this very period, by `Proposal.identity`: another scheme may exclude it."""
    titles = {scheme.id: scheme for scheme in aid.schemes(pack)}
    found: dict[str, list[Held]] = {}
    awards = Award.objects.filter(run__place=place, run__period=period, state__in=IN_FORCE).select_related("run", "record", "org")
    for one in awards:
        scheme = titles.get(one.run.scheme)
        if scheme is not None:
            amount = Quantity.unknown() if one.amount is None else Quantity.exact(one.amount)
            found.setdefault(identity_of(pack, scheme, one.record, one.org.code), []).append(Held(scheme.id, scheme.title, amount))
    return found


def identity_of(pack: Pack, scheme: Scheme, record: Record, org: str) -> str:
    """The person of a stored application, spelled as `Proposal.identity`."""
    number = _text(pack, record, scheme.number)
    name = _text(pack, record, scheme.person)
    if number:
        return f"number:{number}"
    return f"name:{org}:{name}" if name else f"row:{record.pk}"


def _text(pack: Pack, record: Record, column: str) -> str:
    field = pack.ledgers[record.ledger].field(column) if column and record.ledger in pack.ledgers else None
    cell = load(field, record.data.get(column)) if field is not None else None
    return cell.value if cell is not None and isinstance(cell.value, str) else ""


def _awards(place: Place, scheme: str, period: str) -> QuerySet[Award]:
    return Award.objects.filter(run__place=place, run__scheme=scheme, run__period=period, run__state=Run.State.DECIDED, state__in=IN_FORCE)


def _again(pack: Pack, award: Award, period: str) -> Applicant:
    ledger = pack.ledgers[award.record.ledger]
    values: dict[str, object] = {"date": award.record.date, "org": award.org.code, "doubtful": bool(award.record.doubt)}
    for field in ledger.fields:
        cell = load(field, award.record.data.get(field.id))
        values[field.id] = cell.value if cell is not None else Quantity.unknown() if field.type in NUMERIC else None
    return Applicant(str(award.record.pk), award.org.code, period, values, award.record.doubt, award.year + 1)
