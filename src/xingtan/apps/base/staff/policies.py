"""Who may see and change whose file: whoever may at an organisation that employs or employed him, lends or is lent him; and he himself."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from xingtan.apps.base.people.models import Person, Post
from xingtan.ui import policy
from xingtan.ui.policy import Policy, SeenPolicy

from .models import Employment, Secondment

VIEW, MANAGE = "staff.view", "staff.manage"


class EmploymentPolicy(Policy[Employment]):
    """An employment belongs to its organisation."""

    model = Employment
    org = "org"


class SecondmentPolicy(SeenPolicy[Secondment]):
    """A secondment belongs to both its ends: either may see it, its sender (or, from outside, its host) may change it."""

    model = Secondment

    def visible(self, account: Any, action: str, rows: QuerySet[Secondment] | None = None) -> QuerySet[Secondment]:
        start = Secondment.objects.all() if rows is None else rows
        scope = policy.granted(account, action)
        if action == MANAGE:
            return start.filter(policy.among(scope, "sender") | Q(policy.among(scope, "host"), sender=None))
        return start.filter(policy.among(scope, "sender") | policy.among(scope, "host"))


class FilePolicy(SeenPolicy[Person]):
    """A person's file. Whoever has never been employed belongs to the organisations of his posts."""

    model = Person

    def visible(self, account: Any, action: str, rows: QuerySet[Person] | None = None) -> QuerySet[Person]:
        start = Person.objects.all() if rows is None else rows
        scope = policy.granted(account, action)
        own = Q(pk=account.person_id) if action == VIEW and getattr(account, "person_id", None) else Q(pk__in=())
        if scope.everywhere:
            return start
        if not scope:
            return start.filter(own)
        jobs = Employment.objects.filter(person=OuterRef("pk"))
        lent = Secondment.objects.filter(person=OuterRef("pk"))
        posts = Post.objects.filter(person=OuterRef("pk")).filter(policy.among(scope, "org"))
        here = Q(Exists(jobs.filter(policy.among(scope, "org")))) | Q(Exists(lent.filter(policy.among(scope, "host"))))
        return start.filter(here | own | Q(~Exists(jobs), Exists(posts)))


employments = EmploymentPolicy()
secondments = SecondmentPolicy()
files = FilePolicy()
