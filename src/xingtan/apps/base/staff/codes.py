"""The words of code columns: which code table of the pack each column takes its words from, and what a clerk may write for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.orgs.selectors import active_pack_or_none
from xingtan.kernel.issues import Issue, Where, error
from xingtan.kernel.text import T, Text
from xingtan.pack import Pack
from xingtan.pack.registers import STAFF_CODES as TABLES
from xingtan.pack.schema.codes import Code
from xingtan.ui.named import said

Choices = list[tuple[str, str]]
LONGEST = 48


def words(place: Place, column: str) -> Choices:
    """(word, title) of a column's codes, in the table's order; empty when the pack has no such table."""
    pack = active_pack_or_none(place)
    return [(code.code, said(code.title or code.code, code.title_en)) for code in _codes(pack, TABLES[column])]


def titles(place: Place, column: str) -> Mapping[str, str]:
    """Word → title."""
    return MappingProxyType(dict(words(place, column)))


def fault(place: Place, column: str, word: str, label: Text, *, required: bool = False, day: date | None = None) -> list[Issue]:
    """What is wrong with a word in a column. Without such a table in the pack any short word will do."""
    where = Where(field=column)
    if not word:
        return [error("staff.empty", T("%(label)s没有填写", label=label), where, T("请填写%(label)s", label=label))] if required else []
    codes = _codes(active_pack_or_none(place), TABLES[column])
    if not codes:
        long = len(word) > LONGEST
        return [error("text.long", T("%(label)s太长", label=label), where, T("最多 %(limit)s 字", limit=LONGEST))] if long else []
    found = [code for code in codes if code.code == word]
    if any(day is None or _valid(code, day) for code in found):
        return []
    hint = T("可以填：%(words)s", words="、".join(dict.fromkeys(code.code for code in codes)))
    if found:
        return [error("staff.code_day", T("%(label)s“%(word)s”在那一天还没有或已不再使用", label=label, word=word), where, hint)]
    return [error("staff.code", T("%(label)s里没有“%(word)s”", label=label, word=word[:40]), where, hint)]


def read(place: Place, column: str, text: str) -> str:
    """The word that somebody meant by a code, a title or a synonym; the text itself when nothing is known of it."""
    typed = text.strip()
    for code in _codes(active_pack_or_none(place), TABLES[column]) if typed else ():
        if typed in (code.code, code.title, code.standard, *code.synonyms):
            return code.code
    return typed


def _codes(pack: Pack | None, table: str) -> tuple[Code, ...]:
    found = pack.codes.get(table) if pack else None
    return found.codes if found else ()


def _valid(code: Code, day: date) -> bool:
    return (code.from_ is None or code.from_ <= day) and (code.to is None or day <= code.to)
