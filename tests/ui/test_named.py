"""Titles of packs in the reader's language."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.utils.translation import override

from xingtan.ui import hant
from xingtan.ui.named import named

LEDGER = SimpleNamespace(title="教师称号", title_en="Titles held by teachers")


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "教师称号"), ("zh-hant", "教師稱號"), ("en", "Titles held by teachers")])
def test_a_title_is_said_in_the_readers_language(language: str, said: str) -> None:
    with override(language):
        assert named(LEDGER) == said


def test_without_an_english_title_the_chinese_one_stands() -> None:
    with override("en"):
        assert named(SimpleNamespace(title="学校布点", title_en="")) == "学校布点"


def test_pages_and_catalogue_write_with_one_word_list() -> None:
    assert ("覈", "核") in hant.words()
    assert hant.traditional("核对群众") == "核對群眾"
