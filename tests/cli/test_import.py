"""`xingtan import FILE --as roster`."""

from __future__ import annotations

import json

from click.testing import CliRunner
from tests.apps.record.imports.roster_files import book, child

from xingtan.apps.base.pupils.models import Pupil
from xingtan.apps.record.imports.models import Import
from xingtan.cli.commands.take_in import take_in


def run(path, *options: str):
    done = CliRunner().invoke(
        take_in, [str(path), "--as", "roster", "--place", "xishan", "--day", "2024-09-01", "--json", *options], standalone_mode=False
    )
    assert done.exception is None, done.exception
    return done.return_value, json.loads(done.stdout)


def test_a_dry_run_tells_everything_and_writes_nothing_and_a_real_one_writes(cast, tmp_path, monkeypatch):
    monkeypatch.setattr("xingtan.cli.commands.take_in.database_ready", lambda: None)
    path = tmp_path / "名册.xlsx"
    path.write_bytes(book(child(1), child(2, 年级="大三")))
    code, told = run(path, "--dry-run")
    assert (code, told["written"], told["counts"]["added"], Pupil.objects.count()) == (1, False, 1, 0)
    assert [(one["code"], one["where"]["cell"]) for one in told["issues"] if one["severity"] == "error"] == [("pupils.grade", "F3")]
    code, told = run(path)
    assert (code, told["written"], Pupil.objects.count()) == (1, False, 0)
    code, told = run(path, "--only-good")
    assert (code, told["written"], Pupil.objects.count()) == (0, True, 1)
    assert set(Import.objects.values_list("state", flat=True)) == {"discarded", "done"}
