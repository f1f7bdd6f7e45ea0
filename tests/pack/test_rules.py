"""Every lint rule: one pack that trips it, one that does not; dates in force; waivers."""

from __future__ import annotations

import pytest
from tests.pack.small import FILES, findings, line_of, under_caret

from xingtan.kernel.issues import Severity
from xingtan.pack import builtin_root
from xingtan.pack.rules import RULES

NORMS = (builtin_root() / "base/2026.1/norms.yaml").read_text(encoding="utf-8")
TODAY = FILES["pack.yaml"].replace("2009-09-01", "2024-09-01").replace('"2009.1"', '"2024.1"')
LEDGERS, INDICATORS = FILES["ledgers/pupils.yaml"], FILES["indicators/pupils.yaml"]
IDLE = LEDGERS + "- id: lessons\n  title: 听课记录\n  fields: [{id: score, title: 评分, type: number}]\n"
READ = {"indicators/lessons.yaml": "- {id: lesson_score, title: 听课评分, unit: 分, formula: mean(lessons.score)}\n"}
PROVED = {
    "golden/lessons.yaml": """\
- id: lessons
  title: 听课
  rows: {lessons: [{period: "2009", score: 90}]}
  answers: [{indicator: lesson_score, period: "2009", value: 90, steps: [只有一行]}]
"""
}
CASE = """\
- id: review
  title: 免职审议
  concerns: [sanction]
  investigation: true
  hearing: true
  appeal: true
  states: [提出, 决定]
  moves: {决定: {from: 提出, by: {post: director}}}
"""
SCHEME = """\
- id: appraisal
  title: 质量考核
  appraises: school
  stages: [junior]
  sections: [{id: s, title: 人数, max: 100, score: "max * min(1, pupils)"}]
"""
CONSEQUENCE = "  consequences: [{when: rank_from_bottom == 1, propose: review, for: principal, decided_by: director}]\n"
GOAL = FILES["targets/letters.yaml"]


def params(more: str) -> dict[str, str]:
    """The parameters with one more, used by an indicator."""
    name = more.split("id: ", 1)[1].split(",", 1)[0]
    return {
        "parameters.yaml": FILES["parameters.yaml"] + more,
        "indicators/more.yaml": f"- {{id: uses_{name}, title: 用到它, formula: {name} * 1}}\n",
    }


def report(sentence: str) -> dict[str, str]:
    return {"reports/year.md": FILES["reports/year.md"] + f"\n{sentence}\n"}


def goal(text: str) -> dict[str, str]:
    return {"targets/letters.yaml": GOAL.replace("at_most: dropout_cap", text), "parameters.yaml": FILES["parameters.yaml"] + USED, **USES}


