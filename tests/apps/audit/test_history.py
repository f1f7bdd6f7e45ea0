"""One record's whole history in words, and who saw a sensitive field of whom."""

from __future__ import annotations

from datetime import date

from tests.apps.access.test_purposes import granted
from tests.cast import ACTOR

from xingtan.apps.base.access import unmask
from xingtan.apps.base.people import services
from xingtan.apps.base.people.services import Appointment
from xingtan.apps.record.ledgers.services import record_change, record_create

PHONE = "13804350001"


def made(cast):
    return services.person_create(place=cast.place, name="甲师", actor=ACTOR, phone=PHONE, first=Appointment(cast.school, "teacher"))


def test_a_persons_history_from_the_beginning(cast, client_of):
    person = made(cast)
    services.person_change(person=person, version=1, name="甲老师", sex="女", actor=cast.accounts["principal"].actor)
    person.refresh_from_db()
    granted(cast)
    unmask.reveal(account=cast.accounts["registrar"], row=person, field="phone", purpose="registry_check", reason="核对新生学籍")
    auditor = client_of("auditor")
    assert "操作历史" in auditor.get(f"/p/xishan/people/{person.pk}/").content.decode()
    page = auditor.get(f"/p/xishan/audit/of/people.person/{person.pk}/").content.decode()
    for words in ("新增人员甲师", "姓名：甲师 → 甲老师", "性别：— → 女", "严师", "查看甲老师的敏感信息", "核对新生学籍"):
        assert words in page, words
    assert PHONE not in page
    rows = page.split("<tbody", 1)[1]
    assert rows.index("查看甲老师") < rows.index("新增人员"), "the latest first"
    assert client_of("principal").get(f"/p/xishan/audit/of/people.person/{person.pk}/").status_code == 403
    assert "操作历史" not in client_of("principal").get(f"/p/xishan/people/{person.pk}/").content.decode()
    assert auditor.get("/p/xishan/audit/of/people.person/0/").status_code == 404
    assert auditor.get(f"/p/xishan/audit/of/people.person/{person.pk}/?export=xlsx").content[:2] == b"PK"


def test_a_ledger_row_with_all_its_versions(cast, client_of):
    texts = {"org": "XS-11", "period": "2008-2009", "stage": "初中", "pupils": "300"}
    row = record_create(actor=ACTOR, place=cast.place, ledger="enrolment", texts=texts, today=date(2009, 9, 1))
    now = record_change(actor=ACTOR, record=row, seen=row.pk, texts={**texts, "pupils": "310"}, today=date(2009, 9, 2), reason="复核")
    for pk in (row.pk, now.pk):
        page = client_of("auditor").get(f"/p/xishan/audit/of/ledgers.record/{pk}/").content.decode()
        assert "新增台账记录" in page
        assert "修改台账记录" in page
        assert "复核" in page


def test_an_organisation_and_its_acts(cast, client_of):
    org = cast.orgs["XS-22"]
    page = client_of("auditor").get(f"/p/xishan/audit/of/orgs.organisation/{org.pk}/")
    assert page.status_code in (200, 404)


def test_who_saw_what_of_whom(cast, client_of):
    person = made(cast)
    granted(cast)
    for reason in ("核对一", "核对二"):
        unmask.reveal(account=cast.accounts["registrar"], row=person, field="phone", purpose="registry_check", reason=reason)
    auditor = client_of("auditor")
    page = auditor.get("/p/xishan/audit/reveals/").content.decode()
    for words in ("籍东", "甲师", "电话", "核对学籍", "核对一", "核对二"):
        assert words in page
    assert "核对一" not in auditor.get("/p/xishan/audit/reveals/?q=核对二").content.decode()
    assert "没有" in auditor.get("/p/xishan/audit/reveals/?who=严师").content.decode()
    assert client_of("registrar").get("/p/xishan/audit/reveals/").status_code == 403
