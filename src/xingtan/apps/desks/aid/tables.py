"""The lists of aid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.orgs import selectors as orgs
from xingtan.engine.aid.assess import reasons
from xingtan.engine.aid.spec import Outcome, Proposal
from xingtan.kernel.period import Period
from xingtan.ui.columns import Column, Filter, Label
from xingtan.ui.figures import light
from xingtan.ui.tables import Table
from xingtan.ui.text import render

from . import selectors
from .models import Award, Run

OUTCOMES: Mapping[str, tuple[str, Label]] = {
    Outcome.ELIGIBLE.value: ("met", _("合格")),
    Outcome.UNDECIDED.value: ("near", _("待定")),
    Outcome.REFUSED.value: ("none", _("不合格")),
}
RUN_STATES = {Run.State.PROPOSED: "near", Run.State.DECIDED: "met", Run.State.REFUSED: "miss", Run.State.WITHDRAWN: "none"}
CHOICES: list[tuple[str, Label]] = [("", _("全部结果")), *((value, word) for value, (_state, word) in OUTCOMES.items())]


def lamp(state: str, word: Label) -> SafeString:
    """A light with a word of its own."""
    found = light(state, word)
    return format_html('<span class="light {}"><span aria-hidden="true">{}</span> {}</span>', found.tone, found.shape, found.word)


def outcome_lamp(outcome: str) -> SafeString:
    return lamp(*OUTCOMES[outcome])


RUNS: Table[Run] = Table(
    columns=(
        Column("title", _("项目"), lambda one: one.title, link=selectors.address, sort="title"),
        Column("org", _("单位"), lambda one: one.org.name, sort="org__name"),
        Column("period", _("期间"), lambda one: Period.parse(one.period).label(), sort="period"),
        Column("state", _("状态"), lambda one: lamp(RUN_STATES[Run.State(one.state)], one.get_state_display()), kind="html",
               export=lambda one: one.get_state_display(), sort="state"),
        Column("by", _("提出人"), lambda one: one.made_by_label, sort="made_by_label", minor=True),
        Column("made", _("提出时间"), lambda one: one.made, kind="date", sort="made", minor=True),
    ),
    filters=(
        Filter("state", _("状态"), lambda rows, value: rows.filter(state=value), choices=[("", _("全部状态")), *Run.State.choices]),
    ),
    search=lambda rows, words: rows.filter(title__icontains=words),
    search_label=_("项目"),
    default="-made",
    prefix="r-",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One application as the rules see it today."""

    proposal: Proposal
    org: str
    who: str
    url: str

    @property
    def pk(self) -> str:
        return self.proposal.applicant.row


def preview_table() -> Table[Line]:
    """Applications with what the rules give them and why."""
    return Table(
        columns=(
            Column("org", _("单位"), lambda one: one.org, sort=True),
            Column("who", _("申请人"), lambda one: one.who or gettext("（一组）"), link=lambda one: one.url, sort=True),
            Column("outcome", _("核算结果"), lambda one: outcome_lamp(one.proposal.outcome.value), kind="html",
                   export=lambda one: one.proposal.outcome.value),
            Column("tier", _("档次"), lambda one: one.proposal.tier),
            Column("persons", _("人数"), lambda one: one.proposal.persons, kind="number"),
            Column("amount", _("金额"), lambda one: one.proposal.amount, kind="number", unit=_("元")),
            Column("why", _("依据"), lambda one: "；".join(render(text) for text in reasons(one.proposal)) or gettext("各条都符合")),
        ),
        filters=(Filter("outcome", _("核算结果"), _of_outcome, choices=CHOICES),),
        prefix="a-",
    )  # fmt: skip


def _of_outcome(rows: Any, value: str) -> list[Line]:
    return [one for one in rows if one.proposal.outcome.value == value]


def awards_table(run: Run) -> Table[Award]:
    """The rows of a run; the name of each is read from its application."""
    pack = orgs.active_pack(run.place)
    aid = selectors.aid_of(pack, run.scheme)
    column = aid.person or "" if aid is not None else ""

    def who(one: Award) -> str:
        return selectors.names(pack, [one], column)[one.pk] or gettext("（一组）")

    columns: tuple[Column[Award], ...] = (
        Column("org", _("单位"), lambda one: one.org.name, sort="org__name"),
        Column("who", _("申请人"), who, link=_record),
        Column("outcome", _("核算结果"), _outcome, kind="html", export=lambda one: one.outcome, sort="outcome"),
        Column("tier", _("档次"), lambda one: one.tier, sort="tier"),
        Column("persons", _("人数"), lambda one: one.persons, kind="number", sort="persons"),
        Column("amount", _("金额"), lambda one: one.amount, kind="number", unit=_("元"), sort="amount"),
        Column("state", _("状态"), lambda one: one.get_state_display(), sort="state"),
        Column("account", _("账号"), lambda one: str(one.account), minor=True),
        Column("why", _("依据"), _why),
    )
    if run.state == Run.State.DECIDED:
        columns = (*columns, Column("stop", _("操作"), _stop, kind="actions"))
    filters = (Filter("outcome", _("核算结果"), lambda rows, value: rows.filter(outcome=value), choices=CHOICES),)
    return Table(columns, filters, default="org")


def _outcome(one: Award) -> SafeString:
    return outcome_lamp(one.outcome)


def _record(one: Award) -> str:
    place = one.run.place.slug
    return reverse("ledgers:record", kwargs={"place": place, "ledger": one.record.ledger, "pk": one.record_id})


def _why(one: Award) -> str:
    found = [render(text) for text in selectors.verdict_words(one)]
    return "；".join([*found, *([one.note] if one.note else [])]) or gettext("各条都符合")


def _stop(one: Award) -> SafeString | None:
    if one.state not in selectors.IN_FORCE:
        return None
    url = reverse("aid:stop", kwargs={"place": one.run.place.slug, "pk": one.pk})
    return format_html('<a href="{}">{}</a>', url, gettext("停发"))


@dataclass(frozen=True, slots=True)
class Reach:
    """One child of those who ought to be reached."""

    row: str
    org: str
    who: str
    kind: str
    reached: str
    url: str

    @property
    def pk(self) -> str:
        return self.row


REACHED = {"是": ("met", _("已受助")), "否": ("miss", _("未受助")), "未定": ("near", _("未定"))}


def reach_table() -> Table[Reach]:
    """Those who ought to be reached, the unreached first."""
    choices: list[tuple[str, Label]] = [("", _("全部")), *((value, word) for value, (_state, word) in REACHED.items())]
    return Table(
        columns=(
            Column("org", _("单位"), lambda one: one.org, sort=True),
            Column("who", _("学生"), lambda one: one.who, link=lambda one: one.url, sort=True),
            Column("kind", _("家庭类别"), lambda one: one.kind, sort=True),
            Column("reached", _("受助"), lambda one: lamp(*REACHED[one.reached]), kind="html", export=lambda one: one.reached),
        ),
        filters=(Filter("reached", _("受助"), lambda rows, value: [one for one in rows if one.reached == value], choices=choices),),
    )
