"""`load` and `check`: the two questions one can ask about a folder of rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from xingtan.kernel.issues import Issue, Severity

from .codec import Pack
from .loader import assemble
from .sources import Sources


@dataclass(frozen=True, slots=True)
class Loaded:
    """A pack and what is to be said about it. `pack` is None when any issue is an error."""

    pack: Pack | None
    issues: tuple[Issue, ...]
    sources: Sources = field(default_factory=Sources, compare=False, repr=False)


def load(path: Path | str, *, roots: Iterable[Path | str] = ()) -> Loaded:
    """Read a pack with its parents, check shapes, names, types and cycles. Never raises on bad input."""
    assembly = assemble(path, roots)
    issues = tuple(assembly.issues)
    broken = any(issue.severity is Severity.ERROR for issue in issues)
    return Loaded(None if broken else assembly.pack, issues, assembly.sources)


def check(path: Path | str, *, roots: Iterable[Path | str] = ()) -> tuple[Issue, ...]:
    """All issues of a pack: those of `load` and the findings of every lint rule."""
    return load(path, roots=roots).issues
