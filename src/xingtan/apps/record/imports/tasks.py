"""Long imports in the background: reading and writing, each with progress, each harmless to repeat."""

from __future__ import annotations

from datetime import time, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.jobs.models import Every
from xingtan.apps.base.jobs.registry import Outcome, task
from xingtan.apps.base.jobs.run import Run
from xingtan.apps.base.jobs.schedule import standing
from xingtan.apps.base.jobs.services import enqueue
from xingtan.apps.record.ledgers.batches import MovedOnError, tidy
from xingtan.kernel.text import T

from . import services
from .models import Import
from .ways import way

KEPT = timedelta(days=7)
SYSTEM = Actor.system("系统")
SMALL = 256 * 1024  # bytes; smaller files are read and written at once


def is_small(source: Import) -> bool:
    return services.size(source) <= SMALL


def read_later(source: Import, actor: Actor) -> None:
    """Have a file read in the background."""
    with transaction.atomic():
        job = enqueue(kind="imports.read", payload={"import": source.pk}, actor=actor, place=source.place, key=f"imports.read:{source.pk}")
        Import.objects.filter(pk=source.pk).update(state=Import.State.READING, job=job.pk)


def run_later(source: Import, actor: Actor) -> None:
    """Have a confirmed import written in the background."""
    with transaction.atomic():
        job = enqueue(kind="imports.run", payload={"import": source.pk}, actor=actor, place=source.place, key=f"imports.run:{source.pk}")
        Import.objects.filter(pk=source.pk).update(job=job.pk)


def _url(source: Import) -> str:
    return reverse("imports:import", kwargs={"place": source.place.slug, "pk": source.pk})


@task("imports.read", title=T("检查导入的表格"))
def read(run: Run) -> Outcome:
    """Read and check; the result waits for somebody to look at it."""
    source = Import.objects.select_related("place", "org").get(pk=run.payload["import"])
    counts = way(source).read(source, timezone.localdate(), run.progress)
    told = {"name": source.name, "rows": counts["rows"], "faults": counts["faults"]}
    return Outcome(T("“%(name)s”检查完毕：%(rows)s 行，%(faults)s 处错误", **told), _url(source))


@task("imports.run", title=T("写入导入的数据"))
def write(run: Run) -> Outcome:
    """Stage and commit; taken up again after a crash it goes on where it stopped."""
    source = Import.objects.select_related("place", "org", "batch").get(pk=run.payload["import"])
    try:
        way(source).run(run.actor, source, timezone.localdate(), run.progress)
    except MovedOnError:
        return Outcome(T("“%(name)s”：检查之后又有改动，请重新确认", name=source.name), _url(source))
    counts = source.counts
    return Outcome(
        T("“%(name)s”已入账：新增 %(added)s 行，变更 %(changed)s 行", name=source.name, added=counts["added"], changed=counts["changed"]),
        _url(source),
    )


@task("ledgers.tidy", title=T("整理撤销的导入"))
def tidy_undone(run: Run) -> Outcome | None:
    """Take undone rows out of the way of lists."""
    if run.place is None:
        return None
    return Outcome(T("整理了 %(count)s 行", count=tidy(run.place)))


@task("imports.tidy", title=T("清理没有确认的名册"))
def tidy_rosters(run: Run) -> Outcome:
    """Give up rosters that nobody confirmed for days: their files hold in the open what the register seals."""
    waiting = (Import.State.UPLOADED, Import.State.READING, Import.State.PREVIEW)
    before = timezone.now() - KEPT
    left = Import.objects.filter(target=Import.Target.ROSTER, state__in=waiting, created__lt=before).select_related("place", "org", "batch")
    for source in left:
        services.import_discard(actor=SYSTEM, source=source)
    return Outcome(T("清理了 %(count)s 份没有确认的名册", count=len(left)))


standing("imports.tidy", every=Every.DAY, at=time(3, 40))
