from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.warehouse.places import ORGS, PUPILS, VISITS, Source, World, world

from xingtan.engine.indicators.spec import DatasetSpec, FieldSpec
from xingtan.warehouse import layout, refresh, snapshots
from xingtan.warehouse.errors import SnapshotError
from xingtan.warehouse.layout import Layout
from xingtan.warehouse.registry import Registry
from xingtan.warehouse.snapshots import Snapshot
from xingtan.warehouse.verify import verify


@pytest.fixture
def place() -> World:
    return world()


def working(place: World, root: Path) -> Snapshot:
    return refresh.working("xishan", root=root, registry=place.registry)


def frozen(place: World, root: Path, name: str = "y2009") -> Snapshot:
    return refresh.create("xishan", name, pack_hash="p1", engine_version="0.1", root=root, registry=place.registry)


def files(root: Path) -> dict[str, tuple[int, int]]:
    """Every file with its inode and time of change: equal means untouched."""
    return {str(path.relative_to(root)): (path.stat().st_ino, path.stat().st_mtime_ns) for path in root.rglob("*.*") if path.is_file()}


def test_a_snapshot_holds_what_the_sources_gave(place: World, tmp_path: Path) -> None:
    snapshot = working(place, tmp_path)
    assert snapshot.read("pupils").num_rows == 6
    assert snapshot.read("orgs")["code"].to_pylist() == ["XS", "XS-11"]
    assert snapshot.read("closure").num_rows == 3
    assert snapshot.read("returns").to_pylist() == [{"dataset": "visits", "org": "XS-11", "period": "2009"}]
    assert snapshot.tables == ("orgs", "closure", "succession", "returns", "pupils", "visits")
    assert verify(snapshot) == ()
    with pytest.raises(SnapshotError):
        snapshot.read("nothing")


def test_a_dataset_without_rows_has_its_columns(tmp_path: Path) -> None:
    place = World(Source(), world().tree)
    snapshot = working(place, tmp_path)
    assert snapshot.read("visits").schema == snapshot.schema("visits")
    assert snapshot.read("visits").num_rows == 0
    assert snapshot.exact_fields("visits") == {"doubt", "cost", "by"}


def test_exact_fields_say_too_little_rather_than_too_much(place: World, tmp_path: Path) -> None:
    assert working(place, tmp_path).exact_fields("pupils") == frozenset()
    place.source.put("pupils", "2009", {"row_id": "3", "number": 500, "kind": "boy", "boarding": True})
    assert working(place, tmp_path).exact_fields("pupils") == {"doubt", "number", "kind", "boarding"}
    assert working(place, tmp_path).exact_fields("unheard_of") == frozenset()


def test_only_what_changed_is_read_and_written(place: World, tmp_path: Path) -> None:
    first = working(place, tmp_path)
    before = files(tmp_path)
    place.source.asked.clear()
    place.tree.asked.clear()
    place.source.put("pupils", "2009", {"row_id": "3", "number": 501})
    second = working(place, tmp_path)
    assert (place.source.asked, place.tree.asked) == ([("pupils", "2009")], [])
    after = files(tmp_path)
    assert {name: after[name] for name in before} == before
    assert len(after.keys() - before.keys()) == 2  # one partition and the manifest of the new generation
    assert first.version != second.version


def test_nothing_changed_nothing_written(place: World, tmp_path: Path) -> None:
    first = working(place, tmp_path)
    before = files(tmp_path)
    again = working(place, tmp_path)
    assert (again.id, again.version, files(tmp_path)) == (first.id, first.version, before)


def test_the_same_rows_give_the_same_version_in_another_installation(place: World, tmp_path: Path) -> None:
    one = working(place, tmp_path / "a")
    place.source.cells["pupils", "2008"].reverse()
    place.source.stamps["pupils", "2008"] += 7
    assert working(place, tmp_path / "b").version == one.version


def test_a_period_that_emptied_disappears(place: World, tmp_path: Path) -> None:
    working(place, tmp_path)
    del place.source.stamps["pupils", "2008"]
    assert set(working(place, tmp_path).read("pupils")["period"].to_pylist()) == {"2009"}


