"""Bad input: every fault at once, each with place, reason and remedy; nothing half-written, nothing lost."""

from __future__ import annotations

import io
import zipfile

import pytest
from tests.apps.record.imports.helpers import ACTOR, TODAY, csv, errors, issues, read, take, xlsx

from xingtan.apps.record.imports import services
from xingtan.apps.record.imports.models import Import
from xingtan.apps.record.imports.reading import guard
from xingtan.apps.record.imports.reading.sniff import UnreadableError
from xingtan.apps.record.ledgers.models import Batch, Record
from xingtan.kernel.errors import XingtanError


def test_all_faults_of_a_file_come_at_once_each_with_place_reason_and_remedy(cast):
    source = read(cast, csv(
        "东溪中学,2008-2009,初中,三百零二,5",
        "XS-12,2008-2009,小学,许多人,1",
        "没有的小学,2008-2009,小学,80,0",
        "西岭完小,2008-2009,大学,90,0",
        "XS-22,2008-2009,小学,90,95",
        "东溪中学,2008-2009,初中,300,2",
        "柳湾村小,去年秋,小学,28,0",
        "XS-21,2008-2009,××,28,0",
        "XS-21,2008-2009,小学,,0",
    ))  # fmt: skip
    found = errors(source)
    codes = {issue.code: place for place, issue in found.items()}
    assert codes == {
        "cell.number": "D3", "org.unknown": "A4", "code.unknown": "C5", "dropouts_over": codes["dropouts_over"], "key.duplicate": "C7",
        "row.period": "B8", "key.masked": "C9", "cell.required": "D10",
    }  # fmt: skip
    assert codes["dropouts_over"] in ("D6", "E6")
    assert all(issue.hint and str(issue.hint) for issue in found.values())
    assert "第 2 行" in str(found["C7"].message)
    assert found["A4"].value == "没有的小学"
    assert source.counts == {"rows": 9, "added": 1, "changed": 0, "same": 0, "refused": 8, "nil": 0, "faults": 8}
    assert Record.objects.count() == 0


def test_wrong_headings_are_named_with_what_is_wanted(cast):
    source = read(cast, csv("甲,乙,丙", head="天,地,人"))
    (issue,) = [issue for issue in issues(source) if issue.severity == "error"]
    assert issue.code == "head.none"
    assert "天、地、人" in str(issue.message)
    assert "学段" in str(issue.hint)
    with pytest.raises(XingtanError):
        services.import_confirm(actor=ACTOR, source=source)


def test_a_missing_key_column_names_the_headings_that_are_left_over(cast):
    source = read(cast, csv("XS-11,2008-2009,初级,300,1", head="单位,期间,级别,在校生数,辍学人数"))
    (issue,) = [issue for issue in issues(source) if issue.severity == "error"]
    assert issue.code == "head.key"
    assert "级别" in str(issue.hint)


def test_a_missing_required_column_is_one_fault_beside_those_of_the_rows(cast):
    source = read(cast, csv("XS-11,2008-2009,初中,300,许多", "无此校,2008-2009,初中,300,1", head="单位,期间,学段,在校人头,辍学人数"))
    assert {issue.code for issue in errors(source).values()} == {"head.required", "cell.number", "org.unknown"}
    lacking = next(issue for issue in issues(source) if issue.code == "head.required")
    assert "“在校生数”" in str(lacking.message)
    assert "在校人头" in str(lacking.hint)
    assert (source.counts["refused"], source.counts["faults"]) == (2, 3)


def test_a_file_without_a_required_column_still_changes_rows_that_have_it(cast):
    take(read(cast, csv("XS-11,2008-2009,初中,300,1")))
    source = read(cast, csv("XS-11,2008-2009,初中,4", head="单位,期间,学段,辍学人数"))
    assert (source.counts["changed"], source.counts["faults"]) == (1, 0)


