"""Backup and restore: everything comes back to the byte, or nothing is touched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.homes import environ, ok, refused

from xingtan.config.databases import database

Begun = Callable[[Path], Path]
TESTS_PG = os.environ.get("XINGTAN_TEST_PG", "")
FILL = """
import django; django.setup()
from django.core.files.base import ContentFile
from pathlib import Path
from django.conf import settings
from tests import cast as casting
from xingtan.apps.base.access.models import Account
from xingtan.apps.base.jobs.services import enqueue
from xingtan.apps.base.notices.services import notify
from xingtan.kernel.text import T
cast = casting.make_cast()
account = cast.accounts["director"]
account.set_password("梨花院落溶溶月-42"); account.save()
enqueue(kind="jobs.tidy", payload={"b": 1.5, "a": [None, True, "𠮷"]}, actor=account.actor, place=cast.place)
notify(account=account, text=T("共 %(n)s 条", n=3), url="/jobs/")
for name, body in {"media/a/上传.xlsx": b"PK" * 9000, "packs/xishan/2009.1/pack.yaml": "id: xishan".encode(),
                   "warehouse/xishan/named/year/rows.parquet": b"\\x00" * 100, "warehouse/xishan/named/year/manifest.json": b"{}",
                   "warehouse/xishan/named/begun/rows.parquet": b"no", "warehouse/xishan/lock": b"",
                   "warehouse/xishan/working/x.parquet": b"no"}.items():
    path = settings.XINGTAN_HOME / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
