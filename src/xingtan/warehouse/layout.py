"""Where a place's snapshots lie, and writes that either happened or did not.

ROOT/PLACE/lock                     one refresher at a time
ROOT/PLACE/working/N.json           manifest of generation N; the greatest N is current
ROOT/PLACE/working/data/…           Parquet named by content, shared by generations
ROOT/PLACE/named/ID/manifest.json   (ID: see `folder_of`) a frozen snapshot with its own copies of the data
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from xingtan.kernel.text import T
from xingtan.warehouse.errors import SnapshotError

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
TITLE = re.compile(r"[a-z0-9\u4e00-\u9fff][a-z0-9_\u4e00-\u9fff-]{0,62}")
CODED = "xn--"  # begins the folder of a name that is not plain ASCII: the name in punycode, so that any disk and archive can hold it
LOCK_WAIT = 120.0  # seconds; a refresh of a whole county takes a fraction of it


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders of one place under the warehouse's root."""

    root: Path
    place: str

    def __post_init__(self) -> None:
        named(self.place)

    @property
    def folder(self) -> Path:
        return self.root / self.place

    @property
    def working(self) -> Path:
        return self.folder / "working"

    @property
    def named(self) -> Path:
        return self.folder / "named"

    @contextmanager
    def locked(self, wait: float = LOCK_WAIT) -> Iterator[None]:
        """Hold the place's lock; it falls with the process, so a killed refresher blocks nobody. SnapshotError after `wait` seconds."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("a") as handle:
            _acquire(handle.fileno(), wait)
            yield  # closing the file releases the lock


def default_root() -> Path:
    """`warehouse` in the installation's home."""
    return Path(os.environ.get("XINGTAN_HOME", "var")).expanduser().resolve() / "warehouse"


def named(name: str) -> str:
    """Refuse whatever could lead out of the folder."""
    if not NAME.fullmatch(name):
        text = T("“%(name)s”不能作名称：只用小写字母、数字、- 和 _，以字母或数字开头，最长 63 字", name=name)
        raise SnapshotError.one("warehouse.name", text, T("换一个名称，例如 2009-annual"))
    return name


def folder_of(name: str) -> str:
    """The folder of a named snapshot. Raises SnapshotError for what is no name, so that nothing leads out of the folder."""
    if not TITLE.fullmatch(name) or name.startswith(CODED):
        text = T("“%(name)s”不能作快照名称：只用汉字、小写字母、数字、- 和 _，以汉字、字母或数字开头，最长 63 字", name=name)
        raise SnapshotError.one("warehouse.name", text, T("换一个名称，例如 2009年终"))
    return name if name.isascii() else CODED + name.encode("punycode").decode()


def name_of(folder: str) -> str:
    """The name of which `folder_of` made the folder."""
    return folder.removeprefix(CODED).encode().decode("punycode") if folder.startswith(CODED) else folder


def write_atomically(path: Path, content: bytes) -> None:
    """Write beside the target, flush to disk, rename over it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with beside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    sync(path.parent)


def copy_durably(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    with target.open("rb") as stream:
        os.fsync(stream.fileno())


def sync(folder: Path) -> None:
    """Make a rename in the folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _acquire(handle: int, wait: float) -> None:
    until = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise SnapshotError.one("warehouse.locked", T("另一个刷新仍在进行"), T("稍后再试")) from None
            time.sleep(0.02)
        else:
            return
