"""A formula in Chinese."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kernel.formula.worlds import conditions, numbers

from xingtan.kernel.formula import SIGNATURES, in_words, parse

TITLES = {
    "enrolment": "在校生", "enrolment.stage": "学段", "enrolment.pupils": "人数", "change": "初中在册异动", "change.kind": "类别", "rate": "辍学率",
    "pupils": "学生数", "cap": "上限", "org_kind:school": "学校", "lower": "下四分位",
}  # fmt: skip
SAID = [
    ("count(change, kind == '辍学') / pupils", "初中在册异动（类别＝辍学）条数 ÷ 学生数"),
    ("sum(enrolment.pupils, on(year.start) and stage == '初中')", "在校生（学年初在册，学段＝初中）的人数之和"),
    ("mean(children(rate, school))", "各学校的辍学率的平均数"),
    ("cv(rate, over=school, weight=pupils)", "各学校之间辍学率的差异系数（按学生数加权）"),
    ("(rate + cap) * 100 - previous(rate, 2)", "（辍学率 ＋ 上限） × 100 － 前 2 期的辍学率"),
    ("count(change, not doubtful)", "初中在册异动（不存疑）条数"),
    ("count(change, kind in ['辍学', '转出'] or within(1, months))", "初中在册异动（（类别为辍学、转出之一或期末前 1 个月内））条数"),
    ("share(pupils, of=parent)", "学生数占上级的比重"),
    ("if_(rate > cap, 0, 1)", "若辍学率＞上限取0，否则取1"),
    ("quantile(enrolment.pupils, lower)", "在校生的人数分位数（下四分位）"),
    ("min(1, rate)", "1、辍学率中的最小者"),
    ("not (rate > cap)", "非（辍学率＞上限）"),
]


@pytest.mark.parametrize(("text", "said"), SAID, ids=[text for text, _ in SAID])
def test_words(text, said):
    assert in_words(parse(text).expr, TITLES) == said


def test_every_function_has_words():
    for signature in SIGNATURES.values():
        said = in_words(parse(signature.example).expr, TITLES)
        assert said
        assert "%(" not in said


@given(conditions() | numbers())
def test_any_formula_can_be_said(expr):
    assert in_words(expr, TITLES)
