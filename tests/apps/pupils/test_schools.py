"""Schools merged, closed and split while pupils are there; and taken back."""

from __future__ import annotations

from datetime import date

import pytest
from tests.apps.pupils.helpers import GROUND, admit, open_class, spells
from tests.cast import ACTOR

from xingtan.apps.base.orgs.acts import Close, Merge
from xingtan.apps.base.orgs.previews import preview, undo_preview
from xingtan.apps.base.orgs.services import New, act_undo, org_close, orgs_merge
from xingtan.apps.base.pupils.models import SchoolClass
from xingtan.apps.base.pupils.services import pupil_leave
from xingtan.kernel.errors import XingtanError

DAY = date(2025, 8, 1)


def test_a_school_with_pupils_is_not_closed(cast):
    school = cast.org("XS-22")
    admit(school, stage="小学", grade=3)
    with pytest.raises(XingtanError) as refused:
        org_close(org=school, day=DAY, actor=ACTOR)
    assert {issue.code for issue in refused.value.issues} == {"orgs.left_behind"}
    seen = preview(cast.place, Close("XS-22", DAY))
    assert not seen.possible
    assert "小学 1" in str(seen.issues[0].message)


def test_a_merger_takes_pupils_and_classes_along_and_undo_restores(cast):
    small, large = cast.org("XS-22"), cast.org("XS-21")
    here, there = (open_class(school, "小学", 2022) for school in (small, large))
    pupil = admit(small, stage="小学", grade=3, school_class=here)
    stays = admit(large, stage="小学", grade=3, school_class=there)
    before = spells(pupil), spells(stays)
    assert preview(cast.place, Merge(("XS-22",), "XS-21", DAY)).possible
    act = orgs_merge(sources=[small], into=large, day=DAY, actor=ACTOR)
    moved = spells(pupil)
    assert [spell[0] for spell in moved] == [small.pk, large.pk]
    new = SchoolClass.objects.get(pk=moved[-1][3])
    assert (new.school_id, new.number, new.entry_year) == (large.pk, 2, 2022)
    act_undo(act=act, actor=ACTOR, reason="误办")
    assert (spells(pupil), spells(stays)) == before
    here.refresh_from_db()
    assert here.valid_to.year == 9999


def test_a_merger_into_a_new_school_is_undone_without_a_new_home(cast):
    small, other = cast.org("XS-22"), cast.org("XS-21")
    pupil = admit(small, stage="小学", grade=3, school_class=open_class(small, "小学", 2022))
    before = spells(pupil)
    act = orgs_merge(sources=[small, other], into=New("XS-23", "西岭新校", "complete_primary", "XS-2"), day=DAY, actor=ACTOR)
    assert undo_preview(cast.place, act, {}).possible
    act_undo(act=act, actor=ACTOR)
    assert spells(pupil) == before


def test_a_merger_is_not_undone_when_pupils_moved_on(cast):
    small, large = cast.org("XS-22"), cast.org("XS-21")
    pupil = admit(small, stage="小学", grade=3)
    act = orgs_merge(sources=[small], into=large, day=DAY, actor=ACTOR)
    pupil_leave(pupil=pupil, day=date(2025, 10, 1), to="外县某校", ground=GROUND)
    with pytest.raises(XingtanError) as refused:
        act_undo(act=act, actor=ACTOR)
    assert {issue.code for issue in refused.value.issues} == {"pupils.undo_order"}
