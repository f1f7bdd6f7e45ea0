"""What tells two rows apart, and what a row says, as hashes that stay the same for ever."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

SEPARATOR = "\x1f"


def digest(text: str, key: bytes = b"") -> str:
    """32 hexadecimal digits of BLAKE2b; with a key nobody finds the text by trying."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16, key=key).hexdigest()


def digests(texts: Iterable[str | None], key: bytes = b"") -> list[str | None]:
    """`digest` of many texts; None stays None."""
    blake2b = hashlib.blake2b
    return [None if text is None else blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16, key=key).hexdigest() for text in texts]


def key_text(org_id: int, period: str, parts: Iterable[str]) -> str:
    """The key of a row before hashing: organisation, period and the key cells in the order of the ledger."""
    return SEPARATOR.join((str(org_id), period, *parts))


def canonical(data: Mapping[str, Any]) -> str:
    """Stored cells as text: the fields in the order given, no blanks. The order is the ledger's, so equal rows give equal texts."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def content_hash(data: str, *, org_id: int, period: str, doubt: str, span: tuple[str, str], key: bytes = b"") -> str:
    """Hash of all a row says: `data` canonical, `span` the stated 起 and 止 in ISO."""
    return digest(SEPARATOR.join((str(org_id), period, doubt, *span, data)), key)
