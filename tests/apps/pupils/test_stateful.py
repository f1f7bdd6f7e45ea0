"""Whatever clerks do in whatever order: spells never overlap, acts undo exactly, and the roll of every day stays what it was before."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from tests.apps.pupils.helpers import GROUND, START, admit, open_class, propose, spells
from tests.cast import ACTOR

from xingtan.apps.base.pupils.batching import ROLLOVER, Wanted, plan
from xingtan.apps.base.pupils.models import Act, Movement
from xingtan.apps.base.pupils.moving import Seat
from xingtan.apps.base.pupils.services import (
    act_undo,
    pupil_change_seat,
    pupil_drop,
    pupil_leave,
    pupil_repeat,
    pupil_resume,
    pupil_suspend,
)  # fmt: skip
from xingtan.apps.base.pupils.services.batches import batch_apply
from xingtan.apps.base.pupils.services.movements import Ground
from xingtan.apps.base.pupils.services.transfers import transfer_accept, transfer_refuse
from xingtan.kernel.errors import XingtanError

WHO = st.integers(0, 3)


class Register(RuleBasedStateMachine):
    """Two schools, four pupils, time that goes on. `seen` is what was in force before each act that stands."""

    cast = None

    @initialize()
    def begin(self):
        self.mark = transaction.savepoint()
        self.schools = [self.cast.school, self.cast.org("XS-21")]
        self.classes = [open_class(school) for school in self.schools]
        self.pupils = [admit(self.schools[n % 2], school_class=self.classes[n % 2]) for n in range(4)]
        self.day = START
        self.seen: dict[int, list] = {}

    def picture(self):
        return [spells(pupil) for pupil in self.pupils]

    def act(self, do):
        """Try something; what is refused must leave no trace, what is done is remembered with what was before."""
        before, acts = self.picture(), set(Act.objects.values_list("pk", flat=True))
        try:
            with transaction.atomic():
                do()
        except XingtanError:
            assert self.picture() == before
            return
        for pk in set(Act.objects.values_list("pk", flat=True)) - acts:
            self.seen[pk] = before

    @rule(days=st.integers(1, 90))
    def later(self, days):
        self.day = min(self.day + timedelta(days=days), timezone.localdate())

    @rule(who=WHO)
    def suspend(self, who):
        self.act(lambda: pupil_suspend(pupil=self.pupils[who], day=self.day, ground=GROUND))

    @rule(who=WHO, back=st.booleans())
    def resume(self, who, back):
        seat = Seat(self.schools[0], "初中", 1) if back else None
        self.act(lambda: pupil_resume(pupil=self.pupils[who], day=self.day, ground=GROUND, seat=seat))

    @rule(who=WHO)
    def drop(self, who):
        self.act(lambda: pupil_drop(pupil=self.pupils[who], day=self.day, ground=Ground(ACTOR, "走访", reason="厌学")))

    @rule(who=WHO)
    def leave(self, who):
        self.act(lambda: pupil_leave(pupil=self.pupils[who], day=self.day, to="外县", ground=GROUND))

    @rule(who=WHO)
    def repeat(self, who):
        self.act(lambda: pupil_repeat(pupil=self.pupils[who], day=self.day, ground=GROUND))

    @rule(who=WHO, at=st.integers(0, 1))
    def regroup(self, who, at):
        self.act(lambda: pupil_change_seat(pupil=self.pupils[who], day=self.day, ground=GROUND, school_class=self.classes[at]))

    @rule(who=WHO, to=st.integers(0, 1), yes=st.booleans())
    def transfer(self, who, to, yes):
        def both():
            row = propose(self.pupils[who], self.schools[to], self.day)
            if yes:
                transfer_accept(transfer=row, actor=ACTOR)
            else:
                transfer_refuse(transfer=row, actor=ACTOR, answer="学位已满")

        self.act(both)

    @rule(at=st.integers(0, 1))
    def rollover(self, at):
        school = self.schools[at]
        wanted = Wanted(ROLLOVER, school.pk, self.day.isoformat())
        self.act(lambda: batch_apply(org=school, wanted=wanted, digest=plan(school, wanted).digest, actor=ACTOR))

    @precondition(lambda self: getattr(self, "seen", None))
    @rule()
    def undo_the_last(self):
        """The latest act of all can be undone, and everything is as before it."""
        pk = max(self.seen)
        act = Act.objects.get(pk=pk)
        with suppress(XingtanError), transaction.atomic():
            act_undo(act=act, reason="试", actor=ACTOR)
            assert self.picture() == self.seen[pk]
        if Act.objects.get(pk=pk).undone:
            del self.seen[pk]

    @invariant()
    def once_on_every_date(self):
        if not hasattr(self, "pupils"):
            return
        for found in self.picture():
            assert all(a[7] <= b[6] for a, b in pairwise(found))
        standing = Movement.objects.filter(undone=False, begun__isnull=False)
        for movement in standing.select_related("begun"):
            assert movement.begun.valid_from == movement.day

    def teardown(self):
        if hasattr(self, "mark"):
            transaction.savepoint_rollback(self.mark)


@pytest.mark.django_db
def test_any_order_of_acts(cast):
    Register.cast = cast
    run_state_machine_as_test(
        Register, settings=settings(max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    )
