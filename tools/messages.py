"""Texts for translation: collect them, make zh_Hant from zh-Hans, compile, and check that nothing is stale or missing.

    python tools/messages.py update    collect; keep English; make zh_Hant anew
    python tools/messages.py compile   write .mo beside every .po
    python tools/messages.py check     fail, with a list: a stale catalogue, a text without English, a text made of pieces

The message ids are zh-Hans. English is written by hand in locale/en; what OpenCC gets wrong, or writes in rare characters, is put
right in locale/zh_Hant.json, by word (in the converted text) or by whole text.
"""

from __future__ import annotations

import ast
import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "xingtan"
LOCALE = ROOT / "locale"
OVERRIDES = LOCALE / "zh_Hant.json"
KEYWORDS: dict[str, Any] = {
    "_": None,
    "T": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
PLACE = re.compile(r"%\(\w+\)[sd]|%%")


def texts() -> Iterator[tuple[Any, str | None]]:
    """Yield every message id (a pair for plurals) with its context, from Python and from templates."""
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield from _extract(path.read_bytes())
    for path in sorted(SOURCE.rglob("templates/**/*.html")):
        yield from _extract(_python_of(path).encode())


def _extract(code: bytes) -> Iterator[tuple[Any, str | None]]:
    for _line, message, _comments, context in extract("python", io.BytesIO(code), keywords=KEYWORDS, options={"encoding": "utf-8"}):
        yield message, context


def pieced() -> Iterator[str]:
    """Yield the calls whose text is chosen or put together inside: a collector glues the alternatives into a text that nobody says."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            said = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS and node.args
            if said and isinstance(node.args[0], (ast.IfExp, ast.BinOp, ast.BoolOp, ast.JoinedStr)):
                yield f"{path.relative_to(ROOT)}:{node.lineno}: write each alternative as a text of its own"


def _python_of(path: Path) -> str:
    """Turn a template into the calls that gettext tools read, by Django's own means."""
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure()
    return str(templatize(path.read_text(encoding="utf-8"), origin=str(path)))


def collected() -> Catalog:
    catalog = _catalog(None)
    for message, context in texts():
        if message and (message[0] if isinstance(message, tuple) else message):
            catalog.add(message, context=context)
    return catalog


def _catalog(locale: str | None) -> Catalog:
    # No dates and no line numbers: a catalogue changes only when a text does.
    return Catalog(locale=locale, domain="django", project="xingtan", fuzzy=False)


def _ids(catalog: Catalog) -> list[Message]:
    return sorted((m for m in catalog if m.id), key=lambda m: (str(m.id), m.context or ""))


def traditional(found: Catalog) -> Catalog:
    """Make the zh_Hant catalogue: OpenCC s2t keeps Mainland terms; overrides win over it."""
    from opencc import OpenCC

    convert = OpenCC("s2t").convert
    overrides = _overrides()
    catalog = _catalog("zh_Hant")
    for message in _ids(found):
        one = message.id[0] if isinstance(message.id, tuple) else message.id
        text = convert(one)
        for wrong, right in overrides["words"].items():
            text = text.replace(wrong, right)
        text = overrides["texts"].get(one, text)
        catalog.add(message.id, (text,) if isinstance(message.id, tuple) else text, context=message.context)
    return catalog


def _overrides() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(OVERRIDES.read_text(encoding="utf-8"))
    return found


def english(found: Catalog) -> Catalog:
    """Take over what was translated; new texts are empty, texts no longer used are dropped."""
    known = read(LOCALE / "en" / "LC_MESSAGES" / "django.po", "en")
    catalog = _catalog("en")
    for message in _ids(found):
        old = known.get(message.id, message.context)
        catalog.add(message.id, old.string if old else "", context=message.context)
    return catalog


def read(path: Path, locale: str) -> Catalog:
    if not path.exists():
        return _catalog(locale)
    with path.open("rb") as stream:
        return read_po(stream, locale=locale, domain="django")


def written(catalog: Catalog) -> bytes:
    target = io.BytesIO()
    write_po(target, catalog, width=0, no_location=True, omit_header=False, sort_output=True, ignore_obsolete=True)
    volatile = (b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By', b'"Last-Translator', b'"Language-Team', b'"Report-Msgid')
    return b"".join(line for line in target.getvalue().splitlines(keepends=True) if not line.startswith((*volatile, b"#")))


def path_of(locale: str) -> Path:
    return LOCALE / locale / "LC_MESSAGES" / "django.po"


def update() -> int:
    found = collected()
    for catalog in (traditional(found), english(found)):
        path = path_of(str(catalog.locale))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(catalog))
    missing = len(lacking(english(found)))
    sys.stdout.write(f"{len(_ids(found))} texts; {missing} without English\n")
    return compile_all()


def compile_all() -> int:
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        with path.with_suffix(".mo").open("wb") as stream:
            write_mo(stream, read(path, path.parents[1].name))
    return 0


def lacking(catalog: Catalog) -> list[str]:
    """Return the texts without a translation, or with one that lost or invented a place to fill in."""
    found = []
    for message in _ids(catalog):
        strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        if not all(strings) or any(sorted(set(PLACE.findall(s))) != sorted(set(PLACE.findall(ids[0]))) for s in strings):
            found.append(str(ids[0]))
    return found


def faults() -> list[str]:
    found = collected()
    stale = [
        f"{path_of(str(c.locale)).relative_to(ROOT)} is stale: run `make messages`"
        for c in (traditional(found), english(found))
        if not path_of(str(c.locale)).exists() or path_of(str(c.locale)).read_bytes() != written(c)
    ]
    known = {(m.id[0] if isinstance(m.id, tuple) else m.id) for m in _ids(found)}
    unused = [f"locale/zh_Hant.json: nobody says {text!r}" for text in _overrides()["texts"] if text not in known]
    return [*stale, *unused, *pieced(), *(f"no English (or other %(names)s) for {text!r}" for text in lacking(english(found)))]


def check() -> int:
    found = faults()
    sys.stderr.write("".join(f"{line}\n" for line in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit({"update": update, "compile": compile_all, "check": check}[sys.argv[1]]())
