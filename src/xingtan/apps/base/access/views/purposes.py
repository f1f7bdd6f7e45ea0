"""Purposes for reading sealed fields: asking, deciding, ending; and the page that unmasks one field."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from xingtan.apps.base.access import purposes, unmask
from xingtan.apps.base.access.forms import PurposeAskForm, PurposeDecideForm, ReasonForm, RevealForm
from xingtan.apps.base.access.models import PurposeGrant
from xingtan.apps.base.access.views.common import act, reader
from xingtan.apps.base.access.views.grants import _org
from xingtan.apps.base.orgs.models import Place
from xingtan.ui.forms import status
from xingtan.ui.named import named
from xingtan.ui.policy import granted, reach
from xingtan.ui.scope import place_of
from xingtan.ui.tables import Column, Filter, Table


def state_words(grant: PurposeGrant) -> str:
    """How a permission stands today: granted ones run out by themselves."""
    if grant.state == PurposeGrant.State.GRANTED and grant.valid_to <= timezone.localdate():
        return _("已到期")
    return str(PurposeGrant.State(grant.state).label)


def _span(day: date, grant: PurposeGrant) -> date | None:
    return None if grant.state in {PurposeGrant.State.ASKED, PurposeGrant.State.REFUSED} else day


def _table(place: Place) -> Table[PurposeGrant]:
    titles = {key: named(one) for key, one in purposes.purposes_of(place).items()}
    columns = (
        Column[PurposeGrant]("purpose", gettext_lazy("用途"), lambda g: titles.get(g.purpose, g.purpose), link=_address),
        Column[PurposeGrant]("account", gettext_lazy("申请人"), lambda g: g.account.display_name, sort="account__display_name"),
        Column[PurposeGrant]("org", gettext_lazy("单位"), lambda g: g.org.name),
        Column[PurposeGrant]("state", gettext_lazy("状态"), state_words, sort="state"),
        Column[PurposeGrant]("from", gettext_lazy("自"), lambda g: _span(g.valid_from, g), kind="date", sort="valid_from", minor=True),
        Column[PurposeGrant]("to", gettext_lazy("至"), lambda g: _span(g.valid_to, g), kind="date", sort="valid_to", minor=True),
        Column[PurposeGrant]("reason", gettext_lazy("事由"), lambda g: g.reason, minor=True),
    )
    filters = (
        Filter("purpose", gettext_lazy("用途"), lambda rows, value: rows.filter(purpose=value), choices=list(titles.items())),
        Filter(
            "state", gettext_lazy("状态"), lambda rows, value: rows.filter(state=value), choices=list(PurposeGrant.State.choices)
        ),
    )  # fmt: skip
    return Table(columns, filters, default="-asked")


def _address(grant: PurposeGrant) -> str:
    return reverse("access:purpose", kwargs={"place": grant.org.place.slug, "pk": grant.pk})


def _visible(request: HttpRequest, place: Place) -> QuerySet[PurposeGrant]:
    """One's own, those of organisations where one decides, and for whoever reads the log of the place all of it."""
    me = reader(request)
    rows = PurposeGrant.objects.filter(org__place=place).select_related("account", "org__place", "decided_by")
    over = reach(granted(me, purposes.DECIDE), "org") | reach(granted(me, "audit.view"), "org__place__root")
    return rows.filter(Q(account=me) | over)


def purpose_list(request: HttpRequest, place: str) -> HttpResponseBase:
    """What was asked for and decided, as far as it concerns the reader."""
    here, me = place_of(request), reader(request)
    bound = _table(here).bind(request, _visible(request, here))
    if bound.export:
        return bound.workbook(_("敏感信息用途"))
    may_ask = bool(purposes.askable(me, _org(request)))
    waiting = [one for one in _visible(request, here).filter(state=PurposeGrant.State.ASKED) if purposes.may_decide(me, one)]
    return render(request, "access/purposes.html", {"table": bound, "may_ask": may_ask, "waiting": len(waiting)})


def purpose_ask(request: HttpRequest, place: str) -> HttpResponse:
    """Ask for a purpose at the organisation in the bar above."""
    me, org = reader(request), _org(request)
    choices = purposes.askable(me, org)
    form = PurposeAskForm(request.POST or None, purposes=choices)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        words = {"purpose": facts["purpose"], "reason": facts["reason"], "days": facts["days"]}
        made = act(form, lambda: purposes.purpose_ask(account=me, org=org, **words))
        if made is not None:
            messages.success(request, _("已提出申请，批准后会通知您"))
            return redirect(_address(made))
    page = {"form": form, "org": org, "choices": [(named(one), one) for one in choices], "back": _list_url(request)}
    return render(request, "access/purpose_ask.html", page, status=status(form))


