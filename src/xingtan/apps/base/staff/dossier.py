"""The business file of a person as sections of lines: what this app keeps, and what apps above say of him.

An app registers a provider once, when it starts; each is asked with the reader's account and gives only what that reader may see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.orgs.tree import day_text
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.people.selectors import post_titles, posts_of
from xingtan.apps.base.pupils.grades import grades
from xingtan.kernel.period import Period

from . import codes, selectors
from .models import Assignment, Secondment, TitleHolding
from .teaching import class_name

Label = str | Promise


@dataclass(frozen=True, slots=True)
class Act:
    """Something that may be done to a line."""

    label: Label
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: its cells, the page where it is kept, and what may be done to it."""

    cells: tuple[Any, ...]
    url: str = ""
    thing: str = ""
    pk: int = 0
    open: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A group of entries with its headings. `note` says what a reader must know of them; `verb` adds an entry."""

    id: str
    title: Label
    heads: tuple[Label, ...]
    lines: Sequence[Line]
    note: Label = ""
    verb: str = ""
    acts: tuple[tuple[str, Label], ...] = field(default=())


Provider = Callable[[Any, Person], Iterable[Section]]
_providers: list[tuple[int, Provider]] = []


def register(order: int, provider: Provider) -> None:
    """Add a provider; sections stand in the order of their providers."""
    if provider not in [known for _order, known in _providers]:
        _providers.append((order, provider))


def sections(account: Any, person: Person) -> list[Section]:
    """The whole file as the account may see it. Sections of other apps without entries are left out."""
    found = list(_own(person))
    for _order, provider in sorted(_providers, key=lambda one: one[0]):
        found += [section for section in provider(account, person) if section.lines]
    return found


def _own(person: Person) -> Iterable[Section]:
    kept = selectors.file(person)
    yield _posts(person)
    yield _employments(kept)
    yield _credentials(kept)
    yield _titles(kept)
    yield _teams(kept)
    yield _lent(kept.secondments, codes.titles(person.place, "kind"))
    yield from _taught(person)


SINCE, TO = _("自"), _("至")


def _posts(person: Person) -> Section:
    posts = post_titles(person.place)
    lines = [
        Line((row.org.name, posts.get(row.post, row.post), day_text(row.valid_from), day_text(row.valid_to))) for row in posts_of(person)
    ]
    return Section("posts", _("任职"), (_("组织"), _("职务"), SINCE, TO), lines)


def _employments(kept: selectors.File) -> Section:
    heads = (_("单位"), _("编制"), _("岗位类别"), _("学段"), _("主教学科"), _("补充渠道"), SINCE, TO, _("离开事由"))
    lines = [
        Line(
            (row.org.name, row.establishment, row.category, row.stage, row.subject, row.channel, *_span(row), row.ended),
            thing="employment", pk=row.pk, open=True,
        )
        for row in kept.employments
    ]  # fmt: skip
    return Section("employments", _("聘用"), heads, lines, verb="employ", acts=(("change", _("变更")), ("end", _("离开"))))


def _credentials(kept: selectors.File) -> Section:
    heads = (_("种类"), _("层次"), _("学科"), _("专业"), _("毕业院校或发证机关"), _("取得日期"), _("失效日期"))
    lines = [
        Line(
            (row.get_kind_display(), row.level, row.subject, row.detail, row.institution, day_text(row.day), day_text(row.withdrawn)),
            thing="paper", pk=row.pk, open=True,
        )
        for row in kept.credentials
    ]  # fmt: skip
    return Section("credentials", _("学历和资格"), heads, lines, verb="paper", acts=(("withdraw", _("失效")),))


def _titles(kept: selectors.File) -> Section:
    heads = (_("称号"), _("级别"), _("授予机关"), SINCE, TO, _("依据"))
    lines = [
        Line((row.series, step(row), row.awarded_by, *_span(row), row.basis), thing="title", pk=row.pk, open=True) for row in kept.titles
    ]
    return Section("titles", _("职称和称号"), heads, lines, verb="title", acts=(("end", _("终止")),))


def _teams(kept: selectors.File) -> Section:
    lines = [Line((row.team, *_span(row), row.basis), thing="team", pk=row.pk, open=True) for row in kept.teams]
    return Section("teams", _("教师团队"), (_("团队"), SINCE, TO, _("依据")), lines, verb="team", acts=(("leave", _("退出")),))


def _taught(person: Person) -> Iterable[Section]:
    """What he teaches, term by term; nothing is said of people who never taught."""
    rows = Assignment.objects.filter(teacher=person).select_related("school_class__school").order_by("-term", "school_class", "pk")
    counts, lines = grades(person.place), []
    for row in rows:
        term = Period.parse(row.term)
        assert term.start is not None
        name = class_name(row.school_class, counts, term.start)
        lines.append(Line((term.label(), row.school_class.school.name, name, row.subject, f"{row.periods.normalize():f}")))
    if lines:
        yield Section("lessons", _("任课"), (_("学期"), _("学校"), _("班级"), _("学科"), _("周课时")), lines)


def _lent(rows: Sequence[Secondment], kinds: Any) -> Section:
    heads = (_("方式"), _("派出单位"), _("接收单位"), _("身份"), _("任教学科"), _("自"), _("至"), _("合同"), _("考核"))
    return Section(
        "secondments", _("交流支教"), heads,
        [
            Line(
                (
                    kinds.get(row.kind, row.kind), ends(row)[0], ends(row)[1], row.role, row.subject, *_span(row), row.contract,
                    row.grade or row.evaluation,
                ),
                thing="loan", pk=row.pk, open=True,
            )
            for row in rows
        ],
        verb="lend", acts=(("end", _("回来")), ("evaluate", _("考核"))),
    )  # fmt: skip


def step(row: TitleHolding) -> str:
    """The step of the ladder: the rank, or whose title it is."""
    return row.rank or row.level


def ends(row: Secondment) -> tuple[str, str]:
    """Sender and host by name."""
    return row.sender.name if row.sender else row.sender_name, row.host.name if row.host else row.host_name


def _span(row: Any) -> tuple[Any, Any]:
    return day_text(row.valid_from), day_text(row.valid_to)
