"""Real worker processes against the database of the running test."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).parents[3]
CODE = """
import os, signal, threading
import django
from django.conf import settings
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = os.environ["TEST_DATABASE"]
from tests.apps.jobs import kinds
from xingtan.apps.base.jobs.worker import run_worker
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
print(run_worker(stop, until_empty=os.environ["UNTIL_EMPTY"] == "1"))
"""


@contextmanager
def running(*, until_empty: bool = True) -> Iterator[subprocess.Popen[str]]:
    """Start a worker; its output is the number of jobs it ran. Whatever happens, it is gone afterwards."""
    with _start(until_empty) as worker:
        try:
            yield worker
        finally:
            worker.kill()


def _start(until_empty: bool) -> subprocess.Popen[str]:
    environ = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "xingtan.config.settings", "TEST_DATABASE": str(connection.settings_dict["NAME"]),
        "UNTIL_EMPTY": "1" if until_empty else "0", "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }  # fmt: skip
    return subprocess.Popen([sys.executable, "-c", CODE], env=environ, stdout=subprocess.PIPE, text=True, cwd=ROOT)
