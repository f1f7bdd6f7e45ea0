from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import ACTOR, Cast

from xingtan.apps.base.orgs.models import FOREVER
from xingtan.apps.base.orgs.selectors import active_pack
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.staff import pieces
from xingtan.apps.base.staff.datasets import SPELLS
from xingtan.apps.base.staff.models import Employment
from xingtan.apps.base.staff.pieces import Fact, Life
from xingtan.apps.base.staff.services import employment
from xingtan.kernel.quantity import Reason
from xingtan.pack.staff_registers import AGE_BANDS
from xingtan.ui import registers
from xingtan.warehouse import refresh

DAY0 = date(2000, 1, 1)


def rows(cast: Cast, dataset: str) -> list:
    return list(SPELLS[dataset](cast.place, active_pack(cast.place), None))


def test_each_person_is_found_once_on_each_day(cast: Cast, staffroom: dict[str, Person]) -> None:
    wen = Employment.objects.get(person=staffroom["wen"])
    moved = employment.terms_of(wen)
    employment.change(employment=wen, version=1, terms=moved, day=date(2014, 3, 1), actor=ACTOR)
    found = rows(cast, "employment")
    for day in (date(2009, 9, 1), date(2011, 1, 1), date(2014, 2, 28), date(2014, 3, 1), date(2020, 5, 4)):
        there = [row for row in found if row["valid_from"] <= day < row["valid_to"]]
        assert sorted(row["person"] for row in there) == sorted(str(p.pk) for p in staffroom.values())
        state = next(row for row in there if row["person"] == str(staffroom["wen"].pk))
        assert state["rank"] == ("一级" if day >= date(2011, 1, 1) else Reason.UNKNOWN)
        assert state["age_band"].startswith(str(_age(day) // 5 * 5))
    assert sum(row["date"] is not None for row in found) == 3  # moving on is no new beginning
    off = next(row for row in found if row["person"] == str(staffroom["shu"].pk) and row["valid_to"] == FOREVER)
    assert off["off_subject"] is True
    assert off["degree"] == "专科"


def _age(day: date) -> int:
    return day.year - 1970 - ((day.month, day.day) < (5, 4))


def test_snapshots_hold_no_names(cast: Cast, staffroom: dict[str, Person]) -> None:
    snapshot = refresh.working("xishan")
    for dataset in SPELLS:
        table = snapshot.read(dataset)
        assert table.num_rows
        assert not any(person.name in str(table.to_pylist()) for person in staffroom.values())


def test_rows_are_shown_to_those_who_may_see_the_file(cast: Cast, staffroom: dict[str, Person]) -> None:
    ids = [row["row_id"] for row in rows(cast, "employment")]
    keeper = registers.provider("employment")
    assert keeper is not None
    county = keeper.rows(cast.accounts["statistician"], cast.place, ids)
    assert set(county) == set(ids)
    assert all(seen.open and seen.url for seen in county.values())
    west = keeper.rows(cast.accounts["principal_west"], cast.place, ids)
    assert {seen.content.partition("；")[0] for seen in west.values() if seen.open} == {"文静", "殷悦"}  # one is lent to him
    assert all(not seen.content for seen in west.values() if not seen.open)


def test_a_title_stands_where_its_holder_worked(cast: Cast, staffroom: dict[str, Person]) -> None:
    job = Employment.objects.get(person=staffroom["yin"])
    employment.end(employment=job, version=1, day=date(2015, 1, 1), reason="退休", actor=ACTOR)
    yin = [row for row in rows(cast, "title_holding") if row["person"] == str(staffroom["yin"].pk)]
    assert [(row["org"], row["valid_from"], row["valid_to"]) for row in yin] == [("XS-21", date(2010, 1, 1), date(2015, 1, 1))]


days = st.integers(0, 3000).map(lambda n: DAY0 + timedelta(days=n))
facts = st.lists(
    st.builds(
        lambda kind, word, start, length, subject: Fact(kind, word, start, start + timedelta(days=length), subject),
        st.sampled_from(["degree", "certificate", "rank", "team"]), st.sampled_from(["甲", "乙", "丙"]), days, st.integers(0, 2000),
        st.sampled_from(["", "语文", "数学", "全科"]),
    ),
    max_size=6,
)  # fmt: skip
ORDERS = {kind: {"甲": 0, "乙": 1, "丙": 2} for kind in ("degree", "certificate", "rank", "team")}


@given(
    facts, st.none() | st.dates(date(1930, 1, 1), date(1985, 12, 31)), days, st.integers(1, 4000), st.sampled_from(["语文", "", "不任课"])
)
def test_pieces_tell_every_day_what_was_true_on_it(found: list[Fact], birth: date | None, start: date, length: int, subject: str) -> None:
    life, end = Life(birth, found), start + timedelta(days=length)
    told = pieces.told((start, end), life, subject, ORDERS)
    assert told[0][0][0] == start
    assert told[-1][0][1] == end
    assert all(a[0][1] == b[0][0] and a[1] != b[1] for a, b in itertools.pairwise(told))
    for (first, last), state in told:
        for day in {first, last - timedelta(days=1), first + (last - first) // 2}:
            assert life.on(day, subject, ORDERS) == state


@given(st.dates(date(1930, 1, 1), date(2000, 12, 31)), st.dates(date(2001, 1, 1), date(2030, 12, 31)))
def test_bands_of_age_are_those_of_completed_years(birth: date, day: date) -> None:
    years = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    band = pieces.age_band(birth, day)
    low = 0 if band == AGE_BANDS[0] else int(band[:2])
    assert low <= years
    assert years <= {0: 24, 60: 200}.get(low, low + 4)


@pytest.mark.parametrize(
    ("subject", "qualified", "expected"),
    [("语文", ["语文"], False), ("语文", ["数学"], True), ("语文", ["全科"], False), ("语文", [], Reason.UNKNOWN), ("语文", ["数学", ""], Reason.UNKNOWN),
     ("", ["数学"], Reason.NOT_APPLICABLE), ("不任课", [], Reason.NOT_APPLICABLE)],
)  # fmt: skip
def test_teaching_outside_the_subject_is_unknown_while_certificates_are(subject: str, qualified: list[str], expected: object) -> None:
    assert pieces.off_subject(subject, qualified) is expected