USED = "- {id: five, title: 五, value: 5}\n- {id: three, title: 三, value: 3}\n- {id: huge, title: 过大, value: 1.2}\n"
USES = {"indicators/more.yaml": "- {id: uses, title: 用到, formula: five + three + huge}\n"}
RANKING = INDICATORS + "- {id: entrants, title: 升学人数, unit: 人, concerns: [promotion_rate], formula: count(roll)}\n"
# rule: (files that trip it, word in the faulty line, files that do not)
INDICATORS = FILES["indicators/pupils.yaml"]
STRUCTURAL = {
    "formula.literal": ({"indicators/x.yaml": "- {id: x, title: 甲, formula: pupils * 45}\n"}, "45", params("- {id: p, title: 班额, value: 45}\n")),
    "idle_ledger": ({"ledgers/pupils.yaml": IDLE}, "id: lessons", {"ledgers/pupils.yaml": IDLE, **READ, **PROVED}),
    "unproved_ledger": ({"ledgers/pupils.yaml": IDLE, **READ}, "id: lessons", {"ledgers/pupils.yaml": IDLE, **READ, **PROVED}),
    "unused_parameter": (
        {"parameters.yaml": FILES["parameters.yaml"] + "- {id: cap, title: 上限, value: 1}\n"}, "id: cap", params("- {id: cap, title: 上限, value: 1}\n"),
    ),
    "typed_quantity": (report("共有教师三千零三十二人。"), "三千零三十二", report("2009年9月1日，第三中学（辉教字〔2009〕26号）十分重视。")),
    "infeasible_target": (goal("rank_up: 1, rank_now: 1"), "rank_up", goal("rank_up: 1, rank_now: five")),
    "money_unit": (params("- {id: aid, title: 补助, value: 5, unit: 万元}\n"), "万元", params("- {id: aid, title: 补助, value: 50000, unit: 元}\n")),
    "sanction_scope": (
        {"cases/c.yaml": CASE, "schemes/s.yaml": SCHEME + CONSEQUENCE.replace("for: principal", "for: director")}, "for: director",
        {"cases/c.yaml": CASE, "schemes/s.yaml": SCHEME + CONSEQUENCE},
    ),
}  # fmt: skip
SIZE = "- {{id: size, title: 班额, value: {}, unit: 人, stages: [junior], concerns: [class_size]}}\n"
FUNDS = "- {{id: debt_share, title: 公用经费用途, value: 0.2, spends: public_funds, on: [{}], stages: [junior]}}\n"
BASE = "- {{id: base, title: 生均公用经费, value: {}, unit: 元, stages: [junior], concerns: [per_pupil_public_funds]}}\n"
PAY = SCHEME + "  pay: {pool: pupils, basic: BASIC, rewarding: three_tenths}\n"
TENTHS = FILES["parameters.yaml"] + "- {id: three_tenths, title: 三成, value: 0.3}\n- {id: seven_tenths, title: 七成, value: 0.7}\n"
ADMISSION = "- {{id: a, title: 分配, method: lottery, pool: pupils, over: pupils, stages: [junior], concerns: [admission{}]}}\n"
DUTY = "- {{id: d, title: 质量抽测, who: {{post: director}}, counts: count(roll), at_least: 1, per: year, stages: [{}], concerns: [unified_exam]}}\n"
PROMOTION = GOAL.replace("indicator: dropout_rate", "indicator: entrants")
FEE = "- {{id: fee, title: 收费标准, value: 100, unit: 元, stages: [{}], concerns: [tuition_fee]}}\n"
PUBLIC = FILES["reports/year.md"].replace("title: 年度总结", "title: 年度总结\npublishes: [WHAT]")
AID_WORLD = {
    "codes/aid.yaml": "- id: tier\n  title: 层次\n  codes: [{code: 高中}, {code: 大学}]\n",
    "ledgers/aid.yaml": """\
- id: apply
  title: 申请
  fields:
    - {id: name, title: 姓名, type: person, required: true}
    - {id: tier, title: 层次, type: code(tier)}
  visible: {sensitive: [name]}
""",
    "parameters.yaml": FILES["parameters.yaml"]
    + "- {id: standard, title: 标准, value: 600, unit: 元}\n- {id: notice, title: 公示, value: 7, unit: 天}\n",
}
AID = """\
- id: grant
  title: 助学金
  method: tiers
  over: pupils
  aid:
    applications: apply
    person: name
    tiers:
      - {id: a, title: 高中, when: tier == '高中', amount: standard}
      - {id: b, title: 大学, when: tier == '大学', amount: standard}
    publish: {columns: [org, name, tier], days: notice}
"""
STRUCTURAL["sensitive_read"] = (
    {"ledgers/pupils.yaml": FILES["ledgers/pupils.yaml"].replace("  checks:", "  visible: {sensitive: [pupils]}\n  checks:"), "indicators/pupils.yaml": INDICATORS},
    "formula: sum(leaving.pupils",
    {"ledgers/pupils.yaml": FILES["ledgers/pupils.yaml"].replace("  checks:", "  visible: {sensitive: [kind]}\n  checks:"), "indicators/pupils.yaml": INDICATORS},
)  # fmt: skip
STRUCTURAL |= {
    "aid_amount": (AID_WORLD | {"allocations/a.yaml": AID.replace("tier == '高中', amount: standard", "tier == '高中', amount: 100")}, "amount: 100",
                   AID_WORLD | {"allocations/a.yaml": AID}),
    "aid_publication": (AID_WORLD | {"allocations/a.yaml": AID.replace("    publish: {columns: [org, name, tier], days: notice}\n", "")}, "applications: apply",
                        AID_WORLD | {"allocations/a.yaml": AID}),
    "aid_tiers": (AID_WORLD | {"allocations/a.yaml": AID.replace("tier == '大学'", "tier != '大学'")}, "id: b",
                  AID_WORLD | {"allocations/a.yaml": AID}),
}  # fmt: skip
LAWFUL = {
    "K12": (params(SIZE.format(56)), "56", params(SIZE.format(50))),
    "K15": (params(FUNDS.format("debt_repayment")), "debt_repayment", params(FUNDS.format("training"))),
    "K16": (params(BASE.format(900)), "900", params(BASE.format(940))),
    "K21": (
        {"parameters.yaml": TENTHS, "schemes/s.yaml": PAY.replace("BASIC", "three_tenths")}, "basic",
        {"parameters.yaml": TENTHS, "schemes/s.yaml": PAY.replace("BASIC", "seven_tenths")},
    ),
    "K33": ({"allocations/a.yaml": ADMISSION.format(", admission_exam")}, "admission_exam", {"allocations/a.yaml": ADMISSION.format("")}),
    "K34": ({"duties/d.yaml": DUTY.format("junior")}, "unified_exam", {"duties/d.yaml": DUTY.format("senior")}),
    "K35": (
        {"indicators/pupils.yaml": RANKING, "targets/letters.yaml": PROMOTION}, "entrants",
        {"indicators/pupils.yaml": RANKING},
    ),
    "K37": ({"cases/c.yaml": CASE.replace("  hearing: true\n", "")}, "concerns: [sanction]", {"cases/c.yaml": CASE}),
    "K39": (params(FEE.format("junior")), "tuition_fee", params(FEE.format("senior"))),
    "K40": ({"reports/year.md": PUBLIC.replace("WHAT", "pupil_results")}, "pupil_results", {"reports/year.md": PUBLIC.replace("WHAT", "school_ranks")}),
}  # fmt: skip


