"""The schemes of a pack run over the rows of its ledgers: the one way from applications to proposals, for pages and for figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from xingtan.engine.aid import rows, tables
from xingtan.engine.aid.assess import assess
from xingtan.engine.aid.spec import Applicant, Asked, Assessment, Held, Scheme
from xingtan.kernel.formula import Env
from xingtan.kernel.period import Period, PeriodKind
from xingtan.kernel.provenance import Provenance
from xingtan.kernel.quantity import Quantity

from . import aid
from .codec import Pack
from .scope import as_date, dataset_spec
from .working_days import school_terms

if TYPE_CHECKING:
    import pyarrow as pa

Earlier = Mapping[str, Sequence[Applicant]]  # scheme → rows paid on without a new application


def run(
    pack: Pack, ledgers: Mapping[str, pa.Table], day: date, *, schemes: Iterable[Scheme] | None = None,
    held: Mapping[str, Sequence[Held]] | None = None, earlier: Earlier | None = None,
) -> Assessment:  # fmt: skip
    """Assess the rows of one period. `ledgers`: the ledgers' tables; `day`: what `today` means in a formula."""
    given = {name: ledgers[name] for name in aid.applications(pack) if name in ledgers}
    applicants = {name: tuple(tables.applicants(dataset_spec(pack, pack.ledgers[name]), table)) for name, table in given.items()}
    asked = []
    for scheme in aid.schemes(pack) if schemes is None else schemes:
        ledger = ledger_of(pack, scheme.id)
        all_rows = (*applicants.get(ledger, ()), *(earlier or {}).get(scheme.id, ()))
        asked.append(Asked(scheme, all_rows, environment(pack, ledger, day)))
    return assess(asked, held=held, provenance=Provenance(pack.id, pack.version, pack.hash))


def ledger_of(pack: Pack, scheme: str) -> str:
    """The ledger of a scheme's applications."""
    found = pack.allocations[scheme].aid
    assert found is not None
    return found.applications


def reach(pack: Pack, ledgers: Mapping[str, pa.Table], assessment: Assessment) -> list[dict[str, Any]]:
    """Records of the register `aid_reach`: each child once a ledger, reached by whichever scheme."""
    covers = dict.fromkeys(one.aid.covers for one in pack.allocations.values() if one.aid is not None and one.aid.covers is not None)
    by_number = rows.outcomes(assessment.proposals)
    seen: dict[str, dict[str, Any]] = {}
    for one in covers:
        if one.ledger in ledgers:
            found = tables.children(ledgers[one.ledger], one.number, one.kind or "")
            seen |= {record["row_id"]: record for record in rows.reach_records(found, by_number)}
    return list(seen.values())


def environment(pack: Pack, ledger: str, day: date) -> Env:
    """Parameters, the day with its school year and term, the order of ordered codes."""
    calendar = school_terms(pack.calendar)
    term = calendar.term_at(day)
    first, last = calendar.school_year(Period.at(PeriodKind.SCHOOL_YEAR, day))
    start, end = calendar.term(term)
    times: dict[str, Any] = {"today": day, "year.start": first, "year.end": last, "term.start": start, "term.end": end}
    times["term"] = f"T{term.part}"
    codes = {field.id: pack.codes.get(field.codes or "") for field in pack.ledgers[ledger].fields}
    orders = {name: table.words() for name, table in codes.items() if table is not None and table.ordered}
    return Env(names={name: _parameter(one.value) for name, one in pack.parameters.items()}, times=times, orders=orders)


def _parameter(value: Decimal | str | None) -> Any:
    """A required parameter that the source has lost is unknown, so that amounts made of it are."""
    if value is None:
        return Quantity.unknown()
    return Quantity.exact(value) if isinstance(value, Decimal) else as_date(value) or value