"""


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    told = json.loads(found.pop("manifest.json"))
    told.pop("created")
    return {**found, "manifest": json.dumps(told, sort_keys=True).encode()}


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a home but the logs that SQLite keeps beside the database."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, begun: Begun) -> Path:
    """A home with a county, files and a backup beside it (`backup.zip`)."""
    home = begun(tmp_path_factory.mktemp("full") / "home")
    ok(home, code=FILL)
    ok(home, "backup", str(home.parent / "backup.zip"), "--json")
    return home


def test_everything_comes_back_to_the_byte(full: Path, tmp_path: Path) -> None:
    archive = full.parent / "backup.zip"
    new = tmp_path / "new"
    told = ok(new, "restore", str(archive), "--json")
    assert told["files"] == 4
    ok(new, "backup", str(tmp_path / "again.zip"), "--json")
    assert contents(archive) == contents(tmp_path / "again.zip")
    assert (new / "media/a/上传.xlsx").read_bytes() == b"PK" * 9000
    assert sorted(path.name for path in (new / "warehouse/xishan").rglob("*")) == ["manifest.json", "named", "rows.parquet", "year"]
    assert (new / "secret.key").read_text() != (full / "secret.key").read_text()
    assert ok(new, "audit", "verify", "--json")["issues"] == []
    ok(
        new,
        code="import django; django.setup()\nfrom tests import cast\ncast.make_org(cast.Place.objects.get(slug='xishan'), 'XS-3', '北山镇', 'town', 'XS')",
    )


def test_the_backup_is_for_its_owner_only_and_never_overwrites(full: Path) -> None:
    archive = full.parent / "backup.zip"
    assert archive.stat().st_mode & 0o077 == 0
    assert refused(full, "backup", str(archive)) == ["backup.exists"]
    assert refused(full, "backup", str(full / "no/such/folder/x.zip")) == ["backup.write"]
    assert not list(full.parent.glob(".*part"))


def test_it_holds_no_sessions_and_no_secret_key(full: Path) -> None:
    names = set(contents(full.parent / "backup.zip"))
    assert not any("session" in name or "throttle" in name or "secret" in name for name in names)
    assert {"tables/access.account.jsonl", "tables/audit.event.jsonl", "tables/orgs.orgedge.jsonl"} <= names


def test_a_home_with_data_is_refused_and_with_force_kept_beside(full: Path, tmp_path: Path, begun: Begun) -> None:
    other = begun(tmp_path / "other")
    ok(other, code="import django; django.setup()\nfrom tests import cast\ncast.make_place('shiqiao', '石桥县', 'SQ')")
    (other / "media/mine.txt").write_text("mine")
    before = tree(other)
    assert refused(other, "restore", str(full.parent / "backup.zip")) == ["backup.full"]
    assert tree(other) == before
    ok(other, "restore", str(full.parent / "backup.zip"), "--force", "--json")
    assert not (other / "media/mine.txt").exists()
    assert [path.read_text() for path in other.glob("media.before-*/mine.txt")] == ["mine"]
    assert len(list(other.glob("db.sqlite3.before-*[0-9]"))) == 1
    ok(other, "backup", str(tmp_path / "again.zip"), "--json")
    assert contents(tmp_path / "again.zip") == contents(full.parent / "backup.zip")


def test_a_home_that_was_only_initialised_counts_as_empty(full: Path, tmp_path: Path, begun: Begun) -> None:
    ok(begun(tmp_path / "h"), "restore", str(full.parent / "backup.zip"), "--json")


def rewritten(source: Path, target: Path, change: Callable[[str, bytes], bytes | None], more: dict[str, bytes] | None = None) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            body = change(name, old.read(name))
            if body is not None:
                new.writestr(name, body)
        for name, body in (more or {}).items():
            new.writestr(name, body)
    return target


def manifest(**changes: Any) -> Callable[[str, bytes], bytes]:
    return lambda name, body: json.dumps({**json.loads(body), **changes}).encode() if name == "manifest.json" else body


DAMAGE: dict[str, tuple[str, Callable[[Path, Path], object]]] = {
    "a changed row": ("backup.changed", lambda s, t: rewritten(s, t, lambda n, b: b.replace("溪山县".encode(), "溪水县".encode()))),
    "a lost table": ("backup.missing", lambda s, t: rewritten(s, t, lambda n, b: None if "orgspell" in n else b)),
    "a foreign file": ("backup.foreign", lambda s, t: rewritten(s, t, lambda n, b: b, {"files/media/extra": b"x"})),
    "a way out": (
        "backup.path",
        lambda s, t: rewritten(
            s, t, lambda n, b: manifest(files=[{"name": "files/../../evil", "size": 1, "sha256": "x", "rows": None}])(n, b) if not n.startswith("files/") else None,
            {"files/../../evil": b"x"},
        ),
    ),
    "another shape": ("backup.shape", lambda s, t: rewritten(s, t, manifest(migrations={"orgs": "0009_later"}))),
    "a later form": ("backup.format", lambda s, t: rewritten(s, t, manifest(format=2))),
    "no manifest": ("backup.not", lambda s, t: rewritten(s, t, lambda n, b: None if n == "manifest.json" else b)),
    "no zip": ("backup.not", lambda s, t: t.write_bytes(b"hello")),
    "half a file": ("backup.not", lambda s, t: t.write_bytes(s.read_bytes()[: s.stat().st_size // 2])),
    "an empty file": ("backup.not", lambda s, t: t.write_bytes(b"")),
    "a cut audit chain": (
        "audit.noted",
        lambda s, t: rewritten(s, t, manifest(chains=[["xishan", 1, "0" * 64]])),
    ),
}  # fmt: skip


def test_a_damaged_backup_touches_nothing(full: Path, tmp_path: Path, begun: Begun) -> None:
    home, good = begun(tmp_path / "home"), full.parent / "backup.zip"
    files = {name: tmp_path / f"{number}.zip" for number, name in enumerate(DAMAGE)}
    for name, path in files.items():
        DAMAGE[name][1](good, path)
    files["several faults"] = rewritten(
        good, tmp_path / "several.zip",
        lambda n, b: None if "orgspell" in n else b.replace("溪山县".encode(), "溪水县".encode()), {"files/media/extra": b"x"},
    )  # fmt: skip
    before = tree(home)
    found = refusals(home, [str(path) for path in files.values()])
    assert tree(home) == before
    assert not (tmp_path / "evil").exists()
    told = dict(zip(files, found, strict=True))
    assert {name: codes for name, codes in told.items() if name in DAMAGE and DAMAGE[name][0] not in codes} == {}
    assert {"backup.changed", "backup.missing", "backup.foreign"} <= set(told["several faults"]), "all damage is told at once"


def refusals(home: Path, files: list[str]) -> list[list[str]]:
    """Try to restore each file, all in one process; returns the codes of each refusal."""
    code = f"""
import contextlib, io, json
from xingtan.cli.main import run
for file in {files!r}:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = run(["restore", file, "--json"])
    assert status == 1, (file, status)
    print(json.dumps([issue["code"] for issue in json.loads(out.getvalue())["issues"]]))
