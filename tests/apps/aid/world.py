"""Applications of the cast's schools, and runs made of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.cast import Cast

from xingtan.apps.desks.aid import services
from xingtan.apps.desks.aid.models import Run
from xingtan.apps.record.ledgers.models import Record
from xingtan.apps.record.ledgers.services import record_create

YEAR = "2009"
TODAY = date(2009, 12, 1)
SCHEME = "boarder_subsidy"
FULL = {"stage": "初中", "household": "脱贫户", "boarding": "是", "verified": "是"}


def apply(cast: Cast, number: str, name: str, org: str = "XS-11", period: str = YEAR, **values: str) -> Record:
    """Enter an application; what is not said is as an entitled junior boarder has it."""
    texts = {"org": org, "period": period, "number": number, "pupil": name, **FULL, **values}
    return record_create(actor=cast.accounts["principal"].actor, place=cast.place, ledger="aid_application", texts=texts, today=TODAY)


def on_file(cast: Cast, number: str, name: str, household: str = "脱贫户", org: str = "XS-11") -> Record:
    texts = {"org": org, "period": YEAR, "number": number, "pupil": name, "household": household}
    return record_create(actor=cast.accounts["principal"].actor, place=cast.place, ledger="hardship_file", texts=texts, today=TODAY)


def proposed(cast: Cast, period: str = YEAR, org: str = "XS", scheme: str = SCHEME) -> Run:
    return services.run_propose(actor=actor(cast, "aid_officer"), place=cast.place, org=cast.orgs[org], scheme=scheme, period=period)


def decided(cast: Cast, period: str = YEAR) -> Run:
    return services.run_approve(run=proposed(cast, period), actor=actor(cast, "director"), posts={"director"})


def actor(cast: Cast, login: str) -> Any:
    return cast.accounts[login].actor
