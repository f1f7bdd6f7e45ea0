"""What the pages of staff share: the place, the persons and organisations an account may touch, saving a form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xingtan.apps.base.orgs import policies as org_policies
from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.base.orgs.selectors import tree
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.staff import policies
from xingtan.kernel.errors import XingtanError
from xingtan.ui import exports
from xingtan.ui.forms import status
from xingtan.ui.issues import onto_form
from xingtan.ui.scope import chosen_org, place_of
from xingtan.ui.tables import Bound

TABS = (
    ("staff:staff", gettext_lazy("名册")),
    ("staff:establishment", gettext_lazy("编制")),
    ("staff:titles", gettext_lazy("职称和称号")),
    ("staff:secondments", gettext_lazy("交流支教")),
)


def url(place: Place, name: str, **more: Any) -> str:
    return reverse(f"staff:{name}", kwargs={"place": place.slug, **more})


def person_of(request: HttpRequest, action: str, pk: int) -> Person:
    """A person of this place on whose file the account may do `action`; 404 for anybody else."""
    seen = policies.files.visible(request.user, action, Person.objects.filter(place=place_of(request)))
    return get_object_or_404(seen.select_related("place"), pk=pk)


def managed(request: HttpRequest, place: Place) -> tuple[dict[str, Organisation], list[tuple[str, str]]]:
    """Open organisations at which the account may manage staff: by code, and listed in the tree's order."""
    rows = org_policies.organisations.visible(request.user, policies.MANAGE, Organisation.objects.filter(place=place, closed=None))
    found = {org.code: org for org in rows.select_related("place")}
    return found, [(node.code, f"{'　' * node.depth}{node.name}") for node in tree(place) if node.code in found]


def everywhere(place: Place) -> tuple[dict[str, Organisation], list[tuple[str, str]]]:
    """All open organisations of the place: whom somebody can be lent to."""
    found = {org.code: org for org in Organisation.objects.filter(place=place, closed=None).select_related("place")}
    return found, [(node.code, f"{'　' * node.depth}{node.name}") for node in tree(place) if node.code in found]


def saved(request: HttpRequest, form: BaseForm, save: Callable[[], Person], title: str, back: str) -> HttpResponseBase:
    """Save and go to the file, or show the form with what is wrong and all that was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            person = save()
        except XingtanError as refused:
            onto_form(form, refused.issues)
        else:
            messages.success(request, _("已保存。"))
            return redirect("staff:file", place=place_of(request).slug, pk=person.pk)
    return render(request, "staff/form.html", {"form": form, "title": title, "back": back}, status=status(form))


def taken(request: HttpRequest, bound: Bound[Any], title: str) -> HttpResponseBase:
    """A list of persons on its way out: asked for the reason first, told to the log."""
    what = exports.Personal(title, "staff", policies.VIEW, chosen_org(request) or place_of(request).root)
    return exports.personal(request, bound, what)
