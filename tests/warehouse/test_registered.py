"""What the apps registered at start, taken together: one place's data as a snapshot."""

from __future__ import annotations

from pathlib import Path

from tests.cast import Cast

from xingtan.warehouse import refresh
from xingtan.warehouse.backends.duckdb import DuckRunner
from xingtan.warehouse.contracts import SIDES
from xingtan.warehouse.registry import REGISTRY
from xingtan.warehouse.verify import verify


def test_every_side_table_has_one_source() -> None:
    sides = [side for source in REGISTRY.side_sources for side in source.sides()]
    assert sorted(sides) == sorted(SIDES)


def test_a_places_snapshot_holds_its_tree_and_nothing_of_the_neighbour(cast: Cast, tmp_path: Path) -> None:
    snapshots = {place.slug: refresh.working(place.slug, root=tmp_path) for place in (cast.place, cast.other)}
    codes = {slug: set(snapshot.read("orgs")["code"].to_pylist()) for slug, snapshot in snapshots.items()}
    own, other = codes.values()
    assert own
    assert other
    assert not own & other
    for snapshot in snapshots.values():
        assert verify(snapshot) == ()
        assert snapshot.manifest.datasets
        with DuckRunner(snapshot) as runner:
            assert all(runner.exact_fields(dataset.id) for dataset in snapshot.manifest.datasets if not snapshot.rows(dataset.id))
