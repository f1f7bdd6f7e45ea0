"""What `figures --json` says of a figure: the stable contract of the command line."""

from __future__ import annotations

from datetime import date

import pytest

from xingtan.apps.record.figures import services
from xingtan.apps.record.figures.store import book
from xingtan.apps.record.ledgers.services import record_create, record_doubt
from xingtan.cli.commands.figures import told
from xingtan.kernel.period import Period

PERIOD = "2008-2009"
KEYS = ["indicator", "org", "period", "value", "unit", "numerator", "denominator", "rows", "status", "reason", "bound", "pack", "snapshot"]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XINGTAN_HOME", str(tmp_path))


def enter(cast, code: str, pupils: str, dropouts: str = "2"):
    texts = {"org": code, "period": PERIOD, "stage": "初中", "pupils": pupils, "dropouts": dropouts}
    return record_create(
        actor=cast.accounts["statistician"].actor, place=cast.place, ledger="enrolment", texts=texts, today=date(2009, 9, 1)
    )


def said(cast, indicator: str, org: str) -> dict[str, object]:
    services.snapshot_refresh(place=cast.place)
    shelf = book(cast.place)
    return told(shelf, shelf.table([org], [Period.parse(PERIOD)], [indicator]).get(indicator, org, PERIOD))


def test_a_rate_is_a_fraction_with_its_parts(cast):
    enter(cast, "XS-11", "300", "3")
    line = said(cast, "dropout_rate", "XS-11")
    assert list(line) == KEYS
    assert (line["value"], line["numerator"], line["denominator"], line["status"], line["bound"]) == ("0.01", "3", "300", "known", None)
    assert line["reason"] is None


def test_a_count_has_no_numerator(cast):
    enter(cast, "XS-11", "300")
    line = said(cast, "pupils", "XS-11")
    assert (line["value"], line["numerator"], line["denominator"], line["rows"]) == ("300", None, None, 1)


def test_bounds_are_said_and_unknown_is_null(cast):
    enter(cast, "XS-11", "300余")
    assert (said(cast, "pupils", "XS-11")["value"], said(cast, "pupils", "XS-11")["bound"]) == ("300", ">")
    assert said(cast, "investment", "XS") | {"value": None, "bound": None, "status": "unknown"} == said(cast, "investment", "XS")


def test_who_is_missing_is_told_by_name_and_doubt_by_its_reason(cast):
    row = enter(cast, "XS-11", "300")
    record_doubt(actor=cast.accounts["statistician"].actor, record=row, why="原文两处不一")
    line = said(cast, "dropout_rate", "XS")
    assert line["status"] == "doubtful"
    assert "缺报：西岭九年一贯制学校" in line["reason"]
    assert "原文两处不一" in line["reason"]
    unknown = said(cast, "pupils", "XS")
    assert (unknown["value"], unknown["bound"], unknown["status"]) == (None, None, "unknown")
