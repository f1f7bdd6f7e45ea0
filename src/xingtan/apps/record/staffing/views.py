"""Upload a sheet of staff or of timetables, see every fault or what it would change, then let it stand or take another file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xingtan.apps.base.jobs.services import enqueue
from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.base.pupils.policies import CLASSES
from xingtan.apps.base.staff import teaching as terms
from xingtan.apps.base.staff.policies import MANAGE
from xingtan.apps.record.imports import files
from xingtan.apps.record.imports.reading.headings import Target
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.period import Period
from xingtan.ui import policy
from xingtan.ui.downloads import XLSX, download
from xingtan.ui.forms import status
from xingtan.ui.issues import onto_form
from xingtan.ui.scope import place_of

from . import sheets, staff, teaching
from .forms import SheetForm
from .outcome import Outcome
from .reading import read

SHOWN, HOUR = 200, 3600


@dataclass(frozen=True, slots=True)
class Kind:
    """What a sheet can hold. `action`: what its writer must be allowed to do at each organisation it names; `back`: the list it fills."""

    title: str | Promise
    action: str
    targets: Sequence[Target]
    required: Sequence[str]
    back: str
    termed: bool = False


KINDS = {
    "staff": Kind(gettext_lazy("教职工"), MANAGE, staff.TARGETS, staff.REQUIRED, "staff:staff"),
    "teaching": Kind(gettext_lazy("任课表"), CLASSES, teaching.TARGETS, teaching.REQUIRED, "staff:teaching", termed=True),
}


def upload(request: HttpRequest, place: str, kind: str) -> HttpResponseBase:
    """Choose a file; read it, try it, show what it would do. Nothing is written."""
    here, what = place_of(request), _kind(request, kind)
    known = terms.terms_known(here) if what.termed else ()
    form = SheetForm(request.POST or None, request.FILES or None, terms=known, initial={"term": terms.present_term().text})
    if request.method == "POST" and form.is_valid():
        try:
            name, _digest = files.store(here, form.cleaned_data["file"].read())
            enqueue(kind="staffing.forget", payload={"file": name}, actor=request.actor, place=here, after=HOUR)  # type: ignore[attr-defined]
        except XingtanError as refused:
            onto_form(form, refused.issues)
        else:
            return _shown(request, (here, kind), name, form.cleaned_data.get("term", ""))
    context = {"form": form, "kind": kind, "title": what.title, "back": reverse(what.back, kwargs={"place": here.slug})}
    return render(request, "staffing/upload.html", context, status=status(form))


def confirm(request: HttpRequest, place: str, kind: str) -> HttpResponseBase:
    """Write what was shown: read and tried once more, for the county went on meanwhile."""
    here, what = place_of(request), _kind(request, kind)
    try:
        token = signing.loads(request.POST.get("token", ""), salt="staffing", max_age=HOUR)
    except signing.BadSignature:
        messages.error(request, _("页面已过期，请重新上传。"))
        return redirect("staffing:upload", place=here.slug, kind=kind)
    if token["place"] != here.slug or token["kind"] != kind or not files.path_of(token["file"]).exists():
        raise Http404(kind)
    outcome = _run(request, (here, kind), token["file"], token["term"], keep=True)
    if not outcome.written:
        return _page(request, (here, kind), outcome, token)
    files.forget(token["file"])
    counts = {"added": outcome.counts["added"], "changed": outcome.counts["changed"], "same": outcome.counts["same"]}
    messages.success(request, _("已写入：新增 %(added)s，变更 %(changed)s，未变 %(same)s。") % counts)
    return redirect(what.back, place=here.slug)


def template(request: HttpRequest, place: str, kind: str) -> HttpResponseBase:
    """An empty sheet with the right headings; of timetables, with the classes of the present term and what they must be taught."""
    here, what = place_of(request), _kind(request, kind)
    orgs = list(_managed(request, here, what))
    made = sheets.staff(here) if kind == "staff" else sheets.teaching(here, terms.present_term(), {org.pk for org in orgs})
    return download(made, f"{what.title}{_('模板')}.xlsx", XLSX)


def _shown(request: HttpRequest, where: tuple[Place, str], name: str, term: str) -> HttpResponseBase:
    token = {"place": where[0].slug, "kind": where[1], "file": name, "term": term}
    return _page(request, where, _run(request, where, name, term, keep=False), token)


def _page(request: HttpRequest, where: tuple[Place, str], outcome: Outcome, token: dict[str, str]) -> HttpResponseBase:
    here, kind = where
    words = {"added": _("新增"), "changed": _("变更")}
    context = {
        "outcome": outcome, "kind": kind, "title": KINDS[kind].title, "token": signing.dumps(token, salt="staffing"),
        "facts": [(_("新增"), outcome.counts["added"]), (_("变更"), outcome.counts["changed"]), (_("未变"), outcome.counts["same"])],
        "lines": [(words[name], whom, said) for name, whom, said in outcome.lines[:SHOWN]], "total": len(outcome.lines), "shown": SHOWN,
        "again": reverse("staffing:upload", kwargs={"place": here.slug, "kind": kind}),
    }  # fmt: skip
    return render(request, "staffing/preview.html", context, status=422 if outcome.issues else 200)


def _run(request: HttpRequest, where: tuple[Place, str], name: str, term: str, *, keep: bool) -> Outcome:
    here, kind = where
    what = KINDS[kind]
    try:
        found = read(name, what.targets, what.required)
    except XingtanError as refused:
        return Outcome(issues=list(refused.issues))
    orgs = {text: org for org in _managed(request, here, what) for text in (org.code, org.name)}
    load: Any = staff.load if kind == "staff" else partial(teaching.load, term=Period.parse(term))
    outcome: Outcome = load(place=here, read=found, orgs=orgs, actor=request.actor, keep=keep)  # type: ignore[attr-defined]
    return outcome


def _managed(request: HttpRequest, here: Place, what: Kind) -> Any:
    rows = Organisation.objects.filter(place=here, closed=None).filter(policy.reach(policy.granted(request.user, what.action), "pk"))
    return rows.select_related("place")


def _kind(request: HttpRequest, kind: str) -> Kind:
    if kind not in KINDS:
        raise Http404(kind)
    if not policy.can(request.user, KINDS[kind].action):
        raise PermissionDenied(KINDS[kind].action)
    return KINDS[kind]
