from __future__ import annotations

import copy
import pickle
from datetime import date
from itertools import product

import pytest

from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Severity, Where, has_errors
from xingtan.kernel.provenance import Provenance
from xingtan.kernel.text import T, Text
from xingtan.kernel.tri import Tri, all3, and3, any3, not3, or3


def test_a_text_fills_its_places_and_any_translation() -> None:
    text = T("第 %(row)s 行重复", row=7)
    assert str(text) == "第 7 行重复"
    assert text.filled("row %(row)s is there twice") == "row 7 is there twice"
    assert str(T("完成 100%")) == "完成 100%"
    assert str(T("约%(rest)s", rest=T("%(n)s人", n=3))) == "约3人"


def test_texts_are_values() -> None:
    text = T("第 %(row)s 行", row=7)
    assert text == T("第 %(row)s 行", row=7)
    assert hash(text) == hash(T("第 %(row)s 行", row=7))
    assert text != T("第 %(row)s 行", row=8)
    assert pickle.loads(pickle.dumps(text)) == copy.deepcopy(text) == text
    assert Text("无").params == {}
    with pytest.raises(TypeError):
        text.params["row"] = 8


@pytest.mark.parametrize(
    ("where", "said"),
    [
        (Where(), ""),
        (Where(file="台账.xlsx", sheet="Sheet1", cell="C7"), "台账.xlsx · Sheet1!C7"),
        (Where(file="台账.xlsx", sheet="Sheet1", row=7, field="人数"), "台账.xlsx · Sheet1!7 · 人数"),
        (Where(file="rules.yaml", line=12, column=5), "rules.yaml:12:5"),
        (Where(line=3), "3"),
        (Where(row=0), "0"),
        (Where(sheet="Sheet1"), "Sheet1"),
    ],
)
def test_a_place_is_said_as_people_point_to_it(where: Where, said: str) -> None:
    assert str(where) == said


def test_an_error_shows_all_its_issues() -> None:
    issues = [Issue(Severity.ERROR, "a", T("甲"), Where(row=1)), Issue(Severity.WARNING, "b", T("乙"))]
    assert str(XingtanError(issues)) == "1  甲\n乙"
    assert has_errors(issues)
    assert not has_errors(issues[1:])
    one = XingtanError.one("x.y", T("不行"), T("换一个"), value="5")
    assert (one.issues[0].severity, one.issues[0].hint, one.issues[0].value) == (Severity.ERROR, T("换一个"), "5")
    assert pickle.loads(pickle.dumps(one)).issues == one.issues


TRIS: tuple[Tri, ...] = (True, False, None)


def possible(item: Tri) -> set[bool]:
    return {True, False} if item is None else {item}


@pytest.mark.parametrize(("a", "b"), list(product(TRIS, TRIS)))
def test_undecided_is_every_case_at_once(a: Tri, b: Tri) -> None:
    both = {x and y for x in possible(a) for y in possible(b)}
    either = {x or y for x in possible(a) for y in possible(b)}
    assert possible(and3(a, b)) == both
    assert possible(or3(a, b)) == either
    assert possible(not3(a)) == {not x for x in possible(a)}
    assert all3([a, b]) is and3(b, a)
    assert any3([a, b]) is or3(b, a)


def test_nothing_to_hold_holds() -> None:
    assert all3([]) is True
    assert any3([]) is False


def test_same_inputs_ignore_the_program() -> None:
    one = Provenance("huinan", "2009.1", "ab" * 32, "1", date(2009, 12, 31), "0.1")
    assert one.same_inputs(Provenance("huinan", "2009.1", "ab" * 32, "1", date(2009, 12, 31), "0.2"))
    assert not one.same_inputs(Provenance("huinan", "2009.1", "ab" * 32, "2", date(2009, 12, 31), "0.1"))
    assert (one.pack, one.short_hash) == ("huinan 2009.1", "abababababab")
