"""Names and codes of organisations: what is accepted, and the pinyin initials by which they are found."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from xingtan.kernel.issues import Issue, Where, error
from xingtan.kernel.text import T

NAME_LIMIT = 200
CODE_LIMIT = 64
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")


def name_faults(code: str, name: str) -> list[Issue]:
    """What is wrong with the code and the name of an organisation."""
    found: list[Issue] = []
    if not _CODE.fullmatch(code) or len(code) > CODE_LIMIT:
        message = T("代码“%(code)s”不合规", code=code[:80])
        found.append(error("orgs.code", message, Where(field="code"), T("用数字、英文字母、点、横线，最多 %(limit)s 位", limit=CODE_LIMIT)))
    return found + text_faults("name", T("名称"), name, NAME_LIMIT)


def text_faults(field: str, label: object, text: str, limit: int) -> list[Issue]:
    """An obligatory one-line text: not empty, not too long, nothing invisible. Any character of Unicode is welcome (𠮷)."""
    if not text.strip():
        return [error("text.empty", T("%(label)s没有填写", label=label), Where(field=field), T("请填写%(label)s", label=label))]
    if len(text) > limit:
        message = T("%(label)s有 %(count)s 字，太长", label=label, count=len(text))
        return [error("text.long", message, Where(field=field), T("最多 %(limit)s 字", limit=limit))]
    if any(unicodedata.category(char) in {"Cc", "Cs"} for char in text):
        return [error("text.control", T("%(label)s里有看不见的控制字符", label=label), Where(field=field), T("删去后重新录入"))]
    return []


@lru_cache(maxsize=4096)
def initials(name: str) -> str:
    """Pinyin initials in lower case: 东山小学 → dsxx; letters and digits stay, anything else is dropped."""
    from pypinyin import Style, lazy_pinyin

    found = lazy_pinyin(name, style=Style.FIRST_LETTER, errors=lambda rest: "".join(filter(str.isalnum, rest)))
    return "".join(found).lower()[:200]


def holds(words: str, name: str, texts: str = "") -> bool:
    """Whether what somebody typed is part of the texts (the name, if none are given), or of the pinyin initials of the name."""
    low = words.casefold()
    return low in (texts or name).casefold() or (low.isascii() and low.isalnum() and low in initials(name))
