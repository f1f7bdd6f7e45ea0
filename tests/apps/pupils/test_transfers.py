"""Transfers by two schools: proposed, answered, told, undone; counted exactly once on every date."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.apps.pupils.helpers import GROUND, START, admit, citizen_number, propose, spells
from tests.cast import ACTOR

from xingtan.apps.base.notices.models import Notice
from xingtan.apps.base.pupils.models import Enrolment, Transfer
from xingtan.apps.base.pupils.policies import pupils as pupil_policy
from xingtan.apps.base.pupils.policies import spells as spell_policy
from xingtan.apps.base.pupils.services import act_undo, pupil_leave
from xingtan.apps.base.pupils.services.transfers import (
    Proposal,
    transfer_accept,
    transfer_refuse,
    transfer_request,
    transfer_withdraw,
    transfers_expire,
)  # fmt: skip
from xingtan.kernel.errors import XingtanError

State = Transfer.State


def codes(refused) -> set[str]:
    return {issue.code for issue in refused.value.issues}


def test_acceptance_alone_moves_the_pupil_and_both_are_told(cast):
    pupil, target = admit(cast.school, "王小转"), cast.org("XS-21")
    before = spells(pupil)
    transfer = propose(pupil, target, date(2025, 3, 1))
    assert spells(pupil) == before
    told = Notice.objects.filter(account=cast.accounts["registrar_west"])
    assert told.count() == 1
    transfer_accept(transfer=transfer, actor=ACTOR)
    assert [(spell[0], spell[6], spell[7]) for spell in spells(pupil)] == [
        (cast.school.pk, START, date(2025, 3, 1)),
        (target.pk, date(2025, 3, 1), date(9999, 12, 31)),
    ]
    assert Notice.objects.filter(account=cast.accounts["registrar"]).exists()
    assert not any("王小转" in f"{notice.template}{notice.params}" for notice in Notice.objects.all())


def test_a_refusal_and_a_withdrawal_leave_everything_as_it_was(cast):
    pupil, target = admit(cast.school), cast.org("XS-21")
    before = spells(pupil)
    with pytest.raises(XingtanError):
        transfer_refuse(transfer=propose(pupil, target), actor=ACTOR, answer=" ")
    transfer_refuse(transfer=Transfer.objects.get(), actor=ACTOR, answer="学位已满")
    transfer_withdraw(transfer=propose(pupil, target), actor=ACTOR)
    assert spells(pupil) == before
    assert sorted(Transfer.objects.values_list("state", flat=True)) == ["refused", "withdrawn"]


def test_two_proposals_at_once_and_a_movement_meanwhile_are_refused(cast):
    pupil, target = admit(cast.school), cast.org("XS-21")
    transfer = propose(pupil, target)
    with pytest.raises(XingtanError) as twice:
        propose(pupil, target)
    assert codes(twice) == {"pupils.in_transfer"}
    with pytest.raises(XingtanError) as left:
        pupil_leave(pupil=pupil, day=timezone.localdate(), to="外县", ground=GROUND)
    assert codes(left) == {"pupils.in_transfer"}
    transfer_accept(transfer=transfer, actor=ACTOR)
    with pytest.raises(XingtanError) as answered:
        transfer_accept(transfer=transfer, actor=ACTOR)
    assert codes(answered) == {"pupils.answered"}


def test_the_future_is_allowed_only_within_the_packs_horizon(cast):
    pupil, target, today = admit(cast.school), cast.org("XS-21"), timezone.localdate()
    with pytest.raises(XingtanError) as late:
        propose(pupil, target, today + timedelta(days=31))
    assert codes(late) == {"pupils.future"}
    day = today + timedelta(days=30)
    transfer_accept(transfer=propose(pupil, target, day), actor=ACTOR)
    roll = Enrolment.objects.filter(pupil=pupil)
    assert [roll.on(when).get().school_id for when in (today, day)] == [cast.school.pk, target.pk]


def test_a_school_of_another_stage_or_place_is_refused(cast):
    pupil = admit(cast.school)
    with pytest.raises(XingtanError) as stage:
        propose(pupil, cast.org("XS-22"))
    assert codes(stage) == {"pupils.stage"}
    with pytest.raises(XingtanError) as place:
        propose(pupil, cast.org("SQ-1"))
    assert "pupils.other_place" in codes(place)


def test_the_other_school_asks_by_number_and_name_together(cast):
    number, target = citizen_number(date(2012, 5, 6)), cast.org("XS-21")
    admit(cast.school, "张三", id_number=number)
    wanted = Proposal(target, target, timezone.localdate(), evidence="家长申请")
    with pytest.raises(XingtanError) as unknown:
        transfer_request(place=cast.place, number=number, name="李四", wanted=wanted, actor=ACTOR)
    assert codes(unknown) == {"pupils.unknown"}
    transfer = transfer_request(place=cast.place, number=number, name="张三", wanted=wanted, actor=ACTOR)
    assert transfer.source == cast.school
    assert Notice.objects.filter(account=cast.accounts["registrar"]).exists()


def test_what_nobody_answers_expires(cast):
    transfer = propose(admit(cast.school), cast.org("XS-21"))
    assert transfers_expire(place=cast.place, actor=ACTOR) == 0
    assert transfers_expire(place=cast.place, actor=ACTOR, today=transfer.deadline + timedelta(days=1)) == 1
    transfer.refresh_from_db()
    assert transfer.state == State.EXPIRED


def test_undoing_a_transfer_puts_the_pupil_back(cast):
    pupil = admit(cast.school)
    before = spells(pupil)
    done = transfer_accept(transfer=propose(pupil, cast.org("XS-21"), date(2025, 3, 1)), actor=ACTOR)
    act_undo(act=done.act, reason="误办", actor=ACTOR)
    assert spells(pupil) == before


def test_the_old_school_sees_what_was_there_and_not_what_came_later(cast):
    pupil = admit(cast.school)
    transfer_accept(transfer=propose(pupil, cast.org("XS-21"), date(2025, 3, 1)), actor=ACTOR)
    east, west = cast.accounts["registrar"], cast.accounts["registrar_west"]
    assert pupil_policy.can_on(east, "pupil.view", pupil)
    assert not pupil_policy.can_on(east, "pupil.manage", pupil)
    assert pupil_policy.can_on(west, "pupil.manage", pupil)
    assert pupil_policy.until(east, pupil) == date(2025, 3, 1)
    assert [one.school_id for one in spell_policy.visible(east, "pupil.view", Enrolment.objects.filter(pupil=pupil))] == [cast.school.pk]


def test_the_old_schools_page_hides_what_came_later(cast, client_of):
    pupil = admit(cast.school, "王小转", phone="13912345678")
    transfer_accept(transfer=propose(pupil, cast.org("XS-21"), date(2025, 3, 1)), actor=ACTOR)
    old = client_of("registrar").get(f"/p/xishan/pupils/{pupil.pk}/").content.decode()
    new = client_of("registrar_west").get(f"/p/xishan/pupils/{pupil.pk}/").content.decode()
    assert "西岭九年一贯制学校" not in old.replace("转往西岭九年一贯制学校", "")
    assert "139" not in old
    assert "西岭九年一贯制学校" in new
    assert "东溪中学" in new  # the record came along


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(0, 3), st.integers(1, 60)), min_size=1, max_size=8))
def test_counted_once_on_every_date(cast, steps):
    """However transfers, departures and undoing follow one another, a pupil is on at most one roll on every date."""
    schools = [cast.school, cast.org("XS-21")]
    pupil, day = admit(cast.school), START
    for which, later in steps:
        day = min(day + timedelta(days=later), timezone.localdate())
        with suppress(XingtanError, IndexError), transaction.atomic():
            if which < 2:
                transfer_accept(transfer=propose(pupil, schools[which], day), actor=ACTOR)
            elif which == 2:
                pupil_leave(pupil=pupil, day=day, to="外县", ground=GROUND)
            else:
                act_undo(act=pupil.movements.filter(undone=False).order_by("-day", "-pk")[0].act, reason="试", actor=ACTOR)
    found = spells(pupil)
    for one in sorted({row[6] for row in found} | {row[7] for row in found}):
        assert sum(row[6] <= one < row[7] for row in found) <= 1
    assert all(a[7] <= b[6] for a, b in pairwise(found))
