"""The list of pupils and of what was done; taking a list out as a file."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.pupils import policies, selectors
from xingtan.apps.base.pupils.batching import TITLES
from xingtan.apps.base.pupils.bulk import ROSTER
from xingtan.apps.base.pupils.models import Act, Enrolment
from xingtan.apps.base.pupils.rules import Rules, rules
from xingtan.ui import exports
from xingtan.ui.scope import chosen_org, place_of
from xingtan.ui.tables import Column, Filter, Table
from xingtan.ui.text import render as words

from . import common

Row = Enrolment
HERE, LEFT = "here", "left"


def pupils(request: HttpRequest, place: str) -> HttpResponseBase:
    """Who is on the roll of the organisation in scope today; or who was, and left."""
    policies.spells.require(request.user, policies.VIEW)
    here, law = place_of(request), rules(place_of(request))
    rows = policies.spells.visible(request.user, policies.VIEW, Enrolment.objects.filter(place=here))
    org = chosen_org(request)
    if org is not None:
        rows = rows.filter(school__in=list(policies.overseen(org)))
    rows = _left(rows) if request.GET.get("roll") == LEFT else rows.on(timezone.localdate())  # type: ignore[attr-defined]
    bound = _table(here, law).bind(request, rows.select_related("pupil__person", "school", "school_class").order_by("pk"))
    if bound.export:
        return exports.personal(request, bound, exports.Personal(str(_("学生名册")), "pupils", policies.EXPORT, org or here.root))
    manage = policies.spells.can(request.user, policies.MANAGE)
    return render(request, "pupils/list.html", {"table": bound, "manage": manage, "tabs": common.tabs(request)})


def _left(rows: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Spells that are over, of which the pupil's school was the last to see him."""
    return rows.filter(valid_to__lte=timezone.localdate(), valid_from__lt=F("valid_to"))


def _equal(path: str, rows: QuerySet[Enrolment], value: str) -> QuerySet[Enrolment]:
    return rows.filter(**{path: value})


def _grade(rows: QuerySet[Enrolment], value: str) -> QuerySet[Enrolment]:
    stage, _bar, grade = value.partition("|")
    return rows.filter(stage=stage, grade=int(grade))


def _temporary(rows: QuerySet[Enrolment], value: str) -> QuerySet[Enrolment]:
    return rows.filter(pupil__temporary=value == "1")


def _boarding(rows: QuerySet[Enrolment], value: str) -> QuerySet[Enrolment]:
    return rows.filter(boarding=value == "1")


def _table(place: Place, law: Rules) -> Table[Row]:
    def grade(row: Row) -> str:
        return law.grades.word(row.stage, row.grade)

    def school_class(row: Row) -> str:
        return common.class_title(row.school_class, law.grades) if row.school_class else "—"

    link = partial(_link, place)
    columns = (
        Column[Row]("name", gettext_lazy("姓名"), lambda row: row.pupil.person.name, sort="pupil__person__initials", link=link),
        Column[Row]("number", gettext_lazy("学籍号"), lambda row: row.pupil.number, sort="pupil__number", minor=True),
        Column[Row]("sex", gettext_lazy("性别"), lambda row: row.pupil.person.sex or None),
        Column[Row]("school", gettext_lazy("学校"), lambda row: row.school.name, sort="school__code"),
        Column[Row]("grade", gettext_lazy("年级"), grade),
        Column[Row]("class", gettext_lazy("班级"), school_class, minor=True),
        Column[Row]("status", gettext_lazy("状态"), lambda row: row.get_status_display()),
        Column[Row]("boarding", gettext_lazy("住校"), lambda row: _yes(row.boarding), minor=True),
        Column[Row]("since", gettext_lazy("自"), lambda row: row.valid_from, kind="date", sort="valid_from", minor=True),
    )
    search = partial(_search, place)
    return Table(columns, _filters(place, law), search, gettext_lazy("姓名、拼音首字母、学籍号、证件号或电话"))


def _search(place: Place, rows: QuerySet[Enrolment], text: str) -> QuerySet[Enrolment]:
    return selectors.matching(rows, place, text)