def test_merged_cells_fill_words_and_refuse_numbers(cast):
    def merge(sheet):
        sheet.merge_cells("A3:A4")
        sheet.merge_cells("D3:D4")

    rows = [
        ("在校生一览",),
        ("单位", "期间", "学段", "在校生数", "辍学人数"),
        ("XS-21", "2008-2009", "小学", 90, 0),
        (None, "2008-2009", "初中", None, 1),
    ]
    source = read(cast, xlsx(*rows, shape=merge), name="表.xlsx")
    found = errors(source)
    assert {place: issue.code for place, issue in found.items()} == {"D3": "cell.merged", "D4": "cell.merged"}
    assert "取消合并" in str(found["D3"].hint)
    assert [issue.where.cell for issue in issues(source) if issue.code == "cell.merged.filled"] == ["A3"]


def test_merged_headings_of_two_storeys_are_understood(cast):
    def merge(sheet):
        sheet.merge_cells("A1:A2")
        sheet.merge_cells("B1:B2")
        sheet.merge_cells("C1:C2")
        sheet.merge_cells("D1:E1")

    rows = [("单位", "期间", "学段", "学生", None), (None, None, None, "在校生数", "辍学人数"), ("XS-11", "2008-2009", "初中", 300, 2)]
    source = read(cast, xlsx(*rows, shape=merge), name="表.xlsx")
    assert not errors(source)
    take(source)
    assert Record.objects.get().data == {"stage": "初中", "pupils": "300", "dropouts": "2"}


def test_formula_cells_without_a_result_and_error_cells_are_refused_at_their_place(cast):
    def put(sheet):
        sheet["D2"] = "=100+200"  # openpyxl stores no result
        sheet["E2"] = "#DIV/0!"
        sheet["E2"].data_type = "e"

    source = read(
        cast, xlsx(("单位", "期间", "学段", "在校生数", "辍学人数"), ("XS-11", "2008-2009", "初中", None, None), shape=put), name="表.xlsx"
    )
    found = errors(source)
    assert {place: issue.code for place, issue in found.items()} == {"D2": "cell.formula", "E2": "cell.error"}
    assert "粘贴为数值" in str(found["D2"].hint)
    assert "#DIV/0!" in str(found["E2"].message)


def test_a_name_of_five_thousand_characters_is_refused_never_cut(cast):
    source = read(cast, csv(f"XS-11,2009-03-08,{'长' * 5000},未整改,,", head="单位,发现日期,隐患,状态,发现人,是否重大"), ledger="hazard")
    issue = errors(source)["C2"]
    assert issue.code == "cell.long"
    assert "5000" in str(issue.message)


def test_rare_characters_survive_the_way_through(cast):
    source = read(cast, csv("XS-11,2009-03-08,围墙开裂,未整改,𠮷野𠅤,是", head="单位,发现日期,隐患,状态,发现人,是否重大"), ledger="hazard")
    states = {issue.code for issue in errors(source).values()}
    assert states <= {"code.unknown"}
    if not states:
        take(source)
        assert Record.objects.get().data["finder"] == "𠮷野𠅤"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_delimiters_of_a_csv(cast, encoding, delimiter):
    text = csv('"东溪中学","2008-2009",初中,"三百零二",2').decode().replace(",", delimiter)
    source = read(cast, text.encode(encoding))
    assert not errors(source)
    take(source)
    assert Record.objects.get().data["pupils"] == {"v": "302", "t": "三百零二"}


BOMB = b"<row>" + b" " * (30 * 1024 * 1024)


