"""Acts: fill in a form, look at what would change, confirm; the list of acts; undo with its own preview."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xingtan.kernel.errors import XingtanError
from xingtan.ui.forms import status
from xingtan.ui.issues import onto_form
from xingtan.ui.tables import Column, Filter, Table
from xingtan.ui.text import render as words

from . import packs, policies, selectors, services
from .choices import Choices, find, is_long, label
from .forms import FORMS, MOST_PARTS, PARTS, ActForm, UndoForm
from .models import OrgAct, Organisation, Place
from .previews import preview, undo_preview
from .words import act_text

TITLES = {
    "open": _("设立组织"), "close": _("撤销组织"), "rename": _("更名改类"),
    "move": _("划转"), "merge": _("合并"), "split": _("分设"),
}  # fmt: skip


def act(request: HttpRequest, place: str, kind: str) -> HttpResponseBase:
    """One act: form → preview → done. Nothing is written before `confirm`."""
    if kind not in FORMS:
        raise Http404(kind)
    here: Place = request.scope.place  # type: ignore[attr-defined]
    form = _form(request, here, kind)
    context = {"form": form, "title": TITLES[kind], "kind": kind}
    if form.is_bound and form.is_valid():
        wanted = form.act()
        policies.require_act(request.user, here, wanted)
        seen = preview(here, wanted)
        if seen.possible and "confirm" in request.POST:
            done = services.perform(place=here, act=wanted, actor=request.actor, basis=form.cleaned_data["basis"])  # type: ignore[attr-defined]
            messages.success(request, words(act_text(done)))
            return redirect("orgs:act_detail", place=here.slug, pk=done.pk)
        if seen.possible and "back" not in request.POST:
            return render(request, "orgs/preview.html", {**context, "seen": seen})
        onto_form(form, seen.issues)
    return render(request, "orgs/act.html", context, status=status(form))


def _form(request: HttpRequest, place: Place, kind: str) -> ActForm:
    """The form with its choices: only organisations that the account manages."""
    visible = policies.organisations.visible(request.user, policies.MANAGE, Organisation.objects.filter(place=place, closed=None))
    allowed = set(visible.values_list("pk", flat=True))
    if not allowed:
        policies.require_all(request.user, policies.MANAGE, place, [place.root.code if place.root else ""])
    nodes = [node for node in selectors.tree(place) if node.pk in allowed]
    orgs = [(node.code, f"{'　' * node.depth}{node.name}") for node in nodes]
    pack = selectors.active_pack_or_none(place)
    kinds = list(packs.rules(pack).kinds.items()) or sorted({(node.kind, node.kind) for node in nodes})
    chosen = _chosen(request, orgs)
    parent = next((node.pk for node in nodes if node.code == chosen), 0)
    children = [(node.code, node.name) for node in nodes if node.parent == parent] if kind == "split" else []
    choices: dict[str, Any] = {"orgs": orgs, "kinds": kinds, "children": children, "parts": _parts(request)}
    if request.method == "POST" and "more" in request.POST:  # one more part: the form comes back as it was typed, unjudged
        return FORMS[kind](None, initial={**request.POST.dict(), "parts": choices["parts"]}, **choices)
    return FORMS[kind](request.POST if request.method == "POST" else None, initial=_initial(kind, chosen), **choices)


def _chosen(request: HttpRequest, orgs: Choices) -> str:
    """The code of the organisation that the form is about, as far as it says so yet."""
    if request.method != "POST":
        return request.GET.get("for", "")
    try:
        return find(orgs, request.POST.get("code", ""))
    except ValidationError:
        return ""


def _parts(request: HttpRequest) -> int:
    """How many parts a split has room for: what the page had, one more if asked."""
    typed = request.POST.get("parts", "")
    had = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else PARTS
    return min(max(had + ("more" in request.POST), PARTS), MOST_PARTS)


def _initial(kind: str, code: str) -> dict[str, Any]:
    return {"parent": code} if kind == "open" else {"sources": [code]} if kind == "merge" else {"code": code}


def _columns(place: Place) -> tuple[Column[OrgAct], ...]:
    return (
        Column[OrgAct]("day", _("生效日期"), lambda row: row.day, kind="date", sort="day"),
        Column[OrgAct]("kind", _("事项"), lambda row: row.get_kind_display(), sort="kind"),
        Column[OrgAct]("what", _("内容"), lambda row: words(act_text(row)), link=lambda row: _detail(place, row)),
        Column[OrgAct]("basis", _("依据"), lambda row: row.basis or None, minor=True),
        Column[OrgAct]("by", _("经办人"), lambda row: row.actor_label, minor=True),
        Column[OrgAct]("made", _("登记时间"), lambda row: row.created, kind="date", sort="created", minor=True),
        Column[OrgAct]("state", _("状态"), lambda row: str(_("已撤回")) if row.undone else str(_("有效"))),
    )


def _detail(place: Place, row: OrgAct) -> str:
    return reverse("orgs:act_detail", kwargs={"place": place.slug, "pk": row.pk})


FILTERS = (
    Filter("kind", _("事项"), lambda rows, value: rows.filter(kind=value), choices=OrgAct.Kind.choices),
    Filter(
        "state", _("状态"), lambda rows, value: rows.filter(undone__isnull=value == "valid"),
        choices=[("valid", _("有效")), ("undone", _("已撤回"))],
    ),
    Filter("for", _("组织代码"), lambda rows, value: rows.filter(touched__code=value), kind="text"),
)  # fmt: skip


def acts(request: HttpRequest, place: str) -> HttpResponseBase:
    """All acts that touched an organisation the reader may see, the newest first."""
    here: Place = request.scope.place  # type: ignore[attr-defined]
    table = Table(_columns(here), FILTERS, default="-made")
    bound = table.bind(request, policies.acts_visible(request.user, here))
    if bound.export:
        return bound.workbook(str(_("组织变更")))
    return render(request, "orgs/acts.html", {"table": bound, "manage": policies.organisations.can(request.user, policies.MANAGE)})


def act_detail(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """What an act did, and what taking it back would do; POST takes it back."""
    here: Place = request.scope.place  # type: ignore[attr-defined]
    row = get_object_or_404(policies.acts_visible(request.user, here), pk=pk)
    manage = row.undone is None and policies.organisations.can(request.user, policies.MANAGE)
    form = _undo_form(request, here, row)
    rehome = form.rehome() if form.is_bound and form.is_valid() else {}
    if request.method == "POST" and form.is_valid():
        policies.require_undo(request.user, row, rehome.values())
        if "confirm" in request.POST:
            try:
                services.act_undo(act=row, actor=request.actor, rehome=rehome, reason=form.cleaned_data["reason"])  # type: ignore[attr-defined]
            except XingtanError as refused:
                onto_form(form, refused.issues)
            else:
                messages.success(request, str(_("已撤回，组织恢复原状。")))
                return redirect("orgs:act_detail", place=here.slug, pk=row.pk)
    context = {
        "act": row, "sentence": act_text(row), "form": form, "manage": manage, "asked": request.method == "POST",
        "seen": undo_preview(here, row, rehome) if manage else None, "heirs": row.successions.select_related("predecessor", "successor"),
    }  # fmt: skip
    return render(request, "orgs/act_detail.html", context, status=status(form))


def _undo_form(request: HttpRequest, place: Place, row: OrgAct) -> UndoForm:
    created = [code for code, spells in row.undo["before"].items() if not spells] if row.undone is None else []
    back = [code for code, spells in row.undo["before"].items() if spells]  # undoing opens those it had closed
    there = Organisation.objects.filter(place=place).filter(Q(closed=None) | Q(code__in=back))
    visible = policies.organisations.visible(request.user, policies.MANAGE, there).exclude(code__in=created)
    orgs = [(org.code, org.name) for org in visible] if created else []
    orgs = orgs if is_long(orgs) else [(code, label(code, name)) for code, name in orgs]
    homeless = [(org.code, org.name) for org in there.filter(code__in=created)] if len(created) <= 20 else []
    return UndoForm(request.POST if request.method == "POST" else None, homeless=homeless, orgs=orgs)
