"""YAML text → a tree whose every node knows its file, line and column.

The tree is built from the parser's events, not from its constructor, so that nothing is ever executed or expanded: anchors, aliases,
tags and several documents are refused, keys are unique texts, depth is limited. Plain scalars are resolved here, once, in the open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml import events as ev

from xingtan.kernel.excerpt import excerpt
from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.text import T, Text

from .yaml_words import syntax_issue

MAX_DEPTH = 24
MAX_NODES = 100_000
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+")
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = frozenset({"true", "True", "TRUE", "false", "False", "FALSE"})
_OTHER_READERS = re.compile(  # texts that one YAML reader or another turns into something else
    r"(?i:yes|no|on|off|y|n|\.inf|\.nan|[-+]\.inf)|[-+]?0[0-9_]+|0x[0-9a-fA-F_]+|0o[0-7_]+|0b[01_]+|[-+]?[0-9][0-9_]*_[0-9_.]*|"
    r"[-+]?[0-9]+(:[0-5]?[0-9])+(\.[0-9]*)?|[-+]?(\.[0-9]+|[0-9]+\.)([eE][-+]?[0-9]+)?|[-+]?[0-9.]+[eE][-+]?[0-9]+|"
    r"\d{4}-\d{1,2}-\d{1,2}([Tt ].*)?|[-+]?0[0-9]+\.[0-9]+"
)


@dataclass(frozen=True, slots=True)
class Slippery:
    """A plain scalar that different readers of YAML read differently (no, 0123, 1_000, 12:30); it must be put in quotes."""

    text: str


@dataclass(slots=True)
class Node:
    """A mapping (`value` is dict[str, Node]), a list (list[Node]) or a scalar, with the place where it stands (1-based)."""

    file: str
    line: int
    column: int
    value: Any
    raw: str = ""
    style: str = ""  # of a scalar: "" plain, ' or " quoted, | or > block; of a collection: "flow" or "block"
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def is_map(self) -> bool:
        return isinstance(self.value, dict)

    @property
    def is_list(self) -> bool:
        return isinstance(self.value, list)

    def get(self, key: str) -> Node | None:
        """The value under a key of a mapping."""
        found = self.value.get(key) if self.is_map else None
        return found if isinstance(found, Node) else None

    def text(self, key: str) -> str:
        """The text under a key, or "" when it is absent or no text."""
        found = self.get(key)
        return found.value if found is not None and isinstance(found.value, str) else ""

    def plain(self) -> Any:
        """The tree as dicts, tuples and scalars."""
        if self.is_map:
            return {key: item.plain() for key, item in self.value.items()}
        return tuple(item.plain() for item in self.value) if self.is_list else self.value


@dataclass(slots=True)
class _Builder:
    file: str
    lines: tuple[str, ...]
    issues: list[Issue] = field(default_factory=list)
    stack: list[tuple[Node, str | None]] = field(default_factory=list)
    root: Node | None = None
    count: int = 0
    documents: int = 0

    def fault(self, code: str, message: Text, mark: Any, hint: Text | None = None) -> None:
        line, column = mark.line + 1, mark.column + 1
        where = Where(file=self.file, line=line, column=column)
        self.issues.append(Issue(Severity.ERROR, code, message, where, hint, excerpt=excerpt(self.lines, line, column)))

    def place(self, node: Node, mark: Any) -> None:
        """Put a node under the open collection; a mapping's odd children are its keys."""
        if not self.stack:
            self.root = node
            return
        parent, key = self.stack[-1]
        if parent.is_list:
            parent.value.append(node)
        elif key is None:
            self.stack[-1] = (parent, self.key(parent, node, mark))
        else:
            if key:
                parent.value[key] = node
            self.stack[-1] = (parent, None)

    def key(self, parent: Node, node: Node, mark: Any) -> str:
        if node.is_map or node.is_list:
            self.fault("pack.key", T("键必须是一个词，不能是列表或映射"), mark, T("花括号和方括号里的文字加引号"))
            return ""
        name = node.raw
        if not name:
            self.fault("pack.key", T("键是空的"), mark, T("冒号前写上键，如 title: 名称"))
        elif name in parent.value:
            first = parent.keys[name][0]
            self.fault("pack.duplicate_key", T("键 %(key)s 写了两次（第 %(line)s 行已有）", key=name, line=first), mark, T("删去其中一个"))
            return ""
        else:
            parent.keys[name] = (node.line, node.column)
        return name

    def take(self, event: Any) -> bool:
        """One event; False stops the reading."""
        mark = event.start_mark
        if isinstance(event, ev.AliasEvent) or getattr(event, "anchor", None):
            hint = T("把内容写全；只差一点的条目用 amend: true")
            self.fault("pack.alias", T("规则包里不许用锚点和别名（& 与 *）"), mark, hint)
            return False
        if getattr(event, "tag", None) and not isinstance(event, ev.DocumentStartEvent):
            self.fault("pack.tag", T("规则包里不许用类型标签（%(tag)s）", tag=str(event.tag)), mark, T("删去以 ! 开头的标签"))
            return False
        if isinstance(event, ev.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.fault("pack.documents", T("一个文件里只能有一份 YAML 文档"), mark, T("删去 --- 分隔行，或分成两个文件"))
                return False
        return self.build(event, mark)

    def build(self, event: Any, mark: Any) -> bool:
        if isinstance(event, ev.MappingEndEvent | ev.SequenceEndEvent):
            node, _ = self.stack.pop()
            self.place(node, mark)
        elif isinstance(event, ev.MappingStartEvent | ev.SequenceStartEvent | ev.ScalarEvent):
            self.count += 1
            if self.count > MAX_NODES or len(self.stack) >= MAX_DEPTH:
                self.fault("pack.too_deep", T("文件嵌套过深或条目过多"), mark, T("最多 %(depth)s 层", depth=MAX_DEPTH))
                return False
            if isinstance(event, ev.ScalarEvent):
                self.place(self.scalar(event, mark), mark)
            else:
                empty: Any = {} if isinstance(event, ev.MappingStartEvent) else []
                style = "flow" if event.flow_style else "block"
                self.stack.append((Node(self.file, mark.line + 1, mark.column + 1, empty, style=style), None))
        return True

    def scalar(self, event: Any, mark: Any) -> Node:
        style = event.style or ""
        value = event.value if style else resolve(event.value)
        return Node(self.file, mark.line + 1, mark.column + 1, value, raw=event.value, style=style)


def resolve(text: str) -> Any:
    """The value of a plain scalar: None, bool, int, Decimal, date, `Slippery`, or the text itself."""
    if text in _NULL:
        return None
    if text in _BOOLEANS:
        return text.lower() == "true"
    if len(text) <= 40 and (_INT.fullmatch(text) or _DECIMAL.fullmatch(text)):
        return Decimal(text) if "." in text else int(text)
    if found := _DATE.fullmatch(text):
        try:
            return date(*map(int, found.groups()))
        except ValueError:
            return Slippery(text)
    return Slippery(text) if _OTHER_READERS.fullmatch(text) else text


@lru_cache(maxsize=1024)
def parse(text: str, file: str) -> tuple[Node | None, tuple[Issue, ...]]:
    """Read one YAML text. Nodes are shared between callers and must not be changed."""
    lines = tuple(text.splitlines())
    builder = _Builder(file, lines)
    for number, line in enumerate(lines, 1):
        indent = line[: len(line) - len(line.lstrip())]
        if "\t" in indent:
            where = Where(file=file, line=number, column=indent.index("\t") + 1)
            note = excerpt(lines, number, indent.index("\t") + 1)
            builder.issues.append(Issue(Severity.ERROR, "pack.tab", T("缩进里有制表符"), where, T("改用空格缩进"), excerpt=note))
    if not builder.issues:
        _feed(builder, text)
    return (None if builder.issues else builder.root), tuple(builder.issues)


def _feed(builder: _Builder, text: str) -> None:
    try:
        for event in _events(text):
            if not builder.take(event):
                return
    except Exception as error:  # the parser also dies of bare ValueError, IndexError … on garbage; all of it is a syntax fault of the file
        builder.issues.append(syntax_issue(error, builder.file, builder.lines))


def _events(text: str) -> Iterator[Any]:
    yield from YAML(typ="safe", pure=True).parse(text)
