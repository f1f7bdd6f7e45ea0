"""`load` and `check`: the two questions one can ask about a folder of rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from xingtan.kernel.issues import Issue, has_errors

from . import names
from .codec import Pack
from .formulas import Formulas
from .loader import Assembly, assemble
from .rules import lint
from .sources import Sources


@dataclass(frozen=True, slots=True)
class Loaded:
    """A pack and what is to be said about it. `pack` is None when any issue is an error."""

    pack: Pack | None
    issues: tuple[Issue, ...]
    sources: Sources = field(default_factory=Sources, compare=False, repr=False)


def load(path: Path | str, *, roots: Iterable[Path | str] = ()) -> Loaded:
    """Read a pack with its parents; check shapes, names, types, formulas and cycles. Never raises on bad input."""
    return _read(path, roots)[0]


def check(path: Path | str, *, roots: Iterable[Path | str] = ()) -> tuple[Issue, ...]:
    """All issues of a pack: those of `load` and, when its names lead somewhere, the findings of every lint rule. Sorted by place."""
    loaded, assembly, formulas = _read(path, roots)
    issues = list(loaded.issues)
    if loaded.pack is not None and formulas is not None:
        issues += lint(loaded.pack, assembly.sources, formulas)
    elif formulas is not None:
        issues += formulas.issues(assembly.sources, literals=True)
    return tuple(sorted(dict.fromkeys(issues), key=_order))


def _read(path: Path | str, roots: Iterable[Path | str]) -> tuple[Loaded, Assembly, Formulas | None]:
    assembly = assemble(path, roots)
    issues, formulas = list(assembly.issues), None
    if assembly.pack is not None:
        formulas = Formulas(assembly.pack)
        issues += names.issues(assembly.pack, assembly.sources, formulas)
        issues += formulas.issues(assembly.sources, literals=False)
        issues += formulas.cycles(assembly.sources)
    pack = None if has_errors(issues) else assembly.pack
    return Loaded(pack, tuple(issues), assembly.sources), assembly, formulas


def _order(issue: Issue) -> tuple[str, int, int]:
    return issue.where.file, issue.where.line or 0, issue.where.column or 0
