"""A zoo of bad packs: each fault is found at its file and line, under a caret, with a remedy in Chinese."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.laws import tried
from tests.pack.small import FILES, findings, line_of, loaded, under_caret, write

from xingtan.kernel.issues import Severity
from xingtan.pack import check, load

INDICATORS, LEDGERS = FILES["indicators/pupils.yaml"], FILES["ledgers/pupils.yaml"]


def test_the_small_pack_is_good(tmp_path):
    assert findings(tmp_path) == ()
    assert loaded(tmp_path).pack.indicators["dropout_rate"].unit == "percent"


# (name, file, text with the fault, code, word in the faulty line, text under the caret, part of the remedy)
ZOO = [
    ("cycle", "indicators/pupils.yaml", INDICATORS + "- {id: a, title: 甲, formula: b + 1}\n- {id: b, title: 乙, formula: previous(a)}\n",
     "pack.cycle", "id: a,", "b", "台账"),
    ("own cycle", "indicators/pupils.yaml", INDICATORS + "- {id: a, title: 甲, formula: a + 1}\n", "pack.cycle", "id: a,", "a", "台账"),
    ("unknown indicator", "indicators/pupils.yaml", INDICATORS + "- {id: a, title: 甲, formula: pupil + 1}\n",
     "formula.unknown_name", "id: a,", "pupil", "pupils"),
    ("unknown ledger", "indicators/pupils.yaml", INDICATORS.replace("sum(roll.pupils)", "sum(rol.pupils)"),
     "formula.unknown_name", "rol.pupils)", "rol.pupils", "roll"),
    ("unknown column", "indicators/pupils.yaml", INDICATORS.replace("sum(roll.pupils)", "sum(roll.pupil)"),
     "formula.unknown_name", "roll.pupil)", "roll.pupil", "pupils"),
    ("wrong code", "indicators/pupils.yaml", INDICATORS.replace("'初中'", "'初中部'"), "formula.code", "初中部", "'初中部'", "初中"),
    ("division in a condition", "indicators/pupils.yaml", INDICATORS.replace("kind == '辍学'", "pupils / dropout_cap > 1"),
     "formula.division", "dropout_cap", "pupils / dropout_cap", "乘"),
    ("division by zero", "indicators/pupils.yaml", INDICATORS + "- {id: a, title: 甲, formula: pupils / 0}\n", "formula.zero_division", "id: a,", "0", "核对"),
    ("not a number", "indicators/pupils.yaml", INDICATORS + "- {id: a, title: 甲, formula: pupils > 0}\n", "formula.type", "id: a,", "pupils > 0", "count"),
    ("syntax", "indicators/pupils.yaml", INDICATORS + "- id: a\n  title: 甲\n  formula: pupils ≥ 0\n", "formula.syntax", "pupils ≥", "≥", ">="),
    ("folded formula", "indicators/pupils.yaml", INDICATORS + "- id: a\n  title: 甲\n  formula: >-\n    pupils\n    + pupil\n",
     "formula.unknown_name", "+ pupil", "pupil", "pupils"),
    ("breakdown", "indicators/pupils.yaml", INDICATORS.replace("by: [stage]", "by: [stag]"), "pack.unknown_name", "stag]", "s", "stage"),
    ("breakdown of nothing", "indicators/pupils.yaml", INDICATORS + "- {id: a, title: 甲, formula: pupils + 1, by: [stage]}\n",
     "pack.by_nothing", "id: a,", "s", "by"),
    ("masked key", "ledgers/pupils.yaml", LEDGERS.replace("type: code(stage), required: true", "type: code(stage)"),
     "pack.masked_key", "key: [stage]", "s", "required: true"),
    ("unknown key column", "ledgers/pupils.yaml", LEDGERS.replace("key: [stage]", "key: [stages]"), "pack.unknown_name", "key: [stages]", "s", "stage"),
    ("unknown code table", "ledgers/pupils.yaml", LEDGERS.replace("code(stage)", "code(stag)"), "pack.unknown_name", "code(stag)", "c", "stage"),
    ("check of no condition", "ledgers/pupils.yaml", LEDGERS.replace("when: date > today", "when: pupils + 1"), "formula.type", "pupils + 1", "pupils + 1", "比较"),
    ("duplicate id", "ledgers/pupils.yaml", LEDGERS.replace("- id: leaving", "- id: roll"), "pack.duplicate_id", None, "r", "改一个编号"),
    ("duplicate column", "ledgers/pupils.yaml", LEDGERS.replace("{id: pupils, title: 人数, type: integer, min: 0}\n  key", "{id: stage, title: 人数, type: text}\n  key"),
     "pack.duplicate_id", "title: 人数, type: text", "{", "改一个编号"),
    ("reserved column", "ledgers/pupils.yaml", LEDGERS.replace("{id: kind, ", "{id: org, "), "pack.reserved_id", "id: org", "o", "换一个"),
    ("column of another", "ledgers/pupils.yaml", LEDGERS.replace("{id: kind, ", "{id: pupils__lo, "), "pack.reserved_id", "id: pupils__lo", "p", "换一个"),
    ("snapshot table", "ledgers/pupils.yaml", LEDGERS + "- {id: returns, title: 零报告, fields: [{id: note, title: 说明, type: text}]}\n",
     "pack.reserved_id", "id: returns", "r", "换一个"),
    ("wrong type", "ledgers/pupils.yaml", LEDGERS.replace("min: 0}\n  key", "min: 零}\n  key"), "pack.not_number", "零", "零", "阿拉伯数字"),
    ("unknown column type", "ledgers/pupils.yaml", LEDGERS.replace("type: integer, min: 0}\n  key", "type: numbr}\n  key"),
     "pack.literal_error", "numbr", "n", "number"),
    ("unknown key", "ledgers/pupils.yaml", LEDGERS.replace("held_by:", "hold_by:"), "pack.unknown_key", None, None, "held_by"),
    ("missing title", "ledgers/pupils.yaml", LEDGERS.replace("  title: 学生名数\n", ""), "pack.missing", "- id: roll", "i", None),
    ("unknown keeper", "ledgers/pupils.yaml", LEDGERS.replace("held_by: [school]", "held_by: [schol]"), "pack.unknown_name", "schol", "s", "school"),
    ("tab", "ledgers/pupils.yaml", LEDGERS.replace("  title: 异动", "\ttitle: 异动"), "pack.tab", "\ttitle", " ", "空格"),
    ("bad yaml", "ledgers/pupils.yaml", LEDGERS.replace("key: [stage]", "key: [stage"), "pack.yaml", None, None, "成对"),
    ("alias", "ledgers/pupils.yaml", LEDGERS.replace("held_by: [school]", "held_by: &x [school]"), "pack.alias", "&x", None, "amend"),
    ("duplicate yaml key", "ledgers/pupils.yaml", LEDGERS.replace("  title: 学生名数\n", "  title: 学生名数\n  title: 又一个\n"), "pack.duplicate_key", "又一个", "t", "删去"),
    ("slippery scalar", "codes/words.yaml", FILES["codes/words.yaml"] + "- {id: yes_no, title: 是否, codes: [{code: yes}]}\n", "pack.string_type", "yes}", "y", '"yes"'),
    ("code twice", "codes/words.yaml", FILES["codes/words.yaml"].replace("{code: 转出}", "{code: 辍学}"), "pack.code_twice", None, None, "起止日期"),
    ("parent of a code", "codes/words.yaml", FILES["codes/words.yaml"].replace("{code: 转出}", "{code: 转出, parent: 离校}"), "pack.unknown_name", "离校", "离", "辍学"),
    ("parameter without value", "parameters.yaml", FILES["parameters.yaml"].replace("value: 0.03, ", ""), "pack.parameter_value", "dropout_cap", "{", "required: true"),
    ("reserved parameter", "parameters.yaml", FILES["parameters.yaml"] + "- {id: rank, title: 名次, value: 1}\n", "pack.reserved_id", "id: rank", "r", "换一个"),
    ("name twice", "parameters.yaml", FILES["parameters.yaml"] + "- {id: pupils, title: 人数, value: 1}\n", "pack.name_twice", "id: pupils", "p", "参数"),
    ("unknown signer", "targets/letters.yaml", FILES["targets/letters.yaml"].replace("principal", "principl"), "pack.unknown_name", "principl", "p", "principal"),
    ("unknown goal", "targets/letters.yaml", FILES["targets/letters.yaml"].replace("dropout_rate", "dropout"), "pack.unknown_name", "dropout,", "d", "dropout_rate"),
    ("two comparisons", "targets/letters.yaml", FILES["targets/letters.yaml"].replace("at_most:", "at_least: 0, at_most:"), "pack.goal_comparison", "at_least", "{", "选一个"),
    ("bound by nothing", "targets/letters.yaml", FILES["targets/letters.yaml"].replace("at_most: dropout_cap", "at_most: dropout_cup"),
     "formula.unknown_name", "dropout_cup", "dropout_cup", "dropout_cap"),
    ("report names nothing", "reports/year.md", FILES["reports/year.md"].replace("{{ dropout_rate }}", "{{ dropout }}"), "pack.unknown_name", "{{ dropout }}", "dropout", "dropout_rate"),
    ("report parameter", "reports/year.md", FILES["reports/year.md"].replace("parameter.dropout_cap", "dropout_cap"), "pack.unknown_name", "{{ dropout_cap }}", "dropout_cap", "parameter."),
    ("report of a child", "reports/year.md", FILES["reports/year.md"].replace("u.pupils", "u.pupil"), "pack.unknown_name", "u.pupil ", "pupil", "pupils"),
    ("report filter", "reports/year.md", FILES["reports/year.md"].replace("{{ pupils }}", "{{ pupils | wann }}"), "pack.unknown_name", "wann", "wann", "wan"),
    ("broken template", "reports/year.md", FILES["reports/year.md"].replace("{% endfor %}", ""), "pack.template", None, None, "成对"),
    ("no front matter", "reports/year.md", "年度总结\n", "pack.front_matter", "年度总结", None, "---"),
    ("unknown kind", "organisation.yaml", FILES["organisation.yaml"].replace("at: [county]", "at: [conty]"), "pack.unknown_name", "conty", "c", "county"),
    ("masked golden key", "golden/first.yaml", FILES["golden/first.yaml"].replace("stage: 初中", "stage: ××"), "pack.masked_key", "××", "×", "看不清"),
    ("golden column", "golden/first.yaml", FILES["golden/first.yaml"].replace("kind: 辍学", "kin: 辍学"), "pack.unknown_name", "kin: 辍学", "辍", "kind"),
    ("root kind", "pack.yaml", FILES["pack.yaml"].replace("kind: county", "kind: conty"), "pack.unknown_name", "conty", "c", "county"),
    ("missing parent", "pack.yaml", FILES["pack.yaml"] + "extends: [bas]\n", "pack.missing_parent", "bas]", "b", "base"),
    ("folder name", "pack.yaml", FILES["pack.yaml"].replace("2009.1", "2009.2"), "pack.folder_name", "2009.2", None, "packs/编号/版本"),
    ("waiver of nothing known", "waivers.yaml", "- {rule: K99, item: parameter dropout_cap, reason: 已经说明}\n", "pack.unknown_name", "K99", "K", None),
]  # fmt: skip


@pytest.mark.parametrize(("file", "text", "code", "word", "caret", "remedy"), [row[1:] for row in ZOO], ids=[row[0] for row in ZOO])
def test_a_fault_is_found_at_its_place(tmp_path, file, text, code, word, caret, remedy):
    loaded_pack = loaded(tmp_path, {file: text})
    assert loaded_pack.pack is None
    found = [issue for issue in loaded_pack.issues if issue.code == code]
    assert found, [f"{issue} {issue.code}" for issue in loaded_pack.issues]
    issue = found[0]
    assert issue.severity is Severity.ERROR
    assert issue.where.file.endswith(f"small/2009.1/{file}")
    assert issue.where.line
    if word is not None:
        assert issue.where.line == line_of(text, word)
    if file != "pack.yaml" or code != "pack.missing_parent":
        assert re.search(r"[\u4e00-\u9fff]", str(issue.message))
    if issue.excerpt:
        assert "^" in issue.excerpt
    if caret is not None:
        assert under_caret(issue) == caret
    assert re.search(r"[\u4e00-\u9fff]", str(issue.hint)), "a remedy in Chinese"
    assert (remedy or "") in str(issue.hint)


def test_a_typed_number_is_a_finding_of_check_and_not_of_load(tmp_path):
    text = INDICATORS + "- {id: a, title: 甲, formula: pupils * 45}\n"
    assert loaded(tmp_path, {"indicators/pupils.yaml": text}).pack is not None
    issue = findings(tmp_path, {"indicators/pupils.yaml": text})[0]
    assert (issue.code, issue.severity, under_caret(issue)) == ("formula.literal", Severity.ERROR, "45")
    assert "parameters" in str(issue.hint)


def test_all_faults_of_all_files_at_once(tmp_path):
    changes = {
        "indicators/pupils.yaml": INDICATORS.replace("roll.pupils)", "rol.pupils)"),
        "targets/letters.yaml": FILES["targets/letters.yaml"].replace("principal", "principl"),
        "reports/year.md": FILES["reports/year.md"].replace("{{ dropout_rate }}", "{{ dropout }}"),
    }
    files = {issue.where.file.rsplit("/", 1)[-1] for issue in loaded(tmp_path, changes).issues}
    assert files == {"pupils.yaml", "letters.yaml", "year.md"}


CASES = """\
- id: review
  title: 审议
  fields: [{id: reason, title: 事由, type: text}]
  states: [提出, 决定]
  moves:
    决定: {from: 提出, by: {post: director}, requires: [reason]}
