"""Write the applications that the register of pupils gives, as one batch that can be undone."""

from __future__ import annotations

import polars as pl
from django.db import transaction
from django.utils import timezone

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.orgs import selectors as orgs
from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.desks.aid import drawing, selectors
from xingtan.apps.record.imports.assemble import Given
from xingtan.apps.record.imports.pipeline import plan, understand
from xingtan.apps.record.imports.reading.sheets import Sheet
from xingtan.apps.record.imports.staging import stage
from xingtan.apps.record.imports.store import errors_only, issues_of
from xingtan.apps.record.ledgers import batches
from xingtan.apps.record.ledgers.shape import shape_of
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T


@transaction.atomic
def applications_draw(*, actor: Actor, place: Place, org: Organisation, scheme: str, period: str) -> int:
    """Enter an application for everybody whom the scheme draws and who has not applied. Returns how many; the batch tells who did it.

    Raises XingtanError when the scheme draws nobody, or with every fault of a row that the ledger refuses; then nothing is written.
    """
    pack = orgs.active_pack(place)
    aid = selectors.aid_of(pack, scheme)
    if aid is None or aid.draw is None:
        raise XingtanError.one("aid.draw", T("这项办法没有写怎样从学籍取名单"), T("在规则包里写 draw，或逐条登记申请"))
    rows = drawing.drawn(place, org, aid, period)
    if not rows:
        raise XingtanError.one("aid.drawn", T("没有可取的学生：都已申请，或学籍里没有"), T("核对单位、期间和学籍"))
    label = f"{pack.allocations[scheme].title} {len(rows)}"
    _write(actor, place, aid.applications, _sheet(list(drawing.lines(pack, aid, rows, period))), label)
    return len(rows)


def _sheet(lines: list[list[str]]) -> Sheet:
    columns = {f"c{at}": [line[at] or None for line in lines] for at in range(len(lines[0]))}
    return Sheet("", pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)), list(range(len(columns))))


def _write(actor: Actor, place: Place, ledger: str, sheet: Sheet, label: str) -> None:
    """The way of a spreadsheet: the same checks, one batch, one audit event."""
    batches.layout_fixed(shape_of(place, ledger))
    shape, base = shape_of(place, ledger), batches.revision(place, ledger)
    made = plan(shape, sheet, understand(shape, sheet), Given(None, ""), timezone.localdate())
    if faults := errors_only(issues_of(made, label)):
        raise XingtanError(faults)
    batch = batches.batch_open(actor=actor, shape=shape, label=label, base=base)
    stage(shape, batch, made.takes, lambda _done, _total: None)
    batches.batch_commit(actor=actor, batch=batch)