def found(tmp_path, rule, changes):
    return [issue for issue in findings(tmp_path, changes) if issue.code == rule]


@pytest.mark.parametrize("rule", STRUCTURAL)
def test_a_structural_rule(tmp_path, rule):
    bad, word, good = STRUCTURAL[rule]
    issue = found(tmp_path / "bad", rule, bad)[0]
    text = next(text for file, text in bad.items() if issue.where.file.endswith(file))
    assert issue.where.line == line_of(text, word)
    assert "^" in issue.excerpt
    assert str(issue.hint)
    assert found(tmp_path / "good", rule, good) == []


@pytest.mark.parametrize("rule", LAWFUL)
def test_a_lawful_rule_warns_as_long_as_nobody_has_verified_the_norm(tmp_path, rule):
    bad, word, good = LAWFUL[rule]
    world = {"pack.yaml": TODAY.replace('"2024.1"', '"2009.1"'), "norms.yaml": NORMS}
    issue = found(tmp_path / "bad", rule, world | bad)[0]
    text = next(text for file, text in bad.items() if issue.where.file.endswith(file))
    assert issue.where.line == line_of(text, word)
    assert issue.severity is Severity.WARNING
    assert "^" in issue.excerpt
    assert "核对原文" in str(issue.hint)
    assert found(tmp_path / "good", rule, world | good) == []
    verified = world | {
        "norms.yaml": NORMS.replace("status: memory", "status: verified").replace("status: corroborated", "status: verified")
    }
    assert found(tmp_path / "verified", rule, verified | bad)[0].severity is Severity.ERROR


