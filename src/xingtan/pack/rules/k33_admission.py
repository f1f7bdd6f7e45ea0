"""K33: exam-free admission nearby, no key schools or classes, no money for places in the compulsory stage."""

from __future__ import annotations

from collections.abc import Iterator

from xingtan.kernel.text import T

from .lint import COMMANDS, COMPULSORY, Finding, Lint, Rule, unlawful

WORDS = {
    "admission_exam": T("义务教育阶段入学要考试"),
    "key_classes": T("设重点学校或重点班"),
    "school_choice_fee": T("义务教育阶段收择校费"),
}


def find(lint: Lint) -> Iterator[Finding]:
    """Items tagged with what the law forbids, and allocations of compulsory places by exam."""
    for norm in lint.norms("K33"):
        for concern, what in WORDS.items():
            for part in lint.concerned(concern, among=COMMANDS):
                if not part.stages or part.stages & COMPULSORY:
                    yield from unlawful(lint, norm, (part.collection, part.item, (*part.path, "concerns")), what)
        for name, allocation in lint.pack.allocations.items():
            if allocation.exam and "admission" in allocation.concerns and set(allocation.stages) & COMPULSORY:
                yield from unlawful(lint, norm, ("allocations", name, ("exam",)), T("义务教育阶段按考试成绩分配学位"))


RULE = Rule(
    "K33",
    T("免试就近入学，不设重点校重点班"),
    T("义务教育阶段不得以考试招生，不得设重点学校和重点班，不得收择校费。"),
    find,
    lawful=True,
)
