"""What a report's template refers to, read from its syntax tree; nothing is rendered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from jinja2 import Environment, TemplateSyntaxError, nodes

SUBJECTS = frozenset({"org", "place", "previous", "next"})
OF_SUBJECT = frozenset({"name", "code", "kind", "period", "children", "known", "rows"})
BARE = frozenset({"org", "children", "period", "place", "parameter", "previous", "next", "known", "rows", "loop"})
FILTERS = frozenset({"wan", "number", "unit"})


@dataclass(frozen=True, slots=True)
class Reference:
    """A name in a template: kind `figure`, `parameter`, `name` (unknown bare name) or `filter`; `line` counts from 1 in the body."""

    kind: str
    name: str
    line: int


@dataclass(slots=True)
class Read:
    """All references, or the syntax error as (line, words)."""

    references: list[Reference] = field(default_factory=list)
    error: tuple[int, str] | None = None


@lru_cache(maxsize=256)
def read(body: str) -> Read:
    """Read one template."""
    try:
        tree = Environment(autoescape=False).parse(body)  # noqa: S701 - parsed only; documents are no HTML
    except TemplateSyntaxError as error:
        return Read(error=(error.lineno, error.message or ""))
    loops = {name.name for loop in tree.find_all(nodes.For) for name in _targets(loop.target)}
    return Read(list(_references(tree, loops)))


def _targets(node: Any) -> Iterator[nodes.Name]:
    if isinstance(node, nodes.Name):
        yield node
    yield from node.find_all(nodes.Name)


def _references(tree: nodes.Template, loops: set[str]) -> Iterator[Reference]:
    for name in tree.find_all(nodes.Name):
        if name.ctx == "load" and name.name not in BARE | loops:
            yield Reference("figure", name.name, name.lineno)
    for attribute in tree.find_all(nodes.Getattr):
        yield from _attribute(attribute, SUBJECTS | loops)
    for call in tree.find_all(nodes.Call):
        for value in call.args:
            if isinstance(value, nodes.Const) and isinstance(value.value, str):
                yield Reference("figure", value.value, call.lineno)
    for one in tree.find_all(nodes.Filter):
        if one.name not in FILTERS:
            yield Reference("filter", one.name, one.lineno)


def _attribute(node: nodes.Getattr, subjects: frozenset[str] | set[str]) -> Iterator[Reference]:
    """`parameter.x`, `previous.x`, `u.x`; an attribute of something else is reported at that something."""
    owner = node.node
    if isinstance(owner, nodes.Name) and owner.name == "parameter":
        yield Reference("parameter", node.attr, node.lineno)
    elif node.attr not in OF_SUBJECT and (not isinstance(owner, nodes.Name) or owner.name in subjects):
        yield Reference("figure", node.attr, node.lineno)
