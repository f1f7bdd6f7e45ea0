"""Classes: the list with sizes, one class with its pupils, opening, changing and closing."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xingtan.apps.base.orgs.models import Organisation
from xingtan.apps.base.people.models import Person, Post
from xingtan.apps.base.pupils import policies
from xingtan.apps.base.pupils.forms import EndForm
from xingtan.apps.base.pupils.forms_more import ClassEditForm, ClassForm
from xingtan.apps.base.pupils.models import Enrolment, SchoolClass
from xingtan.apps.base.pupils.rules import rules
from xingtan.apps.base.pupils.services import class_change, class_close, class_open
from xingtan.ui.scope import chosen_org, place_of
from xingtan.ui.tables import Column, Filter, Table

from . import common


def classes(request: HttpRequest, place: str) -> HttpResponseBase:
    """The classes that there are today, with how many pupils each has."""
    policies.classes.require(request.user, policies.VIEW)
    here, law, today = place_of(request), rules(place_of(request)), timezone.localdate()
    rows = policies.classes.visible(request.user, policies.VIEW, SchoolClass.objects.on(today).filter(school__place=here))
    org = chosen_org(request)
    if org is not None:
        rows = rows.filter(school__in=list(policies.overseen(org)))
    size = Count("enrolments", filter=Q(enrolments__valid_from__lte=today, enrolments__valid_to__gt=today))
    bound = _table(law, here).bind(request, rows.select_related("school", "head").annotate(size=size))
    if bound.export:
        return bound.workbook(str(_("班级名册")))
    manage = policies.classes.can(request.user, policies.CLASSES)
    return render(request, "pupils/classes.html", {"table": bound, "manage": manage})


def _table(law: Any, place: Any) -> Table[SchoolClass]:
    large, huge = law.number("large_class"), law.number("huge_class")

    def band(row: SchoolClass) -> str:
        size = row.size  # type: ignore[attr-defined]
        if huge is not None and size >= huge:
            return _("超大班额")
        return _("大班额") if large is not None and size >= large else "—"

    def title(row: SchoolClass) -> str:
        return common.class_title(row, law.grades)

    def link(row: SchoolClass) -> str:
        return common.url(place, "class", pk=row.pk)

    columns = _columns(title, band, link)
    return Table(columns, _filters(law, large, huge), default="school")


def _columns(title: Any, band: Any, link: Any) -> tuple[Column[SchoolClass], ...]:
    return (
        Column[SchoolClass]("title", gettext_lazy("班级"), title, link=link),
        Column[SchoolClass]("school", gettext_lazy("学校"), lambda row: row.school.name, sort="school__code"),
        Column[SchoolClass]("stage", gettext_lazy("学段"), lambda row: row.stage, sort="stage"),
        Column[SchoolClass]("entry", gettext_lazy("入学年份"), lambda row: str(row.entry_year), sort="entry_year", minor=True),
        Column[SchoolClass]("size", gettext_lazy("人数"), lambda row: row.size, kind="number", unit=gettext_lazy("人"), sort="size"),  # type: ignore[attr-defined]
        Column[SchoolClass]("band", gettext_lazy("班额"), band),
        Column[SchoolClass]("head", gettext_lazy("班主任"), lambda row: row.head.name if row.head else "—", minor=True),
    )


def _filters(law: Any, large: int | None, huge: int | None) -> tuple[Filter, ...]:
    stages = [("", str(_("全部学段"))), *((stage, stage) for stage in law.grades.years)]
    lines = [("", str(_("全部班额")))] + [(str(n), str(_("%(n)s 人以上") % {"n": n})) for n in (large, huge) if n]
    return Filter("stage", gettext_lazy("学段"), _stage, choices=stages), Filter("size", gettext_lazy("班额"), _size, choices=lines)


def _stage(rows: QuerySet[SchoolClass], value: str) -> QuerySet[SchoolClass]:
    return rows.filter(stage=value)


def _size(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(size__gte=int(value))


def school_class(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """One class: what it is and who is in it today."""
    row = _class(request, policies.VIEW, pk)
    law, today = rules(place_of(request)), timezone.localdate()
    pupils = Enrolment.objects.on(today).filter(school_class=row).select_related("pupil__person").order_by("pupil__person__initials", "pk")
    girls = sum(one.pupil.person.sex == "女" for one in pupils)
    facts = [
        (_("学校"), row.school.name),
        (_("学段"), row.stage),
        (_("入学年份"), str(row.entry_year)),
        (_("班主任"), row.head.name if row.head else _("未定")),
        (_("人数"), len(pupils)),
        (_("女生"), girls),
        (_("开班日期"), row.valid_from),
    ]
    taught = SchoolClass.objects.filter(school=row.school_id, stage=row.stage, entry_year=row.entry_year, valid_from__lt=F("valid_to"))
    context = {
        "row": row,
        "title": common.class_title(row, law.grades),
        "facts": facts,
        "pupils": pupils,
        "siblings": taught.exclude(pk=row.pk).count(),
        "manage": policies.classes.can_on(request.user, policies.CLASSES, row),
    }
    return render(request, "pupils/class.html", context)


def _class(request: HttpRequest, action: str, pk: int) -> SchoolClass:
    seen = policies.classes.visible(request.user, action, SchoolClass.objects.filter(school__place=place_of(request)))
    return get_object_or_404(seen.select_related("school__place", "head"), pk=pk)


def _heads(schools: list[int]) -> list[tuple[str, str]]:
    """Persons who hold a post at the schools today."""
    posts = Post.objects.on(timezone.localdate()).filter(org__in=schools).values("person")
    return [(str(pk), name) for pk, name in Person.objects.filter(pk__in=posts).order_by("initials", "pk").values_list("pk", "name")]


def _head(text: str) -> Person | None:
    return Person.objects.filter(pk=int(text)).first() if text.isdigit() else None


def class_new(request: HttpRequest, place: str) -> HttpResponseBase:
    """Open a class."""
    policies.classes.require(request.user, policies.CLASSES)
    here, law = place_of(request), rules(place_of(request))
    found: dict[str, Organisation] = common.schools(request, policies.CLASSES)
    year = law.grades.year_of(timezone.localdate())
    form = ClassForm(
        request.POST or None, initial={"entry_year": year, "day": law.grades.first_day(year)}, schools=common.named(found),
        stages=common.stages(found, law.grades), heads=_heads([row.pk for row in found.values()]),
    )  # fmt: skip

    def save() -> SchoolClass:
        data = form.cleaned_data
        about = {name: data[name] for name in ("stage", "entry_year", "number", "day", "title")}
        return class_open(school=found[data["school"]], head=_head(data["head"]), actor=request.actor, **about)  # type: ignore[attr-defined]

    made = common.attempt(request, form, save)
    if made is not None:
        return common.to(here, "class", pk=made.pk)
    return common.page(request, form, _("开设班级"), common.url(here, "classes"))


def class_edit(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """Change a class's name, number or head."""
    row = _class(request, policies.CLASSES, pk)
    start = {"number": row.number, "title": row.title, "head": str(row.head_id or ""), "version": row.version}
    form = ClassEditForm(request.POST or None, heads=_heads([row.school_id]), initial=start)

    def save() -> SchoolClass:
        data = form.cleaned_data
        return class_change(
            school_class=row,
            version=data["version"],
            title=data["title"],
            number=data["number"],
            head=_head(data["head"]),
            actor=request.actor,  # type: ignore[attr-defined]
        )

    if common.attempt(request, form, save) is not None:
        return common.to(place_of(request), "class", pk=row.pk)
    return common.page(request, form, _("修改班级"), common.url(place_of(request), "class", pk=row.pk))


def class_end(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """Close a class."""
    row = _class(request, policies.CLASSES, pk)
    form = EndForm(request.POST or None, initial={"day": timezone.localdate()})

    def save() -> SchoolClass:
        data = form.cleaned_data
        return class_close(school_class=row, version=row.version, day=data["day"], reason=data["reason"], actor=request.actor)  # type: ignore[attr-defined]

    if common.attempt(request, form, save) is not None:
        return common.to(place_of(request), "classes")
    return common.page(request, form, _("撤销班级"), common.url(place_of(request), "class", pk=row.pk))