def _filters(place: Place, law: Rules) -> tuple[Filter, ...]:
    everything = ("", str(_("全部")))
    grades = [(f"{stage}|{grade}", f"{stage} {law.grades.word(stage, grade)}") for stage, grade in law.grades.all()]
    stages = [(stage, stage) for stage in law.grades.years]
    sexes = [("男", _("男")), ("女", _("女"))]
    marks = [(one, one) for one in law.open_words("flag")]
    lived = [(one, one) for one in law.words("residence")]
    yes_no = [("1", _("是")), ("0", _("否"))]
    return (
        Filter("roll", gettext_lazy("学籍"), lambda rows, _value: rows, choices=[(HERE, _("现在在籍")), (LEFT, _("已离校或变动前"))]),
        Filter("stage", gettext_lazy("学段"), partial(_equal, "stage"), choices=[everything, *stages]),
        Filter("grade", gettext_lazy("年级"), _grade, choices=[everything, *grades]),
        Filter("sex", gettext_lazy("性别"), partial(_equal, "pupil__person__sex"), choices=[everything, *sexes]),
        Filter("status", gettext_lazy("状态"), partial(_equal, "status"), choices=[everything, *Enrolment.Status.choices]),
        Filter("boarding", gettext_lazy("住校"), _boarding, choices=[everything, *yes_no]),
        Filter("residence", gettext_lazy("城乡"), partial(_equal, "residence"), choices=[everything, *lived]),
        Filter("flag", gettext_lazy("关爱标记"), partial(_flagged, place), choices=[everything, *marks]),
        Filter("temporary", gettext_lazy("临时号"), _temporary, choices=[everything, *yes_no]),
    )


def _flagged(place: Place, rows: QuerySet[Enrolment], kind: str) -> QuerySet[Enrolment]:
    return selectors.flagged(rows, place, kind)


def _yes(value: bool | None) -> str:
    if value is None:
        return "—"
    return str(_("是")) if value else str(_("否"))


def _link(place: Place, row: Row) -> str:
    return common.url(place, "pupil", pk=row.pupil_id)


def acts(request: HttpRequest, place: str) -> HttpResponseBase:
    """What was done to enrolment at the schools in scope, the latest first."""
    policies.acts.require(request.user, policies.VIEW)
    here = place_of(request)
    rows = policies.acts.visible(request.user, policies.VIEW, Act.objects.filter(place=here)).select_related("school")
    org = chosen_org(request)
    if org is not None:
        rows = rows.filter(school__in=list(policies.overseen(org)))
    columns = (
        Column[Act]("kind", gettext_lazy("事项"), act_title, link=lambda row: common.url(here, "act", pk=row.pk)),
        Column[Act]("day", gettext_lazy("生效日期"), lambda row: row.day, kind="date", sort="day"),
        Column[Act]("school", gettext_lazy("学校"), lambda row: row.school.name if row.school else "—"),
        Column[Act]("actor", gettext_lazy("经办人"), lambda row: row.actor_label, minor=True),
        Column[Act]("created", gettext_lazy("办理时间"), lambda row: row.created, kind="date", sort="created", minor=True),
        Column[Act]("state", gettext_lazy("状态"), lambda row: _("已撤回") if row.undone else _("有效")),
    )
    kinds = [("", str(_("全部"))), *((value, label) for value, label in _kinds())]
    bound = Table(columns, (Filter("kind", gettext_lazy("事项"), partial(_kind), choices=kinds),)).bind(request, rows.order_by("-pk"))
    return render(request, "pupils/acts.html", {"table": bound, "tabs": common.tabs(request)})


def _kind(rows: QuerySet[Act], value: str) -> QuerySet[Act]:
    return rows.filter(kind=value)


def _kinds() -> list[tuple[str, Any]]:
    from xingtan.apps.base.pupils.models import Movement

    return [*Movement.Kind.choices, ("转学", _("转学")), *((kind, words(title)) for kind, title in TITLES.items())]


def act_title(act: Act) -> str:
    """What an act is called."""
    if act.kind in {"rehome", ROSTER}:
        return str(_("随学校合并") if act.kind == "rehome" else _("导入名册"))
    return words(TITLES[act.kind]) if act.kind in TITLES else str(_(act.kind))
