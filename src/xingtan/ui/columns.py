"""What a list is made of: its columns and filters, and the pieces a template draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from django.utils.functional import Promise

R = TypeVar("R")
Label = str | Promise


# Generic classes go without slots: with them `Column[Row](…)` fails on Python 3.11.
@dataclass(frozen=True)
class Column(Generic[R]):
    """One column. `kind`: text, number (right-aligned, tabular), figure, light, date, actions (never exported), html (already safe).

    `cell` gives the value of a row, `link` its address ("" none), `sort` the ORM path or True for sequences;
    `export` the value written to xlsx when it differs from the cell; `minor` columns are left out on narrow screens.
    """

    id: str
    title: Label
    cell: Callable[[R], Any]
    kind: str = "text"
    unit: Label = ""
    sort: str | bool = False
    link: Callable[[R], str] | None = None
    export: Callable[[R], Any] | None = None
    minor: bool = False
    rank: Callable[[R], Any] | None = None  # what a sequence is sorted by where the cell itself cannot be: None stands last


@dataclass(frozen=True, slots=True)
class Filter:
    """One control of the filter bar. `kind`: choice, text, date. `apply` narrows the rows by the (never empty) value typed."""

    id: str
    title: Label
    apply: Callable[[Any, str], Any]
    kind: str = "choice"
    choices: Sequence[tuple[str, Label]] | Callable[[], Sequence[tuple[str, Label]]] = ()

    def options(self) -> Sequence[tuple[str, Label]]:
        return self.choices() if callable(self.choices) else self.choices


class Cell(NamedTuple):
    value: Any
    column: Column[Any]
    url: str


@dataclass(frozen=True)
class Row(Generic[R]):
    record: R
    cells: Sequence[Cell]
    key: str


@dataclass(frozen=True, slots=True)
class Head:
    title: Label
    unit: Label
    kind: str
    minor: bool
    url: str
    sorted: str


@dataclass(frozen=True, slots=True)
class Control:
    filter: Filter
    name: str
    value: str
    options: Sequence[tuple[str, Label]]
