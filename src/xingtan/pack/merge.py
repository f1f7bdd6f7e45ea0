"""Inheritance: the items of a chain of packs become one set, by id.

A child's item replaces the parent's item of the same id. With `amend: true` it changes it: scalars and plain lists are replaced,
mappings are merged, lists of items with ids are merged by id (a new id is appended, `remove: true` drops one).
`{id: x, remove: true}` drops an item.
"""

from __future__ import annotations

from dataclasses import replace

from xingtan.kernel.issues import Issue, Severity
from xingtan.kernel.text import T

from .sources import Sources
from .tree import Node

MARKERS = ("amend", "remove")


def marked(node: Node, marker: str) -> bool:
    """Whether the item carries `amend: true` or `remove: true`."""
    found = node.get(marker)
    return found is not None and found.value is True


def lay_over(parents: dict[str, Node], children: list[Node], sources: Sources) -> list[Issue]:
    """Lay a pack's items over those it inherits (changed in place). Duplicate ids and markers without a parent are issues."""
    issues: list[Issue] = []
    seen: dict[str, Node] = {}
    for node in children:
        name = node.text("id")
        if name in seen:
            message = T("编号 %(id)s 重复（已在 %(file)s 第 %(line)s 行）", id=name, file=seen[name].file, line=seen[name].line)
            hint = T("改一个编号，或删去其中一条")
            issues.append(sources.issue((Severity.ERROR, "pack.duplicate_id"), message, node.get("id"), hint=hint))
            continue
        if name:
            seen[name] = node
            issues.extend(_lay_one(parents, name, node, sources))
    return issues


def _lay_one(parents: dict[str, Node], name: str, node: Node, sources: Sources) -> list[Issue]:
    parent = parents.get(name)
    marker = next((marker for marker in MARKERS if marked(node, marker)), None)
    if marker and parent is None:
        message = T("%(id)s 写了 %(marker)s: true，但上级规则包里没有它", id=name, marker=marker)
        return [sources.issue((Severity.ERROR, "pack.nothing_to_amend"), message, node.get("id"), hint=T("核对编号，或删去这一行"))]
    if marker == "remove":
        del parents[name]
    elif marker == "amend" and parent is not None:
        parents[name] = merge(parent, node)
    else:
        parents[name] = node
    return []


def merge(parent: Node, child: Node) -> Node:
    """The parent's mapping changed by the child's."""
    if not (parent.is_map and child.is_map):
        return child
    value = dict(parent.value)
    for key, item in child.value.items():
        if key in MARKERS:
            continue
        old = value.get(key)
        value[key] = _merge_value(old, item) if old is not None else item
    return replace(child, value=value, keys={**parent.keys, **child.keys})


def _merge_value(old: Node, new: Node) -> Node:
    if old.is_map and new.is_map:
        return merge(old, new)
    if old.is_list and new.is_list and new.value and all(item.text("id") for item in (*old.value, *new.value)):
        return merge_lists(old, new)
    return new


def merge_lists(old: Node, new: Node) -> Node:
    """Two lists of items, merged by id; the order of the parent is kept, new items come last."""
    found = {item.text("id"): item for item in old.value}
    for item in new.value:
        name = item.text("id")
        if marked(item, "remove"):
            found.pop(name, None)
        else:
            found[name] = merge(found[name], item) if name in found and marked(item, "amend") else without_markers(item)
    return replace(new, value=list(found.values()))


def without_markers(node: Node) -> Node:
    """The item without amend and remove."""
    if not node.is_map or not any(marker in node.value for marker in MARKERS):
        return node
    return replace(node, value={key: item for key, item in node.value.items() if key not in MARKERS})


def joined(parent: Node | None, child: Node, add: tuple[str, ...]) -> Node:
    """A helper file laid over the parent's: keys in `add` are joined (by id where there are ids), others are replaced or merged."""
    if parent is None or not (parent.is_map and child.is_map):
        return child
    value = dict(parent.value)
    for key, item in child.value.items():
        old = value.get(key)
        if old is None:
            value[key] = item
        elif key in add and old.is_list and item.is_list:
            with_ids = all(part.text("id") for part in (*old.value, *item.value))
            value[key] = merge_lists(old, item) if with_ids else replace(item, value=[*old.value, *item.value])
        else:
            value[key] = _merge_value(old, item)
    return replace(child, value=value, keys={**parent.keys, **child.keys})