@pytest.mark.parametrize("rule", LAWFUL)
def test_a_breach_before_the_norm_is_historical(tmp_path, rule):
    old = FILES["pack.yaml"].replace("{from: 2009-09-01}", "{from: 2005-09-01, to: 2005-12-31}")
    issue = found(tmp_path, rule, {"pack.yaml": old, "norms.yaml": NORMS} | LAWFUL[rule][0])[0]
    assert issue.severity is Severity.HISTORICAL
    assert "尚无此规定" in str(issue.message)


def test_private_schools_draw_lots_for_places_of_the_compulsory_stage(tmp_path):
    kinds = FILES["organisation.yaml"].replace(
        "kinds:\n", "kinds:\n  - {id: private_junior, title: 民办初中, tier: school, stage: [junior], private: true}\n"
    )
    recommended = ADMISSION.format("").replace("over: pupils", "over: private_junior").replace("method: lottery", "method: fixed")
    world = {"pack.yaml": TODAY.replace('"2024.1"', '"2009.1"'), "norms.yaml": NORMS, "organisation.yaml": kinds}
    issue = found(tmp_path / "listed", "K33", world | {"allocations/a.yaml": recommended})[0]
    assert "电脑随机录取" in str(issue.hint)
    assert (issue.where.line, issue.severity) == (1, Severity.WARNING)
    for allowed in (recommended.replace("fixed", "lottery"), recommended.replace("private_junior", "junior_school")):
        assert found(tmp_path / allowed[40:60].replace(" ", "") / "ok", "K33", world | {"allocations/a.yaml": allowed}) == []
    then = FILES["pack.yaml"].replace("{from: 2009-09-01}", "{from: 2008-09-01, to: 2009-08-31}")
    old = world | {"pack.yaml": then, "allocations/a.yaml": recommended}
    assert [issue.severity for issue in found(tmp_path / "then", "K33", old)] == [Severity.HISTORICAL]


def test_every_rule_has_a_pack_that_trips_it():
    assert set(RULES) == set(STRUCTURAL) | set(LAWFUL)
    assert {rule for rule in RULES if RULES[rule].lawful} == set(LAWFUL)


def test_a_norm_that_has_ended_says_nothing(tmp_path):
    ended = NORMS.replace("  from: 2006-01-19\n", "  from: 2006-01-19\n  to: 2008-12-31\n")
    assert found(tmp_path, "K15", {"norms.yaml": ended} | LAWFUL["K15"][0]) == []


def test_a_limit_of_a_later_year_does_not_count_before(tmp_path):
    world = {"norms.yaml": NORMS, "pack.yaml": FILES["pack.yaml"].replace("{from: 2009-09-01}", "{from: 2017-01-01, to: 2017-12-31}")}
    assert {one.severity for one in found(tmp_path / "a", "K16", world | params(BASE.format(800)))} == {Severity.HISTORICAL}
    assert Severity.WARNING in {one.severity for one in found(tmp_path / "b", "K16", world | params(BASE.format(799)))}


def test_a_region_has_its_own_limit(tmp_path):
    year = FILES["pack.yaml"].replace("{from: 2009-09-01}", "{from: 2017-01-01, to: 2017-12-31}")
    east = {"norms.yaml": NORMS, "pack.yaml": year.replace("middle", "east")}
    assert Severity.WARNING in {one.severity for one in found(tmp_path, "K16", east | params(BASE.format(800)))}


