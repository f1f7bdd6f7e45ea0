"""The tree as of a day, and the life of one organisation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Where
from xingtan.kernel.text import T
from xingtan.press import xlsx
from xingtan.ui.downloads import XLSX, download

from . import packs, policies, residents, selectors
from .history import history
from .models import EVER, Organisation, OrgEdge, Place
from .panels import panels_of
from .selectors import Node
from .tree import day_text


def tree(request: HttpRequest, place: str) -> HttpResponseBase:
    """All organisations the reader may see, as they stood on `?on=` (today); `?export=xlsx` as a workbook."""
    here: Place = request.scope.place  # type: ignore[attr-defined]
    on = _day(request)
    rules = packs.rules(selectors.active_pack_or_none(here))
    seen = _seen(request, here, on)
    nodes = [node for node in selectors.tree(here, on) if node.pk in seen]
    if request.GET.get("export") == "xlsx":
        return _workbook(here, nodes, rules.title, on)
    low = min((node.depth for node in nodes), default=0)
    rows = [(node, node.depth - low, rules.title(node.kind)) for node in nodes]
    manage = policies.organisations.can(request.user, policies.MANAGE)
    context = {"rows": rows, "on": on, "today": timezone.localdate(), "total": len(nodes), "manage": manage}
    return render(request, "orgs/tree.html", context)


def _seen(request: HttpRequest, place: Place, on: date) -> set[int]:
    """Organisations of the place visible to the reader: by the open tree, or as they stood on the day under what he may see."""
    visible = policies.organisations.visible(request.user, policies.VIEW, Organisation.objects.filter(place=place))
    found = set(visible.values_list("pk", flat=True))
    below = OrgEdge.objects.on(on).filter(descendant=OuterRef("pk"), ancestor__in=visible.values("pk"))
    closed = Organisation.objects.filter(Exists(below), place=place, closed__isnull=False)
    return found | set(closed.values_list("pk", flat=True))


def _day(request: HttpRequest) -> date:
    text = request.GET.get("on", "").strip()
    if not text:
        return timezone.localdate()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise XingtanError.one("orgs.on", T("日期“%(text)s”读不懂", text=text[:20]), T("写成 2009-09-01"), Where(field="on")) from None


def _workbook(place: Place, nodes: list[Node], title: Any, on: date) -> HttpResponseBase:
    codes = {node.pk: node.code for node in nodes}
    rows = [(node.code, node.name, title(node.kind), codes.get(node.parent or 0), node.size) for node in nodes]
    heads = [xlsx.Column(str(name)) for name in (_("代码"), _("名称"), _("类型"), _("上级代码"))]
    sheet = xlsx.Sheet(str(_("组织")), [*heads, xlsx.Column(str(_("下级数")), "number")], rows)
    return download(xlsx.write([sheet]), f"{place.title}{_('组织')}{on.isoformat()}.xlsx", XLSX)


def profile(request: HttpRequest, place: str, code: str) -> HttpResponseBase:
    """One organisation: what it is, where it stands, what is below it, its history in words."""
    here: Place = request.scope.place  # type: ignore[attr-defined]
    visible = policies.organisations.visible(request.user, policies.VIEW, Organisation.objects.filter(place=here))
    org = get_object_or_404(visible, code=code)
    rules = packs.rules(selectors.active_pack_or_none(here))
    allowed = set(visible.values_list("pk", flat=True))
    above = [one for one in selectors.ancestors(org) if one.pk in allowed]
    below = [(node, rules.title(node.kind)) for node in selectors.children(org)] if not org.closed else []
    kind, started = rules.title(org.kind), org.spells.order_by("valid_from").first()
    facts: list[tuple[Any, ...]] = [(_("代码"), org.code), (_("类型"), kind)]
    if above:
        facts.append((_("上级组织"), above[-1].name, _url(here, above[-1].code)))
    if started and started.valid_from != EVER:
        facts.append((_("设立"), day_text(started.valid_from)))
    if org.closed:
        facts.append((_("撤销"), day_text(org.closed)))
    facts += [(one.what, one.count) for one in residents.living_at([org.pk], timezone.localdate()).get(org.pk, [])]
    context = {
        "org": org, "kind": kind, "facts": facts, "below": below, "moments": history(org, rules),
        "crumbs": [(one.name, _url(here, one.code)) for one in above],
        "manage": not org.closed and policies.organisations.can_on(request.user, policies.MANAGE, org),
        "is_root": here.root_id == org.pk, "acts": org.acts.filter(undone=None).count(),
    }  # fmt: skip
    return render(request, "orgs/profile.html", {**context, "panels": panels_of(request, org)})


def _url(place: Place, code: str) -> str:
    return reverse("orgs:profile", kwargs={"place": place.slug, "code": code})