def test_new_columns_rewrite_a_dataset(place: World, tmp_path: Path) -> None:
    working(place, tmp_path)
    place.source.asked.clear()
    wider = DatasetSpec("pupils", "在校生", (*PUPILS.fields, FieldSpec("note", "text")))
    place.source.specs = (wider, VISITS)
    snapshot = working(place, tmp_path)
    assert sorted(place.source.asked) == [("pupils", "2008"), ("pupils", "2009")]
    assert "note" in snapshot.read("pupils").column_names


def test_a_changed_tree_rewrites_the_tree_only(place: World, tmp_path: Path) -> None:
    working(place, tmp_path)
    place.source.asked.clear()
    place.tree.orgs = [*ORGS, {**ORGS[1], "code": "XS-12"}]
    place.tree.stamp += 1
    assert working(place, tmp_path).read("orgs").num_rows == 3
    assert place.source.asked == []


def test_rows_of_another_place_are_refused_with_all_other_faults(place: World, tmp_path: Path) -> None:
    before = working(place, tmp_path)
    place.source.put("pupils", "2009", {"row_id": "1", "org": "SQ-1"}, {"row_id": "1"})
    place.source.put("visits", "", {"row_id": "9", "period": "2007"})
    with pytest.raises(SnapshotError) as caught:
        working(place, tmp_path)
    assert sorted(issue.code for issue in caught.value.issues) == ["warehouse.foreign_org", "warehouse.period", "warehouse.row_id"]
    assert "SQ-1" in str(caught.value)
    current = refresh.current("xishan", tmp_path)
    assert current == before


def test_a_dataset_has_one_source(place: World, tmp_path: Path) -> None:
    with pytest.raises(SnapshotError) as caught:
        refresh.working("xishan", root=tmp_path, registry=Registry([place.source, Source()], [place.tree]))
    assert {issue.code for issue in caught.value.issues} == {"warehouse.dataset_twice"}


def test_sources_register_once() -> None:
    registry, source, tree = Registry(), world().source, world().tree
    for _ in range(2):
        registry.register(source)
        registry.register_side(tree)
    assert (registry.sources, registry.side_sources) == ([source], [tree])


@pytest.mark.parametrize("name", ["", "..", "a/b", "A", "a b", "-a", "x" * 64])
def test_no_name_leads_out_of_the_folder(name: str, place: World, tmp_path: Path) -> None:
    with pytest.raises(SnapshotError):
        refresh.working(name, root=tmp_path, registry=place.registry)
    with pytest.raises(SnapshotError):
        frozen(place, tmp_path, name)


def test_a_place_has_a_plain_name(place: World, tmp_path: Path) -> None:
    with pytest.raises(SnapshotError):
        refresh.working("县", root=tmp_path, registry=place.registry)


def test_a_frozen_snapshot_stays_as_it_was(place: World, tmp_path: Path) -> None:
    snapshot = frozen(place, tmp_path)
    assert (snapshot.manifest.pack_hash, snapshot.manifest.engine_version, snapshot.id) == ("p1", "0.1", "y2009")
    place.source.put("pupils", "2009", {"row_id": "3", "number": 1})
    place.tree.stamp += 1
    working(place, tmp_path)
    again = snapshots.get("xishan", "y2009", tmp_path)
    assert again == snapshot
    assert again.read("pupils").num_rows == 6
    assert verify(again, snapshot.version) == ()
    assert [one.id for one in snapshots.listing("xishan", tmp_path)] == ["y2009"]


def test_a_name_is_given_once(place: World, tmp_path: Path) -> None:
    frozen(place, tmp_path)
    with pytest.raises(SnapshotError) as caught:
        frozen(place, tmp_path)
    assert caught.value.issues[0].code == "snapshot.taken"


def test_frozen_snapshots_belong_to_their_place(place: World, tmp_path: Path) -> None:
    frozen(place, tmp_path)
    with pytest.raises(SnapshotError):
        snapshots.get("shiqiao", "y2009", tmp_path)
    (tmp_path / "shiqiao" / "named").mkdir(parents=True)
    (tmp_path / "xishan" / "named" / "y2009").rename(tmp_path / "shiqiao" / "named" / "y2009")
    with pytest.raises(SnapshotError) as caught:
        snapshots.get("shiqiao", "y2009", tmp_path)
    assert caught.value.issues[0].code == "snapshot.place"


