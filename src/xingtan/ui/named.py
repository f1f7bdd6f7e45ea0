"""What the items of a pack are called in the reader's language.

A pack is written in zh-Hans; `title_en` is optional. A reader of zh-Hant gets the title in traditional characters, a reader of English the
English title where there is one.
"""

from __future__ import annotations

from typing import Protocol

from django.utils.translation import get_language

from .hant import traditional


class Titled(Protocol):
    @property
    def title(self) -> str: ...


def named(one: Titled) -> str:
    """The title of a ledger, column, indicator, code, kind, post … in the reader's language."""
    return said(one.title, getattr(one, "title_en", ""))


def said(title: str, english: str = "") -> str:
    """A title and its English in the reader's language."""
    language = (get_language() or "").casefold()
    if language.startswith("en"):
        return english or title
    return traditional(title) if language.startswith("zh-hant") else title
