"""Jobs of the register of pupils."""

from __future__ import annotations

from datetime import time

from django.db import transaction

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.jobs.models import Every
from xingtan.apps.base.jobs.registry import Outcome, task
from xingtan.apps.base.jobs.run import Run
from xingtan.apps.base.jobs.schedule import standing
from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.kernel.text import T

from .batching import TITLES, Wanted
from .services.batches import JOB, act_url, batch_apply
from .services.transfers import transfers_expire


@task(JOB, title=T("学籍批量办理"))
def apply(run: Run) -> None:
    """Apply a batch and end the job in one transaction: it is done once, or not at all."""
    wanted = Wanted.read(run.payload["wanted"])
    org = Organisation.objects.select_related("place").get(pk=wanted.org, place=run.place)
    with transaction.atomic():
        act = batch_apply(org=org, wanted=wanted, digest=run.payload["digest"], actor=run.actor)
        words = T("%(kind)s已办理，%(count)s 名学生", kind=TITLES[wanted.kind], count=act.facts["pupils"])
        run.finish(Outcome(words, act_url(act)))


@task("pupils.expire", title=T("了结逾期的转学"))
def expire(run: Run) -> Outcome:
    """End transfers that nobody answered in time."""
    actor = Actor.system("到期处理")
    count = sum(transfers_expire(place=place, actor=actor) for place in Place.objects.order_by("pk"))
    return Outcome(T("逾期未答复的转学 %(count)s 项", count=count))


standing("pupils.expire", every=Every.DAY, at=time(1, 10))