def _flip(path: Path) -> None:
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _edit_manifest(path: Path, old: bytes, new: bytes) -> None:
    path.write_bytes(path.read_bytes().replace(old, new, 1))


def test_tampering_is_found(place: World, tmp_path: Path) -> None:
    snapshot = frozen(place, tmp_path)
    part = snapshot.manifest.of("pupils")[0]
    kept = (snapshot.path / part.path).read_bytes()

    _flip(snapshot.path / part.path)
    assert [issue.code for issue in verify(snapshot)] == ["snapshot.hash"]
    (snapshot.path / part.path).unlink()
    assert [issue.code for issue in verify(snapshot)] == ["snapshot.file_missing"]
    (snapshot.path / part.path).write_bytes(kept)
    (snapshot.path / "data" / "extra.parquet").write_bytes(b"x")
    assert [issue.code for issue in verify(snapshot)] == ["snapshot.file_added"]
    (snapshot.path / "data" / "extra.parquet").unlink()
    assert verify(snapshot) == ()


def test_a_changed_manifest_is_found(place: World, tmp_path: Path) -> None:
    snapshot = frozen(place, tmp_path)
    manifest = snapshot.path / snapshots.MANIFEST
    _edit_manifest(manifest, b'"p1"', b'"p2"')
    assert [issue.code for issue in verify(snapshot)] == ["snapshot.manifest"]
    with pytest.raises(SnapshotError):
        snapshots.get("xishan", "y2009", tmp_path)
    manifest.unlink()
    assert [issue.code for issue in verify(snapshot)] == ["snapshot.manifest"]


def test_a_forged_snapshot_is_betrayed_by_the_seal_kept_elsewhere(place: World, tmp_path: Path) -> None:
    """Whoever rewrites files and manifest together satisfies every hash in the folder, but not the one in the database."""
    seal = frozen(place, tmp_path).version
    place.source.put("pupils", "2009", {"row_id": "3", "number": 9999})
    forged = frozen(place, tmp_path, "other")
    honest = tmp_path / "xishan" / "named" / "y2009"
    honest.rename(tmp_path / "away")
    forged.path.rename(honest)
    found = snapshots.get("xishan", "y2009", tmp_path)
    assert verify(found, seal)[0].code == "snapshot.seal"


def test_a_broken_working_file_is_not_frozen(place: World, tmp_path: Path) -> None:
    snapshot = working(place, tmp_path)
    _flip(snapshot.path / snapshot.manifest.of("pupils")[0].path)
    with pytest.raises(SnapshotError) as caught:
        snapshots.freeze(snapshot, "y2009", pack_hash="", engine_version="", root=tmp_path)
    assert caught.value.issues[0].code == "snapshot.hash"
    assert [path.name for path in (tmp_path / "xishan" / "named").iterdir()] == []
    assert [issue.code for issue in verify(snapshot)] == ["snapshot.hash"]


def test_a_lost_working_file_is_written_again(place: World, tmp_path: Path) -> None:
    snapshot = working(place, tmp_path)
    (snapshot.path / snapshot.manifest.of("visits")[0].path).unlink()
    assert verify(working(place, tmp_path)) == ()


