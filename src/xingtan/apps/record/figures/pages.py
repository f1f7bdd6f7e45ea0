"""Everything a figure's provenance page says, gathered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from xingtan.apps.base.orgs.models import Organisation
from xingtan.engine.indicators.spec import IndicatorSpec
from xingtan.kernel.text import T, Text
from xingtan.ui.named import said
from xingtan.ui.text import render

from . import selectors
from .asking import TODAY, Asked
from .explaining import Reading, missing_names
from .policies import POLICY, VIEW, sees_snapshots
from .selectors import Line
from .store import Book, book

Fact = tuple[Any, Any] | tuple[Any, Any, str]
# Who uses a figure: apps above register, so that a figure's page can tell where it was printed.
# (account, place, indicator, org, period) → (label, address), only what the account may see.
Used = Callable[[Any, Any, str, str, str], Sequence[tuple[str, str]]]
USERS: list[Used] = []


@dataclass(frozen=True, slots=True)
class Provenance:
    """One figure with its history, its parts below and the facts about where it comes from."""

    indicator: IndicatorSpec
    trend: tuple[Reading, ...]
    below: list[Line]
    hidden: int  # organisations below that the reader may not see
    facts: list[Fact]
    groups: list[tuple[str, Reading]]
    tabs: list[tuple[str, str, bool]]
    group: str
    pending: bool
    reasons: tuple[Text, ...]
    rows_url: str
    used: list[tuple[str, str]]

    @property
    def now(self) -> Reading:
        return replace(self.trend[-1], pending=self.pending)


def provenance(here: Asked, indicator: str, snapshot: str, group: str, reader: Any) -> Provenance:
    """Gather the page of one figure, as `reader` may see it. Raises XingtanError for an unknown indicator, snapshot or group."""
    shelf = book(here.place, snapshot, retold=here.retold, reader=reader)
    shelf.require(here.org.code)
    spec = selectors.indicator_of(shelf, indicator)
    part = selectors.group_of(spec, group)
    shown = part if part.value else selectors.WHOLE
    series = selectors.trend(shelf, spec, here.org, here.period, shown)
    rows = selectors.address(
        here.place.slug, spec.id, here.org.code, here.period.text, view="figures:rows", group=str(shown), **selectors.told(shelf)
    )
    codes, hidden = _below(here, shelf)
    return Provenance(
        spec,
        series,
        selectors.below(shelf, spec, codes, here.period, shown),
        hidden,
        facts(here, shelf, spec, series[-1], rows),
        selectors.groups(shelf, spec, here.org, here.period, part.by) if part.by else [],
        _tabs(here, shelf, spec, part.by) if spec.by else [],
        shown.value,
        shelf.pending,
        series[-1].figure.reasons,
        rows,
        used(here, spec.id),
    )


def _below(here: Asked, shelf: Book) -> tuple[list[str], int]:
    """The organisations directly below that the reader may see, and how many he may not."""
    codes = [one.code for one in shelf.tree.children(here.org.code, shelf.day(here.period))]
    there = Organisation.objects.filter(place=here.place, code__in=codes)
    may = set(POLICY.visible(here.account, VIEW, there).values_list("code", flat=True))
    return [code for code in codes if code in may], len(codes) - len(may)


def _tabs(here: Asked, shelf: Book, spec: IndicatorSpec, by: str) -> list[tuple[str, str, bool]]:
    """The whole, and each field by which the figure may be broken down."""
    query = selectors.address(here.place.slug, spec.id, here.org.code, here.period.text, **selectors.told(shelf))
    return [(_("合计"), query, not by), *((_by_title(shelf, name), f"{query}&group={name}", name == by) for name in spec.by)]


def trees(here: Asked, page: Provenance, snapshot: str) -> list[tuple[str, str, bool]]:
    """The two readings of the history: each period in the tree of its day, or all of them in today's."""
    here_is = (here.place.slug, page.indicator.id, here.org.code, here.period.text)
    return [
        (_("按当时的机构"), selectors.address(*here_is, snapshot=snapshot), not here.retold),
        (_("按今天的机构重述"), selectors.address(*here_is, snapshot=snapshot, recast=TODAY), here.retold),
    ]


