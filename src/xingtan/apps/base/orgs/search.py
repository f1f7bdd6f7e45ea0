"""Find organisations by part of a present or former name, by code, or by pinyin initials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from xingtan.ui.scope import Scope
from xingtan.ui.search import Hit

from . import packs, policies, selectors
from .models import Organisation


def find(account: Any, scope: Scope, words: str, limit: int) -> tuple[Sequence[Hit], int]:
    """The provider of `ui.search`: organisations of the reader's place that he may see, open ones first."""
    if not scope or scope.place is None:
        return (), 0
    rows = matching(policies.organisations.visible(account, policies.VIEW, Organisation.objects.filter(place=scope.place)), words)
    rules = packs.rules(selectors.active_pack_or_none(scope.place))
    found = rows.select_related("place").order_by(F("closed").asc(nulls_first=True), "code")[:limit]
    return [_hit(org, words, rules.title(org.kind)) for org in found], rows.count()


def matching(rows: Any, words: str) -> Any:
    """Narrow organisations by words: substring of any name they ever had, initials, or the beginning of the code."""
    low = words.lower()
    named = Q(spells__name__icontains=words) | Q(code__istartswith=words)
    if low.isascii() and low.isalnum():
        named |= Q(spells__initials__contains=low)
    return rows.filter(pk__in=Organisation.objects.filter(named).values("pk"))


def _hit(org: Organisation, words: str, kind: str) -> Hit:
    url = reverse("orgs:profile", kwargs={"place": org.place.slug, "code": org.code})
    former = org.spells.filter(name__icontains=words).exclude(name=org.name).values_list("name", flat=True).first()
    if former and words not in org.name:
        return Hit(org.name, url, _("%(kind)s · 曾名%(former)s") % {"kind": kind, "former": former})
    return Hit(org.name, url, _("%(kind)s · 已撤销") % {"kind": kind} if org.closed else kind)
