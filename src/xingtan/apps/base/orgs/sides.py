"""Delivers the tree to the warehouse: side tables orgs, closure, succession."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Max
from django.db.models.functions import Coalesce

from xingtan.warehouse import registry

from . import selectors
from .models import OrgAct, Place

if TYPE_CHECKING:
    import pyarrow as pa

_TABLES = {"orgs": selectors.orgs_table, "closure": selectors.closure_table, "succession": selectors.succession_table}


class TreeSides:
    """The side source of this app. The stamp moves with every act and every undo."""

    @classmethod
    def register(cls) -> None:
        registry.register_side(cls())

    def sides(self) -> Iterable[str]:
        return tuple(_TABLES)

    def version(self, place: str, side: str) -> str:
        acts = OrgAct.objects.filter(place__slug=place)
        last = acts.aggregate(last=Coalesce(Max("pk"), 0), undone=Max("undone"))
        return f"{last['last']}-{acts.filter(undone=None).count()}-{last['undone'] or ''}"

    def table(self, place: str, side: str) -> pa.Table:
        return _TABLES[side](Place.objects.get(slug=place))