"""
    return [json.loads(line) for line in ok(home, code=code).splitlines()]


def test_a_running_worker_forbids_restoring(full: Path, tmp_path: Path, begun: Begun) -> None:
    home = begun(tmp_path / "home")
    ok(
        home,
        code="import django; django.setup()\nfrom xingtan.apps.base.jobs.models import Worker\nWorker.objects.create(id='elsewhere:1:a')",
    )
    assert refused(home, "restore", str(full.parent / "backup.zip"), "--force") == ["backup.in_use"]


def test_backups_are_taken_as_of_one_moment_while_others_write(full: Path, tmp_path: Path) -> None:
    """A writer adds an organisation with its spell and edges again and again; every backup holds all of it or nothing."""
    home = tmp_path / "busy"
    ok(home, "restore", str(full.parent / "backup.zip"), "--json")
    code = """
import itertools, time
import django; django.setup()
from tests import cast
place = cast.Place.objects.get(slug="xishan")
for n in itertools.count():  # until killed, however long the backups take
    cast.make_org(place, f"XS-Z{n}", f"新镇{n}", "town", "XS")
    print(n, flush=True)
    time.sleep(0.02)
"""
    sizes = []
    with subprocess.Popen([sys.executable, "-c", code], env=environ(home), stdout=subprocess.PIPE, text=True) as writer:
        try:
            assert writer.stdout is not None
            writer.stdout.readline()
            for n in range(3):
                ok(home, "backup", str(tmp_path / f"{n}.zip"), "--json")
                assert writer.poll() is None, "the writer must still be writing"
                found = contents(tmp_path / f"{n}.zip")
                rows = {
                    name: len(found[f"tables/{name}.jsonl"].splitlines()) for name in ("orgs.organisation", "orgs.orgspell", "audit.event")
                }
                assert rows["orgs.organisation"] == rows["orgs.orgspell"]
                sizes.append(rows["orgs.organisation"])
        finally:
            writer.kill()
    assert sizes[0] < sizes[-1], "somebody wrote between the backups"
    ok(tmp_path / "again", "restore", str(tmp_path / "2.zip"), "--json")


@pytest.mark.postgres
@pytest.mark.skipif(not TESTS_PG, reason="needs PostgreSQL: run under tools/pg_server.py")
def test_from_sqlite_to_postgresql_and_back(full: Path, tmp_path: Path) -> None:
    import psycopg

    settings = database({"DATABASE_URL": TESTS_PG}, tmp_path)
    base = {"host": settings["HOST"], "port": settings["PORT"] or None, "user": settings["USER"], "password": settings["PASSWORD"] or None}
    name = f"restore_{os.getpid()}"
    with psycopg.connect(dbname="postgres", autocommit=True, **base) as server:
        server.execute(f"CREATE DATABASE {name}")
    url = TESTS_PG.replace(f"/{settings['NAME']}", f"/{name}", 1)
    try:
        archive, home = full.parent / "backup.zip", tmp_path / "home"
        ok(home, "restore", str(archive), "--json", url=url)
        ok(home, "backup", str(tmp_path / "from-pg.zip"), "--json", url=url)
        assert contents(archive) == contents(tmp_path / "from-pg.zip")
        ok(
            home,
            code="import django; django.setup()\nfrom tests import cast\ncast.make_org(cast.Place.objects.get(slug='xishan'), 'XS-3', '北山镇', 'town', 'XS')",
            url=url,
        )
        bad = rewritten(archive, tmp_path / "bad.zip", manifest(chains=[["xishan", 1, "0" * 64]]))
        ok(home, "backup", str(tmp_path / "before.zip"), "--json", url=url)
        assert "audit.noted" in refused(home, "restore", str(bad), "--force", url=url)
        ok(home, "backup", str(tmp_path / "after.zip"), "--json", url=url)
        assert contents(tmp_path / "before.zip") == contents(tmp_path / "after.zip")
        ok(tmp_path / "back", "restore", str(tmp_path / "before.zip"), "--json")
        ok(tmp_path / "back", "backup", str(tmp_path / "back.zip"), "--json")
        assert contents(tmp_path / "before.zip") == contents(tmp_path / "back.zip")
    finally:
        with psycopg.connect(dbname="postgres", autocommit=True, **base) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
