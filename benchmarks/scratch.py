"""A scratch home for a benchmark, and the file the results are written to."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parent / "results.md"


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


def report(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table and append it, dated, to results.md."""
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head), *("| " + " | ".join(row) + " |" for row in rows)]
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    text = f"\n## {title}\n\n{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine}\n\n" + "\n".join(lines) + "\n"
    sys.stdout.write(text)
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write(text)
