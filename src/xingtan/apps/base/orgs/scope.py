"""Tells `ui.scope` whose data a page may show: places, organisations and periods, only those that the account may see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, cast

from django.db.models import Value
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone

from xingtan.kernel.period import Period, PeriodKind
from xingtan.ui import policy
from xingtan.ui.scope import Choice, Scope
from xingtan.ui.text import render

from . import policies, selectors
from .models import Organisation, OrgEdge, Place

INSIDE_A_YEAR = {PeriodKind.HALF, PeriodKind.QUARTER, PeriodKind.MONTH, PeriodKind.WEEK, PeriodKind.DAY}
PREFERRED = (
    PeriodKind.YEAR, PeriodKind.NOMINAL, PeriodKind.SCHOOL_YEAR, PeriodKind.HALF, PeriodKind.TERM, PeriodKind.QUARTER, PeriodKind.MONTH,
)  # fmt: skip
_periods: list[Callable[[Place], Mapping[Period, int]]] = []


def register_periods(source: Callable[[Place], Mapping[Period, int]]) -> None:
    """Name who knows the periods of which a place has rows, and how many in each (ledgers)."""
    if source not in _periods:
        _periods.append(source)


class Provider:
    """The provider of this app."""

    def read(self, account: Any, slug: str, org: str, period: str) -> Scope:
        place = _seated(account, slug) or _rows(account).filter(slug=slug).first()
        if place is None:
            raise Http404(slug)
        chosen = Period.parse(period) if period else None
        return Scope(place, self._org(account, place, org), chosen or self._present(place))

    def home(self, account: Any) -> Scope | None:
        place = _rows(account).first()
        return Scope(place, self._org(account, place, ""), self._present(place)) if place else None

    def places(self, account: Any) -> Sequence[Choice]:
        return [Choice(place.slug, place.title) for place in _places(account)]

    def elsewhere(self, account: Any, place: Any) -> bool:
        scope = policy.granted(account, policies.VIEW)
        if not scope.everywhere and scope.place_ids <= {place.pk}:
            return False
        return bool(_places(account).exclude(pk=place.pk).exists())

    def orgs(self, account: Any, place: Any) -> Sequence[Choice]:
        seen = set(policies.organisations.visible(account, policies.VIEW, _of(place)).values_list("pk", flat=True))
        return [Choice(node.code, node.name, node.depth) for node in selectors.tree(place) if node.pk in seen]

    def periods(self, account: Any, place: Any) -> Sequence[Choice]:
        return [Choice(period.text, render(period.label())) for period in offered(place)]

    def _org(self, account: Any, place: Place, code: str) -> Organisation | None:
        if code:
            found = policies.organisations.visible(account, policies.VIEW, _of(place).filter(code=code)).first()
            if found is None:
                raise Http404(code)
            return found
        return _own(account, place)

    def _present(self, place: Place) -> Period | None:
        return present(reported(place))


def _of(place: Place) -> Any:
    return Organisation.objects.filter(place=place)


def _places(account: Any) -> Any:
    scope = policy.granted(account, policies.VIEW)
    return Place.objects.all() if scope.everywhere else Place.objects.filter(pk__in=scope.place_ids)


def _rows(account: Any) -> Any:
    return _places(account).select_related("root").annotate(digest_read=Coalesce("pack_release__hash", Value("")))


def _seated(account: Any, slug: str) -> Place | None:
    """The place of the address, where the account's grants have brought it and its root along."""
    for place, org in policy.granted(account, policies.VIEW).seats:
        if place.slug == slug and org.pk == place.root_id:
            place.root = org
            return cast(Place, place)
    return None


def _own(account: Any, place: Place) -> Organisation | None:
    """Where the account stands: the highest organisation for which it holds a grant."""
    scope = policy.granted(account, policies.VIEW)
    # Above the root stands nothing, and its own edge is open as long as it is.
    if scope.everywhere or (place.root_id in scope.subtree | scope.own and place.root is not None and place.root.closed is None):
        return place.root
    held = OrgEdge.objects.open().filter(descendant_id__in=scope.subtree | scope.own, ancestor_id=place.root_id, place=place)
    highest = held.select_related("descendant").order_by("depth", "descendant__code").first()
    return highest.descendant if highest else None


def reported(place: Place) -> Mapping[Period, int]:
    """Rows by period, all who know of any together."""
    total: Counter[Period] = Counter()
    for source in _periods:
        total.update(source(place))
    return total


def offered(place: Place) -> list[Period]:
    """Periods with data and the years around them, the latest first; before there are any, the present year. Weeks and days stay out."""
    return _offered(reported(place))


def present(rows: Mapping[Period, int]) -> Period:
    """Where a page stands that names no period: of the kind that is preferred, the latest that holds at least half as many rows as the
    fullest. A plan for next year, of a few rows, does not hide the year that was reported."""
    found = _offered(rows)
    kind = min((period.kind for period in found), key=PREFERRED.index)
    of_kind = [period for period in found if period.kind is kind]
    held = {one: sum(count for period, count in rows.items() if one == period or one.contains(period)) for one in of_kind}
    return next(one for one in of_kind if 2 * held[one] >= max(held.values()))


def _offered(rows: Mapping[Period, int]) -> list[Period]:
    found = set(rows)
    found |= {Period.at(PeriodKind.YEAR, period.start) for period in found if period.kind in INSIDE_A_YEAR and period.start}
    chosen = [period for period in found if period.kind in PREFERRED]
    chosen.sort(key=lambda period: (period.end or date.max, period.text), reverse=True)
    return chosen or [Period.at(PeriodKind.YEAR, timezone.localdate())]
