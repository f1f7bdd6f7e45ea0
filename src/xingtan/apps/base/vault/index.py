"""The blind index: finds a sealed value by its plain text without telling it to whoever reads the database."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata

from . import keyring
from .masks import Kind

LENGTH = 64
_BLANKS = re.compile(r"\s+")
_PHONE_MARKS = re.compile(r"[-()（）+]")


def normal(kind: str, text: str) -> str:
    """The text as it is compared: NFKC, capitals, no blanks; telephone numbers also without signs and the country's 86."""
    plain = _BLANKS.sub("", unicodedata.normalize("NFKC", text)).upper()
    if kind == Kind.PHONE:
        plain = _PHONE_MARKS.sub("", plain)
        plain = plain[2:] if len(plain) == 13 and plain.startswith("861") else plain
    return plain


def blind(kind: str, place_slug: str, text: str) -> str:
    """HMAC-SHA256 of kind, place and normalised text under the ring's index key, in hexadecimal; "" for an empty text.

    The same text in two places, or of two kinds, gives two different values.
    """
    plain = normal(kind, text)
    if not plain:
        return ""
    message = "\x1f".join((str(kind), place_slug, plain)).encode()
    return hmac.new(keyring.ring().index, message, hashlib.sha256).hexdigest()
