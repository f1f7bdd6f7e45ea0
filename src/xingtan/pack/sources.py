"""Where every item of a pack stands in its files, so that any finding can point at a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from xingtan.kernel.excerpt import excerpt
from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.text import Text

from .tree import Node

Path = tuple[str | int, ...]


@dataclass(slots=True)
class Sources:
    """Nodes by (collection, id); single-document helper files have id "". `own` holds the files of the pack itself, not of its parents."""

    items: dict[tuple[str, str], Node] = field(default_factory=dict)
    lines: dict[str, tuple[str, ...]] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    manifest: str = ""

    def node(self, collection: str, item: str, path: Path = ()) -> Node | None:
        """The deepest node that exists along `path` inside an item."""
        found = self.items.get((collection, item))
        return walk(found, path) if found is not None else None

    def is_own(self, collection: str, item: str) -> bool:
        """Whether the item is written in the pack itself (not inherited)."""
        node = self.items.get((collection, item))
        return node is not None and any(file in self.own for file in _files(node))

    def issue(self, kind: tuple[Severity, str], message: Text, node: Node | None, **more: object) -> Issue:
        """An issue at a node. `span` (start, end) points into a one-line scalar; `hint` and `value` are passed on."""
        span = more.pop("span", None)
        severity, code = kind
        if node is None:
            return Issue(severity, code, message, Where(file=self.manifest), **more)  # type: ignore[arg-type]
        line, column, length = _point(node, span if isinstance(span, tuple) else None, self.lines.get(node.file, ()))
        note = excerpt(self.lines.get(node.file, ()), line, column, length)
        return Issue(severity, code, message, Where(file=node.file, line=line, column=column), excerpt=note, **more)  # type: ignore[arg-type]


def _files(node: Node) -> set[str]:
    found = {node.file}
    for child in node.value.values() if node.is_map else node.value if node.is_list else ():
        found |= _files(child)
    return found


def walk(node: Node, path: Path) -> Node:
    """Follow keys and indices as far as they exist; a mapping's list of items may also be entered by id."""
    for step in path:
        following: Node | None = None
        if node.is_map:
            following = node.get(str(step))
        elif node.is_list and isinstance(step, int) and 0 <= step < len(node.value):
            following = node.value[step]
        elif node.is_list and isinstance(step, str):
            following = next((item for item in node.value if item.text("id") == step), None)
        if following is None:
            continue
        node = following
    return node


def _point(node: Node, span: tuple[int, int] | None, lines: Sequence[str]) -> tuple[int, int, int]:
    """Line, column and length of a place inside a scalar. The text of a block or wrapped scalar is found again on its own lines."""
    if span is None:
        return node.line, node.column, 1
    start, end = span
    block = node.style in {"|", ">"}
    line, column = (node.line + 1, 1) if block else (node.line, node.column + (1 if node.style else 0))
    left = start
    while line <= len(lines):
        text = lines[line - 1]
        begin = max(column - 1, len(text) - len(text.lstrip()) if column == 1 else 0)
        content = text[begin:].rstrip()
        if left < len(content) or (left == len(content) and start == end):
            return line, begin + left + 1, max(min(end - start, len(content) - left), 1)
        left = max(left - len(content) - 1, 0)
        line, column = line + 1, 1
    return node.line, node.column, 1


def key_place(node: Node, key: str) -> tuple[int, int]:
    """Line and column of a key in a mapping."""
    return node.keys.get(key, (node.line, node.column))


def split_lines(text: str) -> Sequence[str]:
    """The lines of a text as the excerpts count them."""
    return tuple(text.splitlines())
