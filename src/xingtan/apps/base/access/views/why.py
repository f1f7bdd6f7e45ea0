"""Why somebody may or may not see one record and each of its sensitive fields: post, scope, dates, the pack's rule, purposes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xingtan.apps.base.access import policies, unmask
from xingtan.apps.base.access.explain import explain
from xingtan.apps.base.access.models import Account
from xingtan.apps.base.access.views.common import reader
from xingtan.apps.base.orgs.models import Organisation
from xingtan.apps.base.orgs.selectors import active_pack_or_none
from xingtan.kernel.text import Text
from xingtan.ui.policy import Explanation, require_at


@dataclass(frozen=True, slots=True)
class Line:
    """One field: what it is called, what is shown of it, and every condition with whether it holds."""

    title: Any
    kind: Text
    allowed: bool
    shown: str
    reasons: tuple[tuple[bool, Text], ...]


@require_safe
def why(request: HttpRequest, place: str, kind: str, pk: int) -> HttpResponse:
    """The page. `?account=` names somebody else, for whoever looks after accounts in the place."""
    me, thing = reader(request), unmask.known(kind)
    here = request.scope.place  # type: ignore[attr-defined]
    if thing is None:
        raise Http404(kind)
    row = get_object_or_404(thing.model._default_manager.all(), pk=pk)
    if thing.place(row).pk != here.pk:
        raise Http404(kind)
    account = _asked(request, me)
    page = {
        "account": account, "mine": account.pk == me.pk, "label": thing.label(row) if _sees(me, thing, row) else _("这一条"),
        "row": _row(account, thing, row, request.scope.org), "lines": _lines(account, thing, row), "others": _others(me, here),  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "access/why.html", page)


def _asked(request: HttpRequest, me: Account) -> Account:
    wanted = request.GET.get("account", "")
    if not wanted.isascii() or not wanted.isdigit() or int(wanted) == me.pk:
        return me
    require_at(me, "access.view", request.scope.place.root)  # type: ignore[attr-defined]
    return get_object_or_404(policies.accounts.visible(me, "access.view").select_related("place", "person"), pk=int(wanted))


def _others(me: Account, place: Any) -> list[Account]:
    """Whom the reader may ask about."""
    found = policies.accounts.visible(me, "access.view").filter(place=place, is_active=True).exclude(pk=me.pk)
    return list(found.order_by("display_name")[:500])


def _sees(account: Account, thing: unmask.Revealable, row: Any) -> bool:
    return bool(thing.policy.can_on(account, thing.action, row))


def _row(account: Account, thing: unmask.Revealable, row: Any, here: Organisation) -> Explanation:
    """The row as a whole: what its own policy decides, told by the posts that reach its organisation or come near."""
    try:
        org = Organisation.objects.select_related("place").get(pk=thing.policy.org_id(row))
    except (AttributeError, Organisation.DoesNotExist):
        org = here
    told = explain(account, thing.action, org, timezone.localdate())
    return Explanation(_sees(account, thing, row), told.reasons)


def _lines(account: Account, thing: unmask.Revealable, row: Any) -> list[Line]:
    found = []
    for field, kind in thing.fields(row).items():
        judged = unmask.judge(account, row, field)
        rule = thing.rule(active_pack_or_none(thing.place(row)), row, field)
        hidden = rule is not None and rule.shows == "nothing"
        shown = _("全部，每次查看都有记录") if judged.allowed else _("不显示") if hidden else _("只显示一部分")
        found.append(Line(thing.title(row, field), unmask.KINDS[kind], judged.allowed, shown, judged.reasons))
    return found
