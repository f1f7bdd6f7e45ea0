"""The key ring: the keys under which personal fields are sealed, in one file outside the database.

`keys.json` lies in the home, or wherever `XINGTAN_KEYS` says (a disk of its own, a mounted secret). It names keys of 256 bits, which of
them seals from now on, and one more key for the blind index. A key's id carries four random digits, so that keys of two rings are never
mistaken for one another.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings

from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T

FORMAT = 1
KEY_BYTES = 32
MODE = 0o600
MADE = "keys.made"


@dataclass(frozen=True, slots=True, repr=False)
class KeyRing:
    """Keys by id, the one that seals, and the key of the blind index. Its repr tells no key."""

    active: str
    keys: Mapping[str, bytes]
    index: bytes

    def __repr__(self) -> str:
        return f"<KeyRing {self.active} of {len(self.keys)}>"

    def with_new_key(self) -> KeyRing:
        """The ring with one more key, which seals from now on; the older ones still open."""
        number = 1 + max((int(name[1:].partition(".")[0]) for name in self.keys), default=0)
        name = f"k{number}.{secrets.token_hex(2)}"
        return replace(self, active=name, keys={**self.keys, name: secrets.token_bytes(KEY_BYTES)})

    def without(self, names: frozenset[str]) -> KeyRing:
        """The ring without keys that open nothing any more. The active key stays."""
        return replace(self, keys={name: key for name, key in self.keys.items() if name not in names or name == self.active})

    def dump(self) -> bytes:
        keys = {name: _text(key) for name, key in self.keys.items()}
        told = {"format": FORMAT, "active": self.active, "keys": keys, "index": _text(self.index)}
        return (json.dumps(told, indent=1, sort_keys=True) + "\n").encode()


def fresh() -> KeyRing:
    """A new ring with one key."""
    return KeyRing("", {}, secrets.token_bytes(KEY_BYTES)).with_new_key()


def parse(data: bytes) -> KeyRing:
    """Read a ring. Raises XingtanError when the file is no key ring or is damaged."""
    try:
        told = json.loads(data)
        keys = {str(name): base64.b64decode(key, validate=True) for name, key in told["keys"].items()}
        ring = KeyRing(str(told["active"]), keys, base64.b64decode(told["index"], validate=True))
        whole = told["format"] == FORMAT and ring.active in keys and {len(key) for key in (*keys.values(), ring.index)} == {KEY_BYTES}
    except (ValueError, KeyError, TypeError, AttributeError):
        whole = False
    if not whole:
        raise XingtanError.one("vault.ring", T("密钥文件读不懂，或已损坏"), T("从备份恢复 keys.json；没有它，密封的内容谁也打不开"))
    return ring


def path() -> Path:
    """Where the ring lies."""
    return Path(settings.XINGTAN_KEYS or Path(settings.XINGTAN_HOME) / "keys.json")


_kept: dict[Path, tuple[tuple[int, int, int], KeyRing]] = {}


_held: ContextVar[KeyRing | None] = ContextVar("held", default=None)


@contextlib.contextmanager
def held() -> Iterator[None]:
    """Within it the ring is looked for once, not at every value: for work on many values at a time, a few seconds at most."""
    token = _held.set(ring())
    try:
        yield
    finally:
        _held.reset(token)


def ring() -> KeyRing:
    """The ring in force. It is read again when another process has changed it, and made on first use where the home keeps it."""
    if (kept_for_now := _held.get()) is not None:
        return kept_for_now
    place = path()
    try:
        stat = place.stat()
    except FileNotFoundError:
        return _first(place)
    mark = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
    kept = _kept.get(place)
    if kept is None or kept[0] != mark:
        kept = _kept[place] = (mark, parse(place.read_bytes()))
    return kept[1]


def _first(place: Path) -> KeyRing:
    made = Path(settings.XINGTAN_HOME) / MADE
    if made.exists():
        message = T("密钥文件 %(path)s 不见了", path=str(place))
        hint = T("从备份放回 keys.json；确实找不回时删去 %(mark)s，此前密封的内容就再也打不开", mark=str(made))
        raise XingtanError.one("vault.lost_ring", message, hint)
    if settings.XINGTAN_KEYS and not place.parent.is_dir():
        message = T("找不到密钥文件 %(path)s", path=str(place))
        raise XingtanError.one("vault.no_ring", message, T("挂上存放密钥的磁盘，或改正 XINGTAN_KEYS"))
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = _written(place, fresh())
    # Linked into place: of two processes that come first together, both read the whole ring of one.
    with contextlib.suppress(FileExistsError):
        os.link(aside, place)
    aside.unlink()
    made.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made.touch(mode=MODE)  # a ring that is lost later is missed, not silently replaced
    return parse(place.read_bytes())


def store(new: KeyRing) -> None:
    """Put a changed ring in the place of the old one, whole or not at all."""
    place = path()
    os.replace(_written(place, new), place)


def _written(place: Path, new: KeyRing) -> Path:
    handle, aside = tempfile.mkstemp(dir=place.parent, prefix=".keys-")
    with os.fdopen(handle, "wb") as stream:
        stream.write(new.dump())
        stream.flush()
        os.fsync(stream.fileno())
    os.chmod(aside, MODE)
    return Path(aside)


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()
