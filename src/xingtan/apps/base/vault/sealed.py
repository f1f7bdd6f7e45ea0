"""A sealed text: what is kept is ciphertext, what is shown is a mask; only services ask for the plain text."""

from __future__ import annotations

import base64
import binascii
import os
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T

from . import keyring
from .masks import Kind, mask

NONCE_BYTES = 12
UNREADABLE = "（无法解密）"


def seal(text: str, context: str) -> str:
    """Ciphertext as `KEY:BASE64`, bound to its context (app.model.field): moved to another field it does not open. "" stays ""."""
    if not text:
        return ""
    ring = keyring.ring()
    nonce = os.urandom(NONCE_BYTES)
    sealed = _cipher(ring.keys[ring.active]).encrypt(nonce, text.encode(), context.encode())
    return f"{ring.active}:{base64.b64encode(nonce + sealed).decode()}"


def unseal(stored: str, context: str) -> str:
    """The plain text. Raises XingtanError when the ring lacks the key, or the ciphertext was changed or moved."""
    if not stored:
        return ""
    name, _, body = stored.partition(":")
    key = keyring.ring().keys.get(name)
    if key is None:
        message = T("密钥文件里没有密钥 %(key)s", key=name[:16])
        raise XingtanError.one("vault.no_key", message, T("恢复当时的 keys.json；没有它，这一项谁也打不开"))
    try:
        data = base64.b64decode(body, validate=True)
        return _cipher(key).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], context.encode()).decode()
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise XingtanError.one("vault.changed", T("密封的内容被改动过，打不开"), T("从备份恢复这一行，并查看操作记录")) from error


def key_of(stored: str) -> str:
    """The id of the key a stored text is sealed under; "" for none."""
    return stored.partition(":")[0]


@lru_cache(maxsize=64)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Sealed:
    """One sealed value. It prints as its mask, wherever it may be printed; `plain()` is for services that have asked whether they may.

    Two are equal when their plain texts are. The empty one is false.
    """

    stored: str
    context: str
    kind: str = Kind.OTHER

    @classmethod
    def of(cls, text: str, context: str, kind: str = Kind.OTHER) -> Sealed:
        """Seal a text."""
        return cls(seal(text, context), context, kind)

    def plain(self) -> str:
        """The plain text. Raises XingtanError when it cannot be opened."""
        return unseal(self.stored, self.context)

    @property
    def mask(self) -> str:
        """What may be shown to anybody who may see the row."""
        if not self.stored:
            return ""
        try:
            return mask(self.kind, self.plain())
        except XingtanError:
            return UNREADABLE

    def moved(self, context: str, kind: str) -> Sealed:
        """The same text sealed for another field."""
        return self if (context, kind) == (self.context, self.kind) else Sealed.of(self.plain(), context, kind)

    def __bool__(self) -> bool:
        return bool(self.stored)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Sealed):
            return self.stored == other.stored or self.plain() == other.plain()
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.plain())

    def __str__(self) -> str:
        return self.mask

    def __repr__(self) -> str:
        return f"<Sealed {self.mask}>"

    def __format__(self, spec: str) -> str:
        return format(self.mask, spec)
