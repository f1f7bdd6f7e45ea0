"""The folder of a pack: which files may lie where, and reading them as text."""

from __future__ import annotations

import difflib
import os
from dataclasses import dataclass, field
from pathlib import Path

from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.text import T

MAX_BYTES = 1_000_000
MAX_FILES = 2_000
# Files at the top of a pack, and folders with the ending their files must have. The value is the collection they fill.
FILES = {
    "pack.yaml": "manifest",
    "parameters.yaml": "parameters",
    "calendar.yaml": "calendar",
    "organisation.yaml": "organisation",
    "norms.yaml": "norms",
    "purposes.yaml": "purposes",
    "visibility.yaml": "visibility",
    "curricula.yaml": "curricula",
    "equity.yaml": "equity",
    "waivers.yaml": "waivers",
    "phrases.yaml": "phrases",
}
FOLDERS = {
    "parameters": ".yaml",
    "codes": ".yaml",
    "ledgers": ".yaml",
    "indicators": ".yaml",
    "targets": ".yaml",
    "duties": ".yaml",
    "cases": ".yaml",
    "schemes": ".yaml",
    "allocations": ".yaml",
    "surveys": ".yaml",
    "reports": ".md",
    "golden": ".yaml",
}
IGNORED = frozenset({"README.md", "LICENSE", "Thumbs.db"})


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file: the name it is shown under, what it fills, its text."""

    name: str
    fills: str
    text: str


@dataclass(slots=True)
class Folder:
    """All readable files of one pack folder and what is wrong with the others."""

    root: Path
    files: list[PackFile] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def fault(self, code: str, message: object, name: str, **more: object) -> None:
        self.issues.append(Issue(Severity.ERROR, code, message, Where(file=name), **more))  # type: ignore[arg-type]


def read_folder(root: Path) -> Folder:
    """Read every file of a pack; unknown files, links out of the folder, wrong encodings and giants become issues."""
    folder = Folder(root)
    paths = sorted(_walk(folder))
    if len(paths) > MAX_FILES:
        folder.fault("pack.too_many_files", T("规则包里文件太多（%(n)s 个，最多 %(max)s 个）", n=len(paths), max=MAX_FILES), str(root))
        return folder
    for path in paths:
        relative = path.relative_to(root)
        fills = _fills(folder, relative)
        if fills and (text := _text(folder, path)) is not None:
            folder.files.append(PackFile(str(path), fills, text))
    return folder


def _walk(folder: Folder) -> list[Path]:
    found: list[Path] = []
    home = folder.root.resolve()
    for here, folders, names in os.walk(folder.root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in [*folders, *names]:
            path = Path(here) / name
            if path.is_symlink() and not path.resolve().is_relative_to(home):
                folder.fault("pack.symlink", T("链接 %(name)s 指向规则包之外", name=name), str(path), hint=T("把文件本身放进规则包"))
            elif name in names and not name.startswith(".") and not name.endswith("~") and name not in IGNORED:
                found.append(path)
        if len(found) > MAX_FILES:
            break
    return found


def _fills(folder: Folder, relative: Path) -> str:
    """The collection a file fills, "" (with an issue) when it has no place in a pack."""
    parts = relative.parts
    if len(parts) == 1 and parts[0] in FILES:
        return FILES[parts[0]]
    if len(parts) == 2 and parts[0] in FOLDERS and relative.suffix == FOLDERS[parts[0]]:
        return parts[0]
    known = [*FILES, *(f"{name}/*{ending}" for name, ending in FOLDERS.items())]
    asked = parts[0] if len(parts) == 1 else f"{parts[0]}/*{relative.suffix}"
    close = difflib.get_close_matches(asked, known, n=1, cutoff=0.6)
    hint = T("您是不是想写 %(name)s？", name=close[0]) if close else T("规则包只认这些文件：%(names)s", names="、".join(known))
    folder.fault("pack.unknown_file", T("规则包里没有 %(name)s 这种文件", name=str(relative)), str(folder.root / relative), hint=hint)
    return ""


def _text(folder: Folder, path: Path) -> str | None:
    name = str(path)
    try:
        if not path.is_file():
            folder.fault("pack.not_a_file", T("%(name)s 不是普通文件", name=path.name), name)
            return None
        if path.stat().st_size > MAX_BYTES:
            folder.fault("pack.too_big", T("文件超过 1 MB"), name, hint=T("规则包只放规则；数据请导入台账"))
            return None
        data = path.read_bytes()
    except OSError as error:
        folder.fault("pack.unreadable", T("读不了这个文件：%(why)s", why=error.strerror or ""), name)
        return None
    return _decode(folder, data, name)


def _decode(folder: Folder, data: bytes, name: str) -> str | None:
    if data.startswith(b"\xef\xbb\xbf"):
        message = T("文件开头有 BOM 标记，已略去")
        folder.issues.append(Issue(Severity.WARNING, "pack.bom", message, Where(file=name, line=1, column=1), T("另存为“UTF-8 无 BOM”")))
        data = data[3:]
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        looks = _other_encoding(data)
        message = T("文件不是 UTF-8 编码（像是 %(looks)s）", looks=looks) if looks else T("文件不是 UTF-8 编码的文字")
        folder.issues.append(Issue(Severity.ERROR, "pack.encoding", message, Where(file=name, line=line), T("在编辑器里另存为 UTF-8")))
        return None


def _other_encoding(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "UTF-16"
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return "GBK"
