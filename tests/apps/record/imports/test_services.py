"""The way of an import: preview, second import, blanks, clearing, undo, alarm, mapping, the ledger moving on meanwhile."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.utils.translation import override
from tests.apps.record.imports.helpers import ACTOR, HEAD, TODAY, csv, errors, issues, read, take, xlsx
from tests.apps.record.imports.xls import xls

from xingtan.apps.base.audit.models import Event
from xingtan.apps.record.imports import services
from xingtan.apps.record.imports.marked import marked_copy
from xingtan.apps.record.imports.models import Import
from xingtan.apps.record.ledgers import services as rows
from xingtan.apps.record.ledgers.batches import MovedOnError, tidy
from xingtan.apps.record.ledgers.models import NilReturn, Record
from xingtan.apps.record.ledgers.selectors import current
from xingtan.kernel.errors import XingtanError

GOOD = ("XS-11,2008-2009,初中,10余,2", "XS-12,2008-2009,小学,约240,××", "XS-21,2008-2009,小学,不足30,不适用")


def data(cast, **where):
    return current(cast.place, "enrolment").get(**where).data


def test_a_second_identical_import_changes_nothing(cast):
    take(read(cast, csv(*GOOD)))
    before = Record.objects.count()
    second = read(cast, csv(*GOOD))
    assert second.counts == {"rows": 3, "added": 0, "changed": 0, "same": 3, "refused": 0, "nil": 0, "faults": 0}
    with pytest.raises(XingtanError, match="没有要写入的行"):
        take(second)
    assert Record.objects.count() == before


def test_any_order_of_columns_titles_above_and_synonyms(cast):
    source = read(
        cast,
        xlsx(("2009年统计",), (), ("辍学人数", "学生数（人）", "学 段", "学校", "学年"), (2, 300, "初级中学", "东溪中学", "2008—2009学年")),
        name="表.xlsx",
    )
    assert not errors(source)
    take(source)
    record = current(cast.place, "enrolment").get()
    assert (record.org.code, record.period, record.data["stage"], record.data["pupils"]) == (
        "XS-11",
        "2008-2009",
        {"v": "初中", "t": "初级中学"},
        "300",
    )


def test_headings_in_ten_thousands_scale_their_numbers(cast):
    source = read(cast, csv("XS-11,2009,校舍维修,1.08", head="单位,年度,项目,金额（万元）"), ledger="funds")
    assert not errors(source)
    take(source)
    assert Record.objects.get().data["amount"] == {"v": "10800", "t": "1.08"}


def test_blank_keeps_and_the_word_clears(cast):
    take(read(cast, csv("XS-11,2008-2009,初中,300,2")))
    take(read(cast, csv("XS-11,2008-2009,初中,310,")))
    assert data(cast) == {"stage": "初中", "pupils": "310", "dropouts": "2"}
    take(read(cast, csv("XS-11,2008-2009,初中,,清空")))
    assert data(cast) == {"stage": "初中", "pupils": "310"}
    assert sorted(Record.objects.values_list("version", flat=True)) == [1, 2, 3]


def test_only_the_good_rows_are_taken_by_explicit_choice(cast):
    source = read(cast, csv(*GOOD, "没有的,2008-2009,小学,1,0"))
    with pytest.raises(XingtanError, match="1 处错误"):
        services.import_confirm(actor=ACTOR, source=source)
    take(source, only_good=True)
    assert current(cast.place, "enrolment").count() == 3


def test_undo_takes_the_whole_batch_back_and_refuses_with_the_list_when_rows_changed_since(cast):
    take(read(cast, csv("XS-11,2008-2009,初中,300,2")))
    source = take(read(cast, csv("XS-11,2008-2009,初中,310,2", "XS-12,2008-2009,小学,90,0")))
    changed = current(cast.place, "enrolment").get(org__code="XS-12")
    texts = {"org": "XS-12", "period": "2008-2009", "stage": "小学", "pupils": "91", "dropouts": "0"}
    later = rows.record_change(actor=ACTOR, record=changed, seen=changed.pk, texts=texts, today=TODAY)
    with pytest.raises(XingtanError) as refused:
        services.import_undo(actor=ACTOR, source=source, reason="传错了")
    assert [issue.code for issue in refused.value.issues] == ["undo.changed", "undo.row"]
    assert "东溪中心小学" in str(refused.value.issues[1].message)
    rows.record_withdraw(actor=ACTOR, records=[later], reason="试")
    with pytest.raises(XingtanError):
        services.import_undo(actor=ACTOR, source=source, reason="传错了")


def test_undo_restores_what_the_batch_replaced_and_tidying_changes_nothing_that_counts(cast):
    take(read(cast, csv("XS-11,2008-2009,初中,300,2")))
    source = take(read(cast, csv("XS-11,2008-2009,初中,310,2", "XS-12,2008-2009,小学,90,0")))
    with pytest.raises(XingtanError, match="原因"):
        services.import_undo(actor=ACTOR, source=source, reason=" ")
    services.import_undo(actor=ACTOR, source=source, reason="传错了")
    for _ in range(2):
        assert [row.data["pupils"] for row in current(cast.place, "enrolment")] == ["300"]
        tidy(cast.place)
    assert list(Event.objects.filter(action__startswith="batch").order_by("pk").values_list("action", flat=True)) == [
        "batch.commit",
        "batch.commit",
        "batch.undo",
    ]
    take(read(cast, csv("XS-11,2008-2009,初中,320,2")))
    assert data(cast)["pupils"] == "320"


def test_a_sudden_change_of_mass_stops_and_asks(cast):
    lines = [f"XS-11,20{n:02d}-20{n + 1:02d},初中,{300 + n},0" for n in range(1, 13)]
    take(read(cast, csv(*lines)))
    source = read(cast, csv(*(line.replace(",3", ",4") for line in lines)))
    assert "三分之一" in source.alarm
    with pytest.raises(XingtanError, match="变动过大"):
        services.import_confirm(actor=ACTOR, source=source)
    take(source, despite_alarm=True)
    assert current(cast.place, "enrolment").filter(data__pupils="401").exists()


def test_when_the_ledger_moves_on_after_the_preview_people_are_asked_again_not_overwritten(cast):
    source = services.import_confirm(actor=ACTOR, source=read(cast, csv("XS-11,2008-2009,初中,300,2")))
    rows.record_create(
        actor=ACTOR,
        place=cast.place,
        ledger="enrolment",
        today=TODAY,
        texts=dict(org="XS-11", period="2008-2009", stage="初中", pupils="299"),
    )
    with pytest.raises(MovedOnError):
        services.import_run(actor=ACTOR, source=source, today=TODAY)
    source = Import.objects.get(pk=source.pk)
    assert (source.state, source.counts["changed"], source.counts["added"]) == ("preview", 1, 0)
    assert data(cast)["pupils"] == "299"
    take(source)
    assert data(cast) == {"stage": "初中", "pupils": "300", "dropouts": "2"}


def test_a_mapping_is_remembered_for_the_next_file_of_this_shape(cast):
    head = "单位,期间,学段,人头,辍学人数"
    source = read(cast, csv("XS-11,2008-2009,初中,300,2", head=head))
    assert [issue.code for issue in errors(source).values()] == ["head.required"]
    mapping = {**source.mapping, "人头": "f:pupils"}
    services.import_map(actor=ACTOR, source=source, sheet=source.sheet, mapping=mapping)
    assert not services.import_read(source=source, today=TODAY).counts["faults"]
    assert not errors(read(cast, csv("2,XS-12,2008-2009,300,小学", head="辍学人数,单位,期间,人头,学段")))


def test_nil_returns_come_with_a_sheet_and_end_when_a_row_comes(cast):
    take(read(cast, csv("XS-11,2008-2009,,,,是", head=HEAD + ",零报告")))
    assert NilReturn.objects.filter(withdrawn=None).count() == 1
    take(read(cast, csv("XS-11,2008-2009,初中,300,2")))
    assert NilReturn.objects.filter(withdrawn=None).count() == 0


def test_doubt_of_the_source_is_kept(cast):
    take(read(cast, csv("XS-11,2008-2009,初中,300,2,合计与分项不符", head=HEAD + ",存疑")))
    assert current(cast.place, "enrolment").get().doubt == "合计与分项不符"


def test_the_marked_copy_keeps_places_colours_cells_and_gives_reasons(cast):
    source = read(cast, csv("XS-11,2008-2009,初中,许多人,2", *GOOD[1:]))
    with override("zh-hans"):
        copy = marked_copy(source)
    sheet = openpyxl.load_workbook(io.BytesIO(copy)).active
    assert [cell.value for cell in sheet[1]] == ["单位", "期间", "学段", "在校生数", "辍学人数", "〔批注〕"]
    assert sheet["D2"].value == "许多人"
    assert sheet["D2"].fill.fgColor.rgb == "FFF8D9D6"
    assert sheet["F2"].value.startswith("D2 在校生数：“许多人”不是数（可填数字")
    assert sheet["F3"].value is None
    assert sheet["D3"].fill.fgColor.rgb == "00000000"


def test_a_mended_marked_copy_is_read_without_our_remarks(cast):
    head = HEAD.replace("在校生数", "人头")
    source = read(cast, csv("XS-11,2008-2009,初中,300,许多", head=head))
    book = openpyxl.load_workbook(io.BytesIO(marked_copy(source)))
    assert book.active["F1"].value.startswith("〔批注〕")
    assert "缺少“在校生数”一列" in book.active["F1"].value
    book.active["D1"], book.active["E2"] = "在校生数", 2
    target = io.BytesIO()
    book.save(target)
    assert issues(read(cast, target.getvalue(), name="表_批注.xlsx")) == []


def test_long_numbers_that_a_spreadsheet_cut_are_not_taken_for_texts(cast):
    source = read(cast, csv("XS-11,2009,2.20524E+17,1", head="单位,年度,项目,金额"), ledger="funds")
    assert errors(source)["C2"].code == "cell.lost_digits"


def test_rows_of_another_place_are_never_found(cast):
    source = read(cast, csv("石桥中学,2008-2009,初中,300,2"))
    assert errors(source)["A2"].code == "org.unknown"


def test_an_old_xls_is_read_like_any_other_sheet(cast):
    """The form that county offices still send; its content tells what it is, not its name."""
    rows = [HEAD.split(","), ["东溪中学", "2008-2009", "初中", 300.0, "10余"], ["XS-12", "2008-2009", "小学", "约240", None]]
    source = read(cast, xls([["2009年统计"], *rows]), name="表.xlsx")
    assert source.form == "xls"
    assert not errors(source)
    take(source)
    stored = {row.org.code: row.data for row in current(cast.place, "enrolment").select_related("org")}
    assert stored["XS-11"] == {"stage": "初中", "pupils": "300", "dropouts": {"lo": "10", "lo_open": True, "t": "10余"}}
    assert stored["XS-12"]["pupils"]["t"] == "约240"
    wrong = read(cast, xls([*rows[:2], ["没有的小学", "2008-2009", "小学", 3.0, None]]), name="表.xls")
    assert {place: issue.code for place, issue in errors(wrong).items()} == {"A3": "org.unknown"}


def test_a_broken_xls_is_refused_with_a_remedy(cast):
    whole = xls([HEAD.split(","), ["XS-11", "2008-2009", "初中", 300.0, 2.0]])
    for data in (whole[:700], whole[:512] + b"\0" * (len(whole) - 512)):
        with pytest.raises(XingtanError) as refused:
            read(cast, data, name="表.xls")
        assert all(issue.hint for issue in refused.value.issues)
    assert Import.objects.count() == 0
