"""The registers of staff for the warehouse. All rows of a register lie in one partition; a stamp moves with every version of a row.

Snapshots hold pseudonymous numbers and codes only: no names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Max, QuerySet, Sum

from xingtan.apps.base.orgs.models import EVER, FOREVER, Place
from xingtan.apps.base.orgs.selectors import active_pack_or_none, place_get
from xingtan.apps.base.people.models import Person
from xingtan.engine.indicators.spec import DatasetSpec
from xingtan.kernel.quantity import Reason
from xingtan.pack import Pack
from xingtan.pack.registers import registers
from xingtan.warehouse import registry

from .models import Credential, Employment, Secondment, TeamSpell, TitleHolding
from .pieces import Fact, Life, Span, overlaps, told
from .services.standing import RANKS

if TYPE_CHECKING:
    import pyarrow as pa

Row = Mapping[str, Any]
Persons = Collection[int] | None  # None: all of the place


class StaffSource:
    """The source of this app."""

    @classmethod
    def register(cls) -> None:
        registry.register(cls())

    def datasets(self, place: str) -> Iterable[DatasetSpec]:
        pack = active_pack_or_none(place_get(place))
        return [registers(pack)[name] for name in SPELLS] if pack else []

    def version(self, place: str, dataset: str) -> Mapping[str, str]:
        found = Place.objects.get(slug=place)
        moved = "-".join(stamp(model.objects.filter(person__place=found)) for model in STAMPED[dataset])
        persons = Person.objects.filter(place=found).aggregate(total=Sum("version"), last=Max("pk"))
        own = STAMPED[dataset][0].objects.filter(person__place=found)
        release = Place.objects.values_list("pack_release__hash", flat=True).get(pk=found.pk) or ""
        return {"": f"{moved}-{persons['total']}-{persons['last']}-{release[:12]}"} if own.exists() else {}

    def table(self, place: str, dataset: str, period: str) -> pa.Table:
        from xingtan.warehouse import rows

        found = place_get(place)
        pack = active_pack_or_none(found)
        assert pack is not None, "the warehouse asks for what datasets() has offered"
        return rows.table(registers(pack)[dataset], SPELLS[dataset](found, pack, None) if period == "" else ())


def employment_rows(place: Place, pack: Pack, persons: Persons) -> Iterator[Row]:
    """Each employment in pieces; only the first of unbroken service has a date, so that without on(…) beginnings are counted."""
    lives, orders = _lives(place, persons), _orders(pack)
    ends: set[tuple[int, date]] = set()  # where one spell follows upon another, the person was there already
    columns = ("pk", "org__code", "person_id", "person__sex", "valid_from", "valid_to", *WORDS)
    for pk, org, person, sex, start, end, *words in (
        _alive(Employment.objects, place, persons).values_list(*columns).order_by("valid_from", "pk")
    ):
        said = {name: word or Reason.UNKNOWN for name, word in zip(WORDS, words, strict=True)}
        life, begun = lives[person], (person, start) not in ends
        ends.add((person, end))
        for number, (span, state) in enumerate(told((start, end), life, words[WORDS.index("subject")], orders)):
            yield {
                **_row("employment", pk, number, org, span, dated=begun), **said, **state,
                "person": str(person), "sex": sex or Reason.UNKNOWN, "birth": life.birth,
            }  # fmt: skip


def title_rows(place: Place, pack: Pack, persons: Persons) -> Iterator[Row]:
    """Each title where its holder was employed meanwhile; of persons without any employment on record at the root of the place."""
    jobs: dict[int, list[tuple[Span, tuple[str, str, str]]]] = defaultdict(list)
    rows = _alive(Employment.objects, place, persons).order_by("valid_from")
    for person, org, start, end, stage, channel in rows.values_list("person_id", "org__code", "valid_from", "valid_to", "stage", "channel"):
        jobs[person].append(((start, end), (org, stage, channel)))
    assert place.root is not None
    nowhere = [((EVER, FOREVER), (place.root.code, "", ""))]
    columns = ("pk", "person_id", "series", "level", "rank", "valid_from", "valid_to")
    for pk, person, series, level, rank, start, end in _alive(TitleHolding.objects, place, persons).values_list(*columns).order_by("pk"):
        for number, (span, (org, stage, channel)) in enumerate(overlaps((start, end), jobs.get(person, nowhere))):
            yield {
                **_row("title_holding", pk, number, org, span), "person": str(person), "series": series,
                "level": level or Reason.NOT_APPLICABLE, "rank": rank or Reason.NOT_APPLICABLE,
                "stage": stage or Reason.UNKNOWN, "channel": channel or Reason.UNKNOWN,
            }  # fmt: skip


def secondment_rows(place: Place, pack: Pack, persons: Persons) -> Iterator[Row]:
    """Each secondment at its sender, or at its host when the sender is outside the place."""
    columns = (
        "pk", "person_id", "kind", "role", "subject", "grade", "programme", "contract", "contract_day", "sender__code", "host__code",
        "valid_from", "valid_to",
    )  # fmt: skip
    rows = _alive(Secondment.objects, place, persons).values_list(*columns).order_by("pk")
    for pk, person, kind, role, subject, grade, programme, contract, signed, sender, host, start, end in rows:
        yield {
            **_row("secondment", pk, 0, sender or host, (start, end)), "person": str(person), "kind": kind, "role": role or Reason.UNKNOWN,
            "subject": subject or Reason.UNKNOWN, "grade": grade or Reason.UNKNOWN, "programme": programme or Reason.NOT_APPLICABLE,
            "contracted": bool(contract or signed), "sender": sender or Reason.NOT_APPLICABLE, "host": host or Reason.NOT_APPLICABLE,
        }  # fmt: skip


WORDS = ("establishment", "category", "stage", "subject", "channel")
SPELLS: Mapping[str, Callable[[Place, Pack, Persons], Iterator[Row]]] = {
    "employment": employment_rows, "title_holding": title_rows, "secondment": secondment_rows,
}  # fmt: skip
STAMPED: Mapping[str, tuple[type[Any], ...]] = {
    "employment": (Employment, Credential, TitleHolding, TeamSpell),
    "title_holding": (TitleHolding, Employment),
    "secondment": (Secondment,),
}


def _row(dataset: str, pk: int, number: int, org: str, span: Span, *, dated: bool = True) -> dict[str, Any]:
    return {
        "row_id": f"{dataset}:{pk}:{number}" if number else f"{dataset}:{pk}", "org": org,
        "date": span[0] if dated and not number else None,
        "valid_from": span[0], "valid_to": span[1],
    }  # fmt: skip


def _alive(rows: Any, place: Place, persons: Persons) -> QuerySet[Any]:
    """Without those that ended on the day they began: they never were."""
    found: QuerySet[Any] = rows.filter(person__place=place, valid_from__lt=F("valid_to"))
    return found if persons is None else found.filter(person__in=persons)


def _lives(place: Place, persons: Persons) -> dict[int, Life]:
    """What is known of each person who was ever employed."""
    lives: dict[int, Life] = defaultdict(Life)
    people = Person.objects.filter(place=place, employments__isnull=False)
    for pk, birth in (people if persons is None else people.filter(pk__in=persons)).values_list("pk", "birth"):
        lives[pk] = Life(birth)
    for person, fact in _facts(place, persons):
        lives[person].facts.append(fact)
    return lives


def _facts(place: Place, persons: Persons) -> Iterator[tuple[int, Fact]]:
    papers = Credential.objects.filter(person__place=place, day__lt=F("withdrawn"))
    for person, kind, level, subject, start, end in (papers if persons is None else papers.filter(person__in=persons)).values_list(
        "person_id", "kind", "level", "subject", "day", "withdrawn"
    ):
        yield person, Fact(kind, level, start, end, subject)
    ranks = _alive(TitleHolding.objects.filter(series=RANKS), place, persons)
    for person, rank, start, end in ranks.values_list("person_id", "rank", "valid_from", "valid_to"):
        yield person, Fact("rank", rank, start, end)
    teams = _alive(TeamSpell.objects, place, persons)
    for person, team, start, end in teams.values_list("person_id", "team", "valid_from", "valid_to"):
        yield person, Fact("team", team, start, end)


def _orders(pack: Pack) -> dict[str, dict[str, int]]:
    spec = registers(pack)["employment"]
    fields = {one.id: one.codes for one in spec.fields}
    return {name: {word: number for number, word in enumerate(fields[name])} for name in ("degree", "certificate", "rank", "team")}


def stamp(rows: QuerySet[Any]) -> str:
    """Moves with every new row and with every version of one."""
    seen = rows.aggregate(rows=Count("pk"), last=Max("pk"), versions=Sum("version"))
    return ".".join(str(seen[name] or 0) for name in ("rows", "last", "versions"))
