"""The establishment of schools: how many staff the pack's ratios give to the pupils on the roll, held against who is there.

The ratios are parameters of the pack (`pupils_per_staff_primary` …); a stage for which the pack has none has no quota.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F
from django.utils import timezone

from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.base.orgs.selectors import active_pack_or_none
from xingtan.apps.base.pupils.grades import WORDS
from xingtan.apps.base.pupils.models import Enrolment
from xingtan.pack import Pack

from . import selectors

ESTABLISHED = "在编"
Approved = Callable[[Place, date], Mapping[tuple[int, str], Decimal]]
_approved: list[Approved] = []


def register_approved(source: Approved) -> None:
    """Who knows the posts that the establishment office approved: (organisation, stage) → number on a day."""
    _approved[:] = [source]


@dataclass(frozen=True, slots=True)
class Post:
    """One organisation and stage. `quota` None: the pack has no ratio or there are no pupils on the roll; `approved` None: not stated."""

    org: Organisation
    stage: str
    pupils: int | None
    quota: Decimal | None
    approved: Decimal | None
    staff: Mapping[str, int]

    @property
    def established(self) -> int:
        return self.staff.get(ESTABLISHED, 0)

    @property
    def others(self) -> int:
        """Those on no established post."""
        return sum(self.staff.values()) - self.established

    @property
    def gap(self) -> Decimal | None:
        """How many are missing against the quota; below 0: too many."""
        return None if self.quota is None else self.quota - self.established

    @property
    def vacancy(self) -> Decimal | None:
        """How many approved posts nobody holds; below 0: more in post than approved."""
        return None if self.approved is None else self.approved - self.established


def ratios(pack: Pack | None) -> dict[str, Decimal]:
    """Word of a stage → pupils for each member of staff."""
    found = {}
    for stage, word in WORDS.items():
        parameter = pack.parameters.get(f"pupils_per_staff_{stage}") if pack else None
        if parameter is not None and isinstance(parameter.value, Decimal) and parameter.value > 0:
            found[word] = parameter.value
    return found


def posts(place: Place, orgs: Collection[int], day: date | None = None) -> list[Post]:
    """Every organisation and stage with pupils, staff or approved posts on a day (today), by the organisations' codes."""
    on = day or timezone.localdate()
    per, staff = ratios(active_pack_or_none(place)), selectors.established(place, on)
    pupils = _pupils(place, on)
    approved = _approved[0](place, on) if _approved else {}
    keys = {key for key in (*pupils, *staff, *approved) if key[0] in orgs}
    known = Organisation.objects.in_bulk([org for org, _stage in keys])
    order = {word: number for number, word in enumerate(WORDS.values())}
    found = []
    for org, stage in sorted(keys, key=lambda key: (known[key[0]].code, order.get(key[1], len(order)))):
        count = pupils.get((org, stage))
        quota = Decimal(count) / per[stage] if count is not None and stage in per else None
        found.append(Post(known[org], stage, count, quota, approved.get((org, stage)), staff.get((org, stage), {})))
    return found


def _pupils(place: Place, day: date) -> dict[tuple[int, str], int]:
    """Pupils present on the roll by school and stage."""
    rows = Enrolment.objects.filter(place=place, status=Enrolment.Status.PRESENT, valid_from__lt=F("valid_to")).on(day).order_by()
    return {(org, stage): count for org, stage, count in rows.values_list("school_id", "stage").annotate(n=Count("pk"))}
