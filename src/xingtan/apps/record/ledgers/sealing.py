"""Sensitive columns of ledgers: their cells are sealed in `Record.data`, told apart by a keyed hash, and come out as masks or pseudonyms.

A sealed cell stands as `{"sealed": "KEY:BASE64"}`; inside is the cell as `cells.dump` writes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from xingtan.apps.base.vault import keyring
from xingtan.apps.base.vault.index import blind
from xingtan.apps.base.vault.masks import HIDDEN, Kind, mask
from xingtan.apps.base.vault.sealed import seal, unseal
from xingtan.pack.schema.ledger import Field, Ledger

SEALED = "sealed"
PSEUDONYM = 16  # hexadecimal digits: enough to tell a county's persons apart, too few to be taken for a name


def context(field: str) -> str:
    """What a sealed cell is bound to."""
    return f"ledgers.record.{field}"


def is_sealed(stored: Any) -> bool:
    return isinstance(stored, dict) and SEALED in stored


def close(ledger: Ledger, data: Mapping[str, Any]) -> dict[str, Any]:
    """The cells as they are stored: those of sensitive columns sealed, all others as they are (opened, if the pack once sealed them)."""
    hidden = frozenset(ledger.visible.sensitive)
    return {name: _closed(name, cell) if name in hidden else open_cell(name, cell) for name, cell in data.items()}


def _closed(name: str, cell: Any) -> Any:
    if is_sealed(cell):
        return cell
    return {SEALED: seal(json.dumps(cell, ensure_ascii=False, separators=(",", ":")), context(name))}


def open_cell(name: str, stored: Any) -> Any:
    """The cell inside; anything that is not sealed is returned as it is. Raises XingtanError when it cannot be opened."""
    return json.loads(unseal(stored[SEALED], context(name))) if is_sealed(stored) else stored


def opened(data: Mapping[str, Any]) -> dict[str, Any]:
    """All cells open: for comparing and hashing only, never to be stored or shown."""
    return {name: open_cell(name, cell) for name, cell in data.items()}


def hash_key(ledger: Ledger) -> bytes:
    """The key under which rows of a ledger with sensitive columns are hashed: a bare hash of an identity number can be found by trying."""
    return keyring.ring().index if ledger.visible.sensitive else b""


def kind_of(ledger: Ledger, field: str) -> str:
    """What a sensitive column tells (vault.masks.Kind)."""
    return ledger.visible.kinds.get(field, Kind.OTHER.value)


def masked(ledger: Ledger, field: Field, words: str) -> str:
    """The words of a sensitive cell as lists, files and figures show them. Numbers, dates and codes show nothing."""
    if not words:
        return ""
    return mask(kind_of(ledger, field.id), words) if field.type in {"text", "person"} else HIDDEN


def pseudonym(place: str, field: str, text: str) -> str:
    """What a snapshot holds in the place of a sensitive text: equal texts of a place are equal, and nobody reads them back."""
    return f"#{blind(field, place, text)[:PSEUDONYM]}" if text else ""


def told(data: Mapping[str, Any]) -> dict[str, Any]:
    """The cells as the audit log may hold them: of a sealed one, that there is one."""
    return {name: HIDDEN if is_sealed(cell) else cell for name, cell in data.items()}
