"""The search of the top bar: pupils on the roll that the reader sees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone

from xingtan.ui.scope import Scope
from xingtan.ui.search import Hit

from . import policies, selectors
from .grades import grades
from .models import Enrolment


def find(account: Any, scope: Scope, words: str, limit: int) -> tuple[Sequence[Hit], int]:
    """The provider of `ui.search`: by name, initials, number, identity number or telephone."""
    if not scope or scope.place is None or not policies.spells.can(account, policies.VIEW):
        return (), 0
    rows = Enrolment.objects.filter(place=scope.place).on(timezone.localdate())
    seen = selectors.matching(policies.spells.visible(account, policies.VIEW, rows), scope.place, words)
    law = grades(scope.place)
    shown = seen.select_related("pupil__person", "school").order_by("pk")[:limit]
    return [_hit(scope.slug, row, law) for row in shown], seen.count()


def _hit(place: str, row: Enrolment, law: Any) -> Hit:
    url = reverse("pupils:pupil", kwargs={"place": place, "pk": row.pupil_id})
    return Hit(row.pupil.person.name, url, f"{row.school.name} {law.word(row.stage, row.grade)}")
