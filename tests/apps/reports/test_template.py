from __future__ import annotations

import pytest

from xingtan.apps.face.reports.hant import Converter, name
from xingtan.apps.face.reports.template import Use, fill
from xingtan.kernel.errors import XingtanError
from xingtan.press.markdown import token


class County:
    """A world of two schools, one of which has reported."""

    root = "XS"
    indicators = frozenset({"pupils", "rate"})
    parameters = frozenset({"cap"})

    def org_name(self, org: str, period: str) -> str:
        return {"XS": "溪山县", "A": "甲校", "B": "乙校"}[org]

    def kind(self, org: str, period: str) -> str:
        return "school"

    def children(self, org: str, period: str) -> tuple[str, ...]:
        return ("A", "B") if org == "XS" else ()

    def neighbour(self, period: str, step: int) -> str:
        return str(int(period) + step)

    def period_label(self, period: str) -> str:
        return f"{period}年"

    def parameter(self, name: str, form: str = "unit") -> str:
        return {"unit": "3%", "number": "3", "wan": "5万"}[form]

    def known(self, indicator: str, org: str, period: str) -> bool:
        return org != "B"

    def rows(self, indicator: str, org: str, period: str) -> int:
        return 0 if org == "B" else 3


def filled(body: str):
    return fill(body, County(), "XS", "2009")


def test_a_figure_enters_as_a_token_and_its_use_is_noted_once():
    made = filled("在校生{{ pupils }}，即{{ pupils }}，折{{ pupils | wan }}。")
    assert made.markdown == f"在校生{token(0)}，即{token(0)}，折{token(1)}。"
    assert made.uses == [Use("pupils", "XS", "2009"), Use("pupils", "XS", "2009", "wan")]


def test_parameters_take_the_filters_of_figures():
    made = filled("{{ parameter.cap }}、{{ parameter.cap | number }}、{{ parameter.cap | wan }}")
    assert (made.markdown, made.uses) == ("3%、3、5万", [])


def test_children_neighbours_parameters_and_choices():
    made = filled(
        "{% for u in children if u.rows('pupils') %}{{ u.name }}{{ u.pupils }}{% endfor %}"
        "，上年{{ previous.pupils }}，下年（{{ next.period }}）{{ next.rate }}，上限{{ parameter.cap }}，{{ place.name }}{{ org.name }}{{ period }}"
        "{% if known(pupils) %}已报{% endif %}"
    )
    assert made.markdown == f"甲校{token(0)}，上年{token(1)}，下年（2010年）{token(2)}，上限3%，溪山县溪山县2009年已报"
    assert [(use.org, use.period) for use in made.uses] == [("A", "2009"), ("XS", "2008"), ("XS", "2010")]


@pytest.mark.parametrize(
    "body",
    [
        "{{ no_such }}",
        "{{ pupils.__class__ }}",
        "{{ org._org }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ pupils + 1 }}",
        "{{ pupils | upper }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ self._TemplateReference__context }}",
        "{% for x in range(10) %}{% endfor %}",
        "{{ parameter.none }}",
        "{{ org.rows('none') }}",
        "{% include 'x' %}",
        "{{ 'x' | wan }}",
        "{{ unclosed",
        "{{ 5 // 0 }}",
    ],
)
def test_what_a_template_may_not_do_is_refused_with_its_line(body):
    with pytest.raises(XingtanError) as refused:
        filled(f"第一行\n{body}")
    assert refused.value.issues[0].code == "report.template"


def test_names_are_protected_in_traditional_characters():
    converter = Converter(["范里小学", "万宝镇"])
    assert converter.text("范里小学以后的台账") == "范里小學以後的臺賬"
    assert name("万宝镇") == "萬寶鎮"
    assert converter.text("") == ""
