"""Find persons by part of the name or pinyin initials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from xingtan.ui.scope import Scope
from xingtan.ui.search import Hit

from . import policies, selectors


def find(account: Any, scope: Scope, words: str, limit: int) -> tuple[Sequence[Hit], int]:
    """The provider of `ui.search`: persons of the reader's place whom he may see."""
    if not scope or scope.place is None:
        return (), 0
    rows = selectors.matching(policies.persons.visible(account, policies.VIEW, selectors.persons(scope.place)), words)
    titles = selectors.post_titles(scope.place)
    return [_hit(scope.slug, person, titles) for person in rows[:limit]], rows.count()


def _hit(place: str, person: Any, titles: dict[str, str]) -> Hit:
    detail = "；".join(f"{post.org.name} {titles.get(post.post, post.post)}" for post in person.present)
    return Hit(person.name, reverse("people:person", kwargs={"place": place, "pk": person.pk}), detail)
