"""Sheets of staff and of timetables: every fault at once and nothing written, a preview, then one transaction."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.apps.pupils.helpers import citizen_number
from tests.apps.staff.conftest import employ
from tests.cast import ACTOR

from xingtan.apps.base.audit.verify import verify
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.pupils.services.classes import class_open
from xingtan.apps.base.staff.models import Assignment, Credential, Employment, TitleHolding

HEADS = (
    "姓名",
    "身份证件号",
    "性别",
    "出生日期",
    "学校",
    "编制",
    "岗位类别",
    "学段",
    "任教学科",
    "自",
    "学历",
    "教师资格",
    "资格学科",
    "职称",
)
URL = "/p/xishan/sheets/staff/"


def csv(*rows, heads=HEADS, encoding="utf-8"):
    text = "\r\n".join(",".join(row) for row in (heads, *rows))
    return SimpleUploadedFile("教师.csv", text.encode(encoding))


def row(name, number="", org="东溪中学", subject="语文", day="2015-09-01", birth="", **more):
    words = {"sex": "", "establishment": "编内", "category": "教师", "degree": "大专", "rank": "二级", **more}
    return (
        name, number, words["sex"], birth, org, words["establishment"], words["category"], "初中", subject, day, words["degree"], "初中", "语文",
        words["rank"],
    )  # fmt: skip


def upload(client, file, url=URL, **more):
    return client.post(url, {"file": file, **more})


def confirm(client, answer, url=URL):
    return client.post(f"{url}confirm/", {"token": answer.context["token"]})


def test_a_sheet_is_shown_then_written_and_the_same_sheet_again_changes_nothing(cast, client_of):
    client, number = client_of("statistician"), citizen_number(date(1980, 5, 4), "女")
    rows = [row("文静", number), row("𠮷远", birth="1990年1月1日", org="XS-21", subject="英语")]
    answer = upload(client, csv(*rows, encoding="gb18030"))
    assert answer.status_code == 200
    assert answer.context["outcome"].counts["added"] == 2
    assert not Person.objects.filter(name="文静").exists()
    assert confirm(client, answer).status_code == 302
    wen = Person.objects.get(name="文静")
    assert (wen.birth, wen.sex, wen.id_number.plain()) == (date(1980, 5, 4), "女", number)
    job = Employment.objects.get(person=wen)
    assert (job.org, job.establishment, job.category, job.subject, job.valid_from) == (
        cast.school,
        "在编",
        "专任教师",
        "语文",
        date(2015, 9, 1),
    )
    assert sorted(Credential.objects.filter(person=wen).values_list("level", "subject")) == [("专科", ""), ("初级中学教师资格", "语文")]
    assert TitleHolding.objects.get(person=wen).rank == "二级"
    again = upload(client, csv(*rows))
    assert dict(again.context["outcome"].counts) == {"same": 2}
    later = upload(client, csv(row("文静", number, subject="数学", day="2020-09-01", rank="一级"), rows[1]))
    assert dict(later.context["outcome"].counts) == {"changed": 1, "same": 1}
    confirm(client, later)
    assert list(Employment.objects.filter(person=wen).order_by("valid_from").values_list("subject", flat=True)) == ["语文", "数学"]
    assert not verify("xishan")


def test_all_faults_are_told_at_once_with_their_cells_and_nothing_is_written(cast, client_of):
    bad = citizen_number(date(1980, 5, 4))[:-1] + "?"
    rows = [
        row("好人"),
        row("", org="东溪中学"),
        row("号错", bad),
        row("远方", org="石桥中学"),
        row("词错", subject="炼金术", establishment="终身"),
        row("日错", day="去年秋天"),
        row("好人"),
    ]
    before = Person.objects.count(), Employment.objects.count()
    answer = upload(client_of("principal"), csv(*rows))
    assert answer.status_code == 422
    issues = answer.context["outcome"].issues
    assert {issue.where.cell for issue in issues} >= {"A3", "B4", "E5", "F6", "I6", "J7", "A8"}
    assert all(issue.hint for issue in issues)
    assert bad not in answer.content.decode()
    assert (Person.objects.count(), Employment.objects.count()) == before


@pytest.mark.parametrize(
    ("heads", "rows", "said"),
    [(("姓名", "学校"), [("甲", "东溪中学")], "表里缺少"), (HEADS, [], "表里没有数据"), (HEADS, [row("甲")] * 3001, "一次最多 3000 行")],
)
def test_a_sheet_that_cannot_be_read_says_why(client_of, heads, rows, said):
    answer = upload(client_of("statistician"), csv(*rows, heads=heads))
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_principal_brings_in_nobody_of_another_school_and_others_do_not_import(client_of):
    answer = upload(client_of("principal"), csv(row("甲", org="西岭九年一贯制学校")))
    assert [issue.code for issue in answer.context["outcome"].issues] == ["staffing.org"]
    assert client_of("inspector").get(URL).status_code == 403
    assert client_of("statistician").get("/p/xishan/sheets/none/").status_code == 404


def test_a_preview_is_confirmed_by_its_own_page_only(cast, client_of):
    answer = upload(client_of("statistician"), csv(row("甲")))
    token = answer.context["token"]
    assert client_of("statistician").post("/p/xishan/sheets/teaching/confirm/", {"token": token}).status_code == 404
    assert client_of("statistician").post(f"{URL}confirm/", {"token": token + "x"}).status_code == 302
    assert not Person.objects.filter(name="甲").exists()


@pytest.mark.parametrize("kind", ["staff", "teaching"])
def test_a_template_can_be_filled(cast, client_of, kind):
    class_open(school=cast.school, stage="初中", entry_year=2026, number=1, day=date(2026, 9, 1), actor=ACTOR)
    answer = client_of("statistician").get(f"/p/xishan/sheets/{kind}/template/")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert next(iter(book.worksheets[0].iter_rows(values_only=True)))[0] in {"姓名", "学校"}


def test_timetables_come_from_a_sheet_whole_classes_at_a_time(cast, client_of):
    wen = employ(cast, "文静", "XS-11")
    klass = class_open(school=cast.school, stage="初中", entry_year=2012, number=1, day=date(2012, 9, 1), actor=ACTOR)
    heads = ("学校", "班级", "学科", "教师", "周课时")
    url, more = "/p/xishan/sheets/teaching/", {"term": "2012-2013T1"}
    Assignment.objects.create(school_class=klass, term="2012-2013T1", subject="音乐", periods=1)
    client = client_of("principal")
    wrong = [
        ("东溪中学", "七年级9班", "语文", "", "5"),
        ("东溪中学", "七年级1班", "语文", "无名", "5"),
        ("东溪中学", "七年级1班", "炼金术", "", "x"),
    ]
    answer = upload(client, csv(*wrong, heads=heads), url, **more)
    assert {issue.where.cell for issue in answer.context["outcome"].issues} == {"B2", "D3", "E4"}
    good = [("东溪中学", "七年级（1）班", "语文", "文静", "６"), ("XS-11", "七年级1班", "英语", "", "4.5")]
    answer = upload(client, csv(*good, heads=heads), url, **more)
    assert dict(answer.context["outcome"].counts) == {"changed": 1}
    assert Assignment.objects.get().subject == "音乐"
    assert confirm(client, answer, url).status_code == 302
    assert sorted(Assignment.objects.values_list("subject", "teacher", "periods")) == [("外语", None, 4.5), ("语文", wen.pk, 6)]
    same = upload(client, csv(*good, heads=heads), url, **more)
    assert dict(same.context["outcome"].counts) == {"same": 1}
    faults = upload(client, csv(*good, ("东溪中学", "七年级1班", "语文", "文静", "99"), heads=heads), url, **more)
    assert {issue.where.cell for issue in faults.context["outcome"].issues} == {"E4", "C4"}
