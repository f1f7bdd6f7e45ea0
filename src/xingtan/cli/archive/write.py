"""Make a backup while the house is open: all tables as of one moment, then the files that belong to them."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model
from django.utils import timezone

from xingtan.apps.base.audit.verify import heads
from xingtan.apps.base.vault import keyring
from xingtan.cli.archive import form, tables
from xingtan.config.home import home
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T

# What of the home goes along: uploads, the installation's own packs, and named snapshots (the working one is computed anew).
KEYS = "keys/keys.json"
FOLDERS = ("media", "packs", "warehouse")


def backup(path: Path, *, with_keys: bool = False) -> form.Manifest:
    """Write everything into one new file, readable by its owner only; an existing file is never overwritten.

    Without `with_keys` it does not hold the key ring: sealed fields then open only where the ring is put beside it.
    The file appears under its name only when it is whole. Raises XingtanError when it exists already or cannot be written.
    """
    if path.exists():
        raise XingtanError.one("backup.exists", T("%(path)s 已存在", path=path), T("请换一个文件名；备份从不覆盖旧备份"))
    part = path.with_name(f".{path.name}.part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        message = T("不能写 %(path)s：%(why)s", path=path, why=error.strerror)
        raise XingtanError.one("backup.write", message, T("请换一个可写的文件夹")) from error
    try:
        with os.fdopen(handle, "wb") as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            manifest = _write(archive, with_keys)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _write(archive: zipfile.ZipFile, with_keys: bool) -> form.Manifest:
    with one_moment():
        kept = tuple(_table(archive, model) for model in tables.models())
        chains = tuple((head.place, head.length, head.hash) for head in heads())
        # files are only ever added under new names before the row that names them is committed, so they are read after the rows
        files = tuple(_file(archive, path) for path in own_files())
    now = timezone.now().isoformat(timespec="seconds")
    keys = (form.write_member(archive, KEYS, iter([keyring.ring().dump()])),) if with_keys else ()
    manifest = form.Manifest(form.FORMAT, now, program_version(), migrations(), kept, files, chains, keys)
    with form.open_member(archive, form.MANIFEST) as member:
        member.write(manifest.dump())
    return manifest


def _table(archive: zipfile.ZipFile, model: type[Model]) -> form.Part:
    return form.write_member(archive, f"tables/{model._meta.label_lower}.jsonl", tables.lines(model), count_rows=True)


def _file(archive: zipfile.ZipFile, path: Path) -> form.Part:
    return form.write_member(archive, f"files/{path.relative_to(home()).as_posix()}", form.blocks_of(path))


@contextmanager
def one_moment() -> Iterator[None]:
    """Read everything as of one moment without stopping anybody from writing."""
    if connection.vendor == "sqlite":
        before, connection.transaction_mode = connection.transaction_mode, "DEFERRED"  # type: ignore[attr-defined]
        try:
            with transaction.atomic():
                yield
        finally:
            connection.transaction_mode = before  # type: ignore[attr-defined]
        return
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.savepoint_ids:  # in a test's transaction the level is set already
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def own_files() -> list[Path]:
    """Return the files of the home that a backup holds, in a fixed order."""
    found: list[Path] = []
    for name in FOLDERS:
        folder = home() / name
        if folder.is_dir():
            found += [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink() and _lasting(path)]
    return sorted(found, key=lambda path: path.relative_to(home()).as_posix())


def _lasting(path: Path) -> bool:
    parts = path.relative_to(home()).parts
    if any(part.startswith(".") for part in parts):
        return False
    if parts[0] != "warehouse":
        return True
    # a named snapshot is whole once it has its manifest
    return parts[2:3] == ("named",) and home().joinpath(*parts[:4], "manifest.json").is_file()


def migrations() -> dict[str, str]:
    """Return the last migration of each app: the shape in which the rows are written."""
    graph = MigrationLoader(None).graph
    return {app: name for app, name in sorted(graph.leaf_nodes())}


def program_version() -> str:
    try:
        return version("xingtan")
    except PackageNotFoundError:
        return ""