def purpose(request: HttpRequest, place: str, pk: int) -> HttpResponse:
    """One request: what was asked and decided; whoever may, decides here."""
    me, found = reader(request), _found(request, pk)
    deciding = found.state == PurposeGrant.State.ASKED and purposes.may_decide(me, found)
    form = PurposeDecideForm(request.POST or None, most=found.days) if deciding else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied(purposes.DECIDE)
        if form.is_valid():
            facts, yes = form.cleaned_data, "refuse" not in request.POST
            words = {"granted": yes, "reason": facts["reason"], "days": facts["days"]}
            done = act(form, lambda: purposes.purpose_decide(account=me, grant=found, **words))
            if done is not None:
                messages.success(request, _("已批准") if yes else _("已退回，不予批准"))
                return redirect(_address(done))
    page = {"grant": found, "facts": _facts(found), "form": form, "back": _list_url(request), "title": _title(found)}
    page["endable"] = _live(found) and (found.account_id == me.pk or purposes.may_decide(me, found))
    return render(request, "access/purpose.html", page, status=status(form) if form else 200)


@require_POST
def purpose_end(request: HttpRequest, place: str, pk: int) -> HttpResponse:
    """End a granted purpose at once."""
    found, form = _found(request, pk), ReasonForm(request.POST)
    if not form.is_valid() or act(form, lambda: _end(request, found, form)) is None:
        for faults in form.errors.values():
            messages.error(request, " ".join(map(str, faults)))
    else:
        messages.success(request, _("已收回"))
    return redirect(_address(found))


def _end(request: HttpRequest, found: PurposeGrant, form: ReasonForm) -> PurposeGrant:
    return purposes.purpose_end(account=reader(request), grant=found, reason=form.cleaned_data["reason"])


@never_cache
def reveal(request: HttpRequest, place: str, kind: str, pk: int, field: str) -> HttpResponse:
    """One sealed field: the mask, the purposes that open it and a reason; after that the plain text, this one time."""
    me = reader(request)
    thing, row = _sealed_row(request, kind, pk, field)
    judged = unmask.judge(me, row, field)
    form = RevealForm(request.POST or None, purposes=judged.purposes)
    page: dict[str, Any] = {
        "form": form,
        "label": thing.label(row),
        "back": thing.url(row),
        "judged": judged,
        "title": thing.title(row, field),
    }
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        plain = act(form, lambda: unmask.reveal(account=me, row=row, field=field, purpose=facts["purpose"], reason=facts["reason"]))
        if plain is not None:
            return render(request, "access/revealed.html", {**page, "plain": plain})
    if request.method == "POST" and not judged.allowed:
        raise PermissionDenied(unmask.REVEAL)
    return render(request, "access/reveal.html", page, status=status(form))


def _sealed_row(request: HttpRequest, kind: str, pk: int, field: str) -> tuple[unmask.Revealable, Any]:
    """A row that the reader may see, in the place of the page, whose field holds something."""
    me, thing = reader(request), unmask.known(kind)
    if thing is None:
        raise Http404(kind)
    row = get_object_or_404(thing.policy.visible(me, thing.action), pk=pk)
    reachable = thing.place(row).pk == place_of(request).pk and thing.policy.can_on(me, thing.action, row)
    if not reachable or field not in thing.fields(row) or not thing.read(row, field):
        raise Http404(field)
    return thing, row


def _facts(grant: PurposeGrant) -> list[tuple[Any, Any]]:
    known = purposes.purposes_of(grant.org.place).get(grant.purpose)
    lines = [
        (_("申请人"), grant.account.display_name), (_("单位"), _("%(org)s及下级") % {"org": grant.org.name}),
        (_("可看的信息"), "、".join(str(unmask.KINDS[kind]) for kind in known.kinds) if known else ""),
        (_("依据"), known.basis.words() if known and known.basis else ""), (_("事由"), grant.reason),
        (_("申请时间"), grant.asked), (_("申请天数"), grant.days), (_("状态"), state_words(grant)),
        (_("批准人"), grant.decided_by.display_name if grant.decided_by else ""), (_("批准时间"), grant.decided),
        (_("批准意见"), grant.decision), (_("自"), _span(grant.valid_from, grant)), (_("至"), _span(grant.valid_to, grant)),
    ]  # fmt: skip
    return [line for line in lines if line[1]]


def _title(grant: PurposeGrant) -> str:
    known = purposes.purposes_of(grant.org.place).get(grant.purpose)
    return named(known) if known else grant.purpose


def _live(grant: PurposeGrant) -> bool:
    return grant.state == PurposeGrant.State.GRANTED and grant.valid_to > timezone.localdate()


def _found(request: HttpRequest, pk: int) -> PurposeGrant:
    return get_object_or_404(_visible(request, place_of(request)), pk=pk)


def _list_url(request: HttpRequest) -> str:
    return reverse("access:purposes", kwargs={"place": place_of(request).slug})
