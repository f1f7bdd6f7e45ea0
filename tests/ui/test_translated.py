"""A constant text is remembered a language, never across languages; anything else is asked anew."""

from __future__ import annotations

from django.template import engines
from django.utils.translation import override

from xingtan.ui.translated import Constant


def test_a_constant_text_follows_the_language_and_a_variable_its_value():
    template = engines["django"].from_string(
        '{% translate "This field is required." %}|{% translate word %}|{% translate "全部" as all %}{{ all }}'
    )
    assert sum(isinstance(node, Constant) for node in template.template.nodelist) == 1
    seen = []
    for language in ("zh-hans", "en", "zh-hans", "en"):
        with override(language):
            seen.append(template.render({"word": "清除条件" if language == "en" else "<b>"}))
    assert seen[0] == seen[2]
    assert "required" not in seen[0]
    assert seen[0].endswith("|&lt;b&gt;|全部")
    assert seen[1] == seen[3]
    assert seen[1].startswith("This field is required.|")


def test_a_constant_text_is_written_as_django_writes_it():
    plain = engines["django"].from_string('{% load i18n %}{% translate "跳到正文" %} {% translate "a & b 100%" %}')
    kept = engines["django"].from_string('{% translate "跳到正文" %} {% translate "a & b 100%" %}')
    assert plain.render() == kept.render()
