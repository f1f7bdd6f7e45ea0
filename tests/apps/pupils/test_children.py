"""The list of children of school age against the roll; the sweep before term."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from tests.apps.pupils.helpers import GROUND, admit, citizen_number, listed
from tests.cast import ACTOR

from xingtan.apps.base.pupils.child_sheet import read
from xingtan.apps.base.pupils.datasets import PupilSource
from xingtan.apps.base.pupils.models import Child, Sweep
from xingtan.apps.base.pupils.rules import rules
from xingtan.apps.base.pupils.services import flag_set, pupil_drop, pupil_leave
from xingtan.apps.base.pupils.services.children import (
    Listed,
    child_settle,
    child_strike,
    children_list,
    children_match,
    line_settle,
    sweep_close,
    sweep_start,
)  # fmt: skip
from xingtan.apps.base.pupils.services.movements import Ground
from xingtan.apps.base.pupils.sweeping import missing
from xingtan.kernel.errors import XingtanError

BIRTH = date(2012, 5, 6)
DAY = date(2026, 3, 1)


def gone(cast, year: int) -> list[str]:
    return [row.name for row in missing(cast.county, year, timezone.localdate())]


@pytest.mark.proves("G047")
def test_who_is_on_the_list_and_on_no_roll_is_missing(cast):
    number = citizen_number(BIRTH)
    admit(cast.school, "张三", id_number=number)
    admit(cast.school, "李四", birth=BIRTH)
    left = admit(cast.school, "王五", birth=BIRTH)
    pupil_leave(pupil=left, day=date(2025, 10, 1), to="外县", ground=GROUND)
    by_number = listed(cast.town, "张三三", id_number=number, birth=BIRTH)  # written another way, the same person
    by_name, was = listed(cast.town, "李四", birth=BIRTH), listed(cast.town, "王五", birth=BIRTH)
    nowhere = listed(cast.town, "赵六", birth=BIRTH)
    assert (by_number.found_by, by_name.found_by) == ("id_number", "name_birth")
    assert was.pupil == left
    assert gone(cast, nowhere.year) == ["王五", "赵六"]
    found = PupilSource().table("xishan", "school_age", f"{nowhere.year}-{nowhere.year + 1}").to_pylist()
    assert [row["found"] for row in found] == ["在籍", "在籍", "不在籍", "不在籍"]


def test_who_enters_later_is_found_by_matching_again(cast):
    child = listed(cast.town, "张三", birth=BIRTH)
    admit(cast.school, "张三", birth=BIRTH)
    assert children_match(place=cast.place, year=child.year, actor=ACTOR) == 1
    assert gone(cast, child.year) == []


def test_two_of_one_name_and_birth_are_not_guessed(cast):
    for school in (cast.school, cast.org("XS-21")):
        admit(school, "张三", birth=BIRTH)
    assert listed(cast.town, "张三", birth=BIRTH).pupil is None


def test_all_faults_of_a_list_come_at_once_and_nothing_is_entered(cast):
    number = citizen_number(BIRTH)
    rows = [
        Listed("", birth=BIRTH, row=2), Listed("张三", row=3), Listed("李四", id_number=number, row=4), Listed("李四", id_number=number, row=5),
        Listed("王五", birth=BIRTH, residence="月球", row=6),
    ]  # fmt: skip
    with pytest.raises(XingtanError) as refused:
        children_list(org=cast.town, year=2025, listed=rows, actor=ACTOR)
    assert {(issue.where.row, issue.code) for issue in refused.value.issues} >= {
        (2, "text.empty"), (3, "pupils.child_birth"), (5, "pupils.child_twice"), (6, "pupils.code"),
    }  # fmt: skip
    assert not Child.objects.exists()


def test_settling_and_striking_need_their_reasons(cast):
    child = listed(cast.town, "张三", birth=BIRTH)
    with pytest.raises(XingtanError):
        child_settle(child=child, version=1, state="", note="", actor=ACTOR)
    done = child_settle(child=child, version=1, state="在外就读", note="随父母在省城", actor=ACTOR)
    with pytest.raises(XingtanError):
        child_settle(child=child, version=1, state="辍学", note="", actor=ACTOR)  # somebody else was faster
    with pytest.raises(XingtanError):
        child_strike(child=child, version=done.version, reason="", actor=ACTOR)
    child_strike(child=child, version=done.version, reason="重复", actor=ACTOR)
    assert gone(cast, child.year) == []


@pytest.mark.proves("G043")
def test_a_sweep_finds_everybody_once_and_ends_when_all_are_settled(cast):
    year = listed(cast.school, "没来的", birth=BIRTH).year
    drop, weary, fine = admit(cast.school, "辍学的"), admit(cast.school, "厌学的"), admit(cast.school, "在读的")
    pupil_drop(pupil=drop, day=date(2025, 10, 1), ground=Ground(ACTOR, "走访", reason="厌学"))
    for one in (drop, weary):
        flag_set(pupil=one, kind="厌学", day=date(2025, 9, 1), actor=ACTOR)
    today = timezone.localdate()
    sweep = sweep_start(org=cast.county, year=year, day=today, due=today + timedelta(days=10), title="开学前排查", actor=ACTOR)
    lines = {(line.why, line.pupil_id): line for line in sweep.lines.all()}
    assert set(lines) == {("missing", None), ("dropped", drop.pk), ("weary", weary.pk)}
    assert fine.pk not in {pupil for _, pupil in lines}
    with pytest.raises(XingtanError) as left:
        sweep_close(sweep=sweep, actor=ACTOR)
    assert "3" in str(left.value)
    for line in lines.values():
        line_settle(line=line, state="辍学", note="走访", actor=ACTOR)
    assert Child.objects.get().settled == "辍学"
    sweep_close(sweep=sweep, actor=ACTOR)
    with pytest.raises(XingtanError):
        line_settle(line=lines["dropped", drop.pk], state="在读", note="", actor=ACTOR)
    settled = PupilSource().table("xishan", "sweep", "").to_pylist()
    assert [row["settled"] for row in settled] == [True, True, True]


SHEET = "姓名,性别,出生日期,身份证号,城乡\n张三,男,2016年5月6日,,农村\n𠮷八,女,20170102,,镇区\n".encode("gb18030")


def test_a_sheet_is_read_as_clerks_write_it(cast):
    rows = read("a.csv", SHEET, rules(cast.place))
    assert [(row.name, row.birth, row.row) for row in rows] == [("张三", date(2016, 5, 6), 2), ("𠮷八", date(2017, 1, 2), 3)]


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"\x00\x01", "pupils.sheet_file"), (b"", "pupils.sheet_file"), ("甲,乙\n1,2\n".encode(), "pupils.sheet_head"), ("姓名\n".encode(), "pupils.sheet_empty"),
     ("姓名,出生日期\n张三,去年\n".encode(), "pupils.sheet_date"), (f"姓名\n{'张' * 5000}\n".encode(), "text.long")],
)  # fmt: skip
def test_a_bad_sheet_is_told_clearly(cast, data, code):
    with pytest.raises(XingtanError) as refused:
        read("a.xlsx" if data in {b"\x00\x01", b""} else "a.csv", data, rules(cast.place))
    assert code in {issue.code for issue in refused.value.issues}


def test_a_list_is_uploaded_and_read_on_the_page_of_who_is_missing(cast, client_of):
    client = client_of("statistician")
    year = str(listed(cast.town, "占位", birth=BIRTH).year)
    data = "姓名,性别,出生日期,城乡\n没有学籍,女,2016-05-06,农村\n".encode()
    answer = client.post("/p/xishan/children/upload/", {"org": "XS-1", "year": year, "file": SimpleUploadedFile("a.csv", data)})
    assert answer.status_code == 302
    page = client.get("/p/xishan/children/missing/").content.decode()
    assert "没有学籍" in page
    assert Sweep.objects.count() == 0
