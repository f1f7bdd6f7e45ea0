"""Three-valued logic (Kleene): `None` is undecided and stays so unless the other side settles the matter."""

from __future__ import annotations

from collections.abc import Iterable

Tri = bool | None


def and3(*items: Tri) -> Tri:
    """False if any is False, else undecided if any is undecided, else True."""
    return all3(items)


def or3(*items: Tri) -> Tri:
    """True if any is True, else undecided if any is undecided, else False."""
    return any3(items)


def all3(items: Iterable[Tri]) -> Tri:
    result: Tri = True
    for item in items:
        if item is False:
            return False
        if item is None:
            result = None
    return result


def any3(items: Iterable[Tri]) -> Tri:
    return not3(all3(not3(item) for item in items))


def not3(item: Tri) -> Tri:
    return None if item is None else not item
