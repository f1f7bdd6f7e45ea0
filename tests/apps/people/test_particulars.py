"""What identifies a person: checked, once in a place, masked in the log, kept when it is not stated."""

from __future__ import annotations

from datetime import date

import pytest

from xingtan.apps.base.audit.models import Event
from xingtan.apps.base.people import services
from xingtan.apps.base.people.identity import number_faults
from xingtan.apps.base.people.models import Person
from xingtan.kernel.errors import XingtanError

GOOD = "220523199912310014"


def codes(error: XingtanError) -> list[str]:
    return [issue.code for issue in error.issues]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("220523199912310016", "people.id_number"),
        ("220523199913310019", "people.id_number"),
        ("2205231999123100", "people.id_number"),
        ("220523199912310000", "people.id_destroyed"),
        ("2.20523E+17", "people.id_destroyed"),
        ("2.20523199912310E+17", "people.id_destroyed"),
        ("220523991231001", "people.id_old"),
        ("二二〇五二三", "people.id_number"),
    ],
)
def test_a_wrong_number_is_refused_with_its_reason(number, code):
    (found,) = number_faults("", number, "", None)
    assert (found.code, found.where.field) == (code, "id_number")
    assert found.hint


def test_birth_and_sex_must_agree_and_are_taken_from_the_number(cast, actor):
    with pytest.raises(XingtanError) as caught:
        services.person_create(place=cast.place, name="甲", actor=actor, sex="女", birth=date(1999, 12, 30), id_number=GOOD)
    assert codes(caught.value) == ["people.id_birth", "people.id_sex"]
    made = services.person_create(place=cast.place, name="甲", actor=actor, id_number=f" {GOOD.lower()} ")
    assert (made.birth, made.sex, made.id_kind) == (date(1999, 12, 31), "男", "居民身份证")


def test_other_documents_have_other_rules(cast, actor):
    made = services.person_create(place=cast.place, name="甲", actor=actor, id_kind="护照", id_number="e1234567 8")
    assert made.id_number.plain() == "E12345678"
    with pytest.raises(XingtanError) as caught:
        services.person_create(place=cast.place, name="乙", actor=actor, id_kind="驾照", id_number="护")
    assert codes(caught.value) == ["people.id_kind", "people.id_foreign"]


def test_a_number_counts_once_in_a_place(cast, actor):
    first = services.person_create(place=cast.place, name="甲", actor=actor, id_number=GOOD)
    with pytest.raises(XingtanError) as caught:
        services.person_create(place=cast.place, name="乙", actor=actor, id_number=GOOD)
    assert codes(caught.value) == ["people.id_taken"]
    assert "甲" not in str(caught.value.issues[0].message)
    services.person_create(place=cast.other, name="丙", actor=actor, id_number=GOOD)
    Person.objects.filter(pk=first.pk).update(merged_into=services.person_create(place=cast.place, name="丁", actor=actor).pk)
    services.person_create(place=cast.place, name="乙", actor=actor, id_number=GOOD)


def test_what_is_not_named_stays_and_an_empty_text_clears(cast, actor):
    person = services.person_create(place=cast.place, name="甲", actor=actor, id_number=GOOD, phone="13804350001", ethnic="满族")
    known = {"name": "甲", "sex": "男", "birth": date(1999, 12, 31), "actor": actor}
    changed = services.person_change(person=person, version=1, phone="", **known)
    assert (changed.phone.plain(), changed.phone_index, changed.id_number.plain(), changed.ethnic) == ("", "", GOOD, "满族")


def test_the_log_holds_masks_and_a_change_behind_one_mask_is_a_change(cast, actor):
    person = services.person_create(place=cast.place, name="甲", actor=actor, id_number=GOOD, phone="13804350001")
    services.person_change(person=person, version=1, name="甲", sex="男", birth=date(1999, 12, 31), phone="13899990001", actor=actor)
    made, changed = Event.objects.filter(action__in=["person.create", "person.change"]).order_by("-sequence")[:2][::-1]
    assert changed.was["phone"] == changed.became["phone"] == "138●●●●●●01"
    for event in (made, changed):
        assert GOOD not in event.before + event.after
        assert "13804350001" not in event.before + event.after


def test_faults_come_all_at_once(cast, actor):
    with pytest.raises(XingtanError) as caught:
        services.person_create(
            place=cast.place, name="", sex="雄", actor=actor, phone="电话见家长", address="长" * 201, former_name="前\x00名", id_number="1"
        )
    assert codes(caught.value) == ["text.empty", "people.sex", "text.control", "text.long", "people.phone", "people.id_number"]


def test_the_page_shows_masks_and_an_empty_field_changes_nothing(cast, client_of, actor):
    person = services.person_create(
        place=cast.place, name="甲", actor=actor, id_number=GOOD, phone="13804350001", first=services.Appointment(cast.school, "teacher")
    )
    client = client_of("principal")
    page = client.get(f"/p/xishan/people/{person.pk}/").content.decode()
    assert "220●●●●●●●●●●●●●14" in page
    assert GOOD not in page
    form = client.get(f"/p/xishan/people/{person.pk}/edit/").content.decode()
    assert GOOD not in form
    assert "13804350001" not in form
    data = {
        "name": "甲",
        "sex": "男",
        "birth": "1999-12-31",
        "note": "",
        "version": 1,
        "phone": "清空",
        "id_number": "",
        "address": "东溪镇",
    }
    assert client.post(f"/p/xishan/people/{person.pk}/edit/", data).status_code == 302
    person.refresh_from_db()
    assert (person.id_number.plain(), person.phone.plain(), person.address.plain()) == (GOOD, "", "东溪镇")
