"""Addresses of pages, written once: a frame names some twenty-five on every page, always the same for a place."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse


def address(name: str, **kwargs: str) -> str:
    """The address of a page by its name; "" where there is no such page."""
    try:
        return _written(get_urlconf() or settings.ROOT_URLCONF, get_script_prefix(), name, tuple(kwargs.items()))
    except NoReverseMatch:
        return ""


@lru_cache(maxsize=4096)
def _written(urls: str, prefix: str, name: str, kwargs: tuple[tuple[str, str], ...]) -> str:
    return reverse(name, kwargs=dict(kwargs))
