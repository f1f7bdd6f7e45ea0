"""The way of a file, page by page: choose, look at the columns, look at what would happen, confirm, undo."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xingtan.apps.base.jobs.models import Job
from xingtan.apps.base.orgs.models import Organisation
from xingtan.apps.record.ledgers import policies as ledger_policies
from xingtan.apps.record.ledgers.batches import MovedOnError
from xingtan.apps.record.ledgers.shape import Shape, shape_of
from xingtan.kernel.errors import XingtanError
from xingtan.ui import policy, scope
from xingtan.ui.downloads import XLSX, download
from xingtan.ui.forms import status
from xingtan.ui.issues import onto_form
from xingtan.ui.named import named
from xingtan.ui.tables import Column, Table

from . import files, services, tasks
from .forms import MappingForm, UploadForm
from .marked import marked_copy
from .models import Import
from .pipeline import quiet
from .policies import IMPORT, imports
from .store import issue_of
from .ways import WAYS, way

SHOWN = 200


def listing(request: HttpRequest, place: str) -> HttpResponseBase:
    """Imports of the place that the reader may see, newest first."""
    at: scope.Scope = request.scope  # type: ignore[attr-defined]
    if not any(policy.can(request.user, one.action) for one in WAYS.values()):
        raise PermissionDenied(IMPORT)
    rows = imports.of(request.user, Import.objects.filter(place=at.place)).select_related("org")
    bound = _table(place).bind(request, rows)
    if bound.export:
        return bound.workbook(_("导入记录"))
    return render(request, "imports/list.html", {"table": bound})


def _table(place: str) -> Table[Import]:
    columns = (
        Column[Import]("name", gettext_lazy("文件"), lambda row: row.name, link=lambda row: address(place, row)),
        Column[Import]("ledger", gettext_lazy("导入到"), lambda row: way(row).title(row), sort="ledger"),
        Column[Import]("org", gettext_lazy("单位"), lambda row: row.org.name, sort="org__name"),
        Column[Import]("state", gettext_lazy("状态"), lambda row: row.get_state_display(), sort="state"),
        Column[Import]("added", gettext_lazy("新增"), lambda row: row.counts.get("added"), kind="number"),
        Column[Import]("changed", gettext_lazy("变更"), lambda row: row.counts.get("changed"), kind="number"),
        Column[Import]("refused", gettext_lazy("有误"), lambda row: row.counts.get("refused"), kind="number"),
        Column[Import]("who", gettext_lazy("经办人"), lambda row: row.actor_label, minor=True),
        Column[Import](
            "created", gettext_lazy("上传时间"), lambda row: timezone.localtime(row.created).strftime("%Y-%m-%d %H:%M"), sort="created"
        ),
    )
    return Table(columns, default="-created")


def address(place: str, source: Import) -> str:
    return reverse("imports:import", kwargs={"place": place, "pk": source.pk})


def new(request: HttpRequest, place: str, ledger: str) -> HttpResponseBase:
    """Choose a file. A file that is no sheet is refused here, with the remedy."""
    at: scope.Scope = request.scope  # type: ignore[attr-defined]
    shape = shape_of(at.place, ledger)
    orgs = list(policy_orgs(request, at, shape))
    if not orgs:
        raise PermissionDenied(IMPORT)
    period = at.period.text if at.period and at.period.kind == shape.ledger.period else ""
    initial = {"org": at.org.code if at.org in orgs else "", "period": period}
    form = UploadForm(request.POST or None, request.FILES or None, shape=shape, orgs=orgs, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            source = _take(request, shape, form, orgs)
        except XingtanError as error:
            onto_form(form, error.issues)
        else:
            read_or_wait(request, source)
            return redirect(address(place, source))
    here = {"place": place, "ledger": ledger}
    context = {
        "form": form, "title": named(shape.ledger), "list_url": reverse("ledgers:list", kwargs=here),
        "template_url": reverse("ledgers:template", kwargs=here), "index_url": reverse("ledgers:index", kwargs={"place": place}),
    }  # fmt: skip
    return render(request, "imports/new.html", context, status=status(form))


def _take(request: HttpRequest, shape: Shape, form: UploadForm, orgs: list[Organisation]) -> Import:
    """Hand the file in. Without an organisation chosen, every row must name its own."""
    said, file = form.cleaned_data["org"], form.cleaned_data["file"]
    org = next((org for org in orgs if org.code == said), request.scope.org)  # type: ignore[attr-defined]
    policy.require_at(request.user, IMPORT, org)
    period = services.period_text(shape, form.cleaned_data["period"])
    return services.import_upload(
        actor=request.actor, place=shape.place, ledger=shape.ledger.id, org=org, period=period, name=file.name,  # type: ignore[attr-defined]
        data=services.bounded(file), each_row_says=not said,
    )  # fmt: skip


def policy_orgs(request: HttpRequest, at: scope.Scope, shape: Any) -> Any:
    """Organisations for which the account may import."""
    return ledger_policies.writable_orgs(request.user, at.place, shape, IMPORT).order_by("code")


def read_or_wait(request: HttpRequest, source: Import) -> None:
    """Check a small file at once, a large one in the background."""
    if tasks.is_small(source):
        way(source).read(source, timezone.localdate(), quiet)
    else:
        tasks.read_later(source, request.actor)  # type: ignore[attr-defined]


def _found(request: HttpRequest, pk: int) -> Import:
    at: scope.Scope = request.scope  # type: ignore[attr-defined]
    source = Import.objects.select_related("place", "org", "batch").filter(place=at.place, pk=pk).first()
    if source is None or not imports.can_on(request.user, way(source).action, source):
        raise Http404(pk)
    return source


def show(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """Where the import stands and what can be done next."""
    source = _found(request, pk)
    into, findings, everything = way(source), source.findings.all(), "all" in request.GET
    context = {
        "source": source, "title": into.title(source), "counts": source.counts, "total": findings.count(), "shown": SHOWN,
        "issues": [issue_of(finding) for finding in _gravest(findings)[: None if everything else SHOWN]],
        "form": MappingForm(targets=into.targets(source), source=source) if source.state in ("uploaded", "preview") else None,
        "job": Job.objects.filter(pk=source.job).first() if source.job and source.state in ("reading", "staging") else None,
        "unmatched": not all(source.mapping.values()), "roster": source.target == Import.Target.ROSTER,
        "some": any(source.counts.get(kind) for kind in ("added", "changed", "moved", "nil")),
        "good": sum(source.counts.get(kind, 0) for kind in ("added", "changed", "moved", "same", "nil")), "everything": everything,
        "list_url": into.list_url(source), "new_url": into.new_url(source), "marked": bool(findings) and source.state == "preview",
    }  # fmt: skip
    return render(request, "imports/import.html", context)


def _gravest(findings: Any) -> Any:
    return findings.extra(select={"mild": "CASE severity WHEN 'error' THEN 0 ELSE 1 END"}, order_by=["mild", "id"])


@require_POST
def remap(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """Take the columns as somebody says they are, and check again."""
    source = _found(request, pk)
    form = MappingForm(request.POST, targets=way(source).targets(source), source=source)
    if form.is_valid():
        sheet = form.cleaned_data.get("sheet") or source.sheet
        services.import_map(actor=request.actor, source=source, sheet=sheet, mapping=form.mapping())  # type: ignore[attr-defined]
        read_or_wait(request, source)
    return redirect(address(place, source))


@require_POST
def confirm(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """Write it: all rows, or explicitly only the good ones."""
    source = _found(request, pk)
    actor = request.actor  # type: ignore[attr-defined]
    source = services.import_confirm(
        actor=actor, source=source, only_good="only_good" in request.POST, despite_alarm="despite_alarm" in request.POST
    )
    if not tasks.is_small(source):
        tasks.run_later(source, actor)
        return redirect(address(place, source))
    try:
        way(source).run(actor, source, timezone.localdate(), quiet)
        messages.success(request, _("已入账。"))
    except MovedOnError:
        messages.warning(request, _("检查之后又有了新的改动，已重新比对，请再确认一次。"))
    return redirect(address(place, source))


@require_POST
def undo(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """Take the whole import back."""
    source = _found(request, pk)
    way(source).undo(request.actor, source, request.POST.get("reason", ""))  # type: ignore[attr-defined]
    messages.success(request, _("已整批撤销；被它改动的记录恢复原样。"))
    return redirect(address(place, source))


@require_POST
def discard(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """Give it up before anything was written."""
    source = _found(request, pk)
    services.import_discard(actor=request.actor, source=source)  # type: ignore[attr-defined]
    messages.success(request, _("已放弃，没有写入任何内容。"))
    return redirect(way(source).list_url(source))


def marked(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """The marked-up copy of the file."""
    source = _found(request, pk)
    if not files.path_of(source.stored).is_file():
        raise Http404(pk)
    copy = marked_copy(source)
    return download(copy, _("%(name)s_批注.xlsx") % {"name": source.name.rsplit(".", 1)[0]}, XLSX)
