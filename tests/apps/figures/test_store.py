from __future__ import annotations

from datetime import date

import pytest

from xingtan.apps.record.figures import selectors, services, store
from xingtan.apps.record.figures.store import book
from xingtan.apps.record.ledgers.services import record_create
from xingtan.engine.indicators.answers import Answers
from xingtan.kernel.period import Period

TODAY = date(2010, 9, 1)
YEARS = ("2007-2008", "2008-2009", "2009-2010")


def enter(cast, code: str, period: str, pupils: str) -> None:
    texts = {"org": code, "period": period, "stage": "初中", "pupils": pupils, "dropouts": "2"}
    record_create(actor=cast.accounts["statistician"].actor, place=cast.place, ledger="enrolment", texts=texts, today=TODAY)


@pytest.fixture
def evaluated(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sheets asked of the engine."""
    found: list[int] = []
    inner = Answers._run
    monkeypatch.setattr(Answers, "_run", lambda self, number, *more: found.append(number) or inner(self, number, *more))
    return found


def test_whoever_looks_at_a_part_of_a_small_place_shares_one_computation(cast, evaluated):
    enter(cast, "XS-11", YEARS[1], "300")
    enter(cast, "XS-21", YEARS[1], "200余")
    services.snapshot_refresh(place=cast.place)
    period = Period.parse(YEARS[1])
    shelf = book(cast.place)
    whole = shelf.table(["XS"], [period], shelf.indicators).get("pupils", "XS", period)
    assert str(whole.value.lo) == "500"
    evaluated.clear()
    one = book(cast.place).table(["XS-21"], [period], ["pupils"]).get("pupils", "XS-21", period)
    assert one.value.bound == ">"
    assert not evaluated
    enter(cast, "XS-11", YEARS[0], "7")
    services.snapshot_refresh(place=cast.place)
    fresh = book(cast.place).table(["XS-11"], [Period.parse(YEARS[0])], ["pupils"]).get("pupils", "XS-11", YEARS[0])
    assert str(fresh.value.value) == "7"
    assert evaluated, "another snapshot is another computation"


def test_a_large_place_is_computed_for_whom_is_asked_only(cast, monkeypatch):
    enter(cast, "XS-11", YEARS[1], "300")
    services.snapshot_refresh(place=cast.place)
    monkeypatch.setattr(store, "WIDE", 2)
    store.forget()
    assert book(cast.place).table(["XS-11"], [Period.parse(YEARS[1])], ["pupils"]).orgs == ("XS-11",)


def test_the_points_of_a_trend_are_the_values_of_its_figures(cast):
    for year, pupils in zip(YEARS, ("300", "××", "310余"), strict=True):
        enter(cast, "XS-11", year, pupils)
    enter(cast, "XS-11", "2006-2007", "280")
    services.snapshot_refresh(place=cast.place)
    shelf, org = book(cast.place), cast.orgs["XS-11"]
    last = Period.parse(YEARS[-1])
    spec = selectors.indicator_of(shelf, "pupils")
    exact = [reading.number for reading in selectors.trend(shelf, spec, org, last)]
    line = next(line for line in selectors.overview(cast.place, org, last) if line.indicator.id == "pupils")
    assert list(line.numbers) == exact == [280.0, 300.0, None, None]
    assert line.now.figure.value.bound == ">"