def test_promotion_reaches_through_indicators_and_into_schemes(tmp_path):
    indicators = RANKING + "- {id: share_of_entrants, title: 升学率, formula: entrants / pupils}\n"
    scheme = SCHEME.replace("min(1, pupils)", "min(1, share_of_entrants)")
    world = {
        "pack.yaml": TODAY.replace('"2024.1"', '"2009.1"'),
        "norms.yaml": NORMS,
        "indicators/pupils.yaml": indicators,
        "schemes/s.yaml": scheme,
    }
    assert [under_caret(issue) for issue in found(tmp_path, "K35", world)] == ["{"]
    paying = scheme + "  pay: {pool: pupils}\n"
    assert found(tmp_path / "pay", "K21", world | {"schemes/s.yaml": paying})


def test_last_place_by_marks_is_a_matter_of_exams(tmp_path):
    scheme = SCHEME.replace("  stages: [junior]\n", "  stages: [junior]\n  concerns: [exam_scores]\n") + CONSEQUENCE
    world = {"pack.yaml": TODAY.replace('"2024.1"', '"2009.1"'), "norms.yaml": NORMS, "cases/c.yaml": CASE, "schemes/s.yaml": scheme}
    assert ["末位" in str(issue.message) for issue in found(tmp_path, "K34", world)] == [True]


def test_a_sanction_is_decided_by_a_post(tmp_path):
    world = {"pack.yaml": TODAY.replace('"2024.1"', '"2009.1"'), "norms.yaml": NORMS, "cases/c.yaml": CASE}
    without = SCHEME + CONSEQUENCE.replace(", decided_by: director", "")
    assert "由谁决定" in str(found(tmp_path / "a", "K37", world | {"schemes/s.yaml": without})[0].message)
    assert found(tmp_path / "b", "K37", world | {"schemes/s.yaml": SCHEME + CONSEQUENCE}) == []


GOALS = [
    ("rank_up: 1, rank_now: 1", True), ("rank_up: 1, rank_now: five", False), ("rank_up: five, rank_now: five", True),
    ("rank_within: five, among: three", True), ("rank_within: three, among: five", False), ("places: {count: five, top: three}", True),
    ("places: {count: three, top: five}, among: three", True), ("places: {count: three, top: five}", False), ("at_least: huge", True),
    ("at_least: 1", False), ("more_than: 1", True), ("at_most: 0 - huge", True), ("less_than: 0", True), ("at_most: 0", False), ("equals: huge", True),
    ("at_least: 1, stretch: 0", True), ("at_most: dropout_cap, stretch: 0", False), ("at_most: 0, stretch: dropout_cap", True), ("rank_up: five", False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "infeasible"), GOALS)
def test_goals(tmp_path, text, infeasible):
    assert bool(found(tmp_path, "infeasible_target", goal(text))) is infeasible


def test_a_goal_outside_the_plausible_range(tmp_path):
    narrow = INDICATORS.replace("  unit: percent\n", "  unit: percent\n  plausible: 0..0.5\n")
    assert found(tmp_path, "infeasible_target", goal("at_least: 1") | {"indicators/pupils.yaml": narrow})


TYPED = [
    ("共有教师56人。", ["56人"]),
    ("投资12.1万元，占76.8%。", ["12.1万元", "76.8%"]),
    ("比上年增加百分之五。", ["百分之五"]),
    ("新建三所学校，两个食堂。", ["三所", "两个"]),
    ("受到十余次表彰。", ["十余次"]),
    ("发表论文二十多篇。", ["二十多篇"]),
    ("系数是 0.35。", ["0.35"]),
    ("每天锻炼一小时。", ["一小时"]),
    ("共三千零三十二人次参加。", ["三千零三十二人次"]),
    ("{{ pupils }}人，{{ dropout_rate | number }}%。", []),
    ("{% if known('pupils') %}有{% endif %}学生。", []),
    ("2008-2009学年度，2009年3月8日召开。", []),
    ("二〇〇九年三月八日。", []),
    ("第三中学和第2小学。", []),
    ("《通知》（国发〔2008〕25号）。", []),
    ("十分重视，进一步统一思想。", []),
    ("连续三年获奖。", ["三年"]),
    ("一年来，农村学前一年入园率、三年级和九年一贯制学校。", []),
    ("## 三所学校的情况", []),
    ("1. 抓常规。", []),
    ("落实一岗双责。", []),
]