"""
MORE = [
    ("unreachable", CASES.replace("[提出, 决定]", "[提出, 决定, 归档]"), "pack.unreachable_state", "归"),
    ("unknown state", CASES.replace("from: 提出", "from: 提起"), "pack.unknown_name", "提"),
    ("unknown mover", CASES.replace("post: director", "post: directer"), "pack.unknown_name", "d"),
    ("unknown field", CASES.replace("requires: [reason]", "requires: [reson]"), "pack.unknown_name", "r"),
    ("guard", CASES.replace("requires:", "when: reasn == 'x', requires:"), "formula.unknown_name", "reasn"),
]


@pytest.mark.parametrize(("text", "code", "caret"), [row[1:] for row in MORE], ids=[row[0] for row in MORE])
def test_cases(tmp_path, text, code, caret):
    assert loaded(tmp_path, {"cases/review.yaml": CASES}).pack is not None
    found = loaded(tmp_path, {"cases/review.yaml": text}).issues
    assert [issue.code for issue in found] == [code]
    assert under_caret(found[0]) == caret


SCHEME = """\
- id: appraisal
  title: 考核
  appraises: school
  sections:
    - {id: rolls, title: 人数, max: 100, score: "max * min(1, pupils / pupils)"}
  consequences:
    - {when: streak(rank_from_bottom == 1) >= 1, propose: review, for: principal, decided_by: director}
