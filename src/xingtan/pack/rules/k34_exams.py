"""K34: unified exams, rankings and penalties for the last place in the compulsory stage."""

from __future__ import annotations

from collections.abc import Iterator

from xingtan.kernel.text import T

from .lint import COMPULSORY, Finding, Lint, Part, Rule, unlawful


def find(lint: Lint) -> Iterator[Finding]:
    """Duties, letters, schemes and reports that hold unified exams or rank by marks."""
    for norm in lint.norms("K34"):
        for part in lint.concerned("unified_exam", "ranking"):
            if _compulsory(part):
                words = set(part.tags.concerns)
                if "unified_exam" in words:
                    yield from unlawful(lint, norm, _spot(part), T("义务教育阶段组织区域统一考试"))
                if "ranking" in words and words & {"exam_scores", "unified_exam"}:
                    yield from unlawful(lint, norm, _spot(part), T("义务教育阶段按考试成绩排名"))
        for name, report in lint.pack.reports.items():
            for at, what in enumerate(report.publishes):
                if what == "pupil_ranks":
                    yield from unlawful(lint, norm, ("reports", name, ("publishes", at)), T("公布学生名次"))
        yield from _last_places(lint, norm)


def _last_places(lint: Lint, norm: object) -> Iterator[Finding]:
    """A consequence that names the last rank of an appraisal by marks."""
    for name, scheme in lint.pack.schemes.items():
        if "exam_scores" not in scheme.concerns or (scheme.stages and not set(scheme.stages) & COMPULSORY):
            continue
        for at, consequence in enumerate(scheme.consequences):
            if "rank_from_bottom" in consequence.when:
                what = T("按考试成绩末位惩罚")
                yield from unlawful(lint, norm, ("schemes", name, ("consequences", at, "when")), what)  # type: ignore[arg-type]


def _compulsory(part: Part) -> bool:
    return not part.stages or bool(part.stages & COMPULSORY)


def _spot(part: Part) -> tuple[str, str, tuple[str | int, ...]]:
    return part.collection, part.item, (*part.path, "concerns")


RULE = Rule(
    "K34",
    T("义务教育阶段考试与排名"),
    T("非毕业年级不得组织区域统考，不得按考试成绩给学校、班级、教师、学生排名，不得末位惩罚，不得公布学生名次。"),
    find,
    lawful=True,
)
