"""What the pages of pupils share: the place, the schools and classes an account may act for, tabs, saving a form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.base.pupils import policies
from xingtan.apps.base.pupils.grades import Grades, grades
from xingtan.apps.base.pupils.history import class_word
from xingtan.apps.base.pupils.models import Pupil, SchoolClass
from xingtan.kernel.errors import XingtanError
from xingtan.ui import policy
from xingtan.ui.downloads import download
from xingtan.ui.forms import status
from xingtan.ui.issues import onto_form
from xingtan.ui.scope import chosen_org, place_of
from xingtan.ui.text import render as render_text

TABS = (
    ("pupils:pupils", gettext_lazy("名册"), policies.VIEW),
    ("pupils:transfers", gettext_lazy("转学"), policies.TRANSFER),
    ("pupils:batches", gettext_lazy("批量办理"), policies.MANAGE),
    ("pupils:acts", gettext_lazy("办理记录"), policies.VIEW),
    ("pupils:duplicates", gettext_lazy("疑似重复"), policies.MANAGE),
)
CHILD_TABS = (
    ("pupils:children", gettext_lazy("适龄儿童名册"), policies.VIEW),
    ("pupils:missing", gettext_lazy("谁不在校"), policies.VIEW),
    ("pupils:sweeps", gettext_lazy("控辍保学排查"), policies.VIEW),
)


def url(place: Place, name: str, **more: Any) -> str:
    return reverse(f"pupils:{name}", kwargs={"place": place.slug, **more})


def tabs(request: HttpRequest, which: Iterable[tuple[str, Any, str]] = TABS) -> list[tuple[Any, str, bool]]:
    """The tabs that the reader may use, the present one marked."""
    from xingtan.ui.scope import query

    match, place = request.resolver_match, place_of(request)
    tail = query(request.scope)  # type: ignore[attr-defined]
    return [
        (label, reverse(name, kwargs={"place": place.slug}) + tail, match is not None and match.view_name == name)
        for name, label, action in which
        if policy.can(request.user, action)
    ]


def pupil_of(request: HttpRequest, action: str, pk: int) -> Pupil:
    """A pupil of this place on whom the account may do `action`; 404 for anybody else."""
    seen = policies.pupils.visible(request.user, action, Pupil.objects.filter(place=place_of(request)))
    return get_object_or_404(seen.select_related("place", "person", "merged_into"), pk=pk)


def schools(request: HttpRequest, action: str, day: date | None = None) -> dict[str, Organisation]:
    """Open schools of this place at which the account may do `action`, by code; narrowed to the organisation chosen on top."""
    law = grades(place_of(request))
    kinds = [kind for kind, stages in law.taught.items() if stages]
    rows = Organisation.objects.filter(place=place_of(request), closed=None, kind__in=kinds)
    rows = rows.filter(policy.among(policy.granted(request.user, action), "pk"))
    org = chosen_org(request)
    if org is not None:
        rows = rows.filter(pk__in=policies.overseen(org))
    return {row.code: row for row in rows.select_related("place").order_by("code")}


def all_schools(place: Place) -> dict[str, Organisation]:
    """Every open school of the place: where somebody can be transferred to."""
    kinds = [kind for kind, stages in grades(place).taught.items() if stages]
    rows = Organisation.objects.filter(place=place, closed=None, kind__in=kinds).select_related("place").order_by("code")
    return {row.code: row for row in rows}


def named(found: dict[str, Organisation]) -> list[tuple[str, str]]:
    return [(code, row.name) for code, row in found.items()]


def stages(found: dict[str, Organisation], law: Grades) -> list[str]:
    """The stages that any of the schools teaches, in the order of schooling."""
    taught = {stage for row in found.values() for stage in law.stages_at(row.kind)}
    return [stage for stage in law.years if stage in taught]


def class_title(row: SchoolClass, law: Grades, day: date | None = None) -> str:
    """What a class is called: 七年级2班, or the name the school gave it."""
    return render_text(class_word(row, law, day or timezone.localdate()))


def class_choices(found: dict[str, Organisation], law: Grades, day: date | None = None) -> list[tuple[str, str]]:
    """The classes of schools that there are, with the school's name where there are several schools."""
    when = day or timezone.localdate()
    rows = SchoolClass.objects.on(when).filter(school__in=[row.pk for row in found.values()]).select_related("school")
    many = len(found) > 1
    ordered = sorted(rows, key=lambda row: (row.school.code, row.stage, -row.entry_year, row.number))
    return [(str(row.pk), f"{row.school.name} {class_title(row, law, when)}" if many else class_title(row, law, when)) for row in ordered]


def chosen_class(text: str) -> SchoolClass | None:
    """The class of a choice; whether it fits, the services say."""
    return SchoolClass.objects.filter(pk=int(text)).select_related("school").first() if text.isdigit() else None


def flag(text: str) -> bool | None:
    return {"1": True, "0": False}.get(text)


def attempt(request: HttpRequest, form: BaseForm, act: Callable[[], Any], said: Any = None) -> Any:
    """Do what a good form asks; None when it was refused, with every reason on the form."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        done = act()
    except XingtanError as refused:
        onto_form(form, refused.issues)
        return None
    messages.success(request, said or _("已保存。"))
    return done


def page(request: HttpRequest, form: BaseForm, title: Any, back: str, **more: Any) -> HttpResponseBase:
    """The page of a form."""
    context = {"form": form, "title": title, "back": back, "label": _("保存"), **more}
    return render(request, "pupils/form.html", context, status=status(form))


def papers(stored: Any) -> HttpResponseBase:
    """An attachment to keep; 404 where there is none."""
    if not stored:
        raise Http404
    with stored.open("rb") as file:
        return download(file.read(), str(stored.name).rpartition("/")[2], "application/octet-stream")


def to(place: Place, name: str, **more: Any) -> HttpResponseBase:
    return redirect(url(place, name, **more))
