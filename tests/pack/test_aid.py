"""Schemes of fixed amounts as packs write them: every fault with line and caret."""

from __future__ import annotations

import pytest
from tests.pack.small import findings, line_of, loaded, under_caret
from tests.pack.test_rules import AID, AID_WORLD

from xingtan.kernel.issues import Severity
from xingtan.pack import aid

FAULTS = [
    ("ledger", AID.replace("applications: apply", "applications: aply"), "pack.unknown_name", "aply", "aply"),
    ("person", AID.replace("person: name", "person: nam"), "pack.unknown_name", "person: nam", "nam"),
    ("heads of a word", AID.replace("person: name", "heads: tier"), "pack.aid_column", "heads: tier", "tier"),
    ("post", AID + "    approval: [principl]\n", "pack.unknown_name", "principl", "principl"),
    ("scheme", AID + "    excludes: [grant2]\n", "pack.unknown_name", "grant2", "grant2"),
    ("itself", AID + "    excludes: [grant]\n", "pack.unknown_name", "excludes", "grant"),
    ("column shown", AID.replace("[org, name, tier]", "[org, nam]"), "pack.unknown_name", "[org, nam]", "nam"),
    ("tier twice", AID.replace("id: b", "id: a"), "pack.duplicate_id", "大学", "{"),
    ("word of a condition", AID.replace("tier == '高中'", "teir == '高中'"), "formula.unknown_name", "teir", "teir"),
    ("code", AID.replace("tier == '高中'", "tier == '高小'"), "formula.code", "高小", "'高小'"),
    ("number as condition", AID.replace("when: tier == '高中'", "when: standard"), "formula.type", "when: standard", "standard"),
    ("text as amount", AID.replace("'高中', amount: standard", "'高中', amount: tier"), "formula.type", "amount: tier", "tier"),
    ("indicator", AID.replace("'高中', amount: standard", "'高中', amount: pupils"), "formula.unknown_name", "amount: pupils", "pupils"),
    ("key", AID.replace("person: name", "persn: name"), "pack.unknown_key", "persn", "name"),
    ("drawn column", AID + "    draw: {fill: {name: name, nr: number}}\n", "pack.unknown_name", "draw:", "number"),
    ("drawn attribute", AID + "    draw: {fill: {name: nam}}\n", "pack.literal_error", "draw:", "nam"),
    ("form", AID + "    form: gold\n", "pack.literal_error", "gold", "gold"),
    ("covers", AID + "    covers: {ledger: apply, number: nr}\n", "pack.unknown_name", "covers", "nr"),
]


@pytest.mark.parametrize(("text", "code", "word", "caret"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_a_fault_is_shown_where_it_stands(tmp_path, text, code, word, caret):
    assert loaded(tmp_path, AID_WORLD | {"allocations/a.yaml": AID}).issues == ()
    found = [one for one in loaded(tmp_path, AID_WORLD | {"allocations/a.yaml": text}).issues if one.severity is Severity.ERROR]
    assert [issue.code for issue in found] == [code]
    assert found[0].where.line == line_of(text, word)
    assert caret == under_caret(found[0]) or (code.startswith("pack.") and caret.startswith(under_caret(found[0])))
    assert found[0].hint is not None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (AID.replace("method: tiers", "method: fixed"), "pack.allocation_aid"),
        ("- {id: a, title: 分配, method: equal, over: school}\n", "pack.allocation_pool"),
        ("- {id: a, title: 分配, method: tiers, over: pupils}\n", "pack.allocation_aid"),
    ],
)
def test_a_pool_or_tiers(tmp_path, text, code):
    assert [one.code for one in loaded(tmp_path, AID_WORLD | {"allocations/a.yaml": text}).issues] == [code]


def test_a_name_or_number_is_never_published(tmp_path):
    ledger = AID_WORLD["ledgers/aid.yaml"].replace("- {id: tier,", "- {id: cause, title: 困难原因, type: text}\n    - {id: tier,")
    world = AID_WORLD | {"ledgers/aid.yaml": ledger.replace("[name]", "[name, cause]")}
    text = AID.replace("[org, name, tier]", "[org, cause]")
    found = [one for one in findings(tmp_path, world | {"allocations/a.yaml": text}) if one.code == "aid_publication"]
    assert [(one.severity, one.value) for one in found] == [(Severity.ERROR, "cause")]
    assert "困难原因" in str(found[0].message)


def test_a_tier_without_condition_stands_last(tmp_path):
    text = AID.replace("when: tier == '高中', ", "")
    found = [one for one in findings(tmp_path, AID_WORLD | {"allocations/a.yaml": text}) if one.code == "aid_tiers"]
    assert [(one.where.line, str(one.hint)) for one in found] == [(line_of(text, "id: a"), "写上 when，或把它移到最后")]


def test_the_overlap_is_shown_by_an_example(tmp_path):
    text = AID.replace("tier == '大学'", "\"tier in ['大学', '高中']\"")
    (found,) = [one for one in findings(tmp_path, AID_WORLD | {"allocations/a.yaml": text}) if one.code == "aid_tiers"]
    assert str(found.message) == "档次“高中”和“大学”重叠：层次＝高中时两档都合"


def test_two_schemes_are_told_apart_by_their_titles(tmp_path):
    text = AID + AID.replace("id: grant", "id: second")
    found = [one for one in loaded(tmp_path, AID_WORLD | {"allocations/a.yaml": text}).issues]
    assert [(one.code, one.where.line) for one in found] == [("pack.aid_title", len(AID.splitlines()) + 2)]


def test_the_register_lists_the_schemes_of_the_pack(tmp_path):
    pack = loaded(tmp_path, AID_WORLD | {"allocations/a.yaml": AID}).pack
    spec = aid.awards(pack)
    assert spec.field("scheme").codes == ("助学金",)
    assert aid.sources(pack) == ("apply",)
    (scheme,) = aid.schemes(pack)
    assert (scheme.person, scheme.tiers[0].asks, scheme.titles["tier"]) == ("name", ("tier",), "层次")
