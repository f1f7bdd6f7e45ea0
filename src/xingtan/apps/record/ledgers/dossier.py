"""What ledgers say of a person, for his business file: every row that names him in a column of persons.

Ledgers hold names, not numbers: of two persons with one name each finds the rows of both, and the section says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from xingtan.apps.base.orgs.selectors import active_pack_or_none
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.staff.dossier import Line, Section
from xingtan.ui.named import named

from . import lists, selectors
from .models import TEXT_SLOTS, LedgerState, Record
from .policies import Sight, readable
from .shape import Layout, Shape, laid_out

MOST = 200
OWN = frozenset({"teacher", "staff"})  # what a ledger is about, of which everybody may read his own rows


def sections(account: Any, person: Person) -> Iterable[Section]:
    """One section a ledger that names the person, as far as the account may read it; of his own, also what is about teachers."""
    pack = active_pack_or_none(person.place)
    if pack is None:
        return
    layouts = dict(LedgerState.objects.filter(place=person.place).values_list("ledger", "layout"))
    namesakes = Person.objects.filter(place=person.place, name=person.name).count()
    for ledger in pack.ledgers.values():
        layout = laid_out(ledger, layouts.get(ledger.id, {}))
        shape = Shape(person.place, pack, ledger, layout)
        # A masked column is not looked into: whom it names must not be learnt by opening files.
        columns = [field.id for field in ledger.fields if field.type == "person" and not Sight(shape).hides(field.id)]
        if columns:
            yield from _section(account, person, shape, (_naming(person.name, columns, layout), namesakes))


def _section(account: Any, person: Person, shape: Shape, naming: tuple[Q, int]) -> Iterable[Section]:
    condition, namesakes = naming
    rows = selectors.current(shape.place, shape.ledger.id).filter(condition)
    own = shape.ledger.about in OWN and getattr(account, "person_id", None) == person.pk
    rows = rows if own else readable(account, shape, rows)
    found = list(rows.select_related("org").order_by("-date", "-starts", "-pk")[: MOST + 1])
    if found:
        heads = (_("单位"), _("时间"), *(named(field) for field in shape.ledger.fields))
        lines = _lines(account, shape, found[:MOST], set(_linked(account, shape, rows)))
        yield Section(f"ledger-{shape.ledger.id}", named(shape.ledger), heads, lines, _note(rows, found, namesakes))


def _lines(account: Any, shape: Shape, rows: Sequence[Record], linked: set[int]) -> list[Line]:
    sight = Sight(shape)
    found = []
    for row in rows:
        when = lists.period_words(row) or (row.date.isoformat() if row.date else "")
        cells = tuple(lists.shown(shape, field, row, sight) for field in shape.ledger.fields)
        url = lists.address(shape.place.slug, shape.ledger.id, row.pk) if row.pk in linked else ""
        found.append(Line((row.org.name, when, *cells), url))
    return found


def _linked(account: Any, shape: Shape, rows: QuerySet[Record]) -> Iterable[int]:
    """The rows whose page the account may open."""
    return readable(account, shape, rows).values_list("pk", flat=True)


def _note(rows: QuerySet[Record], found: Sequence[Record], namesakes: int) -> str:
    said = []
    if len(found) > MOST:
        said.append(_("显示前 %(shown)s 条，共 %(all)s 条；其余在台账里看。") % {"shown": MOST, "all": rows.count()})
    if namesakes > 1:
        said.append(_("台账按姓名记人，本地有 %(count)s 人同名，请核对。") % {"count": namesakes})
    return "".join(said)


def _naming(name: str, columns: Sequence[str], layout: Layout) -> Q:
    """The condition that one of the columns holds the name: by its slot where it has one, else in the stored row."""
    condition = Q(pk__in=())
    for column in columns:
        slot = layout.get(column)
        if slot in TEXT_SLOTS:
            condition |= Q(**{f"{slot}": name})
        else:
            condition |= Q(**{f"data__{column}": name}) | Q(**{f"data__{column}__v": name})
    return condition
