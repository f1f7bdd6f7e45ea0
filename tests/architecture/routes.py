"""Every address of the system and what it answers to whom. An address that is not listed here fails a test: add one line.

The letters stand for the roles in the order of ROLES:
  o 200 shown   r 302 led elsewhere (an anonymous reader: to sign in)   x 403 refused   n 404 as if it were not there
  b 400 or 422 understood, but something is missing   m 405 not by this method
Roles are members of the cast (tests/cast.py); the outsider is the administrator of the neighbouring county: whatever belongs to
the cast's county must be `n` or `x` for him. Arguments are constants, or functions of the cast that make what the address shows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

ROLES = (
    "anonymous", "outsider", "administrator", "director", "statistician", "clerk", "town_officer", "principal", "inspector", "teacher",
)  # fmt: skip
LETTERS = {"o": {200}, "r": {302}, "x": {403}, "n": {404}, "b": {400, 422}, "m": {405}}


@dataclass(frozen=True)
class Route:
    answers: str
    method: str = "GET"
    arguments: dict[str, Any] = field(default_factory=dict)
    query: str = ""


def row(answers: str, method: str = "GET", query: str = "", **arguments: Any) -> Route:
    return Route(answers.replace(" ", ""), method, arguments, query)


def account(login: str) -> Callable[[Any], int]:
    return lambda cast: int(cast.accounts[login].pk)


def grant(login: str) -> Callable[[Any], int]:
    from xingtan.apps.base.access.models import Grant

    return lambda cast: int(Grant.objects.get(account=cast.accounts[login]).pk)


# Rights in the cast's county: administrator (all), director (sees), statistician, clerk and town officer (东溪镇), principal (东溪中学),
# inspector (sees the county), teacher (knows the units only).
XS = {"place": "xishan"}
ROUTES: dict[str, Route] = {
    #                            anon out adm dir sta clk twn pri ins tea
    "set_language": row("        r    r   r   r   r   r   r   r   r   r", "POST"),
    "ui:pick": row("             r    n   o   o   o   o   o   o   o   o", what="org", **XS),
    "access:sign_in": row("      o    r   r   r   r   r   r   r   r   r"),
    "access:me": row("           r    o   o   o   o   o   o   o   o   o"),
    "access:password": row("     r    o   o   o   o   o   o   o   o   o"),
    "notices:notices": row("     r    o   o   o   o   o   o   o   o   o"),
}
