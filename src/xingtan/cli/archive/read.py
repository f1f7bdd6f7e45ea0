"""Restore a backup: verified wholly before anything is touched, then all or nothing."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from xingtan.apps.base.audit.verify import Head, verify
from xingtan.apps.base.vault import keyring
from xingtan.apps.base.vault.reseal import keys_in_use
from xingtan.cli.archive import form, tables
from xingtan.cli.archive.write import FOLDERS, KEYS, migrations
from xingtan.cli.database import migrate
from xingtan.config.home import home
from xingtan.config.sqlite3.base import SUFFIX as TURN
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import has_errors
from xingtan.kernel.text import T

STAGING = ".restoring"


def restore(path: Path, *, force: bool = False) -> form.Manifest:
    """Put a backup in the place of whatever is there. With `force`, a database and files in use before are kept beside.

    Raises XingtanError, having changed nothing: no backup, damaged, of another shape, a home in use, data without `force`.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise form.not_a_backup() from error
    with archive:
        manifest = form.read_manifest(archive)
        _refuse(archive, manifest, force)
        staging = home() / STAGING
        shutil.rmtree(staging, ignore_errors=True)
        try:
            _extract(archive, manifest, staging)
            ring = _joined_ring(archive, manifest)
            with _database(), _swapped_files(staging):
                _fill(archive, manifest)
                if ring is not None:
                    keyring.store(ring)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return manifest


def _joined_ring(archive: zipfile.ZipFile, manifest: form.Manifest) -> keyring.KeyRing | None:
    """The ring after restoring: that of the backup with the keys that are here already; None when the backup holds none.

    Raises XingtanError when the two have different index keys: one of them would find nobody any more.
    """
    if not manifest.keys:
        return None
    theirs = keyring.parse(archive.read(KEYS))
    if not keyring.path().exists():
        keyring.path().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return theirs
    ours = keyring.ring()
    if ours.index != theirs.index and is_sealing():
        message = T("备份里的密钥与这里的 %(path)s 不是同一套", path=keyring.path())
        raise XingtanError.one("backup.keys", message, T("先把这里的密钥文件移到别处，再恢复；两套都要保管好"))
    return replace(theirs, keys={**ours.keys, **theirs.keys}) if ours.index == theirs.index else theirs


def is_sealing() -> bool:
    """Whether anything here is sealed under the ring that lies here."""
    from xingtan.cli.database import fault

    return fault() is None and bool(keys_in_use())


def _refuse(archive: zipfile.ZipFile, manifest: form.Manifest, force: bool) -> None:
    faults = form.verify(archive, manifest)
    if faults:
        raise XingtanError(faults)
    if manifest.migrations != migrations():
        message = T("备份来自另一个版本（%(version)s），数据结构不同", version=manifest.version or "?")
        raise XingtanError.one("backup.shape", message, T("请用那个版本恢复，再升级程序并运行 xingtan init"))
    known = {f"tables/{model._meta.label_lower}.jsonl" for model in tables.models()}
    if known != {part.name for part in manifest.tables}:
        raise form.not_a_backup()
    if in_use():
        raise XingtanError.one("backup.in_use", T("服务正在运行，不能恢复"), T("请先停止 xingtan serve 和 xingtan worker"))
    if not force and not is_empty():
        message = T("%(home)s 里已有数据", home=home())
        raise XingtanError.one("backup.full", message, T("请恢复到新的数据目录；确要替换，加 --force（原有数据另存在旁边）"))


def is_empty() -> bool:
    """Whether the home has neither rows nor files of its own yet; an administrator who never signed in does not count."""
    from xingtan.cli.database import fault

    found = fault()
    if found is not None and found.code == "database.empty":
        return not _files_there()
    if found is not None:
        return False
    from xingtan.apps.base.access.models import Account
    from xingtan.apps.base.orgs.models import Place

    used = Place.objects.exists() or any(account.has_usable_password() for account in Account.objects.all())
    return not used and not _files_there()


def in_use() -> bool:
    """Whether a worker is alive; `xingtan serve` always has one."""
    from xingtan.apps.base.jobs.selectors import worker_lives
    from xingtan.cli.database import fault

    return fault() is None and worker_lives()


