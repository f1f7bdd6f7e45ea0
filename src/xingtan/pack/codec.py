"""A pack as bytes and back, the same for ever: canonical JSON (keys sorted, decimals without needless zeros, defaults left out)."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from .schema.pack import PackData


class Pack(PackData):
    """A place's rules, inherited and checked. Immutable; `hash` names exactly this content."""

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the canonical JSON, in hexadecimal."""
        return hashlib.sha256(dump(self)).hexdigest()


def dump(pack: PackData) -> bytes:
    """Canonical JSON, UTF-8. Equal packs give equal bytes."""
    data = plain(pack.model_dump(mode="python", by_alias=True, exclude_defaults=True))
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_refuse).encode()


def restore(data: bytes) -> Pack:
    """The pack whose `dump` these bytes are. Raises ValueError when they are not one."""
    return Pack.model_validate(_tuples(json.loads(data, parse_float=Decimal)))


def plain(value: Any) -> Any:
    """A value of a pack as JSON. Numbers keep their digits: the schema allows at most 15 significant ones, as a float's shortest text."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, Decimal):
        return float(value) if value != value.to_integral_value() else int(value)
    return value.isoformat() if isinstance(value, date) else value


def _refuse(value: object) -> object:
    raise TypeError(f"not a value of a pack: {type(value).__name__}")


def _tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _tuples(item) for key, item in value.items()}
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value
