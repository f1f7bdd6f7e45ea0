"""What a reader sees of the rows of the registers of pupils under a figure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.orgs.selectors import active_pack_or_none
from xingtan.pack.registers import registers
from xingtan.ui import registers as shown
from xingtan.ui.registers import Seen, word

from . import policies
from .datasets import SOURCES
from .models import Child, Enrolment, Flag, Movement, SchoolClass, SweepLine

HIDDEN = frozenset({"person", "class_id", "grade", "birth"})


class PupilTrail:
    """The provider of one register. A row is open to whoever sees the school at which it lies; its words are the register's own."""

    def __init__(self, dataset: str) -> None:
        self.dataset = dataset

    def rows(self, account: Any, place: Place, row_ids: Collection[str]) -> Mapping[str, Seen]:
        pack, wanted = active_pack_or_none(place), set(row_ids)
        if pack is None:
            return {}
        titles = {field.id: field.title for field in registers(pack)[self.dataset].fields}
        open_to = OPEN[self.dataset](account, place, wanted)
        return {row["row_id"]: _seen(row, titles, open_to.get(row["row_id"])) for row in _cut(self.dataset, place, wanted)}


def _cut(dataset: str, place: Place, wanted: Collection[str]) -> Iterable[dict[str, Any]]:
    """The wanted rows, made anew from the tables."""
    source = SOURCES[dataset][0]
    years = sorted({row.year for row in Child.objects.filter(pk__in=_keys(wanted)).only("year")}) if dataset == "school_age" else [0]
    for year in years:
        columns = source(place, f"{year}-{year + 1}") if dataset == "school_age" else source(place)
        for values in zip(*columns.values(), strict=True):
            row = dict(zip(columns, values, strict=True))
            if row["row_id"] in wanted:
                yield row


def _seen(row: Mapping[str, Any], titles: Mapping[str, str], url: str | None) -> Seen:
    values = {name: word(row[name]) for name in titles if name in row and row[name] not in (None, "")}
    if url is None:
        return Seen("", values=values, open=False)
    return Seen(_("；").join(f"{titles[name]} {text}" for name, text in values.items() if name not in HIDDEN), url, values)


def _keys(wanted: Iterable[str], at: int = 0) -> list[int]:
    """The primary keys in row ids such as `pupil_flag:3-17`."""
    return [int(one.split(":")[1].split("-")[at]) for one in wanted]


def _pupils(place: Place, pairs: Iterable[tuple[str, int]]) -> dict[str, str]:
    return {row_id: reverse("pupils:pupil", kwargs={"place": place.slug, "pk": pupil}) for row_id, pupil in pairs}


def _spells(account: Any, place: Place, wanted: Collection[str]) -> dict[str, str]:
    rows = policies.spells.visible(account, policies.VIEW, Enrolment.objects.filter(place=place, pk__in=_keys(wanted)))
    return _pupils(place, ((f"roll:{pk}", pupil) for pk, pupil in rows.values_list("pk", "pupil")))


def _moves(account: Any, place: Place, wanted: Collection[str], at: int = 0) -> dict[str, str]:
    seen = policies.spells.visible(account, policies.VIEW, Enrolment.objects.filter(place=place)).values("pk")
    rows = Movement.objects.filter(place=place, pk__in=_keys(wanted, at))
    found = dict((rows.filter(ended__in=seen) | rows.filter(begun__in=seen)).values_list("pk", "pupil"))
    return _pupils(place, ((one, found[key]) for one, key in zip(wanted, _keys(wanted, at), strict=True) if key in found))


def _flag_moves(account: Any, place: Place, wanted: Collection[str]) -> dict[str, str]:
    return _moves(account, place, wanted, 1)


def _flags(account: Any, place: Place, wanted: Collection[str]) -> dict[str, str]:
    flags = dict(Flag.objects.filter(pk__in=_keys(wanted)).values_list("pk", "pupil"))
    spells = Enrolment.objects.filter(place=place, pk__in=_keys(wanted, 1))
    seen = set(policies.spells.visible(account, policies.VIEW, spells).values_list("pk", flat=True))
    both = zip(wanted, _keys(wanted), _keys(wanted, 1), strict=True)
    return _pupils(place, ((one, flags[flag]) for one, flag, spell in both if spell in seen and flag in flags))


def _classes(account: Any, place: Place, wanted: Collection[str]) -> dict[str, str]:
    rows = SchoolClass.objects.filter(school__place=place, pk__in=_keys(wanted))
    seen = set(policies.classes.visible(account, policies.VIEW, rows).values_list("pk", flat=True))
    both = zip(wanted, _keys(wanted), strict=True)
    return {one: reverse("pupils:class", kwargs={"place": place.slug, "pk": pk}) for one, pk in both if pk in seen}


def _children(account: Any, place: Place, wanted: Collection[str]) -> dict[str, str]:
    rows = policies.children.visible(account, policies.VIEW, Child.objects.filter(place=place, pk__in=_keys(wanted)))
    return {f"school_age:{pk}": reverse("pupils:child", kwargs={"place": place.slug, "pk": pk}) for pk in rows.values_list("pk", flat=True)}


def _lines(account: Any, place: Place, wanted: Collection[str]) -> dict[str, str]:
    rows = policies.lines.visible(account, policies.VIEW, SweepLine.objects.filter(sweep__place=place, pk__in=_keys(wanted)))
    found = rows.values_list("pk", "sweep")
    return {f"sweep:{pk}": reverse("pupils:sweep", kwargs={"place": place.slug, "pk": sweep}) for pk, sweep in found}


OPEN: Mapping[str, Callable[[Any, Place, Collection[str]], dict[str, str]]] = {
    "roll": _spells, "movement": _moves, "class_roll": _classes, "pupil_flag": _flags, "flag_movement": _flag_moves,
    "school_age": _children, "sweep": _lines,
}  # fmt: skip


def hang() -> None:
    """Once, when the app starts."""
    for dataset in OPEN:
        shown.register(dataset, PupilTrail(dataset))
