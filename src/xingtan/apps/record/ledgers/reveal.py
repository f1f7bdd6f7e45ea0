"""Sensitive cells under `access.unmask`: which a row has, who may open them, and what they say when opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from xingtan.apps.base.access import unmask

from . import policies
from .cells import load
from .lists import cell_words, masked_words
from .models import Record
from .naming import row_target
from .sealing import kind_of
from .shape import shape_of


class RevealPolicy(policies.RecordPolicy):
    """Rows by their organisation; reading one also asks what the pack says of who reads the ledger."""

    def can_on(self, account: Any, action: str, row: Record) -> bool:
        if action == policies.VIEW:
            return policies.may_read(account, shape_of(row.place, row.ledger), row)
        return super().can_on(account, action, row)


@dataclass(frozen=True, slots=True)
class HiddenCell:
    """A sensitive cell of a row: prints as its mask; `plain()` says it in words."""

    row: Record
    field: str

    def __bool__(self) -> bool:
        return self.row.data.get(self.field) is not None

    def __str__(self) -> str:
        shape = shape_of(self.row.place, self.row.ledger)
        return masked_words(shape, shape.fields[self.field], self.row)

    def plain(self) -> str:
        """The cell in words, unmasked."""
        shape = shape_of(self.row.place, self.row.ledger)
        item = shape.fields[self.field]
        return cell_words(shape, item, load(item, self.row.data.get(self.field)))


def kinds(row: Record) -> Mapping[str, str]:
    """Kind by sensitive column of the row's ledger."""
    shape = shape_of(row.place, row.ledger)
    return {name: kind_of(shape.ledger, name) for name in shape.ledger.visible.sensitive if name in shape.fields}


def title(row: Record, field: str) -> str:
    """What a column is called."""
    return shape_of(row.place, row.ledger).fields[field].title


def label(row: Record) -> str:
    """What the page and the log call the row."""
    return row_target(row).label


def address(row: Record) -> str:
    return reverse("ledgers:record", kwargs={"place": row.place.slug, "ledger": row.ledger, "pk": row.pk})


def register() -> None:
    """Once, when the app starts."""
    unmask.register(
        Record, RevealPolicy(), action=policies.VIEW, fields=kinds, url=address, label=label, name=lambda row: row.ledger,
        read=HiddenCell, title=title,
    )  # fmt: skip
