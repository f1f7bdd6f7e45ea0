"""A scratch home for a benchmark."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
