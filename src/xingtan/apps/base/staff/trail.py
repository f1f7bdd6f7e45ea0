"""What a reader sees of the rows of the registers of staff under a figure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.base.orgs.selectors import active_pack_or_none
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.pupils.grades import grades
from xingtan.apps.base.pupils.models import SchoolClass
from xingtan.kernel.period import Period
from xingtan.kernel.quantity import Reason
from xingtan.pack.registers import registers
from xingtan.ui import policy
from xingtan.ui.registers import Seen, word

from . import policies
from .datasets import SPELLS, STAMPED
from .models import Assignment
from .teaching import class_name
from .teaching_data import TERMS


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
        found = SPELLS[self.dataset](place, pack, persons)
        return {row["row_id"]: _seen(place, row, names, titles) for row in found if row["row_id"] in wanted}


class ClassTrail:
    """The provider of a register whose rows are about classes: whoever sees the staff of the school sees them."""

    def __init__(self, dataset: str) -> None:
        self.dataset = dataset

    def rows(self, account: Any, place: Place, row_ids: Collection[str]) -> Mapping[str, Seen]:
        pack, wanted = active_pack_or_none(place), set(row_ids)
        titles = {field.id: field.title for field in registers(pack)[self.dataset].fields} if pack else {}
        may = set(
            Organisation.objects.filter(place=place)
            .filter(policy.reach(policy.granted(account, policies.VIEW), "pk"))
            .values_list("code", flat=True)
        )
        found: dict[str, Seen] = {}
        for term, classes in self._classes(place, wanted).items():
            names = _names(place, term, classes)
            for row in TERMS[self.dataset](place, pack, term, classes) if pack else ():
                if row["row_id"] in wanted:
                    found[row["row_id"]] = _taught(place, term, row, (names, titles), row["org"] in may)
        return found

    def _classes(self, place: Place, wanted: Collection[str]) -> Mapping[Period, set[int]]:
        """The classes that the rows are about, by term."""
        found: dict[Period, set[int]] = {}
        if self.dataset == "curriculum":
            for _kind, klass, term, *_subject in (one.split(":") for one in wanted):
                found.setdefault(Period.parse(term), set()).add(int(klass))
            return found
        lines = Assignment.objects.filter(pk__in=[int(one.split(":")[1]) for one in wanted], school_class__school__place=place)
        for text, line_class in lines.values_list("term", "school_class_id"):
            found.setdefault(Period.parse(text), set()).add(line_class)
        return found


def _names(place: Place, term: Period, classes: Collection[int]) -> dict[str, str]:
    counts = grades(place)
    assert term.start is not None
    return {str(row.pk): class_name(row, counts, term.start) for row in SchoolClass.objects.filter(pk__in=classes)}


def _taught(place: Place, term: Period, row: Mapping[str, Any], words: tuple[Mapping[str, str], Mapping[str, str]], open_: bool) -> Seen:
    names, titles = words
    values = {name: str(row[name]) for name in titles if name in row and not isinstance(row[name], Reason | None)}
    if not open_:
        return Seen("", values=values, open=False)
    hidden = {"school_class", "person", "holder", "grade", "stage"}
    said = [f"{titles[name]} {word(row[name])}" for name in values if name not in hidden]
    url = reverse("staff:timetable", kwargs={"place": place.slug, "pk": int(row["school_class"])})
    return Seen(_("；").join([names.get(row["school_class"], ""), *said]), f"{url}?term={term.text}", values)


def _seen(place: Place, row: Mapping[str, Any], names: Mapping[int, str], titles: Mapping[str, str]) -> Seen:
    values = {name: str(row[name]) for name in titles if name != "person" and not isinstance(row.get(name), Reason | None)}
    person = int(row["person"])
    if person not in names:
        return Seen("", values=values, open=False)
    said = [f"{titles[name]} {word(row[name])}" for name in values if name not in {"sex", "birth"}]
    url = reverse("staff:file", kwargs={"place": place.slug, "pk": person})
    return Seen(_("；").join([names[person], *said]), url, values)
