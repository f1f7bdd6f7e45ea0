"""The key ring around backups, and changing keys while others write."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.homes import environ, ok, refused, run
from tests.cli.test_archive import contents

Begun = Callable[[Path], Path]
FILL = """
import django; django.setup()
from tests import cast as casting
from xingtan.apps.base.people.services import person_create
cast = casting.make_cast()
for n in range(30):
    person_create(place=cast.place, name=f"密{n}", actor=casting.ACTOR, phone=f"138{n:08d}", address="溪山县东溪镇柳湾村三社十二号")
"""
READ = """
import django; django.setup()
from xingtan.apps.base.people.models import Person
print([person.phone.plain() for person in Person.objects.exclude(phone="").order_by("pk")])
"""
PHONES = str([f"138{n:08d}" for n in range(30)])


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, begun: Begun) -> Path:
    home = begun(tmp_path_factory.mktemp("keys") / "home")
    ok(home, code=FILL)
    return home


def test_a_backup_holds_no_key_unless_asked(full: Path, tmp_path: Path) -> None:
    ring = json.loads((full / "keys.json").read_text())
    told = ok(full, "backup", str(tmp_path / "plain.zip"), "--json")
    assert told["keys"] is False
    held = b"".join(contents(tmp_path / "plain.zip").values())
    assert b"13800000001" not in held
    assert not any(key.encode() in held for key in (ring["index"], *ring["keys"].values()))
    new = tmp_path / "new"
    assert ok(new, "restore", str(tmp_path / "plain.zip"), "--json")["missing_keys"] == [ring["active"]]
    assert run(new, code=READ).returncode != 0
    assert json.loads(run(new, "doctor", "--json").stdout)
    (new / "keys.json").write_bytes((full / "keys.json").read_bytes())
    assert ok(new, code=READ).strip() == PHONES
    assert ok(new, "vault", "check", "--json")["issues"] == []


def test_a_backup_with_keys_opens_anywhere_and_is_the_same_to_the_byte(full: Path, tmp_path: Path) -> None:
    ok(full, "backup", str(tmp_path / "keys.zip"), "--with-keys", "--json")
    new = tmp_path / "new"
    told = ok(new, "restore", str(tmp_path / "keys.zip"), "--json")
    assert (told["keys"], told["missing_keys"]) == (True, [])
    assert ok(new, code=READ).strip() == PHONES
    ok(new, "backup", str(tmp_path / "again.zip"), "--with-keys", "--json")
    assert contents(tmp_path / "keys.zip") == contents(tmp_path / "again.zip")
    assert (new / "keys.json").stat().st_mode & 0o077 == 0


def test_another_ring_in_use_is_not_overwritten(full: Path, tmp_path: Path, begun: Begun) -> None:
    ok(full, "backup", str(tmp_path / "keys.zip"), "--with-keys", "--json")
    other = begun(tmp_path / "other")
    ok(other, code=FILL)
    before = (other / "keys.json").read_bytes()
    assert refused(other, "restore", str(tmp_path / "keys.zip"), "--force") == ["backup.keys"]
    assert (other / "keys.json").read_bytes() == before
    assert ok(other, code=READ).strip() == PHONES


def test_damaged_keys_in_a_backup_are_found_before_anything_is_touched(full: Path, tmp_path: Path) -> None:
    ok(full, "backup", str(tmp_path / "keys.zip"), "--with-keys", "--json")
    with zipfile.ZipFile(tmp_path / "keys.zip") as old, zipfile.ZipFile(tmp_path / "bad.zip", "w") as new:
        for name in old.namelist():
            new.writestr(name, b"{}" if name == "keys/keys.json" else old.read(name))
    assert "backup.changed" in refused(tmp_path / "home", "restore", str(tmp_path / "bad.zip"))


def test_keys_are_changed_while_others_write(full: Path, tmp_path: Path) -> None:
    """A writer enters persons again and again while the keys are changed twice; nothing is lost and no old key is left."""
    ok(full, "backup", str(tmp_path / "keys.zip"), "--with-keys", "--json")
    home = tmp_path / "busy"
    ok(home, "restore", str(tmp_path / "keys.zip"), "--json")
    first = json.loads((home / "keys.json").read_text())
    code = """
import itertools, time
import django; django.setup()
from tests import cast
from xingtan.apps.base.people.services import person_create
place = cast.Place.objects.get(slug="xishan")
for n in itertools.count():
    person_create(place=place, name=f"新{n}", actor=cast.ACTOR, phone=f"139{n:08d}")
    print(n, flush=True)
    time.sleep(0.01)
"""
    with subprocess.Popen([sys.executable, "-c", code], env=environ(home), stdout=subprocess.PIPE, text=True) as writer:
        try:
            assert writer.stdout is not None
            writer.stdout.readline()
            for _ in range(2):
                told = ok(home, "vault", "rotate", "--json")
                assert told["rows"] >= 30
                assert writer.poll() is None, "the writer must still be writing"
        finally:
            writer.kill()
    assert ok(home, "vault", "rotate", "--finish", "--json")["dropped"] == 0, "somebody may still be writing under the old key"
    os.utime(home / "keys.json", (1, 1))
    assert ok(home, "vault", "rotate", "--finish", "--json")["dropped"] == 2
    last = json.loads((home / "keys.json").read_text())
    assert list(last["keys"]) == [last["active"]]
    assert last["active"] not in first["keys"]
    assert last["index"] == first["index"]
    assert ok(home, "vault", "check", "--json")["issues"] == []
    assert ok(home, code=READ).strip().startswith(PHONES[:-1])
    assert ok(home, "audit", "verify", "--json")["issues"] == []


def test_a_changed_ciphertext_is_found(full: Path, tmp_path: Path) -> None:
    ok(full, "backup", str(tmp_path / "keys.zip"), "--with-keys", "--json")
    home = tmp_path / "home"
    ok(home, "restore", str(tmp_path / "keys.zip"), "--json")
    code = """
import django; django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("UPDATE people_person SET phone = address WHERE id = (SELECT min(id) FROM people_person WHERE phone <> '')")
"""
    ok(home, code=code)
    done = run(home, "vault", "check", "--json")
    assert done.returncode == 1
    assert [issue["code"] for issue in json.loads(done.stdout)["issues"]] == ["vault.changed"]
