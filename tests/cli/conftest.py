from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.homes import ok


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """`begun(path)`: a home at the path as `xingtan init` leaves it (a copy of one: setting up the tables takes longest)."""
    home = tmp_path_factory.mktemp("begun") / "home"
    ok(home, "init", "--json")
    return lambda path: Path(shutil.copytree(home, path))
