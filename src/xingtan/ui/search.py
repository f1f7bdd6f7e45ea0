"""The search of the top bar: apps register providers, each finds what the reader may see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from xingtan.ui.scope import Scope


@dataclass(frozen=True, slots=True)
class Hit:
    title: str
    url: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Provider:
    """`find(account, scope, words, limit)` returns at most `limit` hits and how many there are in all.

    `words` is what was typed, trimmed, never empty; `scope` is where the reader stands.
    """

    order: int
    label: str | Promise
    find: Callable[[Any, Scope, str, int], tuple[Sequence[Hit], int]]


@dataclass(frozen=True, slots=True)
class Group:
    label: str | Promise
    hits: Sequence[Hit]
    total: int

    @property
    def hidden(self) -> int:
        """How many hits are not shown: never cut without saying so."""
        return self.total - len(self.hits)


_providers: dict[str, Provider] = {}


def register(name: str, provider: Provider) -> None:
    _providers[name] = provider


def find(account: Any, scope: Scope, text: str, limit: int = 8) -> list[Group]:
    """Ask every provider; groups without a hit are left out."""
    words = " ".join(text.split())
    if not words:
        return []
    asked = ((p.label, p.find(account, scope, words, limit)) for p in sorted(_providers.values(), key=lambda p: p.order))
    return [Group(label, hits, total) for label, (hits, total) in asked if total]
