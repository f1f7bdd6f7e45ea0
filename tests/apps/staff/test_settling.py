"""Staff goes along when schools merge, stands in the way of a closure, and comes back when the merger is undone."""

from __future__ import annotations

from datetime import date

import pytest
from tests.apps.staff.conftest import employ
from tests.cast import ACTOR, Cast

from xingtan.apps.base.orgs import services as orgs
from xingtan.apps.base.orgs.acts import New
from xingtan.apps.base.orgs.models import FOREVER
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.staff.models import Employment
from xingtan.apps.base.staff.services import employment
from xingtan.kernel.errors import XingtanError

DAY = date(2012, 9, 1)


def spells(person: Person) -> list[tuple[str, date, date]]:
    rows = Employment.objects.filter(person=person).select_related("org").order_by("valid_from", "pk")
    return [(row.org.code, row.valid_from, row.valid_to) for row in rows if row.valid_from < row.valid_to]


def merge(cast: Cast):
    new = New("XS-9", "溪山联合中学", "nine_year_school", "XS-1")
    return orgs.orgs_merge(sources=[cast.org("XS-11"), cast.org("XS-21")], into=new, day=DAY, actor=ACTOR)


def test_whoever_worked_at_a_school_that_is_merged_works_where_it_carries_on(cast: Cast, staffroom: dict[str, Person]) -> None:
    late = employ(cast, "迟来", "XS-11", day=date(2013, 9, 1))
    before = {person.pk: spells(person) for person in (*staffroom.values(), late)}
    act = merge(cast)
    assert spells(staffroom["wen"]) == [("XS-11", date(2009, 9, 1), DAY), ("XS-9", DAY, FOREVER)]
    assert spells(late) == [("XS-9", date(2013, 9, 1), FOREVER)]
    orgs.act_undo(act=act, actor=ACTOR)
    assert {person.pk: spells(person) for person in (*staffroom.values(), late)} == before


def test_a_merger_is_not_undone_over_a_later_change(cast: Cast, staffroom: dict[str, Person]) -> None:
    act = merge(cast)
    moved = Employment.objects.get(person=staffroom["wen"], valid_to=FOREVER)
    employment.end(employment=moved, version=1, day=date(2014, 1, 1), reason="调出", actor=ACTOR)
    with pytest.raises(XingtanError) as error:
        orgs.act_undo(act=act, actor=ACTOR)
    assert "文静" in str(error.value)


def test_a_school_with_staff_is_not_closed(cast: Cast, staffroom: dict[str, Person]) -> None:
    with pytest.raises(XingtanError) as error:
        orgs.org_close(org=cast.org("XS-21"), day=DAY, actor=ACTOR)
    assert "教职工" in str(error.value)
    row = Employment.objects.get(person=staffroom["yin"])
    employment.end(employment=row, version=1, day=DAY, reason="退休", actor=ACTOR)
    orgs.org_close(org=cast.org("XS-21"), day=DAY, actor=ACTOR)
