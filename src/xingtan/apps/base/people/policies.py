"""Who may see and change which persons: whoever may at an organisation where the person holds, or held, a post."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from xingtan.ui import policy
from xingtan.ui.policy import Policy, SeenPolicy

from .models import Person, Post

VIEW, MANAGE = "people.view", "people.manage"


class PostPolicy(Policy[Post]):
    """A post belongs to its organisation."""

    model = Post
    org = "org"


class PersonPolicy(SeenPolicy[Person]):
    """A person belongs to the organisations of his posts; one without any post to the root of the place."""

    model = Person

    def visible(self, account: Any, action: str, rows: QuerySet[Person] | None = None) -> QuerySet[Person]:
        start = Person.objects.all() if rows is None else rows
        scope = policy.granted(account, action)
        if scope.everywhere:
            return start
        if not scope:
            return start.none()
        mine = Post.objects.filter(person=OuterRef("pk")).filter(policy.reach(scope, "org"))
        anywhere = Post.objects.filter(person=OuterRef("pk"))
        return start.filter(Q(Exists(mine)) | Q(~Exists(anywhere), policy.reach(scope, "place__root")))


posts = PostPolicy()
persons = PersonPolicy()
