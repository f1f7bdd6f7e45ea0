"""A report file: YAML front matter between two lines of ---, then Markdown."""

from __future__ import annotations

from dataclasses import replace

from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.text import T

from .files import PackFile
from .tree import Node, parse


def split(file: PackFile) -> tuple[Node | None, tuple[Issue, ...]]:
    """The front matter as a node whose `body` is the Markdown; line numbers are those of the file."""
    lines = file.text.splitlines()
    end = next((at for at, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), 0)
    hint = T("文件以一行 --- 开头，写 id、title 等，再以一行 --- 结束")
    if not lines or lines[0].rstrip() != "---" or not end:
        issue = Issue(Severity.ERROR, "pack.front_matter", T("报告模板缺少开头的说明部分"), Where(file=file.name, line=1), hint)
        return None, (issue,)
    node, issues = parse("\n".join(["", *lines[1:end]]), file.name)
    if node is None or not node.is_map:
        shape = Issue(Severity.ERROR, "pack.front_matter", T("报告模板开头的说明部分应是“键: 值”"), Where(file=file.name, line=2), hint)
        return None, issues or (shape,)
    start = next((at for at in range(end + 1, len(lines)) if lines[at].strip()), len(lines))
    body = "\n".join(lines[start:]).rstrip() + "\n"
    place = Node(file.name, start, 1, body, raw=body, style="|")  # a block scalar's text begins on the line after its node
    return replace(node, value={**node.value, "body": place}), issues
