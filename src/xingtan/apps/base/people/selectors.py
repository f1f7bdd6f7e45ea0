"""Read persons and posts."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.base.orgs.selectors import active_pack_or_none, subtree_ids
from xingtan.ui.named import named

from .models import Person, Post


def persons(place: Place) -> QuerySet[Person]:
    """All persons of a place with their present posts in `present`."""
    day = timezone.localdate()
    present = Post.objects.on(day).select_related("org").order_by("valid_from", "pk")
    return Person.objects.filter(place=place).prefetch_related(Prefetch("posts", queryset=present, to_attr="present"))


def posts_of(person: Person) -> QuerySet[Post]:
    """All posts of a person that were ever in force, the latest first."""
    return Post.objects.filter(person=person, valid_from__lt=F("valid_to")).select_related("org").order_by("-valid_to", "-valid_from", "pk")


def within(rows: QuerySet[Person], org: Organisation) -> QuerySet[Person]:
    """Persons who hold a post today at the organisation or below it."""
    posts = Post.objects.on(timezone.localdate()).filter(person=OuterRef("pk"), org__in=subtree_ids(org))
    return rows.filter(Exists(posts))


def holding(rows: QuerySet[Person], post: str) -> QuerySet[Person]:
    """Persons who hold the post today, anywhere."""
    return rows.filter(Exists(Post.objects.on(timezone.localdate()).filter(person=OuterRef("pk"), post=post)))


def matching(rows: QuerySet[Person], words: str) -> QuerySet[Person]:
    """By part of the name or pinyin initials."""
    low = words.lower()
    found = Q(name__icontains=words)
    if low.isascii() and low.isalnum():
        found |= Q(initials__contains=low)
    return rows.filter(found)


def holders(org: Organisation, on: date | None = None) -> QuerySet[Post]:
    """Who holds which post at the organisation itself, today or on a day."""
    return Post.objects.on(on or timezone.localdate()).filter(org=org).select_related("person").order_by("post", "valid_from")


def post_titles(place: Place) -> dict[str, str]:
    """Titles of the posts of the pack in force, by id."""
    pack = active_pack_or_none(place)
    return {post.id: named(post) for post in pack.organisation.posts} if pack else {}


def person_locked(person: Person) -> Person:
    """The person's row with its place, locked to the end of the transaction: what is kept of one person changes one act after another."""
    return Person.objects.select_for_update(of=("self",)).select_related("place").get(pk=person.pk)
