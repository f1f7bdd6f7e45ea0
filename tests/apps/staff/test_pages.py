from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from zipfile import ZipFile

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook
from tests.cast import Cast

from xingtan.apps.base.audit.models import Event
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.staff.models import Employment, Secondment, TitleHolding

Clients = Callable[[str], Client]
Staff = dict[str, Person]


def text(client: Client, path: str, **query: str) -> str:
    answer = client.get(path, query, headers={"accept-language": "zh-hans"})
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_the_list_shows_whom_the_reader_may_see_and_filters(client_of: Clients, staffroom: Staff) -> None:
    county = text(client_of("statistician"), "/p/xishan/staff/")
    assert all(name in county for name in ("文静", "舒远", "殷悦"))
    own = text(client_of("principal"), "/p/xishan/staff/")
    assert "文静" in own
    assert "殷悦" not in own
    special = text(client_of("statistician"), "/p/xishan/staff/", establishment="特岗")
    assert "舒远" in special
    assert "文静" not in special
    assert "文静" in text(client_of("statistician"), "/p/xishan/staff/", q="wj")
    assert "文静" not in text(client_of("statistician"), "/p/xishan/staff/", org="XS-2")
    assert (
        "文静" not in text(client_of("statistician"), "/p/xishan/staff/", export="xlsx").split("<main", 1)[1]
    )  # it asks for the reason first
    book = client_of("statistician").post("/p/xishan/staff/?export=xlsx", {"reason": "核对", "to": "inside"})
    assert Event.objects.latest("pk").action == "export.staff"
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows if row[0] in {"文静", "舒远", "殷悦"}] == ["舒远", "文静", "殷悦"]


def test_holdings_and_holders_are_told_apart(client_of: Clients, staffroom: Staff) -> None:
    page = text(client_of("statistician"), "/p/xishan/staff/titles/")
    ladder = page.partition("梯队")[2].partition("</section>")[0]
    cells = [part.partition("<")[0] for part in ladder.split('class="col-number">')[1:]]
    numbers = [int(cell) for cell in cells if cell.isdigit()]
    assert numbers == [2, 2, 2, 1, 1, 1]  # 县级: 2 holdings, 2 persons, 2 there or higher; 州级: one, who is among the two


def test_a_file_gathers_everything_and_a_stranger_finds_none(client_of: Clients, staffroom: Staff) -> None:
    address = f"/p/xishan/staff/{staffroom['wen'].pk}/"
    page = text(client_of("principal"), address)
    for said in ("东溪中学", "语文", "本科", "骨干教师", "州级", "一级", "骨干型", "下乡支教", "西岭九年一贯制学校", "帮扶合同"):
        assert said in page
    assert client_of("teacher").get(address).status_code == 404
    # who is lent a teacher sees the file, and may not change it
    host = text(client_of("principal_west"), address)
    assert "文静" in host
    assert f"/staff/{staffroom['wen'].pk}/title/" in page


def test_a_host_may_see_the_file_and_changes_nothing_of_the_sender(client_of: Clients, staffroom: Staff) -> None:
    loan, job = Secondment.objects.get(), Employment.objects.get(person=staffroom["wen"])
    for thing, pk, verb in (("loan", loan.pk, "end"), ("employment", job.pk, "end")):
        assert client_of("principal_west").get(f"/p/xishan/staff/{thing}/{pk}/{verb}/").status_code == 404


def test_a_teacher_reads_his_own_file_only(cast: Cast, client_of: Clients, staffroom: Staff) -> None:
    account = cast.accounts["teacher"]
    account.person = staffroom["wen"]
    account.save()
    client = client_of("teacher")
    answer = client.get("/me/file/")
    assert answer.status_code == 302
    assert "我的业务档案" in text(client, answer["Location"])
    assert client.get(f"/p/xishan/staff/{staffroom['yin'].pk}/").status_code == 404
    assert client.get(f"/p/xishan/staff/{staffroom['wen'].pk}/title/").status_code == 404


@pytest.mark.parametrize("kind", ["xlsx", "docx", "pdf"])
def test_a_file_can_be_taken_along(client_of: Clients, staffroom: Staff, kind: str) -> None:
    answer = client_of("principal").get(f"/p/xishan/staff/{staffroom['wen'].pk}/file.{kind}")
    assert answer.status_code == 200
    assert Event.objects.latest("pk").action == "export.file"
    if kind == "xlsx":
        book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
        assert "交流支教" in book.sheet_names
        assert any("导出人" in row for row in book.get_sheet_by_index(0).to_python())
    elif kind == "docx":
        assert "骨干教师" in ZipFile(io.BytesIO(answer.content)).read("word/document.xml").decode()
    else:
        assert answer.content.startswith(b"%PDF")


def test_a_person_is_hired_changed_titled_lent_and_leaves(cast: Cast, client_of: Clients) -> None:
    client = client_of("principal")
    form = {
        "name": "新来", "sex": "女", "birth": "1995-03-01", "org": "XS-11", "establishment": "在编", "category": "专任教师", "stage": "初中",
        "subject": "外语", "channel": "公开招聘", "day": "2018-09-01", "basis": "",
    }  # fmt: skip
    made = client.post("/p/xishan/staff/new/", form)
    assert made.status_code == 302
    person = Person.objects.get(name="新来")
    again = client.post("/p/xishan/staff/new/", form)
    assert again.status_code == 422
    assert "已有同名同生日的人员" in again.content.decode()
    assert Person.objects.filter(name="新来").count() == 1
    base = f"/p/xishan/staff/{person.pk}"
    assert client.post(f"{base}/title/", {"series": "骨干教师", "level": "县级", "day": "2019-09-10"}).status_code == 302
    wrong = client.post(f"{base}/title/", {"series": "骨干教师", "level": "县级", "day": "2020-09-10"})
    assert wrong.status_code == 422
    assert "已有这一称号" in wrong.content.decode()
    lent = {"kind": "支教", "sender": "XS-11", "host": "XS-21", "day": "2020-09-01", "until": "2021-07-01"}
    assert client.post(f"{base}/lend/", lent).status_code == 302
    loan = Secondment.objects.get(person=person)
    verdict = {"version": 1, "grade": "优秀", "day": "2021-07-02"}
    assert client.post(f"/p/xishan/staff/loan/{loan.pk}/evaluate/", verdict).status_code == 302
    job = Employment.objects.get(person=person)
    change = {**form, "version": 1, "day": "2022-09-01", "subject": "信息科技"}
    assert client.post(f"/p/xishan/staff/employment/{job.pk}/change/", change).status_code == 302
    latest = Employment.objects.filter(person=person).latest("valid_from")
    assert (latest.subject, latest.valid_from) == ("信息科技", date(2022, 9, 1))
    left = client.post(f"/p/xishan/staff/employment/{latest.pk}/end/", {"version": 1, "day": "2024-08-01", "reason": "调出"})
    assert left.status_code == 302
    assert not Employment.objects.on(date(2024, 8, 1)).filter(person=person).exists()
    assert TitleHolding.objects.on(date(2024, 8, 1)).filter(person=person).exists()


def test_nobody_employs_at_a_school_that_is_not_his(client_of: Clients, staffroom: Staff) -> None:
    form = {"name": "外人", "org": "XS-21", "establishment": "在编", "category": "专任教师", "day": "2018-09-01"}
    answer = client_of("principal").post("/p/xishan/staff/new/", form)
    assert answer.status_code == 422
    assert not Person.objects.filter(name="外人").exists()
