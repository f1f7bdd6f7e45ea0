"""K33: exam-free admission nearby, no key schools or classes, no money for places, lots at private schools in the compulsory stage."""

from __future__ import annotations

from collections.abc import Iterator

from xingtan.kernel.text import T
from xingtan.pack.schema.allocation import Allocation
from xingtan.pack.schema.norms import Norm

from .lint import COMMANDS, COMPULSORY, Finding, Lint, Rule, unlawful

WORDS = {
    "admission_exam": T("义务教育阶段入学要考试"),
    "key_classes": T("设重点学校或重点班"),
    "school_choice_fee": T("义务教育阶段收择校费"),
}


LOTTERY = "K33b"


def find(lint: Lint) -> Iterator[Finding]:
    """Items tagged with what the law forbids, and allocations of compulsory places by exam or, at private schools, other than by lot."""
    for norm in lint.norms("K33"):
        yield from _lots(lint, norm) if norm.id == LOTTERY else _exams(lint, norm)


def _exams(lint: Lint, norm: Norm) -> Iterator[Finding]:
    for concern, what in WORDS.items():
        for part in lint.concerned(concern, among=COMMANDS):
            if not part.stages or part.stages & COMPULSORY:
                yield from unlawful(lint, norm, (part.collection, part.item, (*part.path, "concerns")), what)
    for name, allocation in _places(lint):
        if allocation.exam:
            yield from unlawful(lint, norm, ("allocations", name, ("exam",)), T("义务教育阶段按考试成绩分配学位"))


def _lots(lint: Lint, norm: Norm) -> Iterator[Finding]:
    kinds = {kind.id: kind for kind in lint.pack.organisation.kinds}
    for name, allocation in _places(lint):
        taker = kinds.get(allocation.over)
        if taker is not None and taker.private and allocation.method != "lottery":
            yield from unlawful(lint, norm, ("allocations", name, ("method",)), T("民办义务教育学校的学位不是电脑随机录取"))


def _places(lint: Lint) -> Iterator[tuple[str, Allocation]]:
    """Allocations of places in the compulsory stage."""
    for name, allocation in lint.pack.allocations.items():
        if "admission" in allocation.concerns and set(allocation.stages) & COMPULSORY:
            yield name, allocation


RULE = Rule(
    "K33",
    T("免试就近入学，不设重点校重点班"),
    T("义务教育阶段不得以考试招生，不得设重点学校和重点班，不得收择校费；报名超过计划的民办学校电脑随机录取。"),
    find,
    lawful=True,
)
