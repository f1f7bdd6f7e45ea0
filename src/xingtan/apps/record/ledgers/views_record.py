"""One row: what it says, all its versions, what was done to it; entering, changing, doubting, withdrawing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xingtan.kernel.errors import XingtanError
from xingtan.ui import policy, scope, sealed
from xingtan.ui.forms import status
from xingtan.ui.issues import onto_form
from xingtan.ui.named import named

from . import lists, policies, selectors, services
from .conflicts import ConflictError
from .forms import RecordForm, initial_of
from .models import Draft, Record
from .rows import ORG, PERIOD
from .sealing import open_cell, opened
from .shape import Shape, shape_of
from .views import here


def _found(request: HttpRequest, ledger: str, pk: int) -> tuple[Shape, Record]:
    """The version asked for; a row that the reader may not see does not exist for him."""
    at = here(request)
    shape = shape_of(at.place, ledger)
    record = Record.objects.select_related("org", "place", "batch").filter(place=at.place, ledger=ledger, pk=pk).first()
    if record is None or not policies.may_read(request.user, shape, record):
        raise Http404(pk)
    return shape, record


def detail(request: HttpRequest, place: str, ledger: str, pk: int) -> HttpResponseBase:
    """The row with its versions; every version can be looked at."""
    shape, record = _found(request, ledger, pk)
    sight = policies.Sight(shape)
    history = selectors.versions(record)
    now = selectors.present(record)
    may_write = now is not None and policies.records.can_on(request.user, policies.WRITE, now)
    context = {
        "shape": shape, "ledger": shape.ledger, "record": record, "now": now, "may_write": may_write,
        "facts": _facts(request, shape, record),
        "history": [(row, _changes(shape, before, row, sight)) for before, row in zip([None, *history[:-1]], history, strict=True)][::-1],
        "period": lists.period_words(record), "list_url": reverse("ledgers:list", kwargs={"place": place, "ledger": ledger}),
    }  # fmt: skip
    return render(request, "ledgers/record.html", context)


def _facts(request: HttpRequest, shape: Shape, record: Record) -> list[tuple[str, ...]]:
    """Every column in words; a sensitive one masked, with the address that unmasks it where the reader's purpose is granted."""
    sight, found = policies.Sight(shape), list[tuple[str, ...]]()
    for item in shape.ledger.fields:
        title = _title(named(item), lists.unit_of(item))
        if not sight.hides(item.id):
            found.append((title, lists.shown(shape, item, record, sight) or "—"))
            continue
        said = sealed.show(request, record, item.id)
        found.append((title, _("不显示") if said.hidden else said.text or "—", said.url))
    if record.valid_from or record.valid_to:
        found.append((_("起止"), f"{record.valid_from or '—'} – {record.valid_to or '—'}"))
    return found


def _title(title: str, unit: str) -> str:
    return f"{title}（{unit}）" if unit else title


def _changes(shape: Shape, before: Record | None, row: Record, sight: policies.Sight) -> list[tuple[str, str, str]]:
    """What a version changed: title, before, after."""
    if before is None:
        return []
    found = [
        (named(item), lists.shown(shape, item, before, sight) or "—", lists.shown(shape, item, row, sight) or "—")
        for item in shape.ledger.fields
        if open_cell(item.id, before.data.get(item.id)) != open_cell(item.id, row.data.get(item.id))
    ]
    pairs = ((_("存疑"), before.doubt, row.doubt), (_("单位"), before.org.name, row.org.name), (_("期间"), before.period, row.period))
    return found + [(title, old or "—", new or "—") for title, old, new in pairs if old != new]


def create(request: HttpRequest, place: str, ledger: str) -> HttpResponseBase:
    """Enter a row. What was typed comes back with all faults beside its fields."""
    at = here(request)
    shape = shape_of(at.place, ledger)
    orgs = list(policies.writable_orgs(request.user, at.place, shape).order_by("code"))
    if not orgs:
        raise PermissionDenied(policies.WRITE)
    period = at.period.text if at.period and at.period.kind == shape.ledger.period else ""
    initial = {ORG: at.org.code if at.org in orgs else orgs[0].code if len(orgs) == 1 else "", PERIOD: period}
    draft = _draft(request, at, ledger, 0)
    form = RecordForm(request.POST or None, shape=shape, orgs=orgs, initial={**initial, **draft})
    if request.method == "POST" and form.is_valid():
        made = _try(request, shape, form, lambda said: services.record_create(place=at.place, ledger=ledger, **said))
        if made is not None:
            services.draft_drop(actor=request.actor, place=at.place, ledger=ledger, first=0)  # type: ignore[attr-defined]
            messages.success(request, _("已保存。"))
            if "another" in request.POST:
                return redirect(request.get_full_path())
            return redirect(lists.address(place, ledger, made.pk) + scope.query(at))
    return _form_page(request, shape, form, {"draft": bool(draft) and not form.is_bound, "first": 0})