@pytest.mark.parametrize(("sentence", "expected"), TYPED, ids=[sentence for sentence, _ in TYPED])
def test_quantities_in_a_report(tmp_path, sentence, expected):
    phrases = {"phrases.yaml": "set_phrases: [一岗双责]\nmeasure_words: [人, 篇]\n"}
    issues = found(tmp_path, "typed_quantity", report(sentence) | phrases)
    assert [under_caret(issue) for issue in issues] == expected
    assert all(issue.severity is Severity.ERROR and "指标" in str(issue.hint) for issue in issues)


FRAMES = {
    "heading: 培训教师三百人的总结": ("三百人", "heading"),
    "summary: 全年投入 12.5 万元，成绩很大": ("12.5 万元", "summary"),
    "document: {issuer: 县教育局, addressee: 各校、56所民办园}": ("56所", "addressee"),
    "document: {copy_to: [县政府, 9名委员]}": ("9名", "copy_to"),
}


@pytest.mark.parametrize("line", FRAMES)
def test_quantities_around_a_report(tmp_path, line):
    word, key = FRAMES[line]
    world = {"reports/year.md": FILES["reports/year.md"].replace("title: 年度总结", f"title: 年度总结\n{line}")}
    (issue,) = found(tmp_path, "typed_quantity", world)
    assert issue.value == word
    assert f"“{word}”" in str(issue.message)
    assert key in (issue.excerpt or "") or key in issue.where.field
    assert issue.hint


def test_dates_numbers_and_names_around_a_report_are_no_quantities(tmp_path):
    frame = 'heading: "{{ place.name }}2009年工作总结"\nsummary: 第三中学2008—2009学年的经验\n'
    frame += "document: {issuer: 辉南县第一中学, number: 辉教字〔2009〕26号, date: 2009年12月30日, addressee: 九年一贯制学校}"
    world = {"reports/year.md": FILES["reports/year.md"].replace("title: 年度总结", f"title: 年度总结\n{frame}")}
    assert found(tmp_path, "typed_quantity", world) == []


def test_a_warning_may_be_waived_with_a_reason(tmp_path):
    waiver = "- {rule: K15, item: parameter debt_share, reason: 照原文录入，等上级答复}\n"
    world = {"norms.yaml": NORMS, "waivers.yaml": waiver} | LAWFUL["K15"][0]
    issues = findings(tmp_path, world)
    assert [(issue.code, issue.severity) for issue in issues] == [("K15", Severity.INFO)]
    assert "等上级答复" in str(issues[0].message)


def test_an_error_may_not_be_waived(tmp_path):
    waiver = "- {rule: typed_quantity, item: report year, reason: 照原文录入}\n"
    codes = {issue.code: issue.severity for issue in findings(tmp_path, report("共56人。") | {"waivers.yaml": waiver})}
    assert codes == {"typed_quantity": Severity.ERROR, "pack.waived_error": Severity.ERROR}


def test_a_waiver_of_nothing_is_to_be_taken_out(tmp_path):
    waiver = "- {rule: K15, item: parameter dropout_cap, reason: 照原文录入}\n"
    assert [issue.code for issue in findings(tmp_path, {"waivers.yaml": waiver, "norms.yaml": NORMS})] == ["pack.idle_waiver"]


def test_a_child_is_not_asked_to_mend_its_parent(tmp_path):
    from tests.pack.small import write

    from xingtan.pack import check

    write(tmp_path, {"ledgers/pupils.yaml": IDLE}, name="small")
    child = 'id: child\nversion: "2010.1"\ntitle: 下级\nextends: [small]\n'
    only = {path: None for path in FILES} | {"pack.yaml": child}
    assert check(write(tmp_path, only, name="child", version="2010.1")) == ()
