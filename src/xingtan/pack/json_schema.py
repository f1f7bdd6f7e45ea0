"""JSON Schema of every file of a pack, for editors: completion, hints and red lines while writing."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, TypeAdapter

from .files import FOLDERS
from .key_meanings import meaning
from .parts import COLLECTIONS, SINGLES
from .schema.manifest import Manifest
from .schema.waivers import Waiver

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SHORT_TYPES: dict[str, Any] = {  # of a column; see schema/ledger.py
    "anyOf": [
        {"enum": ["number", "integer", "decimal", "money", "percent", "text", "code", "date", "boolean", "person", "org"]},
        {"type": "string", "pattern": r"^code\([a-z][a-z0-9_]*\)$"},
    ]
}


def json_schema() -> dict[str, dict[str, Any]]:
    """Schemas by the files they are for: `pack.yaml`, `ledgers/*.yaml`, `reports/*.md` (its front matter) …"""
    found = {"pack.yaml": _one(Manifest), "waivers.yaml": _listed(Waiver, inherits=False), "norms.yaml": _listed(COLLECTIONS["norms"])}
    found |= {f"{name}.yaml": _listed(COLLECTIONS[name]) for name in ("parameters", "purposes", "visibility", "curricula", "equity")}
    for name, (model, _) in SINGLES.items():
        found[f"{name}.yaml"] = _one(model)
    for folder, ending in FOLDERS.items():
        model = COLLECTIONS[folder]
        found[f"{folder}/*{ending}"] = _front(model) if ending == ".md" else _listed(model, inherits=folder != "golden")
    return found


def _schema(model: Any) -> dict[str, Any]:
    schema = TypeAdapter(model).json_schema(by_alias=True, mode="validation")
    for part in (schema, *schema.get("$defs", {}).values()):
        for key, found in part.get("properties", {}).items():
            if said := meaning(key, found.get("description", "")):
                found["description"] = said
    columns = schema.get("$defs", {}).get("Field", {}).get("properties")
    if columns is not None:
        columns["type"] = _SHORT_TYPES
    return schema


def _one(model: type[BaseModel]) -> dict[str, Any]:
    return {"$schema": DIALECT, **_schema(model)}


def _front(model: type[BaseModel]) -> dict[str, Any]:
    schema = _one(model)
    schema["properties"].pop("body", None)
    return schema


def _listed(model: type[BaseModel], *, inherits: bool = True) -> dict[str, Any]:
    """A list of items, or a single one. An item with `amend` or `remove` need not be complete."""
    item = _schema(model)
    definitions = item.pop("$defs", {})
    choices = [item]
    if inherits:
        identity = {"id": item["properties"]["id"]}
        amended = {**item["properties"], "amend": {"const": True}}
        choices += [
            {"type": "object", "properties": amended, "required": ["id", "amend"], "additionalProperties": False},
            {
                "type": "object",
                "properties": {**identity, "remove": {"const": True}},
                "required": ["id", "remove"],
                "additionalProperties": False,
            },
        ]
    definitions["item"] = {"anyOf": choices} if inherits else item
    wanted = {"$ref": "#/$defs/item"}
    return {"$schema": DIALECT, "anyOf": [{"type": "array", "items": wanted}, wanted], "$defs": definitions}


def _closed(properties: dict[str, Any], marker: str) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": ["id", marker], "additionalProperties": False}
