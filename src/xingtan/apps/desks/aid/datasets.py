"""The registers `aid_award` and `aid_reach` for the warehouse: proposals as the rules give them today, awards as they were decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, Sum

from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.orgs.selectors import active_pack_or_none, place_get
from xingtan.apps.record.ledgers.models import PeriodStamp
from xingtan.engine.aid import rows
from xingtan.engine.indicators.spec import DatasetSpec
from xingtan.kernel.quantity import Quantity, Reason
from xingtan.pack import Pack, aid, aid_run

from .assessing import Assessed, assessed
from .models import Award, Run

if TYPE_CHECKING:
    import pyarrow as pa

DECIDED = (Award.State.APPROVED, Award.State.PAID, Award.State.RETURNED, Award.State.STOPPED)


class AidSource:
    """The source of this app. Its rows follow from the ledgers of applications, so its stamps do."""

    def datasets(self, place: str) -> Iterable[DatasetSpec]:
        """Both registers, whether or not the pack in force has a scheme: indicators of the base pack count them everywhere."""
        pack = active_pack_or_none(place_get(place))
        return aid.registers(pack) if pack is not None else ()

    def version(self, place: str, dataset: str) -> Mapping[str, str]:
        """Period → the stamps of the ledgers that the rows are made from, the pack, and the decisions of the period and the one before."""
        found = place_get(place)
        pack = active_pack_or_none(found)
        if pack is None or not aid.schemes(pack):
            return {}
        stamps: dict[str, list[str]] = {}
        ledgers = aid.sources(pack) if dataset == aid.REACH else aid.applications(pack)
        for ledger, period, stamp in _stamps(found, ledgers):
            stamps.setdefault(period, []).append(f"{ledger}{stamp}")
        for period in _decided_periods(found):
            stamps.setdefault(period, [])
        decided = _decisions(found)
        return {period: "-".join([pack.hash[:12], decided, *sorted(parts)]) for period, parts in stamps.items()}

    def table(self, place: str, dataset: str, period: str) -> pa.Table:
        """The rows of one period."""
        from xingtan.warehouse.rows import table

        found = place_get(place)
        pack = active_pack_or_none(found)
        assert pack is not None, "the warehouse asks for what datasets() has offered"
        made = assessed(found, period)
        spec = next(one for one in aid.registers(pack) if one.id == dataset)
        if dataset == aid.REACH:
            return table(spec, aid_run.reach(pack, made.tables, made.assessment))
        return table(spec, award_records(found, pack, made, period))


def _stamps(place: Place, ledgers: tuple[str, ...]) -> Iterable[tuple[str, str, int]]:
    return PeriodStamp.objects.filter(place=place, ledger__in=ledgers).values_list("ledger", "partition", "stamp")


def _decided_periods(place: Place) -> set[str]:
    return set(Run.objects.filter(place=place, state=Run.State.DECIDED).values_list("period", flat=True))


def _decisions(place: Place) -> str:
    seen = Award.objects.filter(run__place=place, run__state=Run.State.DECIDED).aggregate(
        rows=Count("pk"), last=Max("pk"), versions=Sum("version")
    )
    return ".".join(str(seen[name] or 0) for name in ("rows", "last", "versions"))


def award_records(place: Place, pack: Pack, made: Assessed, period: str) -> Iterator[dict[str, Any]]:
    """What was decided; beside it what the rules give to applications nobody has decided on."""
    titles = {one.id: one for one in aid.schemes(pack)}
    decided = Award.objects.filter(run__place=place, run__period=period, run__state=Run.State.DECIDED, state__in=DECIDED)
    taken: set[tuple[str, int]] = set()
    for award in decided.select_related("run", "org").order_by("pk"):
        if award.run.scheme in titles:
            taken.add((award.run.scheme, award.first))
            yield _decided(award, titles[award.run.scheme].recipients)
    kept = [one for one in made.assessment.proposals if (one.scheme.id, made.firsts.get(one.applicant.row, 0)) not in taken]
    yield from rows.records(kept)


def _decided(award: Award, recipients: str) -> dict[str, Any]:
    run = award.run
    return {
        "row_id": f"award:{award.pk}", "org": award.org.code, "period": run.period, "doubt": award.doubt, "scheme": run.title,
        "tier": award.tier or Reason.UNKNOWN, "form": rows.FORMS[award.form], "recipients": recipients,
        "stage": award.stage or Reason.NOT_APPLICABLE, "persons": award.persons, "each": award.each, "amount": award.amount,
        "outcome": award.outcome, "state": award.state, "year": award.year,
        "sets": Quantity.not_applicable() if award.sets is None else award.sets,
    }  # fmt: skip
