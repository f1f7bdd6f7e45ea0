"""Teaching: where the curriculum is short of what, each class's timetable, each teacher's load."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.base.orgs.selectors import active_pack_or_none, subtree_ids
from xingtan.apps.base.pupils import policies as pupil_policies
from xingtan.apps.base.pupils.grades import grades
from xingtan.apps.base.pupils.models import SchoolClass
from xingtan.apps.base.staff import codes, courses, policies, teaching, teaching_data, teaching_forms, teaching_tables
from xingtan.apps.base.staff.services import teaching as services
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.period import Period, PeriodError, PeriodKind
from xingtan.ui import policy
from xingtan.ui.forms import status
from xingtan.ui.issues import onto_form
from xingtan.ui.scope import chosen_org, place_of

from . import common

VIEW, MANAGE = policies.VIEW, pupil_policies.CLASSES


def overview(request: HttpRequest, place: str) -> HttpResponseBase:
    """All classes of a term: opened of required subjects, periods given of those required, and what is missing where."""
    here, term = place_of(request), _term(request)
    policies.employments.require(request.user, VIEW)
    rows = teaching.standings(here, term, _schools(request, here))
    bound = teaching_tables.classes(here, term).bind(request, rows)
    if bound.export:
        return bound.workbook(f"{_('课程开设')}{term.text}")
    stated = [row for row in rows if row.stated and row.held]
    facts = [
        (_("班级"), len(rows)), (_("已报任课表"), len([row for row in rows if row.stated])),
        (_("开齐的班"), len([row for row in stated if not row.missing])), (_("课时不足的班"), len([row for row in stated if row.short])),
    ]  # fmt: skip
    manage = policy.can(request.user, MANAGE)
    context = {"table": bound, "facts": facts, "manage": manage, "tabs": _tabs(request, "teaching", term), **_terms(request, here, term)}
    return render(request, "staff/teaching.html", context)


def loads(request: HttpRequest, place: str) -> HttpResponseBase:
    """Each teacher's periods a week, subjects, classes; what is taught outside the subject."""
    here, term = place_of(request), _term(request)
    policies.employments.require(request.user, VIEW)
    bound = teaching_tables.loads(here).bind(request, teaching.loads(here, term, _schools(request, here)))
    if bound.export:
        return common.taken(request, bound, f"{_('任课量')}{term.text}")
    context = {"table": bound, "tabs": _tabs(request, "loads", term), **_terms(request, here, term)}
    return render(request, "staff/loads.html", context)


def timetable(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """The grid of one class; who may manage classes at the school states it, others read it."""
    here, term = place_of(request), _term(request)
    row = get_object_or_404(SchoolClass.objects.select_related("school__place", "head"), pk=pk, school__place=here)
    may = policy.can_at(request.user, MANAGE, row.school_id)
    if not policy.can_at(request.user, VIEW, row.school_id) or (request.method == "POST" and not may):
        raise Http404(pk)
    form = _form(request, row, term)
    if request.method == "POST" and form.is_valid() and _stated(request, row, term, form):
        messages.success(request, _("已保存。"))
        return redirect(f"{request.path}?term={term.text}")
    standing = _standing(row, term)
    context = {
        "row": row,
        "form": form,
        "may": may,
        "standing": standing,
        "back": common.url(here, "teaching"),
        **_terms(request, here, term),
    }
    return render(request, "staff/timetable.html", context, status=status(form))


def _stated(request: HttpRequest, row: SchoolClass, term: Period, form: teaching_forms.TimetableForm) -> bool:
    """Whether the service took it; if not, the form says why."""
    seen = form.cleaned_data["seen"]
    try:
        services.timetable_set(school_class=row, term=term, lessons=form.lessons(), seen=seen, actor=request.actor)  # type: ignore[attr-defined]
    except XingtanError as refused:
        onto_form(form, refused.issues)
        return False
    return True


def _form(request: HttpRequest, row: SchoolClass, term: Period) -> teaching_forms.TimetableForm:
    lessons = list(services.lessons_of(row, term))
    pack = active_pack_or_none(row.school.place)
    plan, grade = teaching_data.plan_for(pack, grades(row.school.place), row.stage, row.entry_year, term) if pack else (None, 0)
    proposed = courses.needs(plan, grade) if plan else []
    teachers = {person.pk: person for person in services.teachers_at(row.school, term).order_by("initials", "pk")}
    teachers |= {one.teacher.pk: one.teacher for one in lessons if one.teacher is not None}
    return teaching_forms.TimetableForm(
        request.POST if request.method == "POST" else None, lines=teaching_forms.lines_of(lessons, proposed),
        subjects=codes.words(row.school.place, "subject"), teachers=teachers, seen=services.stamp(lessons),
    )  # fmt: skip


def _standing(row: SchoolClass, term: Period) -> teaching.Standing | None:
    found = teaching.standings(row.school.place, term, [row.school_id])
    return next((one for one in found if one.row.pk == row.pk), None)


def _term(request: HttpRequest) -> Period:
    """The term asked for, else the one of the period in scope, else the present one."""
    text = request.GET.get("term", "")
    try:
        found = Period.parse(text) if text else None
    except PeriodError:
        found = None
    if found is not None and found.kind is PeriodKind.TERM:
        return found
    scoped: Period | None = request.scope.period  # type: ignore[attr-defined]
    return scoped if scoped is not None and scoped.kind is PeriodKind.TERM else teaching.present_term()


def _schools(request: HttpRequest, here: Place) -> set[int]:
    """The organisations in scope at which the account may see staff."""
    org = chosen_org(request)
    orgs = Organisation.objects.filter(place=here).filter(policy.reach(policy.granted(request.user, VIEW), "pk"))
    orgs = orgs.filter(pk__in=subtree_ids(org)) if org is not None else orgs
    return set(orgs.values_list("pk", flat=True))


def _terms(request: HttpRequest, here: Place, term: Period) -> dict[str, Any]:
    known = teaching.terms_known(here)
    return {"term": term, "terms": known if term in known else [term, *known], "kept": [("org", request.GET.get("org", ""))]}


def _tabs(request: HttpRequest, present: str, term: Period) -> list[tuple[Any, str, bool]]:
    here, org = place_of(request), request.GET.get("org", "")
    more = f"?term={term.text}" + (f"&org={org}" if org else "")
    pages = (("teaching", gettext_lazy("课程开设")), ("loads", gettext_lazy("任课量")))
    return [(label, common.url(here, name) + more, name == present) for name, label in pages]
