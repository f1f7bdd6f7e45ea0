"""Rows of registers under a figure: who keeps a register says what a reader may see of its rows, and where their page is.

A ledger's rows are shown by `ledgers` itself; a register (employment, roll …) names its provider here, by dataset id.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Seen:
    """What is shown of a row: its words, its page, and its values by column, by which a breakdown is told apart."""

    content: str
    url: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    open: bool = True  # whether the reader may see it; a closed row is only counted


class Provider(Protocol):
    """Who keeps a register."""

    def rows(self, account: Any, place: Any, row_ids: Collection[str]) -> Mapping[str, Seen]:
        """The rows by id. Those the reader may not see come without words and address, `open=False`; those that are gone are left out."""
        ...


def word(value: Any) -> str:
    """A register's value as its row is told in words."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(value)


_providers: dict[str, Provider] = {}


def register(dataset: str, provider: Provider) -> None:
    """Once, when the app starts."""
    _providers[dataset] = provider


def provider(dataset: str) -> Provider | None:
    """Who shows the rows of a dataset; None: nobody has said so."""
    return _providers.get(dataset)
