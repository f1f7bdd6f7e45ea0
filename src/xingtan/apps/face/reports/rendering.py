"""One report, filled and framed: from a pack's template, or as it was kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.record.figures.selectors import address
from xingtan.apps.record.figures.store import Book
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.period import Period
from xingtan.kernel.text import T
from xingtan.pack.schema.report import Report as Template
from xingtan.press.document import Document

from .composing import Frame, Printed, compose
from .hant import Converter
from .models import Report
from .template import Filled, Use, fill
from .world import BookWorld

OFFICIAL = "zh-hans"  # a document is written in the language of the office, whatever language its reader's pages are in
_PLACE = re.compile(r"\{\{\s*([a-z_.]+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A filled template with its figures and its frame."""

    frame: Frame
    filled: Filled
    printed: Mapping[Use, Printed]
    world: BookWorld


def template_of(shelf: Book, name: str) -> Template:
    """The pack's template of that id. Raises XingtanError (`report.unknown`) naming those there are."""
    found = shelf.pack.reports.get(name)
    if found is None:
        known = "、".join(f"{key}（{one.title}）" for key, one in shelf.pack.reports.items())
        message = T("规则包 %(pack)s 里没有报告模板 %(name)s", pack=shelf.pack.id, name=name)
        raise XingtanError.one("report.unknown", message, T("可用的模板：%(known)s", known=known or "—"))
    return found


def render(shelf: Book, template: Template, org: Organisation, period: str, base_url: str = "") -> Rendered:
    """Fill a template for an organisation and period."""
    fitting(template, period)
    with override(OFFICIAL):
        world = BookWorld(shelf, org, base_url)
        filled = fill(template.body, world, org.code, period)
        printed = {use: world.printed(use) for use in filled.uses}
        return Rendered(frame_of(template, world, org, period), filled, printed, world)


def fits(template: Template, period: Period) -> bool:
    """Whether a template is written for periods of this kind. A nominal year is a year."""
    kind = "year" if period.is_nominal else str(period.kind)
    return template.period in {"any", kind}


def fitting(template: Template, period: str) -> None:
    """Raise XingtanError (`report.period`) for a period that the template is not written for: every number would be missing."""
    if not fits(template, Period.parse(period)):
        kinds = {"year": T("年度"), "half_year": T("半年"), "quarter": T("季度"), "month": T("月"), "week": T("周")}
        asked = {**kinds, "school_year": T("学年"), "term": T("学期")}[template.period]
        message = T("模板“%(title)s”按%(asked)s写，不能用于 %(period)s", title=template.title, asked=asked, period=period)
        raise XingtanError.one("report.period", message, T("换一个期间，或换一个模板"))


def frame_of(template: Template, world: BookWorld, org: Organisation, period: str) -> Frame:
    """The frame a template asks for, its few names filled in."""
    name = world.org_name(org.code, period)
    names = {"period": world.period_label(period), "org.name": name, "place.name": world.org_name(world.root, period)}

    def said(text: str) -> str:
        return _PLACE.sub(lambda match: names.get(match[1], match[0]), text)

    document = template.document
    return Frame(
        title=said(template.heading or template.title),
        issuer=said(document.issuer) or name,
        number=said(document.number),
        addressee=said(document.addressee),
        date=said(document.date),
        copy_to=tuple(said(one) for one in document.copy_to),
        form=document.form,
        sources=(sources(world.shelf),),
    )


def sources(shelf: Book) -> str:
    """Where all numbers of a document come from, in one sentence."""
    manifest = shelf.snapshot.manifest
    return _("文中数字由杏坛按规则包 %(pack)s %(version)s 计算，数据快照 %(snapshot)s（校验码 %(seal)s）。") % {
        "pack": shelf.pack.id,
        "version": shelf.pack.version,
        "snapshot": manifest.name or _("工作快照"),
        "seal": shelf.snapshot.version[:12],
    }


def document(rendered: Rendered, language: str = "zh-Hans") -> Document:
    """The document in a language; zh-Hant is converted with names protected."""
    with override(OFFICIAL):
        made = compose(rendered.frame, rendered.filled, rendered.printed)
    return in_language(made, language, rendered.world.place)


def in_language(made: Document, language: str, place: Place) -> Document:
    if language.casefold() != "zh-hant":
        return made
    return Converter(Organisation.objects.filter(place=place).values_list("name", flat=True)).document(made)


def kept(report: Report, base_url: str = "") -> Document:
    """A stored report as a document: with the numbers it was printed with, whatever the ledgers say today."""
    printed = dict(_printed(report, base_url))
    with override(OFFICIAL):
        return compose(_kept_frame(report), Filled(report.body, list(printed)), printed)


def _printed(report: Report, base_url: str) -> Iterator[tuple[Use, Printed]]:
    named = report.snapshot if report.state != Report.State.DRAFT else ""
    for row in report.figures.all():
        form: Any = row.form
        link = base_url + address(report.place.slug, row.indicator, row.org, row.period, snapshot=named)
        yield Use(row.indicator, row.org, row.period, form), Printed(row.title, row.text, row.mark, link, tuple(row.remarks))


def _kept_frame(report: Report) -> Frame:
    states: dict[str, str] = {"draft": _("（草稿，数字随台账变动）"), "withdrawn": _("（已废止）")}
    form: Any = report.form
    return Frame(
        title=report.title,
        issuer=report.issuer,
        number=report.number,
        addressee=report.addressee,
        date=report.date,
        copy_to=tuple(one for one in report.copy_to.split("；") if one),
        form=form,
        draft=states.get(report.state, ""),
        sources=(_kept_sources(report),),
    )


def _kept_sources(report: Report) -> str:
    return _("文中数字由杏坛按规则包 %(version)s（%(hash)s）计算，数据快照 %(snapshot)s。") % {
        "version": report.pack_version,
        "hash": report.pack_hash[:12],
        "snapshot": report.snapshot[:24],
    }
