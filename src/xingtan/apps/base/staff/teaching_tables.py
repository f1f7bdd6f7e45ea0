"""The lists of teaching: classes with what they lack, teachers with what they teach."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from xingtan.apps.base.orgs.models import Place
from xingtan.kernel.period import Period
from xingtan.ui.tables import Column, Filter, Table
from xingtan.ui.templatetags.xingtan import light

from .teaching import Load, Standing
from .teaching_forms import plain


def words() -> dict[str, str]:
    """What the lights of a class mean."""
    return {"met": _("开齐开足"), "near": _("课时不足"), "miss": _("缺课程"), "none": _("未报")}


def classes(place: Place, term: Period) -> Table[Standing]:
    """Classes of a term."""
    said = words()

    def link(row: Standing) -> str:
        return f"{reverse('staff:timetable', kwargs={'place': place.slug, 'pk': row.row.pk})}?term={term.text}"

    columns = (
        Column[Standing]("school", _("学校"), lambda r: r.row.school.name, sort=True),
        Column[Standing]("name", _("班级"), lambda r: r.name, sort=True, link=link),
        Column[Standing]("stage", _("学段"), lambda r: r.row.stage, sort=True, minor=True),
        Column[Standing]("state", _("状态"), lambda r: light(r.state, said[r.state]), kind="html", export=lambda r: said[r.state]),
        Column[Standing]("opened", _("已开科目"), lambda r: r.opened if r.stated else None, kind="number", sort=True),
        Column[Standing]("needed", _("应开科目"), lambda r: len(r.held), kind="number", minor=True),
        Column[Standing]("missing", _("未开的科目"), lambda r: "、".join(r.missing) or None),
        Column[Standing]("short", _("课时不足的科目"), _short),
        Column[Standing]("total", _("周总课时"), lambda r: plain(r.total) if r.stated else None, kind="number", sort=True, minor=True),
        Column[Standing]("week", _("应开周总课时"), lambda r: r.week, kind="number", minor=True),
    )
    states = [("", _("全部")), *((name, said[name]) for name in ("miss", "near", "none", "met"))]
    by_state = Filter("state", _("状态"), lambda rows, value: [row for row in rows if row.state == value], choices=states)
    return Table(columns, (by_state,), key=lambda row: str(row.row.pk))


def loads(place: Place) -> Table[Load]:
    """Teachers of a term."""

    def link(row: Load) -> str:
        return reverse("staff:file", kwargs={"place": place.slug, "pk": row.person.pk})

    columns = (
        Column[Load]("name", _("姓名"), lambda r: r.person.name, sort=True, link=link),
        Column[Load]("schools", _("学校"), lambda r: "、".join(r.schools), sort=True),
        Column[Load]("subjects", _("任教学科"), lambda r: "、".join(r.subjects)),
        Column[Load]("periods", _("周课时"), lambda r: plain(r.periods), kind="number", sort=True),
        Column[Load]("outside", _("非本学科任教"), lambda r: "、".join(r.outside) or None),
        Column[Load]("classes", _("班级"), _classes, minor=True),
    )
    choices = [("", _("全部")), ("outside", _("非本学科任教"))]
    by_kind = Filter("kind", _("任课"), lambda rows, _value: [row for row in rows if row.outside], choices=choices)
    return Table(columns, (by_kind,), default="name", key=lambda row: str(row.person.pk))


def _short(row: Standing) -> str | None:
    return "、".join(_("%(subject)s少%(periods)s节") % {"subject": name, "periods": f"{n.normalize():f}"} for name, n in row.short) or None


def _classes(load: Load) -> str:
    return "；".join(f"{name}{subject} {periods.normalize():f}" for name, subject, periods, _off in load.lines)
