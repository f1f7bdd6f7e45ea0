"""What a reader sees of the rows of the registers of staff under a figure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.orgs.selectors import active_pack_or_none
from xingtan.apps.base.people.models import Person
from xingtan.kernel.quantity import Reason
from xingtan.pack.registers import registers
from xingtan.ui.registers import Seen

from . import policies
from .datasets import RECORDS, STAMPED


class StaffTrail:
    """The provider of one register."""

    def __init__(self, dataset: str) -> None:
        self.dataset = dataset

    def rows(self, account: Any, place: Place, row_ids: Collection[str]) -> Mapping[str, Seen]:
        """Pieces are cut anew for the persons concerned: a row's number says which spell and which piece of it."""
        pack = active_pack_or_none(place)
        if pack is None:
            return {}
        wanted = set(row_ids)
        spells = {int(one.split(":")[1]) for one in wanted}
        model = STAMPED[self.dataset][0]
        persons = set(model.objects.filter(pk__in=spells, person__place=place).values_list("person_id", flat=True))
        may = policies.files.visible(account, policies.VIEW, Person.objects.filter(pk__in=persons))
        names = dict(may.values_list("pk", "name"))
        titles = {field.id: field.title for field in registers(pack)[self.dataset].fields}
        found = RECORDS[self.dataset](place, pack, persons)
        return {row["row_id"]: _seen(place, row, names, titles) for row in found if row["row_id"] in wanted}


def _seen(place: Place, row: Mapping[str, Any], names: Mapping[int, str], titles: Mapping[str, str]) -> Seen:
    values = {name: str(row[name]) for name in titles if name != "person" and not isinstance(row.get(name), Reason | None)}
    person = int(row["person"])
    if person not in names:
        return Seen("", values=values, open=False)
    said = [f"{titles[name]} {_word(row[name])}" for name in values if name not in {"sex", "birth"}]
    url = reverse("staff:file", kwargs={"place": place.slug, "pk": person})
    return Seen(_("；").join([names[person], *said]), url, values)


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(value)
