"""What pages of a run begin with, and how a form that acts is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render

from xingtan.apps.base.orgs.models import Organisation
from xingtan.apps.desks.aid import policies, selectors
from xingtan.apps.desks.aid.models import Run
from xingtan.apps.record.figures.asking import Asked, asked
from xingtan.kernel.errors import XingtanError
from xingtan.ui import exports
from xingtan.ui.forms import status
from xingtan.ui.issues import onto_form
from xingtan.ui.tables import Bound


def one(request: HttpRequest, pk: int, action: str) -> tuple[Asked, Run]:
    """A run the reader may see; PermissionDenied when he may not do `action` on it."""
    here = asked(request)
    visible = policies.runs.visible(here.account, policies.VIEW, selectors.runs(here.place))
    found: Run = get_object_or_404(visible.select_related("place"), pk=pk)
    policies.runs.require(here.account, action, found)
    return here, found


def exported(request: HttpRequest, org: Organisation, bound: Bound[Any], title: str) -> HttpResponseBase:
    """A list with names as a workbook: asked for the reason first; who, when and why stand on the sheet and in the audit log."""
    return exports.personal(request, bound, exports.Personal(title, "aid", policies.MANAGE, org))


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also when all of it is empty; None for a page that is only looked at."""
    return request.POST if request.method == "POST" else None


def acted(request: HttpRequest, run: Run, form: BaseForm, act: Callable[[Any], object], page: dict[str, Any]) -> HttpResponse:
    """Do what the form says and go back to the run, or show the form with everything that is wrong.

    `page`: title, note, button, done (a sentence), and whatever else the template draws.
    """
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except XingtanError as refused:
            onto_form(form, refused.issues)
        else:
            messages.success(request, page["done"])
            return redirect(selectors.address(run))
    return render(request, "aid/act.html", {"form": form, "run": run, **page}, status=status(form))
