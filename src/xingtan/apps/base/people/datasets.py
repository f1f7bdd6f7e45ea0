"""The register `staff` for the warehouse: one row an appointment, valid from its first day to the day it ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Max, Sum

from xingtan.apps.base.orgs.selectors import active_pack_or_none, place_get
from xingtan.engine.indicators.spec import DatasetSpec
from xingtan.kernel.quantity import Reason
from xingtan.pack.registers import registers
from xingtan.warehouse import registry

from .models import Post

if TYPE_CHECKING:
    import pyarrow as pa

STAFF = "staff"


class StaffSource:
    """The source of this app."""

    @classmethod
    def register(cls) -> None:
        registry.register(cls())

    def datasets(self, place: str) -> Iterable[DatasetSpec]:
        spec = _spec(place)
        return (spec,) if spec else ()

    def version(self, place: str, dataset: str) -> Mapping[str, str]:
        """One partition: appointments have no period. The stamp moves with every new row and every version of a row or person."""
        seen = _in_force(place).aggregate(rows=Count("pk"), last=Max("pk"), posts=Sum("version"), persons=Sum("person__version"))
        return {"": "-".join(str(seen[name] or 0) for name in ("rows", "last", "posts", "persons"))} if seen["rows"] else {}

    def table(self, place: str, dataset: str, period: str) -> pa.Table:
        from xingtan.warehouse import rows

        spec = _spec(place)
        assert spec is not None, "the warehouse asks for what datasets() has offered"
        return rows.table(spec, _records(place) if period == "" else ())


def _spec(place: str) -> DatasetSpec | None:
    pack = active_pack_or_none(place_get(place))
    return registers(pack)[STAFF] if pack else None


def _in_force(place: str) -> Any:
    """Without those that ended on the day they began: they never were."""
    return Post.objects.filter(person__place__slug=place, valid_from__lt=F("valid_to"))


def _records(place: str) -> Iterator[Mapping[str, Any]]:
    columns = ("pk", "org__code", "post", "valid_from", "valid_to", "person_id", "person__sex", "person__birth")
    for pk, org, post, start, end, person, sex, birth in _in_force(place).order_by("pk").values_list(*columns):
        yield {
            "row_id": f"staff:{pk}", "org": org, "date": start, "valid_from": start, "valid_to": end,
            "person": str(person), "post": post, "sex": sex or Reason.UNKNOWN, "birth": birth,
        }  # fmt: skip
