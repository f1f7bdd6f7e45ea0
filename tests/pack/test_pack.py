"""Built-in packs, the bytes of a pack, the engine's model, differences, schema and reference."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.pack.small import FILES, loaded, write

from xingtan.kernel.calendar import DayKind
from xingtan.kernel.issues import Severity
from xingtan.pack import builtin_root, check, diff, dump, json_schema, load, model, restore
from xingtan.pack.files import FILES as PACK_FILES
from xingtan.pack.files import FOLDERS
from xingtan.pack.reference import files as reference_files
from xingtan.pack.schema.calendar import Calendar, SpecialDay
from xingtan.pack.working_days import working_calendar

BUILTIN = sorted(path.name for path in builtin_root().iterdir() if path.is_dir())
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", BUILTIN)
def test_a_built_in_pack_has_no_error(name):
    errors = [f"{issue} {issue.hint}" for issue in check(builtin_root() / name) if issue.severity is Severity.ERROR]
    assert errors == []


@pytest.mark.parametrize("name", BUILTIN)
def test_dump_and_restore_are_exact(name):
    pack = load(builtin_root() / name).pack
    assert pack is not None
    again = restore(dump(pack))
    assert again == pack
    assert dump(again) == dump(pack)
    assert again.hash == pack.hash


def test_the_bytes_are_canonical_and_the_hash_names_the_content(tmp_path):
    pack = loaded(tmp_path).pack
    data = json.loads(dump(pack))
    assert data["parameters"]["dropout_cap"]["value"] == 0.03
    assert dump(pack) == json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    other = loaded(tmp_path / "other", {"parameters.yaml": FILES["parameters.yaml"].replace("0.03", "0.02")}).pack
    assert other.hash != pack.hash
    assert restore(dump(pack)).parameters["dropout_cap"].value == Decimal("0.03")


def test_bytes_that_are_no_pack():
    with pytest.raises(ValueError, match="valid"):
        restore(b'{"id": "x"}')


def test_the_engine_model(tmp_path):
    spec = model(loaded(tmp_path).pack)
    assert [one.id for one in spec.datasets] == ["leaving", "roll"] or {one.id for one in spec.datasets} == {"leaving", "roll"}
    roll = next(one for one in spec.datasets if one.id == "roll")
    stage = roll.field("stage")
    assert (stage.type, stage.codes, stage.ordered) == ("code", ("小学", "初中"), True)
    assert roll.field("pupils").minimum == Decimal(0)
    rate = next(one for one in spec.indicators if one.id == "dropout_rate")
    assert (rate.unit, rate.better) == ("percent", "lower")
    assert spec.parameters["dropout_cap"].value == Decimal("0.03")
    assert spec.parameters["dropout_cap"].source == "《责任书》"
    assert spec.org_kinds == {"county": "县", "junior_school": "初中"}
    assert spec.pack_hash == loaded(tmp_path / "b").pack.hash


def test_ledgers_that_are_due_name_kinds(tmp_path):
    due = FILES["ledgers/pupils.yaml"].replace("  key: [stage]\n", "  key: [stage]\n  due: {from: school}\n")
    spec = model(loaded(tmp_path, {"ledgers/pupils.yaml": due}).pack)
    assert next(one for one in spec.datasets if one.id == "roll").due_from == ("junior_school",)


def test_an_indicator_may_count_the_staff_register(tmp_path):
    text = FILES["indicators/pupils.yaml"] + "- {id: heads, title: 校长数, formula: \"count(staff, post == 'principal' and on(today))\"}\n"
    found = loaded(tmp_path, {"indicators/pupils.yaml": text})
    assert found.issues == ()
    assert "staff" in {one.id for one in model(found.pack).datasets}


def test_the_working_calendar():
    own = Calendar(
        days=(
            SpecialDay(date=date(2009, 10, 12), kind="holiday", title="校庆"),
            SpecialDay(date=date(2009, 10, 17), kind="workday", title="补课"),
        )
    )
    calendar = working_calendar(own)
    assert calendar.status(date(2009, 10, 1)).kind is DayKind.HOLIDAY
    assert calendar.status(date(2009, 10, 10)).works  # a Saturday worked in exchange, by the national arrangement
    assert not calendar.status(date(2009, 10, 12)).works
    assert calendar.status(date(2009, 10, 17)).works
    plain = working_calendar(Calendar(country="none"))
    assert plain.status(date(2009, 10, 1)).works
    assert calendar.workdays(date(2009, 10, 1), date(2009, 10, 12)) == 2  # 9 and 10 October


def test_differences_in_words(tmp_path):
    old = loaded(tmp_path).pack
    changes = {
        "parameters.yaml": FILES["parameters.yaml"].replace("0.03", "0.02"),
        "indicators/pupils.yaml": FILES["indicators/pupils.yaml"]
        .replace("by: [stage]", "better: higher")
        .replace("kind == '辍学'", "kind == '转出'"),
        "ledgers/pupils.yaml": FILES["ledgers/pupils.yaml"].replace("type: integer, min: 0}\n  key", "type: money, min: 0}\n  key"),
        "targets/letters.yaml": None,
        "duties/d.yaml": "- {id: d, title: 清点, who: {post: teacher}, counts: count(roll), at_least: 1, per: term}\n",
    }
    new = loaded(tmp_path / "new", changes).pack
    found = diff(old, new)
    said = [str(change.text) for change in found]
    assert "参数“辍学率上限”的值由 0.03 改为 0.02" in said
    assert "指标“学生数”新增方向：higher" in said
    assert "指标“学生数”删去分组栏（原为 stage）" in said
    assert (
        "指标“辍学率”的公式由 异动（类别＝辍学）的人数之和 ÷ 学生名数（学段＝初中）的人数之和 改为 异动（类别＝转出）的人数之和 ÷ 学生名数（学段＝初中）的人数之和"
        in said
    )
    assert "删去目标“责任书”" in said
    assert "新增职责“清点”" in said
    assert [str(change.text) for change in found if change.breaking] == ["台账“学生名数”的栏 pupils 类型由 number 改为 money"]
    assert diff(old, old) == ()


def test_a_report_is_told_by_its_changed_lines(tmp_path):
    old = loaded(tmp_path).pack
    new = loaded(tmp_path / "new", {"reports/year.md": FILES["reports/year.md"].replace("全县有", "全县共有")}).pack
    assert [str(change.text) for change in diff(old, new)] == ["报告“年度总结”的正文改了 1 行"]


def test_a_column_that_goes_breaks_the_stored_rows(tmp_path):
    old = loaded(
        tmp_path, {"ledgers/x.yaml": "- {id: x, title: 附表, fields: [{id: a, title: 甲, type: text}, {id: b, title: 乙, type: text}]}\n"}
    ).pack
    new = loaded(tmp_path / "new", {"ledgers/x.yaml": "- {id: x, title: 附表, fields: [{id: a, title: 甲, type: text}]}\n"}).pack
    assert [(change.kind, change.breaking) for change in diff(old, new)] == [("removed", True)]


def test_a_child_changes_its_parent(tmp_path):
    write(tmp_path)
    only: dict[str, str | None] = dict.fromkeys(FILES) | {
        "pack.yaml": 'id: child\nversion: "2010.1"\ntitle: 下级\nextends: [small@2009.1]\n',
        "parameters.yaml": "- {id: dropout_cap, amend: true, value: 0.02}\n",
        "targets/letters.yaml": "- {id: letter, remove: true}\n",
        "indicators/pupils.yaml": "- {id: pupils, title: 在校生, formula: count(roll)}\n",
    }
    pack = load(write(tmp_path, only, name="child", version="2010.1")).pack
    assert pack.parameters["dropout_cap"].value == Decimal("0.02")
    assert pack.parameters["dropout_cap"].title == "辍学率上限"
    assert pack.targets == {}
    assert pack.indicators["pupils"].unit == ""
    assert pack.lineage == ("small@2009.1",)
    assert pack.golden == {}


def test_a_schema_for_every_file():
    schemas = json_schema()
    expected = {*PACK_FILES, *(f"{folder}/*{ending}" for folder, ending in FOLDERS.items())}
    assert set(schemas) == expected
    ledgers = schemas["ledgers/*.yaml"]
    assert ledgers["$defs"]["Field"]["properties"]["type"]["anyOf"][1]["pattern"].startswith("^code")
    assert "body" not in schemas["reports/*.md"]["properties"]
    assert json.loads(json.dumps(schemas)) == schemas


def test_the_reference_is_not_stale():
    stale = [name for name, text in reference_files().items() if (ROOT / "docs/reference" / name).read_text(encoding="utf-8") != text]
    assert stale == [], "run: python -m xingtan.pack.reference docs/reference"


def test_the_reference_leaves_no_key_without_meaning():
    lines = reference_files()["packs.md"].splitlines()
    empty = [line for line in lines if line.startswith("| `") and ("|  |" in line[-4:] or "| . Default" in line)]
    assert empty == []
