"""Batches: choose, preview who moves and how the classes change, confirm; duplicates: find, merge, take back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xingtan.apps.base.orgs.models import Organisation
from xingtan.apps.base.pupils import policies
from xingtan.apps.base.pupils.batching import TITLES, Plan, Wanted, plan
from xingtan.apps.base.pupils.duplicates import suspects
from xingtan.apps.base.pupils.forms import ReasonForm
from xingtan.apps.base.pupils.forms_more import BatchForm, MergeForm
from xingtan.apps.base.pupils.models import Pupil, PupilMerge, SchoolClass
from xingtan.apps.base.pupils.rules import rules
from xingtan.apps.base.pupils.services.batches import batch_request
from xingtan.apps.base.pupils.services.merging import aside, merge_faults, pupils_merge, pupils_unmerge
from xingtan.kernel.issues import Issue
from xingtan.kernel.text import Text
from xingtan.ui import policy
from xingtan.ui.scope import place_of
from xingtan.ui.text import render as words

from . import common

SHOWN = 100


def batches(request: HttpRequest, place: str) -> HttpResponseBase:
    """Which batches there are."""
    policies.spells.require(request.user, policies.MANAGE)
    here = place_of(request)
    notes = {
        "rollover": _("新学年开始时，除毕业年级外全部升一级；可以指定留级的学生。"),
        "graduation": _("毕业年级全部毕业离校，空班撤销；可以指定只结业的学生。"),
        "regroup": _("一所学校同一年级的班，分开或合并，男女生均匀编班。"),
    }
    lines = [(words(title), notes[kind], common.url(here, "batch", kind=kind)) for kind, title in TITLES.items()]
    return render(request, "pupils/batches.html", {"lines": lines, "tabs": common.tabs(request)})


def batch(request: HttpRequest, place: str, kind: str) -> HttpResponseBase:
    """One batch: form → preview → job. Nothing is written before `confirm`."""
    if kind not in TITLES:
        raise Http404(kind)
    here, org = place_of(request), request.scope.org  # type: ignore[attr-defined]
    if org is None:
        raise Http404
    policy.require_at(request.user, policies.MANAGE, org)
    law = rules(here)
    form = _form(request, kind)
    context: dict[str, Any] = {"form": form, "title": TITLES[kind], "kind": kind, "org": org, "tabs": common.tabs(request)}
    if request.method == "POST" and form.is_valid():
        wanted = _wanted(org, kind, form.cleaned_data)
        found = plan(org, wanted)
        if found.possible and request.POST.get("confirm") == found.digest:
            job = batch_request(org=org, wanted=wanted, digest=found.digest, actor=request.actor)  # type: ignore[attr-defined]
            messages.success(request, _("已交后台办理。"))
            return redirect(reverse("jobs:job", args=[job.pk]))
        context |= {"plan": found, "issues": _named(found), **_counts(found, law), "back": request.get_full_path()}
    return render(request, "pupils/batch.html", context, status=422 if form.is_bound and form.errors else 200)


def _form(request: HttpRequest, kind: str) -> BatchForm:
    found, law = common.schools(request, policies.MANAGE), rules(place_of(request))
    today = timezone.localdate()
    day = law.grades.first_day(law.grades.year_of(today)) if kind == "rollover" else today
    classes = common.class_choices(found, law.grades) if kind == "regroup" else ()
    return BatchForm(request.POST or None, kind=kind, stages=common.stages(found, law.grades), classes=classes, initial={"day": day})


def _wanted(org: Organisation, kind: str, data: dict[str, Any]) -> Wanted:
    numbers = data.get("numbers", "").split()
    named = tuple(sorted(Pupil.objects.filter(place=org.place_id, number__in=numbers).values_list("pk", flat=True)))
    return Wanted(
        kind,
        org.pk,
        data["day"].isoformat(),
        data.get("stage", ""),
        repeat=named if kind == "rollover" else (),
        incomplete=named if kind == "graduation" else (),
        classes=tuple(int(one) for one in data.get("classes", ())),
        into=data.get("into") or 0,
    )


def _counts(found: Plan, law: Any) -> dict[str, Any]:
    """What the preview shows: how many of each kind, classes before and after, the first pupils."""
    before: Counter[int] = Counter()
    after: Counter[int] = Counter()
    for line in found.lines:
        before[line.spell.school_class_id or 0] += 1
        if line.changed is not None:
            after[line.changed.get("school_class_id", line.spell.school_class_id) or 0] += 1
    keys = sorted(set(before) | set(after), key=lambda key: (key < 0, key))
    titles = _titles(found, keys, law)
    names = dict(Pupil.objects.filter(pk__in=[line.spell.pupil_id for line in found.lines[:SHOWN]]).values_list("pk", "person__name"))
    lines = [(names.get(one.spell.pupil_id, ""), one.kind, titles.get(one.spell.school_class_id or 0, "—")) for one in found.lines[:SHOWN]]
    return {
        "kinds": sorted(Counter(line.kind for line in found.lines).items()), "lines": lines, "count": len(found.lines),
        "classes": [(titles.get(key, "—"), before[key], after[key]) for key in keys], "left": sorted(found.left.items()),
        "closed": len(found.closed), "opened": len(found.opened),
    }  # fmt: skip


def _named(found: Plan) -> list[Issue]:
    """The issues with pupils by name instead of by record: the reader manages them, and nothing of this is stored."""
    keys = [int(str(issue.message.params["pupil"])[1:]) for issue in found.issues if issue.code == "pupils.busy"]
    names = {f"№{pk}": name for pk, name in Pupil.objects.filter(pk__in=keys).values_list("pk", "person__name")}

    def said(issue: Issue) -> Issue:
        told = {**issue.message.params, "pupil": names.get(str(issue.message.params.get("pupil")), "")}
        return replace(issue, message=Text(issue.message.template, told)) if issue.code == "pupils.busy" else issue

    return [said(issue) for issue in found.issues]


def _titles(found: Plan, keys: list[int], law: Any) -> dict[int, str]:
    """What classes are called in a preview: 0 stands for none, a negative key for one that is opened."""
    rows = SchoolClass.objects.filter(pk__in=[key for key in keys if key > 0])
    titles = {row.pk: common.class_title(row, law.grades, found.wanted.date) for row in rows}
    return titles | {one.key: _("新开 %(number)s 班") % {"number": one.number} for one in found.opened} | {0: _("未分班")}


def duplicates(request: HttpRequest, place: str) -> HttpResponseBase:
    """Records that may be of one person, and mergers done."""
    policies.pupils.require(request.user, policies.MANAGE)
    here = place_of(request)
    seen = policies.pupils.visible(request.user, policies.VIEW, Pupil.objects.filter(place=here))
    groups = suspects(here, seen)
    managed = set(policies.schools_of(request.user, policies.MANAGE))
    merges = (
        PupilMerge.objects.filter(place=here, kept__spells__school__in=managed).distinct().select_related("kept__person", "gone__person")
    )
    mine = set(seen.filter(pk__in=[pupil.pk for group in groups for pupil in group.pupils]).values_list("pk", flat=True))
    context = {"groups": groups[:SHOWN], "count": len(groups), "merges": merges[:SHOWN], "mine": mine, "tabs": common.tabs(request)}
    return render(request, "pupils/duplicates.html", context)


def merge(request: HttpRequest, place: str, first: int, second: int) -> HttpResponseBase:
    """Two records side by side: what would move, what would be set aside, and the decision. Only for who manages both."""
    rows = [common.pupil_of(request, policies.MANAGE, pk) for pk in (first, second)]
    choices = [(str(row.pk), f"{row.number} {row.person.name}") for row in rows]
    form = MergeForm(request.POST or None, pupils=choices, initial={"kept": str(rows[0].pk)})

    def save() -> PupilMerge:
        kept, gone = rows if form.cleaned_data["kept"] == str(rows[0].pk) else reversed(rows)
        return pupils_merge(kept=kept, gone=gone, reason=form.cleaned_data["reason"], actor=request.actor)  # type: ignore[attr-defined]

    if common.attempt(request, form, save, _("已合并。")) is not None:
        return common.to(place_of(request), "duplicates")
    sides = [
        (row, list(row.spells.select_related("school").order_by("valid_from")), aside(other, row)) for row, other in (rows, reversed(rows))
    ]
    context = {"form": form, "sides": sides, "issues": merge_faults(*rows), "tabs": common.tabs(request)}
    return render(request, "pupils/merge.html", context, status=422 if form.is_bound and form.errors else 200)


def unmerge(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """Take a merger back."""
    row = get_object_or_404(PupilMerge.objects.select_related("kept__place"), pk=pk, place=place_of(request))
    common.pupil_of(request, policies.MANAGE, row.kept_id)
    form = ReasonForm(request.POST or None)

    def save() -> PupilMerge:
        return pupils_unmerge(merge=row, reason=form.cleaned_data["reason"], actor=request.actor)  # type: ignore[attr-defined]

    if common.attempt(request, form, save, _("已撤回。")) is not None:
        return common.to(place_of(request), "duplicates")
    return common.page(request, form, _("撤回合并"), common.url(place_of(request), "duplicates"), label=_("撤回"))
