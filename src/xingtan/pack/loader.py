"""From folders to one pack: find the chain of parents, read, inherit, validate. Never raises on bad input; every fault at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.text import T

from .build import build
from .codec import Pack
from .files import PackFile, read_folder
from .front_matter import split as split_report
from .parts import Layer, Parts
from .schema.manifest import Manifest
from .sources import Sources, split_lines
from .tree import Node, parse

_VERSION = re.compile(r"\d{4}(\.\d{1,3}){0,2}")


def builtin_root() -> Path:
    """The packs that come with Xingtan: inside the installed package, or `packs/` of a checkout."""
    inside = Path(__file__).parent.parent / "packs"
    return inside if inside.is_dir() else Path(__file__).parents[3] / "packs"


@dataclass(slots=True)
class Assembly:
    """A pack as read, before its names and formulas are checked. `pack` is None when some part has no valid shape."""

    pack: Pack | None
    sources: Sources
    issues: list[Issue]


@dataclass(slots=True)
class _Reader:
    roots: tuple[Path, ...]
    sources: Sources = field(default_factory=Sources)
    issues: list[Issue] = field(default_factory=list)
    layers: list[Layer] = field(default_factory=list)
    done: dict[Path, bool] = field(default_factory=dict)  # False while the pack's own parents are being read

    def read(self, folder: Path, asked: Node | None) -> None:
        """Read a pack after its parents; `asked` is where it was named."""
        key = folder.resolve()
        if self.done.get(key) is False:
            self._fault("pack.extends_cycle", T("规则包互相继承，成了循环：%(name)s", name=folder.parent.name), asked)
        if key in self.done:
            return
        self.done[key] = False
        found = read_folder(folder)
        self.issues.extend(found.issues)
        for file in found.files:
            self.sources.lines[file.name] = tuple(split_lines(file.text))
        if asked is None:
            self.sources.own = {file.name for file in found.files}
            self.sources.manifest = str(folder / "pack.yaml")
        manifest = self._manifest(folder, found.files)
        if manifest is not None:
            nodes = [(file, node) for file in found.files for node in [self._node(file)] if node is not None]
            self.layers.append(Layer(folder, manifest, nodes))
        self.done[key] = True

    def _manifest(self, folder: Path, files: list[PackFile]) -> Manifest | None:
        file = next((file for file in files if file.fills == "manifest"), None)
        if file is None:
            where = Where(file=str(folder / "pack.yaml"))
            hint = T("写明 id、version、title、extends")
            self.issues.append(Issue(Severity.ERROR, "pack.no_manifest", T("文件夹里没有可读的 pack.yaml"), where, hint))
            return None
        node = self._node(file)
        if node is None:
            return None
        manifest, issues = build(Manifest, node, self.sources)
        self.issues.extend(issues)
        self.sources.items.setdefault(("manifest", node.text("id")), node)
        if manifest is not None:
            self._placed(folder, manifest, node)
            self._parents(folder, manifest, node)
        return manifest

    def _placed(self, folder: Path, manifest: Manifest, node: Node) -> None:
        """The folder's names repeat id and version, so that a pack is found by its path."""
        for key, says, name in (("id", manifest.id, folder.resolve().parent.name), ("version", manifest.version, folder.resolve().name)):
            if says != name:
                message = T("%(key)s 是 %(says)s，文件夹却叫 %(name)s", key=key, says=says, name=name)
                self._fault("pack.folder_name", message, node.get(key), T("文件夹按 packs/编号/版本 命名"))

    def _parents(self, folder: Path, manifest: Manifest, node: Node) -> None:
        listed = node.get("extends")
        for at, name in enumerate(manifest.extends):
            place = listed.value[at] if listed is not None and listed.is_list else node
            parent = self._find(folder, name)
            if parent is None:
                known = sorted({path.name for root in self._roots(folder) if root.is_dir() for path in root.iterdir() if path.is_dir()})
                close = difflib.get_close_matches(name.partition("@")[0], known, n=1)
                searched = T("找过的文件夹里有：%(names)s", names="、".join(known) or "（空）")
                hint = T("您是不是想写 %(name)s？", name=close[0]) if close else searched
                self._fault("pack.missing_parent", T("找不到上级规则包 %(name)s", name=name), place, hint)
            else:
                self.read(parent, place)

    def _roots(self, folder: Path) -> Iterable[Path]:
        return (*self.roots, folder.resolve().parent.parent, builtin_root())

    def _find(self, folder: Path, name: str) -> Path | None:
        pack_id, _, version = name.partition("@")
        if not re.fullmatch(r"[a-z][a-z0-9_]*", pack_id):
            return None
        for root in self._roots(folder):
            home = root / pack_id
            found = home / version if version else newest(home)
            if found is not None and (found / "pack.yaml").is_file():
                return found
        return None

    def _node(self, file: PackFile) -> Node | None:
        if file.fills == "reports":
            node, issues = split_report(file)
        else:
            node, issues = parse(file.text, file.name)
        self.issues.extend(issues)
        return node

    def _fault(self, code: str, message: object, node: Node | None, hint: object = None) -> None:
        self.issues.append(self.sources.issue((Severity.ERROR, code), message, node, hint=hint))  # type: ignore[arg-type]


def newest(home: Path) -> Path | None:
    """The newest version folder of a pack's folder."""
    if not home.is_dir():
        return None
    versions = [path for path in home.iterdir() if path.is_dir() and _VERSION.fullmatch(path.name)]
    return max(versions, key=lambda path: tuple(int(part) for part in path.name.split(".")), default=None)


def version_folder(path: Path) -> Path:
    """The version folder meant by `path`: itself, or the newest version below it."""
    if (path / "pack.yaml").is_file():
        return path
    return newest(path) or path


def assemble(path: Path | str, roots: Iterable[Path | str] = ()) -> Assembly:
    """Read the pack at a version folder or a place's folder (newest version) with all it inherits."""
    folder = version_folder(Path(path))
    reader = _Reader(tuple(Path(root) for root in roots))
    if not folder.is_dir():
        where = Where(file=str(path))
        hint = T("给出 packs/编号 或 packs/编号/版本 文件夹")
        message = T("没有这个文件夹：%(path)s", path=str(path))
        return Assembly(None, reader.sources, [Issue(Severity.ERROR, "pack.no_folder", message, where, hint)])
    reader.read(folder, None)
    if not reader.layers or reader.layers[-1].folder != folder:
        return Assembly(None, reader.sources, reader.issues)
    parts = Parts(reader.layers, reader.sources, reader.issues)
    parts.lay()
    return Assembly(parts.pack(), reader.sources, reader.issues)
