from __future__ import annotations

from datetime import date

import pytest
from tests.cast import ACTOR, Cast

from xingtan.apps.record.ledgers import periods
from xingtan.apps.record.ledgers.services import record_create


def told(cast: Cast) -> dict[str, int]:
    return {period.text: rows for period, rows in periods.known(cast.place).items()}


@pytest.mark.django_db
def test_periods_come_from_rows_and_from_the_dates_of_rows_without_one(cast: Cast) -> None:
    def enter(ledger: str, **texts: str) -> None:
        record_create(actor=ACTOR, place=cast.place, ledger=ledger, texts={"org": "XS-11", **texts}, today=date(2010, 9, 1))

    assert periods.known(cast.place) == {}
    enter("enrolment", period="2008-2009", stage="初中", pupils="320", dropouts="2")
    enter("hazard", found="2007-03-08", what="围墙裂缝", state="未整改")
    assert told(cast) == {"2007": 1, "2008-2009": 1}
    enter("hazard", found="2009-10-01", what="楼梯拥挤", state="未整改")
    assert told(cast) == {"2007": 1, "2008-2009": 1, "2009": 1}
    enter("enrolment", period="2008-2009", stage="小学", pupils="200", dropouts="0")
    assert told(cast) == {"2007": 1, "2008-2009": 2, "2009": 1}, (
        "a second ledger's or row's change is seen, whichever ledger was changed more often"
    )
    assert periods.known(cast.other) == {}
