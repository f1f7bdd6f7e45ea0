"""Prove that nobody has touched the log: every event, every link, both ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.text import T, Text

from .canon import digest
from .models import Chain, Event


@dataclass(frozen=True, slots=True)
class Head:
    """The end of one chain, to be noted outside the database (a backup's manifest, a printed page)."""

    place: str
    length: int
    hash: str


def heads() -> list[Head]:
    """The heads of all chains."""
    return [Head(chain.place, chain.length, chain.head) for chain in Chain.objects.order_by("place")]


def verify(place: str | None = None, *, noted: Iterable[Head] = ()) -> tuple[Issue, ...]:
    """Check one chain (all: None) event by event; empty means untouched. `noted` are heads written down earlier elsewhere:
    they also betray a chain whose tail was cut together with its recorded head. Memory use does not grow with the log.
    """
    places = set(Event.objects.order_by().values_list("place", flat=True).distinct()) | set(Chain.objects.values_list("place", flat=True))
    known = {head.place: head for head in noted}
    chosen = sorted(places | set(known)) if place is None else [place]
    return tuple(issue for one in chosen for issue in _chain(one, known))


def _chain(place: str, noted: Mapping[str, Head]) -> Iterator[Issue]:
    head = Chain.objects.filter(place=place).first()
    previous, count, note = "", 0, noted.get(place)
    for event in Event.objects.filter(place=place).order_by("sequence").iterator(chunk_size=2000):
        if event.sequence > count + 1:
            yield _missing(place, count + 1, event.sequence - 1)
        if event.previous != previous and event.sequence == count + 1:
            yield _issue("audit.link", place, event.sequence, T("与前一条接不上：前一条被改过或换过"))
        if digest(event) != event.hash:
            yield _issue("audit.edited", place, event.sequence, T("内容与校验值不符：这一条被改过"))
        previous, count = event.hash, event.sequence
        if note and count == note.length and event.hash != note.hash:
            yield _issue("audit.noted", place, count, T("与另存的校验值不符：这一条及以前的记录被改过"))
    length, last = (head.length, head.head) if head else (0, "")
    expected = max(length, note.length if note else 0)
    if count < expected:
        yield _missing(place, count + 1, expected)
    elif head is None and count:
        yield _issue("audit.head", place, count, T("链头记录不见了"))
    elif count > length or last != previous:
        yield _issue("audit.head", place, count, T("最后一条与链头记录不符：末尾被改过或加过"))


def _missing(place: str, first: int, last: int) -> Issue:
    message = T("缺第 %(first)s 至 %(last)s 号，共 %(count)s 条", first=first, last=last, count=last - first + 1)
    return _issue("audit.missing", place, first, message)


def _issue(code: str, place: str, sequence: int, message: Text) -> Issue:
    hint = T("保护现场，不要再写入；用备份中的审计记录核对，查明是谁动过数据库")
    return Issue(Severity.ERROR, code, message, Where(file=place or "—", row=sequence), hint)