def test_a_broken_manifest_is_passed_over(place: World, tmp_path: Path) -> None:
    first = working(place, tmp_path)
    (first.path / "1.json").write_bytes(b"{")
    second = working(place, tmp_path)
    assert (second.id, second.version) == ("2", first.version)
    assert refresh.current("xishan", tmp_path) == second


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.warehouse.places import world
from xingtan.warehouse import layout, refresh
place = world()
place.source.put("pupils", "2009", {"row_id": "3", "number": 777})
place.source.put("visits", "", {"row_id": "7", "cost": 777})
left = int(sys.argv[2])
fsync = os.fsync
def dying(handle):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    fsync(handle)
os.fsync = dying
refresh.create("xishan", "late", pack_hash="p", engine_version="0", root=Path(sys.argv[1]), registry=place.registry)
"""


@pytest.mark.parametrize("writes", [0, 1, 3, 5, 8, 14])
def test_killed_at_any_write_the_old_state_stands(place: World, tmp_path: Path, writes: int) -> None:
    before = working(place, tmp_path)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), str(writes)], env=environment, check=False, timeout=120)
    assert done.returncode == -signal.SIGKILL
    assert verify(before) == ()
    assert before.read("pupils").num_rows == 6
    assert snapshots.listing("xishan", tmp_path) == ()
    current = refresh.current("xishan", tmp_path)
    assert current is not None
    assert verify(current) == ()
    assert current.read("pupils").num_rows in (6, 3)  # before, or wholly after
    assert verify(frozen(place, tmp_path, "late")) == ()  # the lock fell with the process, and its leavings are swept up
    assert [path.name for path in (tmp_path / "xishan" / "named").iterdir()] == ["late"]


def test_refreshers_wait_for_each_other(place: World, tmp_path: Path) -> None:
    started, release = threading.Event(), threading.Event()
    table = place.source.table

    def slow(name: str, dataset: str, period: str) -> object:
        started.set()
        assert release.wait(30)
        return table(name, dataset, period)

    place.source.table = slow  # type: ignore[method-assign,assignment]
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(working, place, tmp_path)
        assert started.wait(30)
        with pytest.raises(SnapshotError), Layout(tmp_path, "xishan").locked(wait=0.05):
            pass
        two = pool.submit(working, place, tmp_path)
        release.set()
        assert one.result().version == two.result().version
    assert len(place.source.asked) == 3  # the second found everything done


def test_a_write_during_the_refresh_is_caught_by_the_next(place: World, tmp_path: Path) -> None:
    table = place.source.table

    def racing(name: str, dataset: str, period: str) -> object:
        rows = table(name, dataset, period)
        if (dataset, period) == ("visits", ""):
            place.source.table = table  # type: ignore[method-assign]
            place.source.put("visits", "", {"row_id": "8", "cost": 1})
        return rows

    place.source.table = racing  # type: ignore[method-assign,assignment]
    assert working(place, tmp_path).read("visits")["row_id"].to_pylist() == ["7"]
    assert working(place, tmp_path).read("visits")["row_id"].to_pylist() == ["8"]


def test_old_generations_are_swept_after_a_grace(place: World, tmp_path: Path) -> None:
    first = working(place, tmp_path)
    for number in range(3):
        place.source.put("pupils", "2009", {"row_id": "3", "number": number})
        last = working(place, tmp_path)
    where = Layout(tmp_path, "xishan")
    refresh.collect(where)
    assert verify(first) == ()  # readers still use it
    (where.working / "2.json").write_bytes(b"{")  # must not stop the sweep
    past = time.time() - 3 * refresh.GRACE
    for manifest in where.working.glob("*.json"):
        os.utime(manifest, (past, past))
    refresh.collect(where)
    assert [path.name for path in where.working.glob("*.json")] == [f"{last.id}.json"]
    assert verify(last) == ()
    kept = {str(path.relative_to(where.working)) for path in (where.working / "data").rglob("*.parquet")}
    assert kept == {part.path for part in last.manifest.parts}


def test_files_carry_the_contracts_columns(place: World, tmp_path: Path) -> None:
    snapshot = working(place, tmp_path)
    for table in snapshot.tables:
        for file in snapshot.files(table):
            assert pq.read_schema(file).equals(snapshot.schema(table))


def test_the_default_root_lies_in_the_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XINGTAN_HOME", str(tmp_path))
    assert layout.default_root() == tmp_path.resolve() / "warehouse"


@pytest.mark.parametrize("name", ["2009-annual", "年终", "2009年终_定稿-2", "很" * 63])
def test_a_name_has_one_folder_that_any_disk_can_hold(name: str) -> None:
    folder = layout.folder_of(name)
    assert folder.isascii()
    assert len(folder) <= 255
    assert layout.name_of(folder) == name


@pytest.mark.parametrize("name", ["", "../x", "年/终", "xn--abc", "Year", ".年", "很" * 64])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(SnapshotError):
        layout.folder_of(name)
