"""K39: tuition and the single fee after their abolition in the compulsory stage."""

from __future__ import annotations

from collections.abc import Iterator

from xingtan.kernel.text import T

from .lint import COMPULSORY, Finding, Lint, Rule, unlawful

WORDS = {"tuition_fee": T("义务教育阶段收学杂费"), "single_fee": T("仍按“一费制”收费")}


def find(lint: Lint) -> Iterator[Finding]:
    """Items about fees that no longer exist."""
    for norm in lint.norms("K39"):
        for concern, what in WORDS.items():
            for part in lint.concerned(concern):
                if not part.stages or part.stages & COMPULSORY:
                    yield from unlawful(lint, norm, (part.collection, part.item, (*part.path, "concerns")), what)


RULE = Rule(
    "K39",
    T("义务教育不收学杂费"),
    T("义务教育阶段学杂费和“一费制”取消以后，不得再有收取它们的参数、职责和分配。"),
    find,
    lawful=True,
)
