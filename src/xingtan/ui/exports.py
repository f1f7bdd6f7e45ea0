"""Files of persons on their way out: asked for the reason first, with who, when and why on the sheet. `access` registers how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from xingtan.ui.tables import Bound


@dataclass(frozen=True, slots=True)
class Personal:
    """A list of persons to be taken out: its title, what the log calls it (`export.KIND`), and the action that allows it.

    `org` is the organisation whose rows they are (a row of `orgs`), for the permission to leave the place and for the log.
    """

    title: str
    kind: str
    action: str
    org: Any


Answerer = Callable[[HttpRequest, Bound[Any], Personal], HttpResponseBase]
_answerer: list[Answerer] = []


def register(answerer: Answerer) -> None:
    """Name who answers; called by `access` when it is ready."""
    _answerer[:] = [answerer]


def personal(request: HttpRequest, bound: Bound[Any], what: Personal) -> HttpResponseBase:
    """Answer `if bound.export:` of a list of persons: the page that asks for the reason, then the file.

    The view must take GET and POST at the same address; sealed columns give their `Sealed`, which is written as its mask.
    """
    return _answerer[0](request, bound, what)
