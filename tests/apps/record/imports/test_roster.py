"""A roster of pupils on its way into the register."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
from django.db.models import F
from django.utils import timezone
from tests.apps.pupils.helpers import GROUND
from tests.apps.record.imports.roster_files import ACTOR, DAY, HEAD, TODAY, book, child, errors, issues, take, upload

from xingtan.apps.base.jobs.services import enqueue
from xingtan.apps.base.jobs.worker import run_waiting
from xingtan.apps.base.orgs import services as orgs
from xingtan.apps.base.orgs.acts import Merge
from xingtan.apps.base.orgs.services import perform
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.pupils.models import Enrolment, Flag, Guardian, Movement, Pupil, SchoolClass
from xingtan.apps.base.pupils.rules import Rules
from xingtan.apps.base.pupils.services import flag_set
from xingtan.apps.base.pupils.services.movements import pupil_suspend
from xingtan.apps.record.imports.models import Import
from xingtan.apps.record.imports.roster import services as roster
from xingtan.apps.record.imports.roster.template import empty_sheet
from xingtan.apps.record.ledgers.batches import MovedOnError
from xingtan.kernel.errors import XingtanError


def test_a_first_roster_enters_persons_pupils_guardians_flags_classes_and_spells(cast):
    source = upload(cast, book(*(child(n) for n in range(1, 31))))
    assert errors(source) == {}, issues(source)
    assert {name: source.counts[name] for name in ("rows", "added", "changed", "refused", "classes")} == {
        "rows": 30, "added": 30, "changed": 0, "refused": 0, "classes": 2,
    }  # fmt: skip
    assert not Pupil.objects.exists()
    take(source)
    pupil = Pupil.objects.select_related("person").get(person__name="学生5")
    assert pupil.person.id_number.plain() == child(5)[4]
    spell = Enrolment.objects.get(pupil=pupil)
    assert (spell.stage, spell.grade, spell.school.code, spell.boarding, str(spell.school_class), spell.valid_from) == (
        "初中", 1, "XS-11", True, "初中 2024-2", DAY,
    )  # fmt: skip
    kin = Guardian.objects.get(pupil=pupil)
    assert (kin.relation, kin.name.plain(), kin.phone.plain()) == ("父亲", "家长5", "13900000005")
    assert [flag.kind.plain() for flag in pupil.flags.all()] == ["留守"]
    assert Pupil.objects.count() == Enrolment.objects.count() == 30


def roll(code: str = "XS-11"):
    """Name → spell, of those on the roll of a school."""
    rows = Enrolment.objects.on(TODAY).filter(school__code=code).select_related("pupil__person", "school_class")
    return {row.pupil.person.name: row for row in rows}


@pytest.fixture
def taken(cast):
    """A school with thirty pupils, by roster."""
    return take(upload(cast, book(*(child(n) for n in range(1, 31)))))


def test_the_same_roster_again_changes_nothing(cast, taken):
    again = upload(cast, book(*(child(n) for n in range(1, 31))))
    assert (again.counts["same"], again.counts["added"], again.counts["changed"], again.counts["absent"]) == (30, 0, 0, 0), again.counts
    with pytest.raises(XingtanError, match="没有要写入的行"):
        take(again)


def test_blanks_keep_and_changes_are_told_by_column(cast, taken):
    rows = [
        child(1, 联系电话=None, 监护人姓名=None, 监护人电话=None),
        child(2, 联系电话="0439-6222222"),
        child(3, 班级="3班"),
        child(4, 是否留守儿童="是"),
    ]
    rows += [child(5, 是否留守儿童="否"), child(6, 年级="八年级", 班级="1班"), *(child(n) for n in range(7, 31))]
    source = upload(cast, book(*rows))
    assert errors(source) == {}, issues(source)
    assert (source.counts["changed"], source.counts["same"]) == (5, 25)
    assert dict(source.counts["columns"]) == {"联系电话": 1, "关爱标记": 2, "学校、年级、班级等": 2}
    take(source)
    now = roll()
    assert now["学生1"].pupil.person.phone.plain() == "13800000001"
    assert now["学生2"].pupil.person.phone.plain() == "0439-6222222"
    assert (now["学生3"].school_class.number, now["学生6"].grade) == (3, 2)
    assert [flag.valid_to > TODAY for flag in now["学生4"].pupil.flags.all()] == [True]
    assert not Flag.objects.on(TODAY).filter(pupil=now["学生5"].pupil).exists()
    assert now["学生2"].pupil.guardians.get().name.plain() == "家长2"
    kinds = dict(Movement.objects.exclude(kind="入学").values_list("pupil__person__name", "kind"))
    assert kinds == {"学生3": "分班", "学生6": "升级"}


def test_undo_restores_what_was_changed_and_takes_away_what_was_new(cast, taken):
    before = snapshot_of_register()
    rows = [
        child(2, 联系电话="0439-6222222", 监护人姓名="新家长"),
        child(3, 班级="3班"),
        child(5, 是否留守儿童="否"),
        child(40),
        child(41, 年级="八年级"),
    ]
    second = take(upload(cast, book(*rows)), despite_alarm=True)
    assert snapshot_of_register() != before
    roster.roster_undo(actor=ACTOR, source=second, reason="传错了文件")
    assert snapshot_of_register() == before
    assert second.state == "undone"
    roster.roster_undo(actor=ACTOR, source=taken, reason="从头再来")
    assert not Pupil.objects.exists()
    assert not Person.objects.filter(name__startswith="学生").exists()
    take(upload(cast, book(*(child(n) for n in range(1, 31)))))
    assert Pupil.objects.count() == 30


def snapshot_of_register():
    """Everything that counts of pupils, in plain words."""
    people = {
        p.pk: (p.person.name, p.person.phone.plain(), p.person.id_number.plain(), p.person.phone_index, p.home_address.plain(), p.number,
               [(g.order, g.relation, g.name.plain(), g.phone.plain()) for g in p.guardians.all()],
               sorted((f.kind.plain(), f.valid_from, f.valid_to) for f in p.flags.all()))
        for p in Pupil.objects.select_related("person")
    }  # fmt: skip
    columns = ("pupil", "school", "grade", "school_class", "boarding", "valid_from", "valid_to")
    spells = sorted(Enrolment.objects.filter(valid_from__lt=F("valid_to")).values_list(*columns), key=str)
    return people, spells, sorted(SchoolClass.objects.on(TODAY).values_list("pk", flat=True))


def test_undo_is_refused_with_the_list_of_what_came_since(cast, taken):
    pupils = {p.person.name: p for p in Pupil.objects.select_related("person", "place")}
    pupil_suspend(pupil=pupils["学生7"], day=TODAY, ground=GROUND)
    flag_set(pupil=pupils["学生8"], kind="厌学", day=TODAY, actor=ACTOR)
    with pytest.raises(XingtanError) as refused:
        roster.roster_undo(actor=ACTOR, source=taken, reason="传错了文件")
    told = [str(issue.message) for issue in refused.value.issues]
    assert "不能整批撤销" in told[0]
    assert any("休学" in line for line in told)
    assert any("关爱标记" in line for line in told)
    assert Pupil.objects.count() == 30


BAD = {
    "id twice": (child(1), child(2, 身份证件号=child(1)[4], 性别="男", 出生日期=child(1)[3]), "E3", "roster.twice"),
    "one pupil in two schools": (child(1), child(1, 学校名称="XS-21"), "E3", "roster.two_schools"),
    "a date that cannot be": (child(1), child(2, 出生日期="20120230"), "D3", "cell.date"),
    "a birth to come": (child(1), child(2, 出生日期="20990101", 身份证件号=None), "D3", "pupils.birth_future"),
    "a class without a school": (child(1), child(2, 学校名称=None), "A3", "org.blank"),
    "an unknown school": (child(1), child(2, 学校名称="东溪大学"), "A3", "org.unknown"),
    "a school that does not teach the stage": (child(1), child(2, 年级="三年级"), "F3", "pupils.stage"),
    "a number that Excel cut": (child(1), child(2, 身份证件号=220523201203041234), "E3", "people.id_destroyed"),
    "a number that Excel rounded": (child(1), child(2, 身份证件号=220523201203041000), "E3", "people.id_destroyed"),
    "a number in powers": (child(1), child(2, 身份证件号="2.20523E+17"), "E3", "people.id_destroyed"),
    "a wrong check digit": (child(1), child(2, 身份证件号="220523201203030020"), "E3", "people.id_number"),
    "birth against number": (child(1), child(2, 出生日期="20120404"), "E3", "people.id_birth"),
    "a cell of 5,000 signs": (child(1), child(2, 姓名="长" * 5000), "B3", "text.long"),
    "no name": (child(1), child(2, 姓名=None), "B3", "cell.required"),
    "an unreadable grade": (child(1), child(2, 年级="大三"), "F3", "pupils.grade"),
    "two alike without numbers": (child(1, 身份证件号=None), child(1, 身份证件号=None), "B3", "roster.twice"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_rows_are_told_with_place_reason_and_remedy_and_the_others_can_be_taken(cast, case):
    good, bad, cell, code = BAD[case]
    source = upload(cast, book(good, bad), each_row_says=True)
    assert errors(source) == {cell: code}, [str(issue) for issue in issues(source)]
    issue = next(one for one in issues(source) if one.severity == "error")
    assert issue.hint
    assert "220523" not in issue.value, "what the register seals is not kept openly among the findings"
    with pytest.raises(XingtanError, match="还有 1 处错误"):
        take(source)
    take(source, only_good=True)
    assert Pupil.objects.count() == 1


def test_all_faults_of_a_file_are_found_in_one_pass(cast):
    rows = [bad for _, bad, *_ in BAD.values()]
    found = errors(upload(cast, book(child(1), *rows), each_row_says=True))
    assert len(found) >= len(BAD)


def test_a_gbk_csv_with_rare_characters_is_read(cast):
    names = ("𠮷田", "㐂", "丂丄")
    lines = [",".join(str(cell) for cell in child(n, 姓名=name)) for n, name in enumerate(names, 1)]
    data = b"\xef\xbb\xbf" + "\n".join([",".join(HEAD), *lines]).encode()
    take(upload(cast, data, name="名册.csv"))
    assert set(roll()) == set(names)
    gbk = "\n".join([",".join(HEAD), ",".join(str(cell) for cell in child(9, 姓名="张三"))]).encode("gbk")
    take(upload(cast, gbk, name="名册.csv"), despite_alarm=True)
    assert "张三" in roll()


def test_whom_another_school_has_is_a_transfer_to_propose_and_not_moved(cast, taken):
    rows = [child(1, 学校名称="XS-21", 班级="1班"), child(50, 学校名称="XS-21", 班级="1班")]
    source = upload(cast, book(*rows))
    assert errors(source) == {}
    assert (source.counts["elsewhere"], source.counts["added"]) == (1, 1)
    assert [issue.code for issue in issues(source) if issue.severity == "warning"] == ["roster.transfer"]
    take(source)
    assert "学生1" in roll("XS-11")
    assert "学生1" not in roll("XS-21")
    assert "学生50" in roll("XS-21")


def test_where_the_pack_lets_it_whoever_oversees_both_schools_moves_pupils(cast, taken, monkeypatch):
    monkeypatch.setattr(Rules, "number", lambda self, name: 1 if name == "roster_moves" else None)
    source = take(upload(cast, book(child(1, 学校名称="XS-21", 班级="1班"))))
    assert "学生1" in roll("XS-21")
    assert "学生1" not in roll("XS-11")
    kinds = Movement.objects.filter(pupil__person__name="学生1").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["入学", "转出", "转入"]
    roster.roster_undo(actor=ACTOR, source=source, reason="传错了文件")
    assert "学生1" in roll("XS-11")


def test_a_school_enters_its_own_pupils_only(cast):
    principal = cast.accounts["principal"]
    rows = [child(1), child(2, 学校名称="XS-21")]
    source = upload(cast, book(*rows), org=cast.org("XS-11"), actor=principal.actor)
    assert errors(source) == {"A3": "roster.reach"}


def test_a_third_missing_asks_to_look_twice(cast, taken):
    source = upload(cast, book(*(child(n) for n in range(1, 19)), child(60)))
    assert source.counts["absent"] == 12
    assert "三分之一" in source.alarm
    with pytest.raises(XingtanError, match="变动过大"):
        take(source)
    take(source, despite_alarm=True)
    assert len(roll()) == 31, "who is missing from a file stays on the roll"


def test_a_school_merged_away_between_preview_and_confirmation_is_told(cast, taken):
    source = upload(cast, book(child(70, 学校名称="XS-21", 班级="1班")), day=TODAY)
    orgs.org_rename(org=cast.org("XS-21"), name="西岭学校", day=TODAY, actor=ACTOR)
    take(source)  # another name leaves the outcome as it was
    second = upload(cast, book(child(71, 学校名称="XS-22", 年级="三年级", 班级="1班")), day=TODAY)
    merge = Merge(("XS-22",), "XS-21", TODAY)
    perform(place=cast.place, act=merge, actor=ACTOR, basis="布局调整")
    with pytest.raises(MovedOnError, match="已重新比对"):
        take(second)
    second.refresh_from_db()
    assert (second.state, list(errors(second).values())) == ("preview", ["org.closed"])
    assert not Person.objects.filter(name="学生71").exists()


def test_the_file_is_gone_once_its_pupils_are_in(cast, taken, home):
    kept = [path for path in (home / "media" / "imports").rglob("*") if path.is_file()]
    assert kept == []


def test_a_template_is_read_back_as_it_is(cast):
    sheet = openpyxl.load_workbook(io.BytesIO(empty_sheet(cast.place))).worksheets[0]
    head = [cell.value for row in sheet.iter_rows(max_row=3) for cell in row if cell.value]
    assert {"姓名", "身份证件号", "年级"} <= {str(value).strip("*＊ ") for value in head}


def test_a_headline_that_is_no_roster_is_told(cast):
    source = upload(cast, book(("1", "2"), head=("甲", "乙")))
    assert [issue.code for issue in issues(source)] == ["head.none"]
    assert source.counts["faults"] == 1


def test_a_roster_that_nobody_confirmed_is_given_up_after_a_week(cast, home):
    old, fresh = upload(cast, book(child(1))), upload(cast, book(child(2)))
    Import.objects.filter(pk=old.pk).update(created=timezone.now() - timedelta(days=8))
    enqueue(kind="imports.tidy", actor=ACTOR)
    run_waiting()
    assert dict(Import.objects.values_list("pk", "state")) == {old.pk: "discarded", fresh.pk: "preview"}
    assert {path.name.split(".")[0] for path in (home / "media" / "imports").rglob("*") if path.is_file()} == {
        fresh.stored.split("/")[-1].split(".")[0]
    }


def test_the_desk_tells_of_a_waiting_roster_only_who_may_confirm_it(cast, client_of):
    upload(cast, book(child(1)), org=cast.org("XS-11"), name="秋季名册.xlsx")
    assert "秋季名册" in client_of("registrar").get("/p/xishan/").content.decode()
    assert "秋季名册" not in client_of("clerk").get("/p/xishan/").content.decode()
