"""What hangs in the top right corner: the notices' counter and the account's own menu. Apps register, the shell shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from xingtan.ui import policy
from xingtan.ui.addresses import address


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the account menu; `post` items are sent as a form (signing out)."""

    order: int
    label: str | Promise
    url_name: str
    action: str = ""
    post: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    label: str | Promise
    url: str
    post: bool


_items: dict[str, Item] = {}
_notices: list[tuple[str, Callable[[Any], int]]] = []


def register(item: Item) -> None:
    _items[item.url_name] = item


def register_notices(url_name: str, unread: Callable[[Any], int]) -> None:
    """Name the page of notices and who counts the unread ones of an account."""
    _notices[:] = [(url_name, unread)]


def lines(account: Any) -> list[Line]:
    allowed = (i for i in sorted(_items.values(), key=lambda i: i.order) if not i.action or policy.can(account, i.action))
    return [Line(item.label, url, item.post) for item in allowed if (url := address(item.url_name))]


def notices(account: Any) -> tuple[str, int]:
    """Return the address of the notices and how many are unread; ("", 0) when there are none to show."""
    if not _notices:
        return "", 0
    url_name, unread = _notices[0]
    return address(url_name), unread(account)
