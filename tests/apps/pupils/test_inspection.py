"""`people check`: a clean register has no finding, and each inconsistency is found by its own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from tests.apps.pupils.helpers import GROUND, START, admit, citizen_number, open_class, propose

from xingtan.apps.base.orgs.models import Organisation
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.pupils.inspection import inspect
from xingtan.apps.base.pupils.models import Enrolment, Pupil, SchoolClass, Transfer
from xingtan.apps.base.pupils.services import pupil_suspend

BIRTH = date(2012, 5, 6)


@pytest.fixture
def pupil(cast):
    """Somebody with a number, in a class, of the right grade."""
    year = timezone.localdate().year if timezone.localdate().month >= 9 else timezone.localdate().year - 1
    row = open_class(cast.school, year=year)
    return admit(cast.school, "张三", id_number=citizen_number(BIRTH), day=date(year, 9, 1), school_class=row)


def codes(cast) -> set[str]:
    return {issue.code.removeprefix("pupils.") for issue in inspect(cast.place)}


def test_a_clean_register_has_no_finding(cast, pupil):
    assert codes(cast) == set()


def _overlap(pupil):
    """Written past the services; PostgreSQL would refuse the second spell."""
    spell = pupil.spells.get()
    Enrolment.objects.filter(pk=spell.pk).update(valid_to=spell.valid_from + timedelta(days=30))
    Enrolment.objects.create(
        place=pupil.place, pupil=pupil, school=spell.school, stage="初中", grade=1, valid_from=spell.valid_from + timedelta(days=10)
    )


def _closed(pupil):
    Organisation.objects.get(pk=pupil.spells.get().school_id).spells.update(valid_to=timezone.localdate())


def _class_elsewhere(pupil):
    SchoolClass.objects.update(school=Organisation.objects.get(code="XS-21"))


def _class_past(pupil):
    SchoolClass.objects.create(school=pupil.spells.get().school, stage="初中", entry_year=2015, number=1, valid_from=date(2015, 9, 1))


def _class_stage(pupil):
    SchoolClass.objects.create(school=pupil.spells.get().school, stage="小学", entry_year=2024, number=1, valid_from=date(2024, 9, 1))


def _grade(pupil):
    pupil.spells.update(grade=2)


def _birth(pupil):
    Person.objects.filter(pk=pupil.person_id).update(birth=timezone.localdate())


def _temporary(pupil):
    Pupil.objects.filter(pk=pupil.pk).update(temporary=True, since=START)


def _suspect(pupil):
    admit(pupil.spells.get().school, "张三", birth=BIRTH, day=timezone.localdate())


def _late(pupil):
    propose(pupil, Organisation.objects.get(code="XS-21"))
    Transfer.objects.update(deadline=START)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_overlap, "overlap"), (_closed, "closed_school"), (_class_elsewhere, "class_other"), (_class_past, "class_past"),
        (_class_stage, "class_stage"), (_grade, "grade"), (_birth, "birth"), (_temporary, "temporary"), (_suspect, "suspect"),
        (_late, "transfer_late"),
    ],
)  # fmt: skip
def test_each_inconsistency_is_found(cast, pupil, spoil, code):
    if spoil is _overlap and connection.vendor == "postgresql":
        pytest.skip("PostgreSQL refuses the rows themselves")
    spoil(pupil)
    assert code in codes(cast)
    told = " ".join(str(issue) for issue in inspect(cast.place))
    assert "张三" not in told
    assert pupil.number not in told


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the constraint is PostgreSQL's")
def test_postgresql_refuses_two_spells_on_one_day(pupil):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        _overlap(pupil)


def test_undone_spells_are_no_finding(cast, pupil):
    from tests.cast import ACTOR

    from xingtan.apps.base.pupils.services import act_undo

    movement = pupil_suspend(pupil=pupil, day=timezone.localdate(), ground=GROUND)
    act_undo(act=movement.act, reason="误", actor=ACTOR)
    assert codes(cast) == set()
