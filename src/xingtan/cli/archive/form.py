"""The form of a backup file: a zip with `manifest.json`, `tables/<app.model>.jsonl`, `files/<path below the home>`, and, if it was asked
for, the key ring as `keys/keys.json`."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.text import T, Text

FORMAT = 1
MANIFEST = "manifest.json"
ROOMS = frozenset({("tables",), ("files",), ("keys",)})
FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # the same data give the same bytes
BLOCK = 1 << 20
MOST_MANIFEST = 64 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One member of the archive: its size in bytes, its SHA-256, and for tables how many rows."""

    name: str
    size: int
    sha256: str
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the archive says of itself. `migrations` names the last migration of each app: rows fit only that shape."""

    format: int
    created: str
    version: str
    migrations: dict[str, str]
    tables: tuple[Part, ...]
    files: tuple[Part, ...]
    chains: tuple[tuple[str, int, str], ...] = ()
    keys: tuple[Part, ...] = ()

    def dump(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()


def open_member(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    """Open a member for writing; nothing about it depends on the clock or the machine."""
    info = zipfile.ZipInfo(name, FIXED_TIME)
    info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    return archive.open(info, "w", force_zip64=True)


def write_member(archive: zipfile.ZipFile, name: str, blocks: Iterator[bytes], count_rows: bool = False) -> Part:
    digest, size, rows = hashlib.sha256(), 0, 0
    with open_member(archive, name) as member:
        for block in blocks:
            member.write(block)
            digest.update(block)
            size, rows = size + len(block), rows + 1
    return Part(name, size, digest.hexdigest(), rows if count_rows else None)


def blocks_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            yield block


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """Read the manifest. Raises XingtanError when this is no backup, or one of a later form."""
    try:
        with archive.open(MANIFEST) as member:
            told = json.loads(member.read(MOST_MANIFEST))
        told["tables"] = tuple(Part(**part) for part in told["tables"])
        told["files"] = tuple(Part(**part) for part in told["files"])
        told["keys"] = tuple(Part(**part) for part in told.get("keys", ()))
        told["chains"] = tuple((str(place), int(length), str(head)) for place, length, head in told["chains"])
        found = Manifest(**told)
    except (KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
        raise not_a_backup() from error
    if found.format != FORMAT:
        message = T("备份的格式是 %(format)s，本程序读 %(ours)s", format=found.format, ours=FORMAT)
        raise XingtanError.one("backup.format", message, T("请用制作它的版本恢复"))
    return found


def verify(archive: zipfile.ZipFile, manifest: Manifest) -> list[Issue]:
    """Read every member once and compare; returns every fault: missing, foreign, changed, or with a dangerous path."""
    parts = (*manifest.tables, *manifest.files, *manifest.keys)
    named = {part.name for part in parts} | {MANIFEST}
    listed = archive.namelist()
    issues = [_fault("foreign", T("不在清单里的内容"), name) for name in listed if name not in named]
    issues += [_fault("twice", T("同名内容出现多次"), name) for name in sorted({name for name in listed if listed.count(name) > 1})]
    for part in parts:
        if unsafe(part.name):
            issues.append(_fault("path", T("路径不安全"), part.name))
        elif part.name not in listed:
            issues.append(_fault("missing", T("清单里有，文件里没有"), part.name))
        elif not _same(archive, part):
            issues.append(_fault("changed", T("内容与清单的校验值不符"), part.name))
    return issues


def _same(archive: zipfile.ZipFile, part: Part) -> bool:
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(part.name) as member:
            while block := member.read(BLOCK):
                digest.update(block)
                size += len(block)
                if size > part.size:
                    return False
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, ValueError):
        return False
    except Exception as error:  # zlib's own error type, without importing it for its name
        if type(error).__module__ != "zlib":
            raise
        return False
    return size == part.size and digest.hexdigest() == part.sha256


def unsafe(name: str) -> bool:
    """Whether a member's name could lead outside its folder."""
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or "\\" in name or "\x00" in name or path.parts[:1] not in ROOMS


def not_a_backup() -> XingtanError:
    return XingtanError.one("backup.not", T("这不是杏坛的备份文件，或已损坏"), T("请核对文件，换一份备份"))


def _fault(code: str, message: Text, name: str) -> Issue:
    return Issue(Severity.ERROR, f"backup.{code}", message, Where(file=name), T("这份备份不能用，请换一份"))