def _files_there() -> bool:
    return any(path.is_file() for name in FOLDERS for path in (home() / name).rglob("*"))


def _extract(archive: zipfile.ZipFile, manifest: form.Manifest, staging: Path) -> None:
    for part in manifest.files:
        target = staging / part.name.removeprefix("files/")
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with archive.open(part.name) as member, os.fdopen(handle, "wb") as stream:
            shutil.copyfileobj(member, stream, form.BLOCK)
    for name in FOLDERS:
        (staging / name).mkdir(mode=0o700, parents=True, exist_ok=True)


def _fill(archive: zipfile.ZipFile, manifest: form.Manifest) -> None:
    """Insert every row, then prove it: constraints, counts, the audit chains up to the heads that the manifest noted."""
    by_name = {part.name: part for part in manifest.tables}
    chosen = tables.models()
    for model in chosen:
        part = by_name[f"tables/{model._meta.label_lower}.jsonl"]
        with archive.open(part.name) as member:
            if tables.insert(model, iter(member)) != part.rows:
                raise form.not_a_backup()
    tables.reset_sequences(chosen)
    connection.check_constraints()
    issues = verify(noted=[Head(*chain) for chain in manifest.chains])
    if has_errors(issues):
        raise XingtanError(issues)


@contextmanager
def _database() -> Iterator[None]:
    """Give an empty database of this shape to fill; it takes the old one's place only when everything went well."""
    if connection.vendor == "sqlite":
        yield from _new_file()
    else:
        yield from _same_database()


def _new_file() -> Iterator[None]:
    """SQLite: fill a new file beside the old one, then exchange them."""
    name = Path(str(connection.settings_dict["NAME"]))
    fresh = name.with_name(f"{STAGING}-{name.name}")
    _drop_sqlite(fresh)
    connection.close()
    connection.settings_dict["NAME"] = str(fresh)
    try:
        migrate()
        with transaction.atomic():
            _empty()
            yield
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        _keep_old(name)
        os.replace(fresh, name)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = str(name)
        _drop_sqlite(fresh)


def _keep_old(name: Path) -> None:
    """Put an old database aside, with its log, under a name that says when."""
    if name.exists():
        stamp = timezone.localtime().strftime("%Y%m%d-%H%M%S")
        for suffix in ("", "-wal", "-shm"):
            old = name.with_name(name.name + suffix)
            if old.exists():
                os.replace(old, name.with_name(f"{name.name}.before-{stamp}{suffix}"))


def _drop_sqlite(name: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal", TURN):
        name.with_name(name.name + suffix).unlink(missing_ok=True)


def _same_database() -> Iterator[None]:
    """PostgreSQL: empty and fill the tables in one transaction."""
    migrate()
    with transaction.atomic():
        _empty()
        yield


def _empty() -> None:
    """Take out whatever rows there are; the audit log's guard stands down inside this one transaction."""
    from xingtan.apps.base.audit import guard

    chosen = [model._meta.db_table for model in (*tables.models(), *tables.dropped())]
    with guard.unlocked(connection), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            names = ", ".join(connection.ops.quote_name(table) for table in chosen)
            cursor.execute(f"TRUNCATE {names}")
            return
        for table in chosen:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608 - our own table names


@contextmanager
def _swapped_files(staging: Path) -> Iterator[None]:
    """Exchange the folders when the rows are in; put the old ones back if the transaction does not end well."""
    yield
    stamp = timezone.localtime().strftime("%Y%m%d-%H%M%S")
    moved: list[tuple[Path, Path]] = []
    try:
        for name in FOLDERS:
            there, aside = home() / name, home() / f"{name}.before-{stamp}"
            if there.exists() and any(there.iterdir()):
                os.replace(there, aside)
                moved.append((aside, there))
            elif there.exists():
                there.rmdir()
            os.replace(staging / name, there)
    except OSError:
        for aside, there in reversed(moved):
            shutil.rmtree(there, ignore_errors=True)
            os.replace(aside, there)
        raise
