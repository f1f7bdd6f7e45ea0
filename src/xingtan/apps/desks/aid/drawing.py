"""Applications drawn from the register of pupils: who is on the roll, or carries a flag, and has not applied yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from xingtan.apps.base.orgs import selectors as orgs
from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.base.pupils import selectors as pupils
from xingtan.apps.base.pupils.grades import Grades, grades
from xingtan.apps.base.pupils.models import Enrolment, Flag
from xingtan.apps.base.vault.index import blind
from xingtan.apps.record.ledgers.datasets import open_table
from xingtan.pack import Pack
from xingtan.pack.schema.aid import Aid
from xingtan.pack.scope import dataset_spec

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Drawn:
    """One application to be written: the school's code and the texts of the columns by field id."""

    org: str
    texts: dict[str, str]


def drawn(place: Place, org: Organisation, aid: Aid, period: str, day: date | None = None) -> list[Drawn]:
    """The applications that the scheme's `draw` gives for an organisation and all below it; nobody who has applied already."""
    assert aid.draw is not None
    pack, today = orgs.active_pack(place), day or timezone.localdate()
    applied = _applied(place, pack, aid, period)
    roll = pupils.roll_on(place, today).filter(school__in=orgs.subtree_ids(org)).select_related("pupil__person", "school")
    known = _flags(place, aid, today) if aid.draw.flags else {}
    rows = roll.filter(pupil__in=list(known)) if aid.draw.flags and len(known) <= CHUNK else roll
    words = grades(place)
    found = []
    for spell in rows.order_by("school__code", "pupil__number").iterator(CHUNK):
        if spell.pupil.number not in applied and (not aid.draw.flags or spell.pupil_id in known):
            values = _attributes(spell, words, known.get(spell.pupil_id, ""))
            found.append(Drawn(spell.school.code, {column: values[what] for column, what in aid.draw.fill.items()}))
    return found


def _applied(place: Place, pack: Pack, aid: Aid, period: str) -> set[str]:
    table = open_table(place, dataset_spec(pack, pack.ledgers[aid.applications]), period)
    return {text for text in table.column(aid.number).to_pylist() if text} if aid.number else set()


def _flags(place: Place, aid: Aid, day: date) -> dict[int, str]:
    """Pupil → the first of the scheme's flags that the pupil carries on the day."""
    assert aid.draw is not None
    found: dict[int, str] = {}
    for kind in reversed(aid.draw.flags):
        index = blind("poverty", place.slug, kind)
        carrying = Flag.objects.on(day).filter(kind_index=index, pupil__place=place).values_list("pupil", flat=True)
        found |= dict.fromkeys(carrying, kind)
    return found


def _attributes(spell: Enrolment, words: Grades, flag: str) -> dict[str, str]:
    boarding = {True: "是", False: "否", None: ""}[spell.boarding]
    return {
        "number": spell.pupil.number, "name": spell.pupil.person.name, "sex": spell.pupil.person.sex, "stage": spell.stage,
        "grade": words.word(spell.stage, spell.grade), "boarding": boarding, "residence": spell.residence, "flag": flag,
    }  # fmt: skip


def lines(pack: Pack, aid: Aid, rows: list[Drawn], period: str) -> Iterator[list[str]]:
    """The rows as a sheet of the ledger: headings first."""
    assert aid.draw is not None
    ledger = pack.ledgers[aid.applications]
    titles = [next(field.title for field in ledger.fields if field.id == column) for column in aid.draw.fill]
    yield ["单位", "期间", *titles]
    for one in rows:
        yield [one.org, period, *one.texts.values()]
