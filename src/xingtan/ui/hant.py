"""zh-Hant of words that are not in the catalogue: titles of packs, texts of reports. OpenCC `s2t` keeps Mainland terms.

A converter guesses by phrase, and writes some characters in forms that few readers use; what it gets wrong is put right by the one word
list (`locale/zh_Hant.json`), from which the catalogue of the interface is made too.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

LIST = "zh_Hant.json"


@cache
def phrases() -> Any:
    """The converter; reading its dictionaries takes a while, so nobody pays for them who reads simplified characters."""
    from opencc import OpenCC

    return OpenCC("s2t")


@cache
def words() -> tuple[tuple[str, str], ...]:
    """(as the converter writes it, as it should be), in order."""
    for folder in settings.LOCALE_PATHS:
        path = Path(folder) / LIST
        if path.is_file():
            return tuple(json.loads(path.read_text(encoding="utf-8"))["words"].items())
    return ()


@lru_cache(maxsize=8192)
def traditional(text: str) -> str:
    """The text in traditional characters."""
    converted = str(phrases().convert(text))
    for wrong, right in words():
        converted = converted.replace(wrong, right)
    return converted
