"""The pages of pupils: search, filters, forms with all faults, what is masked, files of lists."""

from __future__ import annotations

from datetime import date

import pytest
from tests.apps.pupils.helpers import START, admit, citizen_number, open_class
from tests.cast import ACTOR

from xingtan.apps.base.audit.models import Event
from xingtan.apps.base.orgs.selectors import active_pack
from xingtan.apps.base.pupils import selectors
from xingtan.apps.base.pupils.checks import Facts, Kin
from xingtan.apps.base.pupils.grades import grades
from xingtan.apps.base.pupils.models import Pupil
from xingtan.apps.base.pupils.rules import Rules
from xingtan.apps.base.pupils.services import flag_set

BIRTH = date(2012, 5, 6)
NUMBER = citizen_number(BIRTH)
LIST = "/p/xishan/pupils/"


@pytest.fixture
def pupil(cast):
    facts = Facts({"home_address": "东溪镇柳湾村三组十二号院"}, (Kin("母亲", "李秀英", "13912345678"),))
    row = open_class(cast.school)
    made = admit(
        cast.school, "𠮷小转", id_number=NUMBER, phone="13700002222", facts=facts, school_class=row, boarding=True, residence="农村"
    )
    admit(cast.school, "另一人")
    flag_set(pupil=made, kind="留守", day=START, actor=ACTOR)
    return made


@pytest.mark.parametrize(
    "query",
    [
        "q=小转", "q=xz", f"q={NUMBER}", "q=139 1234 5678", "q=13700002222", "boarding=1", "residence=农村", "flag=留守", "temporary=0",
        "sex=男", "grade=初中|1&q=小转",
    ],
)  # fmt: skip
def test_a_pupil_is_found(pupil, client_of, query):
    page = client_of("registrar").get(f"{LIST}?{query}").content.decode()
    assert "𠮷小转" in page
    assert "另一人" not in page


def test_the_number_is_found_by_its_beginning(pupil, client_of):
    assert "𠮷小转" in client_of("registrar").get(f"{LIST}?q={pupil.number[:8]}").content.decode()


def test_pages_show_masks_only(pupil, client_of):
    client = client_of("registrar")
    for path in (LIST, f"{LIST}{pupil.pk}/", f"{LIST}{pupil.pk}/edit/", f"{LIST}{pupil.pk}/guardians/"):
        page = client.get(path).content.decode()
        for secret in (NUMBER, "13700002222", "13912345678", "李秀英", "柳湾村三组"):
            assert secret not in page, path
    assert "留守" in client.get(f"{LIST}{pupil.pk}/").content.decode()


def test_an_edit_leaves_sealed_fields_alone_unless_told(pupil, client_of):
    client = client_of("registrar")
    form = {
        "name": "𠮷小转",
        "sex": "男",
        "birth": BIRTH.isoformat(),
        "id_kind": "居民身份证",
        "version": "1",
        "ethnic": "满族",
        "number": pupil.number,
    }
    assert client.post(f"{LIST}{pupil.pk}/edit/", form).status_code == 302
    kept = Pupil.objects.select_related("person").get(pk=pupil.pk)
    assert (kept.person.ethnic, kept.person.id_number.plain(), kept.home_address.plain()) == ("满族", NUMBER, "东溪镇柳湾村三组十二号院")
    again = {**form, "version": "2", "home_address": "清空", "phone": "13811112222"}
    assert client.post(f"{LIST}{pupil.pk}/edit/", again).status_code == 302
    kept = Pupil.objects.select_related("person").get(pk=pupil.pk)
    assert (bool(kept.home_address), kept.person.phone.plain()) == (False, "13811112222")
    stale = client.post(f"{LIST}{pupil.pk}/edit/", again)
    assert stale.status_code == 422
    assert "刚刚被别人改过" in stale.content.decode()


def test_all_faults_of_a_new_pupil_are_told_at_once(pupil, client_of):
    form = {
        "name": "张" * 5000,
        "id_number": "220523201205060000",
        "school": "XS-11",
        "grade": "初中|1",
        "day": "2099-01-01",
        "postcode": "12",
    }
    page = client_of("registrar").post(f"{LIST}new/", form)
    text = page.content.decode()
    assert page.status_code == 422
    for said in ("太长", "证件号像是被电子表格改坏了", "还没有到", "6 位数字"):
        assert said in text


def test_a_duplicate_is_linked_only_for_who_may_see_it(pupil, client_of):
    form = {"name": "𠮷小转", "id_number": NUMBER, "school": "XS-21", "grade": "初中|1", "day": "2025-09-01"}
    west = client_of("registrar_west").post(f"{LIST}new/", form).content.decode()
    assert "已在本县另一所学校有学籍，请发起转学" in west
    assert f"{LIST}{pupil.pk}/" not in west
    county = client_of("statistician").post(f"{LIST}new/", form).content.decode()
    assert f"{LIST}{pupil.pk}/" in county


def test_a_list_goes_out_with_a_reason_and_without_secrets(pupil, client_of):
    client = client_of("registrar")
    assert "导出事由" in client.get(f"{LIST}?export=xlsx").content.decode()
    done = client.post(f"{LIST}?export=xlsx", {"reason": "开学核对", "to": "inside"})
    assert done["Content-Type"].startswith("application/vnd")
    assert Event.objects.get(action="export.pupils").reason == "开学核对"
    assert client_of("homeroom").get(f"{LIST}?export=xlsx").status_code == 403


def test_which_marks_are_told_to_whoever_sees_the_pupil_is_the_packs_to_say(pupil, client_of):
    flag_set(pupil=pupil, kind="特困", day=START, actor=ACTOR)
    told = client_of("registrar").get(f"{LIST}{pupil.pk}/").content.decode()
    assert "留守" in told
    assert "特困" not in told
    pack = active_pack(pupil.place)
    table = pack.codes["pupil_flag_kind"]
    shut = table.model_copy(update={"codes": tuple(code.model_copy(update={"open": code.code == "特困"}) for code in table.codes)})
    law = Rules(pack.model_copy(update={"codes": {**pack.codes, table.id: shut}}), grades(pupil.place))
    assert {selectors.flag_word(flag, law) for flag in pupil.flags.all()} == {"", "特困"}
