"""The tool that collects texts and keeps the catalogues (tools/messages.py)."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from tools import messages


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A small source tree with texts in Python and in a template, and its own catalogues."""
    source, locale = tmp_path / "src" / "xingtan", tmp_path / "locale"
    (source / "ui" / "templates").mkdir(parents=True)
    locale.mkdir()
    (source / "a.py").write_text('from x import T\nA = T("第 %(row)s 行重复", row=1)\nB = _("软件里的头发")\n', encoding="utf-8")
    template = '{% translate "学校" %}{{ _("老师") }}{% blocktranslate with n=3 %}共 {{ n }} 条{% endblocktranslate %}{# 不收 #}'
    (source / "ui" / "templates" / "a.html").write_text(template, encoding="utf-8")
    overrides = locale / "zh_Hant.json"
    overrides.write_text('{"words": {"覈": "核"}, "texts": {"软件里的头发": "軟件裡的頭髮"}}', encoding="utf-8")
    for name, value in (("ROOT", tmp_path), ("SOURCE", source), ("LOCALE", locale), ("OVERRIDES", overrides)):
        monkeypatch.setattr(messages, name, value)
    return SimpleNamespace(source=source, locale=locale, overrides=overrides)


def test_collecting_says_nothing_beside_the_texts(capfd):
    """An empty text is the header of a catalogue, not a text: nobody may ask for its translation."""
    assert list(messages.texts())
    assert capfd.readouterr().err == ""


def ids(catalog):
    return {message.id for message in catalog if message.id}


def test_texts_are_collected_from_python_and_templates(house):
    assert ids(messages.collected()) == {"第 %(row)s 行重复", "软件里的头发", "学校", "老师", "共 %(n)s 条"}


def test_traditional_is_made_and_overrides_win(house):
    catalog = messages.traditional(messages.collected())
    assert catalog.get("学校").string == "學校"
    assert catalog.get("第 %(row)s 行重复").string == "第 %(row)s 行重複"
    assert catalog.get("软件里的头发").string == "軟件裡的頭髮"


def test_rare_characters_become_usual_ones(house):
    (house.source / "d.py").write_text('_("核对")\n', encoding="utf-8")
    assert messages.traditional(messages.collected()).get("核对").string == "核對"


def test_check_finds_what_is_stale_missing_unused_or_spoiled(house):
    messages.update()
    assert [fault for fault in messages.faults() if "English" not in fault] == []
    assert len([fault for fault in messages.faults() if "English" in fault]) == 5
    english = house.locale / "en" / "LC_MESSAGES" / "django.po"
    text = english.read_text(encoding="utf-8")
    for chinese, translated in {"学校": "School", "老师": "Teacher", "软件里的头发": "Hair", "共 %(n)s 条": "%(n)s in all"}.items():
        text = text.replace(f'msgid "{chinese}"\nmsgstr ""', f'msgid "{chinese}"\nmsgstr "{translated}"')
    english.write_text(
        text.replace('msgid "第 %(row)s 行重复"\nmsgstr ""', 'msgid "第 %(row)s 行重复"\nmsgstr "Row repeats"'), encoding="utf-8"
    )
    messages.update()
    assert [fault for fault in messages.faults()] == ["no English (or other %(names)s) for '第 %(row)s 行重复'"]
    english.write_text(english.read_text(encoding="utf-8").replace("Row repeats", "Row %(row)s repeats"), encoding="utf-8")
    assert messages.faults() == []
    (house.source / "b.py").write_text('_("新的")\n', encoding="utf-8")
    house.overrides.write_text('{"words": {}, "texts": {"没人说": "沒人說"}}', encoding="utf-8")
    assert len([fault for fault in messages.faults() if "stale" in fault]) == 2
    assert any("nobody says" in fault for fault in messages.faults())


def test_a_text_made_of_pieces_is_found(house):
    (house.source / "c.py").write_text(
        'T("有" if x else "无")\nT(f"{x}页")\nT(x.template)\nT("好") if x else T("不好")\n', encoding="utf-8"
    )
    assert [fault.split(": ")[0] for fault in messages.pieced()] == ["src/xingtan/c.py:1", "src/xingtan/c.py:2"]


def test_catalogues_are_compiled_beside_their_source(house):
    messages.update()
    assert (house.locale / "zh_Hant" / "LC_MESSAGES" / "django.mo").stat().st_size > 100