def edit(request: HttpRequest, place: str, ledger: str, pk: int) -> HttpResponseBase:
    """Change a row. When somebody else changed it meanwhile, both versions are shown and nothing typed is lost."""
    shape, record = _found(request, ledger, pk)
    at = here(request)
    now = selectors.present(record)
    if now is None:
        raise XingtanError.one("record.gone", services.GONE)
    policies.records.require(request.user, policies.WRITE, now)
    orgs = list(policies.writable_orgs(request.user, at.place, shape).order_by("code"))
    orgs = orgs if now.org in orgs else [now.org, *orgs]
    draft = _draft(request, at, ledger, now.first)
    form = RecordForm(request.POST or None, shape=shape, orgs=orgs, initial={**initial_of(shape, now), **draft}, old=now)
    if request.method == "POST" and form.is_valid():
        seen = int(request.POST["seen"]) if request.POST.get("seen", "").isdigit() else now.pk
        made = _try(request, shape, form, lambda said: services.record_change(record=now, seen=seen, **said))
        if made is not None:
            services.draft_drop(actor=request.actor, place=at.place, ledger=ledger, first=now.first)  # type: ignore[attr-defined]
            messages.success(request, _("已保存为第 %(version)s 版。") % {"version": made.version})
            return redirect(lists.address(place, ledger, made.pk) + scope.query(at))
    return _form_page(request, shape, form, {"record": now, "draft": bool(draft) and not form.is_bound, "first": now.first})


def _try(request: HttpRequest, shape: Shape, form: RecordForm, write: Callable[[dict[str, Any]], Record]) -> Record | None:
    """Do it, or put every fault beside its field; after a conflict the next saving is against the version now shown."""
    said = {"actor": request.actor, "texts": form.whole(), "today": timezone.localdate(), "reason": request.POST.get("reason", "").strip()}  # type: ignore[attr-defined]
    if not form.texts()[ORG]:
        form.add_error(ORG, _("请选择单位"))
        return None
    _refuse_elsewhere(request, shape, form.texts())
    try:
        return write(said)
    except XingtanError as error:
        if isinstance(error, ConflictError):
            form.data = {**form.data, **form.texts(), "reason": said["reason"], "seen": str(error.theirs.pk)}
        onto_form(form, error.issues)
        return None


def _refuse_elsewhere(request: HttpRequest, shape: Shape, texts: Mapping[str, str]) -> None:
    """Refuse organisations for which the account may not write, whatever the form was made to say."""
    found = shape.orgs.find(texts[ORG])
    if not isinstance(found, int) or not policy.can_at(request.user, policies.WRITE, found):
        raise PermissionDenied(policies.WRITE)


def _draft(request: HttpRequest, at: scope.Scope, ledger: str, first: int) -> dict[str, str]:
    actor = request.actor  # type: ignore[attr-defined]
    found = Draft.objects.filter(place=at.place, ledger=ledger, actor_id=actor.id, first=first).first()
    return {name: str(typed) for name, typed in opened(found.typed).items()} if found else {}


def _form_page(request: HttpRequest, shape: Shape, form: RecordForm, more: dict[str, Any]) -> HttpResponseBase:
    at = {"place": shape.place.slug, "ledger": shape.ledger.id}
    urls = {"list_url": reverse("ledgers:list", kwargs=at), "draft_url": reverse("ledgers:draft", kwargs=at)}
    context = {"shape": shape, "ledger": shape.ledger, "form": form, **urls, **more}
    return render(request, "ledgers/form.html", context, status=status(form))


@require_POST
def doubt(request: HttpRequest, place: str, ledger: str, pk: int) -> HttpResponseBase:
    """Mark a row doubtful, or settle the doubt (`settle`)."""
    _shape, record = _found(request, ledger, pk)
    policies.records.require(request.user, policies.WRITE, record)
    do = services.record_settle if "settle" in request.POST else services.record_doubt
    made = do(actor=request.actor, record=record, why=request.POST.get("why", ""))  # type: ignore[attr-defined]
    messages.success(request, _("已解除存疑。") if "settle" in request.POST else _("已标记存疑；用到它的指标都会带上标记。"))
    return redirect(lists.address(place, ledger, made.pk) + scope.query(here(request)))


@require_POST
def withdraw(request: HttpRequest, place: str, ledger: str, pk: int) -> HttpResponseBase:
    """Withdraw one row with a reason."""
    _shape, record = _found(request, ledger, pk)
    policies.records.require(request.user, policies.WRITE, record)
    services.record_withdraw(actor=request.actor, records=[record], reason=request.POST.get("why", ""))  # type: ignore[attr-defined]
    messages.success(request, _("已作废。历史版本仍可查看。"))
    return redirect(lists.address(place, ledger, record.pk) + scope.query(here(request)))
