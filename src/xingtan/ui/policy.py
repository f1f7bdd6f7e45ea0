"""Who may do what, where: one base for every app's `policies.py`. What an account was granted, `access` tells through `Grants`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, Protocol, TypeVar

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from xingtan.kernel.text import Text

M = TypeVar("M", bound=Model)
NOBODY: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class OrgScope:
    """Where an account may do one action: organisations with all below them, single organisations, or everywhere.

    `place_ids` are the places in which anything at all is granted (for pickers); with `everywhere` it may be empty.
    `seats` are (place, organisation) of the grants as rows, where whoever granted has just read them: nobody need ask for them again.
    """

    place_ids: frozenset[int] = NOBODY
    subtree: frozenset[int] = NOBODY
    own: frozenset[int] = NOBODY
    everywhere: bool = False
    seats: tuple[tuple[Any, Any], ...] = field(default=(), compare=False, repr=False)

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.subtree or self.own)


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer and its reasons, in sentences."""

    allowed: bool
    reasons: tuple[Text, ...]


class Grants(Protocol):
    """What `access` registers. `account` is the signed-in account or an anonymous one, which is granted nothing."""

    def granted(self, account: Any, action: str) -> OrgScope: ...

    def holders(self, action: str, org_id: int) -> Sequence[Any]:
        """Return the accounts that may do `action` at an organisation today."""
        ...

    def explain(self, account: Any, action: str, org: Any) -> Explanation: ...


class _Closed:
    """Before `access` has registered, nobody may do anything."""

    def granted(self, account: Any, action: str) -> OrgScope:
        return OrgScope()

    def holders(self, action: str, org_id: int) -> Sequence[Any]:
        return ()

    def explain(self, account: Any, action: str, org: Any) -> Explanation:
        return Explanation(False, ())


_grants: list[Grants] = [_Closed()]


def register(grants: Grants) -> None:
    """Name the one source of grants; called by `access` when it is ready."""
    _grants[0] = grants


def granted(account: Any, action: str) -> OrgScope:
    return _grants[0].granted(account, action)


def can(account: Any, action: str) -> bool:
    """Whether the account may do `action` anywhere at all: for menus and buttons, never instead of `can_on`."""
    return bool(granted(account, action))


def can_at(account: Any, action: str, org_id: int, on: date | None = None) -> bool:
    """Whether the account may do `action` at this organisation; `on` is the day whose tree counts (today)."""
    scope = granted(account, action)
    if scope.everywhere:
        return True
    if not scope:
        return False
    return _edges(scope, on).filter(descendant_id=org_id).exists() or _last_edges(scope).filter(descendant_id=org_id).exists()


def reach(scope: OrgScope, path: str, on: date | None = None) -> Q:
    """Return the condition that the organisation at `path` (a foreign key's name, `pk` on organisations) lies within `scope`.

    A closed organisation goes on belonging to whom it belonged to on its last day: its figures, rows and reports stay readable.
    """
    if scope.everywhere:
        return Q()
    if not scope:
        return Q(pk__in=())
    column = "pk" if path == "pk" else f"{path}_id"
    # The second is asked only where the first says no, so what is open costs nothing more.
    return Q(Exists(_edges(scope, on).filter(descendant_id=OuterRef(column)))) | Q(
        Exists(_last_edges(scope).filter(descendant_id=OuterRef(column)))
    )


def among(scope: OrgScope, path: str) -> Q:
    """As `reach` today, for conditions on many rows: the organisations are gathered once instead of looked up row by row."""
    if scope.everywhere or not scope:
        return reach(scope, path)
    column = "pk" if path == "pk" else f"{path}_id"
    day = timezone.localdate()
    now = Q(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)
    last = Q(ancestor__closed__isnull=True, valid_to=F("descendant__closed"))
    edges = apps.get_model("orgs", "OrgEdge")._default_manager.filter(now | last, _carrying(scope))
    return Q(**{f"{column}__in": edges.values("descendant_id")})


def _edges(scope: OrgScope, on: date | None) -> QuerySet[Any]:
    """The open edges of the tree that carry the scope; an organisation's own edge has depth 0."""
    day = on or timezone.localdate()
    edges: QuerySet[Any] = apps.get_model("orgs", "OrgEdge")._default_manager.filter(valid_from__lte=day)
    edges = edges.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    return edges.filter(_carrying(scope))


def _last_edges(scope: OrgScope) -> QuerySet[Any]:
    """The edges that carried the scope to organisations which are closed, on their last day. What is granted at a closed one is over."""
    edges: QuerySet[Any] = apps.get_model("orgs", "OrgEdge")._default_manager.filter(ancestor__closed__isnull=True)
    return edges.filter(_carrying(scope), valid_to=F("descendant__closed"))


def _carrying(scope: OrgScope) -> Q:
    below = Q(ancestor_id__in=scope.subtree)
    return below | Q(ancestor_id__in=scope.own, depth=0) if scope.own else below


class Policy(Generic[M]):
    """Subclass it in an app's `policies.py`: name the model and the way from a row to its organisation.

    `org` is the foreign key's name (`"org"`), a path over relations (`"account__org"`), or `"pk"` when the rows are organisations.
    """

    model: type[M]
    org: str = "org"

    def can(self, account: Any, action: str) -> bool:
        return can(account, action)

    def can_on(self, account: Any, action: str, row: M) -> bool:
        return can_at(account, action, self.org_id(row))

    def require(self, account: Any, action: str, row: M | None = None) -> None:
        """Raise PermissionDenied unless the account may do `action` on the row (anywhere, without a row)."""
        if not (self.can(account, action) if row is None else self.can_on(account, action, row)):
            raise PermissionDenied(action)

    def visible(self, account: Any, action: str, rows: QuerySet[M] | None = None) -> QuerySet[M]:
        """Narrow rows (all of the model) to those the account may do `action` on, in one query."""
        start = self.model._default_manager.all() if rows is None else rows
        return start.filter(reach(granted(account, action), self.org))

    def users_who_can(self, action: str, row: M) -> Sequence[Any]:
        return _grants[0].holders(action, self.org_id(row))

    def explain(self, account: Any, action: str, org: Any) -> Explanation:
        return _grants[0].explain(account, action, org)

    def org_id(self, row: M) -> int:
        value: Any = row
        if self.org == "pk":
            return int(value.pk)
        *through, last = self.org.split("__")
        for name in through:
            value = getattr(value, name)
        return int(getattr(value, f"{last}_id"))


class SeenPolicy(Policy[M]):
    """For rows that belong to more than one organisation, or to whoever they are about: a subclass says in `visible` which rows are meant,
    and one row is asked the same way."""

    def can_on(self, account: Any, action: str, row: M) -> bool:
        return self.visible(account, action, self.model._default_manager.filter(pk=row.pk)).exists()


def require_at(account: Any, action: str, org: Any) -> None:
    """Raise PermissionDenied unless the account may do `action` at an organisation (a row with a `pk`)."""
    if not can_at(account, action, org.pk):
        raise PermissionDenied(action)