def zipped(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


def lying() -> bytes:
    """A part that declares fewer bytes than it unpacks to."""
    data = bytearray(zipped({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": BOMB}))
    small = (1000).to_bytes(4, "little")
    real = len(BOMB).to_bytes(4, "little")
    return bytes(data.replace(real, small))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file.empty"), (zipped({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": BOMB}), "file.bomb"), (lying(), "file.broken"),
        (b"PK\x03\x04 xl/workbook this is no zip", "file.broken"), (zipped({"word/document.xml": b"<a/>"}), "file.word"),
        (zipped({"a.txt": b"a"}), "file.zip"), (b"%PDF-1.4", "file.pdf"), (b"<html><table></table></html>", "file.html"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "file.password"), (b"\x89PNG\r\n", "file.binary"),
        (zipped({"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><workbook/>', "xl/_rels/workbook.xml.rels": b"<a/>"}), "file.bomb"),
        ("单位\n东溪".encode() + b"\xff\xff\xfe", "file.encoding"),
    ],
)  # fmt: skip
def test_what_is_no_sheet_is_refused_with_the_remedy_and_nothing_is_kept(cast, kept_files, data, code):
    with pytest.raises(UnreadableError) as refused:
        read(cast, data, name="表.xlsx")
    (issue,) = refused.value.issues
    assert issue.code == code
    assert str(issue.hint)
    assert Import.objects.count() == 0
    assert [path for path in kept_files.rglob("*") if path.is_file() and "imports" in str(path)] == []


def test_a_file_that_is_too_large_is_refused(cast, monkeypatch):
    from xingtan.apps.record.imports.reading import sniff

    monkeypatch.setattr(sniff, "LARGEST_FILE", 10)
    with pytest.raises(UnreadableError, match="MB"):
        read(cast, csv("XS-11,2008-2009,初中,300,2"))


def test_the_limit_inside_a_zip_is_counted_while_unpacking(tmp_path, monkeypatch):
    monkeypatch.setattr(guard, "LARGEST_INSIDE", 1024)
    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx(("a",) * 10, *[("b" * 50,) * 10] * 50))
    with pytest.raises(UnreadableError) as refused:
        guard.inspect(path)
    assert refused.value.issues[0].code == "file.bomb"


def test_an_import_killed_half_way_leaves_nothing_visible_and_goes_on_where_it_stopped(cast, monkeypatch):
    from xingtan.apps.record.imports import staging

    monkeypatch.setattr(staging, "CHUNK", 2)
    source = read(cast, csv(*(f"XS-{code},2008-2009,{stage},{n},0" for n, (code, stage) in enumerate(
        [("11", "初中"), ("12", "小学"), ("121", "小学"), ("21", "初中"), ("22", "小学")], 50))))  # fmt: skip
    source = services.import_confirm(actor=ACTOR, source=source)

    class Killed(BaseException):
        pass

    def die(done: int, total: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        services.import_run(actor=ACTOR, source=source, today=TODAY, step=die)
    from xingtan.apps.record.ledgers.selectors import current

    assert Record.objects.count() == 2  # staged
    assert current(cast.place, "enrolment").count() == 0  # and not there for anybody
    staged = set(Record.objects.values_list("pk", flat=True))
    services.import_run(actor=ACTOR, source=Import.objects.get(pk=source.pk), today=TODAY)
    assert current(cast.place, "enrolment").count() == 5
    assert staged < set(Record.objects.values_list("pk", flat=True))
    assert Batch.objects.get().rows == 5


def test_rows_of_organisations_that_do_not_keep_the_ledger_are_refused_with_who_does(cast):
    source = read(cast, csv("XS-11,2008-2009,初中,300,2", "XS-1,2008-2009,初中,9,0", ",2008-2009,小学,9,0"))
    found = errors(source)
    assert [(place, issue.code) for place, issue in found.items()] == [("A3", "org.not_keeper"), ("A4", "org.not_keeper")]
    assert "“东溪镇”不记“在校生”台账" in str(found["A3"].message)
    assert "初级中学" in str(found["A3"].hint)
    assert source.counts["added"] == 1


def test_a_form_for_an_organisation_that_does_not_keep_the_ledger_is_refused_at_the_field(cast):
    from xingtan.apps.record.ledgers.services import record_create

    texts = {"org": "XS-1", "period": "2008-2009", "stage": "初中", "pupils": "9"}
    with pytest.raises(XingtanError) as refused:
        record_create(actor=ACTOR, place=cast.place, ledger="enrolment", texts=texts, today=TODAY)
    assert [(issue.where.field, issue.code) for issue in refused.value.issues] == [("org", "org.not_keeper")]
