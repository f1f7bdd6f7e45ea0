"""Who sees and changes which pupils.

A school (and whoever stands over it) sees the pupils it has and those it had: of the latter, the spells up to the day they left, not what
came later. It changes only those it has, or had last. A class belongs to its school.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from xingtan.apps.base.orgs.models import Organisation, OrgEdge
from xingtan.ui import policy
from xingtan.ui.policy import OrgScope, Policy, SeenPolicy

from .models import Act, Child, Enrolment, Flag, Guardian, Pupil, SchoolClass, Sweep, SweepLine, Transfer

VIEW, MANAGE, TRANSFER, EXPORT, CLASSES = "pupil.view", "pupil.manage", "pupil.transfer", "pupil.export", "class.manage"


def within(scope: OrgScope, path: str = "school") -> Q:
    """The condition that a row's school lies within a scope, cheap on 50,000 rows: the schools are gathered first.

    Who holds a whole place is asked for the place alone, where the rows carry it.
    """
    return policy.among(scope, path)


def schools_of(account: Any, action: str, on: date | None = None) -> list[int]:
    """Primary keys of the organisations at which an account may do something: present ones and, by their last day, closed ones."""
    scope = policy.granted(account, action)
    rows = Organisation.objects.all() if scope.everywhere else Organisation.objects.filter(policy.among(scope, "pk"))
    return list(rows.values_list("pk", flat=True))


class SpellPolicy(Policy[Enrolment]):
    """A spell belongs to its school, for ever."""

    model = Enrolment
    org = "school"

    def visible(self, account: Any, action: str, rows: QuerySet[Enrolment] | None = None) -> QuerySet[Enrolment]:
        start = Enrolment.objects.all() if rows is None else rows
        scope = policy.granted(account, action)
        roots = _roots(scope)
        return start.filter(Q(place__in=roots) | within(scope)) if roots and not scope.everywhere else start.filter(within(scope))


def _roots(scope: OrgScope) -> list[int]:
    """The places that a scope holds from their root down."""
    return [place.pk for place, org in scope.seats if place.root_id == org.pk and org.pk in scope.subtree]


class PupilPolicy(SeenPolicy[Pupil]):
    """A pupil belongs to the schools of his spells: to see, to all of them; to change, to the last one."""

    model = Pupil

    def visible(self, account: Any, action: str, rows: QuerySet[Pupil] | None = None) -> QuerySet[Pupil]:
        start = Pupil.objects.all() if rows is None else rows
        scope = policy.granted(account, action)
        if scope.everywhere or not scope:
            return start if scope.everywhere else start.none()
        if action == VIEW:
            mine = Enrolment.objects.filter(pupil=OuterRef("pk"), valid_from__lt=F("valid_to")).filter(policy.among(scope, "school"))
            return start.filter(Exists(mine))
        return last_at(start, schools_of(account, action))

    def require(self, account: Any, action: str, row: Pupil | None = None) -> None:
        if not (self.can(account, action) if row is None else self.can_on(account, action, row)):
            raise PermissionDenied(action)

    def until(self, account: Any, pupil: Pupil, action: str = VIEW) -> date | None:
        """The day up to which the account may know of the pupil's schooling: the end of the last spell at a school it sees."""
        spells = spells_seen(account, pupil, action)
        return max((spell.valid_to for spell in spells), default=None)


def spells_seen(account: Any, pupil: Pupil, action: str = VIEW) -> list[Enrolment]:
    """The pupil's spells at schools that the account sees."""
    rows = Enrolment.objects.filter(pupil=pupil, valid_from__lt=F("valid_to"))
    return list(spells.visible(account, action, rows))


class ClassPolicy(Policy[SchoolClass]):
    model = SchoolClass
    org = "school"


class ActPolicy(Policy[Act]):
    model = Act
    org = "school"


class ChildPolicy(Policy[Child]):
    """The list of children is kept by villages, towns or schools; each is seen from there and from above."""

    model = Child


class SweepPolicy(Policy[Sweep]):
    model = Sweep


class LinePolicy(Policy[SweepLine]):
    model = SweepLine


class TransferPolicy(SeenPolicy[Transfer]):
    """Both schools see a transfer."""

    model = Transfer

    def visible(self, account: Any, action: str, rows: QuerySet[Transfer] | None = None) -> QuerySet[Transfer]:
        start = Transfer.objects.all() if rows is None else rows
        scope = policy.granted(account, action)
        return start.filter(policy.among(scope, "source") | policy.among(scope, "target")) if scope else start.none()


def overseen(org: Organisation) -> QuerySet[OrgEdge, int]:
    """Organisations at and below one, today."""
    return OrgEdge.objects.on(timezone.localdate()).filter(ancestor=org).values_list("descendant_id", flat=True)


spells = SpellPolicy()
pupils = PupilPolicy()
classes = ClassPolicy()
acts = ActPolicy()
children = ChildPolicy()
sweeps = SweepPolicy()
lines = LinePolicy()
transfers = TransferPolicy()


class CurrentPolicy(PupilPolicy):
    """Who has the pupil now, or had him last: for what a school no longer sees once the pupil is elsewhere (telephones, flags)."""

    def visible(self, account: Any, action: str, rows: QuerySet[Pupil] | None = None) -> QuerySet[Pupil]:
        start = Pupil.objects.all() if rows is None else rows
        scope = policy.granted(account, action)
        if scope.everywhere or not scope:
            return start if scope.everywhere else start.none()
        return last_at(start, schools_of(account, action))


def last_at(rows: QuerySet[Pupil], schools: list[int]) -> QuerySet[Pupil]:
    """Pupils whose present or last spell is at one of the schools."""
    begun = Enrolment.objects.filter(pupil=OuterRef("pk"), valid_from__lt=F("valid_to"), valid_from__lte=timezone.localdate())
    return rows.annotate(last_school=Subquery(begun.order_by("-valid_from").values("school")[:1])).filter(last_school__in=schools)


class HisPolicy(Policy[Any]):
    """A guardian or flag goes with its pupil."""

    def can_on(self, account: Any, action: str, row: Any) -> bool:
        return current.can_on(account, action, row.pupil)

    def visible(self, account: Any, action: str, rows: QuerySet[Any] | None = None) -> QuerySet[Any]:
        start = self.model._default_manager.all() if rows is None else rows
        return start.filter(pupil__in=current.visible(account, action, Pupil.objects.all()).values("pk"))


class GuardianPolicy(HisPolicy):
    model = Guardian


class FlagPolicy(HisPolicy):
    model = Flag


current = CurrentPolicy()
guardians = GuardianPolicy()
flags = FlagPolicy()
