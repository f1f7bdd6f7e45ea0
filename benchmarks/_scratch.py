"""A scratch home for a benchmark."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any


@contextmanager
def home() -> Iterator[Path]:
    """An empty XINGTAN_HOME with a migrated SQLite database; Django is set up on it. Once a process."""
    with tempfile.TemporaryDirectory(prefix="xingtan-bench-") as folder:
        os.environ["XINGTAN_HOME"] = folder
        os.environ.pop("DATABASE_URL", None)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingtan.config.settings")
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield Path(folder)


def county(folder: Path, files: Mapping[str, str], schools: int) -> Any:
    """A place `bench` with a pack of these files and so many primary schools, S01 …"""
    from xingtan.apps.base.audit.services import Actor
    from xingtan.apps.base.orgs import services as orgs
    from xingtan.pack import load

    root = folder / "packs" / "bench" / "2026.1"
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    loaded = load(root, roots=[folder / "packs"])
    assert loaded.pack, [str(issue) for issue in loaded.issues]
    actor = Actor.system("测速")
    place = orgs.place_create(slug="bench", title="测速县", code="BM", kind="county", actor=actor)
    orgs.pack_enforce(place=place, pack=loaded.pack, actor=actor)
    rows = [orgs.OrgRow(f"S{n:02d}", f"第{n}小学", "school", "BM", date(2000, 1, 1)) for n in range(1, schools + 1)]
    orgs.orgs_load(place=place, rows=rows, actor=actor)
    return place
