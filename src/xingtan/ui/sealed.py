"""Where a sealed value stands on a page: its mask, and a way to ask for the plain text that `access` registers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reader sees of a sealed field: its mask, the address of the page that unmasks it ("" for none), or that it is hidden."""

    text: str
    url: str = ""
    hidden: bool = False


Shower = Callable[[HttpRequest, Any, str], Shown]
_shower: list[Shower] = []


def register(shower: Shower) -> None:
    """Name who decides what is shown; called by `access` when it is ready."""
    _shower[:] = [shower]


def show(request: HttpRequest | None, row: Any, field: str) -> Shown:
    """What this reader sees of the field. Without anybody registered, or outside a request: the mask."""
    return _shower[0](request, row, field) if _shower and request is not None else Shown(str(getattr(row, field)))
