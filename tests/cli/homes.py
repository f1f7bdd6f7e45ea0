"""Homes of their own for commands that run as processes, always on SQLite unless told otherwise."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def environ(home: Path, url: str = "") -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "XINGTAN_DEMO", "XINGTAN_SECRET_KEY", "XINGTAN_KEYS"}
    }
    own = {
        "XINGTAN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "xingtan.config.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }  # fmt: skip
    return {**kept, **own, **({"DATABASE_URL": url} if url else {})}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "xingtan.cli.main", *arguments]


def run(home: Path, *arguments: str, url: str = "", code: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command (or a piece of Python, `code`) in a home."""
    line = [sys.executable, "-c", code] if code else command(*arguments)
    return subprocess.run(line, env=environ(home, url), capture_output=True, text=True, check=False)


def ok(*arguments: Any, **more: Any) -> Any:
    """Run a command that must succeed; returns its JSON, or what it printed."""
    done = run(*arguments, **more)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout) if "--json" in arguments else done.stdout


def refused(home: Path, *arguments: str, url: str = "") -> list[str]:
    """Run a command that must be refused; returns the codes of its issues."""
    done = run(home, *arguments, "--json", url=url)
    assert done.returncode == 1, done.stdout + done.stderr
    return [issue["code"] for issue in json.loads(done.stdout)["issues"]]
