"""A business file gathers what ledgers say of a person, as far as its reader may read them."""

from __future__ import annotations

from datetime import date

import pytest
from tests.cast import ACTOR, make_person

from xingtan.apps.base.staff import dossier
from xingtan.apps.record.ledgers import services

TODAY = date(2010, 1, 1)


@pytest.fixture
def wen(cast):
    texts = {"org": "XS-11", "date": "2009-09-10", "honour": "优秀教师"}
    for line in (
        {**texts, "teacher": "文静"},
        {**texts, "teacher": "舒远", "witness": "文静"},
        {**texts, "teacher": "文静静"},
    ):
        services.record_create(actor=ACTOR, place=cast.place, ledger="teacher_honour", texts=line, today=TODAY)
    texts = {"org": "XS-12", "found": "2009-10-01", "what": "围墙开裂", "state": "未整改", "finder": "文静"}
    services.record_create(actor=ACTOR, place=cast.place, ledger="hazard", texts=texts, today=TODAY)
    return make_person(cast.school, "文静", "teacher")


def found(account, person):
    return {section.id: section for section in dossier.sections(account, person) if section.id.startswith("ledger-")}


@pytest.mark.proves("G305")
def test_every_row_that_names_the_person_is_there_for_who_may_read_it(cast, wen):
    county = found(cast.accounts["statistician"], wen)
    assert set(county) == {"ledger-teacher_honour", "ledger-hazard"}
    assert len(county["ledger-teacher_honour"].lines) == 2  # in either column; 文静静 is somebody else
    assert all(line.url for line in county["ledger-hazard"].lines)
    own_school = found(cast.accounts["principal"], wen)
    assert set(own_school) == {"ledger-teacher_honour"}  # the hazard was found at another school
    assert found(cast.accounts["teacher"], wen) == {}


def test_a_teacher_reads_of_himself_what_is_about_teachers(cast, wen):
    account = cast.accounts["teacher"]
    account.person = wen
    mine = found(account, wen)
    assert set(mine) == {"ledger-teacher_honour"}
    assert not any(line.url for line in mine["ledger-teacher_honour"].lines)


def test_namesakes_are_told(cast, wen):
    assert not found(cast.accounts["statistician"], wen)["ledger-hazard"].note
    make_person(cast.org("XS-21"), "文静", "teacher")
    assert "2 人同名" in str(found(cast.accounts["statistician"], wen)["ledger-hazard"].note)


def test_a_withdrawn_row_says_nothing_more(cast, wen):
    from xingtan.apps.record.ledgers.models import Record

    row = Record.objects.get(ledger="hazard")
    services.record_withdraw(actor=ACTOR, records=[row], reason="误录")
    assert "ledger-hazard" not in found(cast.accounts["statistician"], wen)