"""
SCHEMES = [
    ("unknown case", SCHEME.replace("propose: review", "propose: reviw"), "pack.unknown_name", "reviw", "r"),
    ("unknown post", SCHEME.replace("for: principal", "for: principl"), "pack.unknown_name", "principl", "p"),
    ("formula", SCHEME.replace("pupils / pupils", "pupils / pupil"), "formula.unknown_name", "pupil)", "pupil"),
    ("empty", "- {id: a, title: 甲, appraises: school}\n", "pack.scheme_empty", "id: a", "{"),
    ("raters", SCHEME.replace('score: "max * min(1, pupils / pupils)"', "raters: {a: 0.5, b: 0.4}"), "pack.weights_sum", "raters", "{"),
]


@pytest.mark.parametrize(("text", "code", "word", "caret"), [row[1:] for row in SCHEMES], ids=[row[0] for row in SCHEMES])
def test_schemes(tmp_path, text, code, word, caret):
    assert loaded(tmp_path, {"cases/review.yaml": CASES, "schemes/school.yaml": SCHEME}).issues == ()
    found = loaded(tmp_path, {"cases/review.yaml": CASES, "schemes/school.yaml": text}).issues
    assert [issue.code for issue in found] == [code]
    assert found[0].where.line == line_of(text, word)
    assert under_caret(found[0]) == caret


OTHERS = [
    ("duties/d.yaml", "- {id: d, title: 职责, who: {post: principl}, counts: count(roll), at_least: 1, per: year}\n", "pack.unknown_name"),
    ("duties/d.yaml", "- {id: d, title: 职责, who: {post: principal}, counts: count(roll), per: year}\n", "pack.duty_bound"),
    (
        "duties/d.yaml",
        '- {id: d, title: 职责, who: {post: principal}, counts: "count(roll, stge == who)", at_least: 1, per: year}\n',
        "formula.unknown_name",
    ),
    ("allocations/a.yaml", "- {id: a, title: 分配, method: equal, pool: pupls, over: school}\n", "formula.unknown_name"),
    ("allocations/a.yaml", "- {id: a, title: 分配, method: equal, pool: pupils, over: schol}\n", "pack.unknown_name"),
    (
        "surveys/s.yaml",
        "- {id: s, title: 测评, raters: [parent], rates: principal, questions: [{id: q, text: 满意, scale: 5}]}\n",
        "pack.unknown_name",
    ),
    (
        "surveys/s.yaml",
        "- {id: s, title: 测评, raters: [parents], rates: principal, questions: [{id: q, text: 满意}]}\n",
        "pack.question_way",
    ),
    ("ledger/s.yaml", "- {id: s}\n", "pack.unknown_file"),
]


@pytest.mark.parametrize(("file", "text", "code"), OTHERS)
def test_other_nouns(tmp_path, file, text, code):
    found = loaded(tmp_path, {file: text}).issues
    assert [issue.code for issue in found] == [code]
    assert found[0].where.file.endswith(file)
    assert re.search(r"[\u4e00-\u9fff]", str(found[0].hint))


def test_files_that_are_no_text(tmp_path):
    folder = write(tmp_path)
    (folder / "codes/gbk.yaml").write_bytes("- {id: a, title: 编码, codes: [{code: 甲}]}\n".encode("gbk"))
    (folder / "codes/huge.yaml").write_bytes(b"#" * 1_000_001)
    found = {issue.code: issue for issue in load(folder).issues}
    assert set(found) == {"pack.encoding", "pack.too_big"}
    assert "GBK" in str(found["pack.encoding"].message)
    assert "UTF-8" in str(found["pack.encoding"].hint)


def test_packs_that_extend_each_other(tmp_path):
    for name, parent in (("a", "b"), ("b", "a")):
        (tmp_path / name / "2009.1").mkdir(parents=True)
        (tmp_path / name / "2009.1/pack.yaml").write_text(
            f'id: {name}\nversion: "2009.1"\ntitle: 包\nextends: [{parent}]\n', encoding="utf-8"
        )
    assert [issue.code for issue in load(tmp_path / "a").issues] == ["pack.extends_cycle"]


def test_a_folder_that_is_not_there(tmp_path):
    assert [issue.code for issue in check(tmp_path / "nowhere")] == ["pack.no_folder"]


@tried(60)
@given(st.data())
def test_nothing_typed_by_mistake_makes_the_checker_raise(tmp_path, data):
    file = data.draw(st.sampled_from(sorted(FILES)))
    text = FILES[file]
    at = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 8))
    typed = data.draw(
        st.sampled_from(["", "\t", "  ", ": ", "- ", "{", "]", "'", '"', "&a", "!!", "\n", "：", "𠮷", "\x00", "××", "{{", "null", "1e9"])
        | st.text(max_size=4)
    )
    spoiled = text[:at] + typed + text[at + length :]
    found = findings(tmp_path / "pack", {file: spoiled.encode("utf-8", "replace").decode("utf-8")})
    assert all(str(issue.message) for issue in found)