def facts(here: Asked, shelf: Book, spec: IndicatorSpec, now: Reading, rows_url: str) -> list[Fact]:
    """The panel “where this number comes from”, line by line."""
    figure, manifest = now.figure, shelf.snapshot.manifest
    names = {code: shelf.tree.name(code, here.period.end) for code in figure.missing}
    lines: list[Fact] = [(_("公式"), selectors.formula_in_words(shelf, spec)), (_("写法"), spec.formula)]
    if now.numerator is not None and now.denominator is not None:
        lines += [(_("分子"), now.numerator, rows_url), (_("分母"), now.denominator, rows_url)]
    lines.append((_("来源行"), _("%(n)s 行") % {"n": figure.rows}, rows_url))
    lines += _tree(shelf)
    missing = missing_names(figure, names)
    lines.append((_("缺报"), missing if missing is not None else _("无")))
    if figure.doubts:
        lines.append((_("存疑"), _("；").join(figure.doubts)))
    lines += [(_("假定"), assumption) for assumption in figure.assumptions]
    lines += _basis(shelf, spec)
    lines.append((_("规则包"), _("%(id)s %(version)s（%(hash)s）") % _pack(shelf), _pack_url(here)))
    frozen = _("已封存") if manifest.name else _("工作快照，未封存")
    title = _("%(id)s · %(created)s · %(frozen)s") % {
        "id": manifest.name or shelf.snapshot.version[:8],
        "created": _when(manifest),
        "frozen": frozen,
    }
    lines.append((_("快照"), title, reverse("figures:snapshots", kwargs={"place": shelf.place.slug}) if sees_snapshots(here) else ""))
    return lines


def _tree(shelf: Book) -> list[Fact]:
    """In whose tree the past is told, when it is not its own."""
    if shelf.recast is None:
        return []
    told = _("按 %(day)s 的机构重述：已撤并单位的数并入承接单位，分立的按登记的份额分给各单位")
    return [(_("机构口径"), told % {"day": render(shelf.recast)})]


def _pack_url(here: Asked) -> str:
    return reverse("desk:pack", kwargs={"place": here.place.slug}) if POLICY.can_on(here.account, "pack.view", here.org) else ""


def _basis(shelf: Book, spec: IndicatorSpec) -> list[Fact]:
    """The norm or document the figure's meaning rests on, since when it has been in force, and what has to be known about it."""
    stated = shelf.pack.indicators[spec.id].basis
    if stated is None:
        return [(_("依据"), _sources(shelf))]
    document = said(stated.words())
    dated = T("%(document)s（%(era)s）", document=document, era=stated.era) if stated.era else document
    return [(_("依据"), dated), *([(_("依据说明"), said(stated.note))] if stated.note else [])]


def _sources(shelf: Book) -> str:
    """The documents the whole pack was written from, where an indicator names none of its own."""
    named = _("；").join(source.words() for source in shelf.pack.sources)
    return _("指标未单独写明；规则包依据%(sources)s") % {"sources": named} if named else _("规则包未写明文件依据")


def _pack(shelf: Book) -> dict[str, str]:
    return {"id": shelf.pack.id, "version": shelf.pack.version, "hash": shelf.pack.hash[:8]}


def _when(manifest: Any) -> str:
    from datetime import datetime

    return render(datetime.fromisoformat(manifest.created)) if manifest.created else ""


def _by_title(shelf: Book, name: str) -> str:
    return _("按%(title)s分") % {"title": selectors.title_of(shelf, name)}


def used(here: Asked, indicator: str) -> list[tuple[str, str]]:
    """Where the figure was printed, as far as the reader may see it."""
    return [one for user in USERS for one in user(here.account, here.place, indicator, here.org.code, here.period.text)]
