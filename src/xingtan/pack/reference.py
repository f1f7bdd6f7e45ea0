"""The reference of the pack language, written from the schemas, the signature table and the rules: it cannot fall behind them.

`python -m xingtan.pack.reference docs/reference` writes `packs.md` and the JSON Schemas; a test fails when they are stale.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from xingtan.kernel.formula import SIGNATURES, TIME_NAMES
from xingtan.kernel.formula.kinds import KIND_TITLES, LITERALS, ROW_NAMES
from xingtan.kernel.formula.signatures import FAMILY_TITLES

from .json_schema import json_schema
from .key_meanings import meaning
from .names.tables import RESERVED
from .parts import COLLECTIONS, SINGLES
from .rules import RULES
from .schema.common import CONCERNS
from .schema.manifest import Manifest
from .schema.waivers import Waiver

HEAD = """# The language of packs: reference

Generated from the program; do not edit. A pack is a folder `packs/ID/VERSION`. A list file holds items with an `id`; an item of a
child pack replaces the parent's item of the same id, `amend: true` changes it, `remove: true` drops it. JSON Schemas for editors lie
beside this page in `schema/` (also `xingtan.pack.json_schema()`). Columns of the tables: key, what may be written, whether it must be,
what it means.
"""
RULES_HEAD = """A lawful rule reads its dates and limits from `norms.yaml`. A breach of a norm whose text nobody has verified warns; of a
verified one it is an error; if the norm came later than the pack it is historical. A warning may be waived in `waivers.yaml` with a
reason, an error never.
"""


def text() -> str:
    """The page `packs.md`."""
    return "\n".join(line.rstrip(" ") for part in (_head, _nouns, _words, _functions, _rules) for line in part()) + "\n"


def files() -> dict[str, str]:
    """All generated files by their path inside docs/reference."""
    found = {"packs.md": text()}
    for name, schema in json_schema().items():
        slug = name.replace("/*", "").rsplit(".", 1)[0]
        found[f"schema/{slug}.json"] = json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return found


def write(folder: Path) -> None:
    """Write all generated files."""
    for name, content in files().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")


def _head() -> Iterator[str]:
    yield HEAD


def _nouns() -> Iterator[str]:
    yield "## Files and their keys\n"
    models: dict[str, Any] = {"pack.yaml": Manifest, **{f"{name}.yaml": model for name, (model, _) in SINGLES.items()}}
    models |= {name: model for name, model in COLLECTIONS.items()} | {"waivers.yaml": Waiver}
    for name, model in models.items():
        yield from _model(name, model)


def _model(name: str, model: type[BaseModel]) -> Iterator[str]:
    schema = model.model_json_schema(by_alias=True)
    yield f"### {name}\n"
    yield f"{_prose(schema.get('description', ''))}\n"
    yield from _keys(schema, schema.get("$defs", {}))
    for part, definition in schema.get("$defs", {}).items():
        if "properties" in definition:
            yield f"**{part}** — {_prose(definition.get('description', ''))}\n"
            yield from _keys(definition, schema["$defs"])


def _keys(schema: dict[str, Any], definitions: dict[str, Any]) -> Iterator[str]:
    yield "| key | written | must | meaning |"
    yield "| --- | --- | --- | --- |"
    required = set(schema.get("required", ()))
    for key, found in schema.get("properties", {}).items():
        if key != "body":
            default = found.get("default")
            said = _cell(meaning(key, found.get("description", "")))
            if default not in (None, "", [], {}) and key not in required:
                said += f". Default `{json.dumps(default, ensure_ascii=False)}`"
            yield f"| `{key}` | {_type(found, definitions)} | {'yes' if key in required else ''} | {said} |"
    yield ""


def _type(found: dict[str, Any], definitions: dict[str, Any]) -> str:
    if "$ref" in found:
        name = found["$ref"].rsplit("/", 1)[-1]
        return f"*{name}*"
    if "anyOf" in found:
        parts = [_type(one, definitions) for one in found["anyOf"] if one.get("type") != "null"]
        return " or ".join(dict.fromkeys(parts))
    if "enum" in found or "const" in found:
        values = found.get("enum", [found.get("const")])
        return ", ".join(f"`{value}`" if value != "" else "empty" for value in values)
    if found.get("type") == "array":
        return f"list of {_type(found.get('items', {}), definitions)}"
    if found.get("type") == "object":
        inner = found.get("additionalProperties")
        return f"map to {_type(inner, definitions)}" if isinstance(inner, dict) else "map"
    return {"string": "text", "number": "number", "integer": "whole number", "boolean": "`true` or `false`"}.get(
        found.get("type", ""), "any"
    )


def _words() -> Iterator[str]:
    yield "## Words of `concerns`\n"
    yield "By these words the rules of law recognise what an item is about.\n"
    yield "| word | meaning |"
    yield "| --- | --- |"
    yield from (f"| `{word}` | {_cell(meaning)} |" for word, meaning in CONCERNS.items())
    yield ""


def _functions() -> Iterator[str]:
    yield "## Functions of formulas\n"
    yield "An argument in square brackets may be left out; one with … may be repeated. Arguments may be given by name.\n"
    for family, title in FAMILY_TITLES.items():
        yield f"### {family} {title}\n"
        yield "| function | gives | meaning | example |"
        yield "| --- | --- | --- | --- |"
        for one in SIGNATURES.values():
            if one.family == family:
                gives = str(KIND_TITLES[one.returns]) if one.returns else "同栏或同值"
                yield f"| `{one.words()}` | {gives} | {_cell(str(one.does))} | `{_cell(one.example)}` |"
        yield ""
    yield "### Names every formula may use\n"
    names = {name: found.title for name, found in TIME_NAMES.items()}
    rows = {name: found.title for name, found in ROW_NAMES.items()}
    yield "Times: " + ", ".join(f"`{name}` {title}" for name, title in names.items()) + ".\n"
    yield "Of a row: " + ", ".join(f"`{name}` {title}" for name, title in rows.items()) + ".\n"
    yield f"Literals: {', '.join(str(number) for number in sorted(LITERALS))}; every other number is a parameter.\n"
    yield "Ids of indicators and parameters must not be: " + ", ".join(f"`{name}`" for name in sorted(RESERVED)) + ".\n"


def _rules() -> Iterator[str]:
    yield "## Rules\n"
    yield RULES_HEAD
    yield "| rule | title | meaning | kind |"
    yield "| --- | --- | --- | --- |"
    for rule in RULES.values():
        yield f"| `{rule.id}` | {_cell(str(rule.title))} | {_cell(str(rule.about))} | {'lawful' if rule.lawful else 'structural'} |"
    yield ""


def _cell(content: str) -> str:
    return _prose(content).replace("|", "\\|")


def _prose(content: str) -> str:
    return " ".join(content.split())


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/reference"))
