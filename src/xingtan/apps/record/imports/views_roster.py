"""Choosing a roster of pupils, and the empty sheet to fill in. From the upload on, the pages are those of every import."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xingtan.apps.base.orgs.models import Organisation
from xingtan.apps.base.pupils.grades import grades
from xingtan.apps.base.pupils.policies import schools_of
from xingtan.kernel.errors import XingtanError
from xingtan.ui import policy, scope
from xingtan.ui.downloads import XLSX, download
from xingtan.ui.forms import status
from xingtan.ui.issues import onto_form

from . import services
from .forms import RosterForm
from .models import Import
from .roster import services as roster
from .roster.template import empty_sheet
from .views import address, read_or_wait


def new(request: HttpRequest, place: str) -> HttpResponseBase:
    """Choose a file. A file that is no sheet is refused here, with the remedy."""
    at: scope.Scope = request.scope  # type: ignore[attr-defined]
    orgs = _schools(request, at)
    initial = {"org": at.org.code if at.org in orgs else "", "day": roster.first_day(at.place, timezone.localdate())}
    form = RosterForm(request.POST or None, request.FILES or None, orgs=orgs, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            source = _take(request, at, form, orgs)
        except XingtanError as error:
            onto_form(form, error.issues)
        else:
            read_or_wait(request, source)
            return redirect(address(place, source))
    context = {"form": form, "title": _("学生名册"), "list_url": roster.list_url(at.place)}
    context["template_url"] = reverse("imports:roster_template", kwargs={"place": place})
    return render(request, "imports/new.html", context, status=status(form))


@require_safe
def template(request: HttpRequest, place: str) -> HttpResponseBase:
    """The empty sheet to fill in."""
    at: scope.Scope = request.scope  # type: ignore[attr-defined]
    _schools(request, at)
    return download(empty_sheet(at.place), _("学生名册_模板.xlsx"), XLSX)


def _schools(request: HttpRequest, at: scope.Scope) -> list[Organisation]:
    """Schools at which the account may manage pupils. Raises PermissionDenied when there is none."""
    taught = [kind for kind, stages in grades(at.place).taught.items() if stages]
    rows = Organisation.objects.filter(place=at.place, pk__in=schools_of(request.user, roster.ACTION), kind__in=taught, closed=None)
    found = list(rows.order_by("code"))
    if not found:
        raise PermissionDenied(roster.ACTION)
    return found


def _take(request: HttpRequest, at: scope.Scope, form: RosterForm, orgs: list[Organisation]) -> Import:
    """Hand the file in. Without a school chosen, every row must name its own, and the upload belongs to where the reader stands."""
    said, file = form.cleaned_data["org"], form.cleaned_data["file"]
    org = next((org for org in orgs if org.code == said), at.org)
    policy.require_at(request.user, roster.ACTION, org)
    return roster.roster_upload(
        actor=request.actor, place=at.place, org=org, day=form.cleaned_data["day"], name=file.name,  # type: ignore[attr-defined]
        data=services.bounded(file), each_row_says=not said,
    )  # fmt: skip
