"""Verbs on imports: upload, map, read, confirm, undo, discard. Nothing counts before `confirm` has run to its end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.audit.services import record as audit
from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.record.ledgers import batches
from xingtan.apps.record.ledgers.batches import MovedOnError
from xingtan.apps.record.ledgers.models import Batch
from xingtan.apps.record.ledgers.rows import ORG
from xingtan.apps.record.ledgers.shape import Shape, shape_of
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T

from . import files, memory
from .assemble import Given
from .bundles import load_bundle
from .models import Finding, Import
from .pipeline import Plan, Step, chosen, plan, quiet, understand
from .reading.sheets import Sheet
from .staging import stage
from .store import write_findings

__all__ = [
    "import_confirm", "import_discard", "import_map", "import_read", "import_run", "import_undo", "import_upload", "load_bundle",
]  # fmt: skip
_OPEN = (Import.State.UPLOADED, Import.State.READING, Import.State.PREVIEW)


@transaction.atomic
def import_upload(*, actor: Actor, place: Place, ledger: str, org: Organisation, period: str, name: str, data: bytes) -> Import:
    """Take a file in and guess what its columns are. Raises UnreadableError, with the remedy, when it is no sheet; then nothing is kept."""
    shape = shape_of(place, ledger)
    stored, digest = files.store(place, data)
    try:
        book = files.workbook(stored)
        sheet, guess = _best_sheet(shape, book.sheets, book.sheet)
    except XingtanError:
        files.forget(stored)
        raise
    made = Import.objects.create(
        place=place, ledger=ledger, org=org, period=period, name=name[-255:] or "table", stored=stored, sha256=digest, form=book.form,
        sheets=book.sheets, sheet=sheet.name, actor_id=actor.id, actor_label=actor.label,
        mapping=memory.remembered(place, ledger, guess) or {heading.text: heading.target for heading in guess.headings},
    )  # fmt: skip
    after = {"ledger": ledger, "file": made.name, "sha256": digest}
    audit(actor=actor, action="import.upload", place=place.slug, target=made, after=after, pack=shape.pack.hash)
    return made


def _best_sheet(shape: Shape, names: list[str], read: object) -> tuple[Sheet, object]:
    """The sheet in which most headings are recognised; the first when none is."""
    best = None
    for name in names[:20]:
        try:
            sheet = read(name)  # type: ignore[operator]
        except XingtanError:
            continue
        head = understand(shape, sheet)
        if best is None or head.matched > best[1].matched:
            best = (sheet, head)
    return best or (read(names[0]), None)  # type: ignore[operator]


@transaction.atomic
def import_map(*, actor: Actor, source: Import, sheet: str, mapping: Mapping[str, str]) -> Import:
    """Say which sheet and what each heading is (heading → target, "" to leave out). Remembered for the next file of this shape."""
    _refuse_unless(source, *_OPEN)
    shape = shape_of(source.place, source.ledger)
    source.sheet, source.mapping, source.state = sheet, dict(mapping), Import.State.UPLOADED
    source.save(update_fields=["sheet", "mapping", "state"])
    memory.remember(source.place, source.ledger, understand(shape, files.workbook(source.stored).sheet(sheet)), source.mapping)
    return source


def planned(source: Import, shape: Shape, today: date, step: Step = quiet) -> Plan:
    """Read the file and compare it with the ledger as it is now. Writes nothing."""
    sheet = files.workbook(source.stored).sheet(source.sheet)
    guess = understand(shape, sheet)
    head = chosen(guess, source.mapping)
    given = Given(None if any(heading.target == ORG for heading in head.headings) else source.org_id, source.period)
    return plan(shape, sheet, head, given, today, step)


def import_read(*, source: Import, today: date, step: Step = quiet) -> Plan:
    """Read and check the whole file; counts and every fault are kept with the import. Nothing of the ledger is touched."""
    shape = shape_of(source.place, source.ledger)
    made = planned(source, shape, today, step)
    _keep(source, made)
    return made


@transaction.atomic
def _keep(source: Import, made: Plan) -> None:
    write_findings(source, made)
    alarm = made.diff.alarm if made.diff else None
    source.counts, source.alarm, source.state = made.counts, str(alarm or "")[:500], Import.State.PREVIEW
    source.save(update_fields=["counts", "alarm", "state"])


@transaction.atomic
def import_confirm(*, actor: Actor, source: Import, only_good: bool = False, despite_alarm: bool = False) -> Import:
    """Decide: take all rows, or explicitly only the good ones. Raises XingtanError when there are faults, nothing to do, or an alarm unanswered."""
    source = Import.objects.select_for_update().get(pk=source.pk)
    _refuse_unless(source, Import.State.PREVIEW)
    counts = source.counts
    if counts.get("faults") and not only_good:
        hint = T("请改好后重新上传，或选择“只导入无误的行”")
        raise XingtanError.one("import.faults", T("还有 %(count)s 处错误", count=counts["faults"]), hint)
    if not counts.get("added") and not counts.get("changed") and not counts.get("nil"):
        raise XingtanError.one(
            "import.nothing", T("没有要写入的行：内容与台账完全一样，或都有错误"), T("无须再做什么，或改好错误后重新上传")
        )
    if source.alarm and not despite_alarm:
        raise XingtanError.one(
            "import.alarm", T("变动过大：%(alarm)s", alarm=source.alarm), T("请核对文件；确认无误后勾选“我已核对”再导入")
        )
    source.only_good, source.state = only_good, Import.State.STAGING
    source.save(update_fields=["only_good", "state"])
    audit(actor=actor, action="import.confirm", place=source.place.slug, target=source, after={"only_good": only_good, **counts})
    return source


def import_run(*, actor: Actor, source: Import, today: date, step: Step = quiet) -> Import:
    """Write a confirmed import: stage hidden in chunks, then flip one flag. Harmless to repeat: an interrupted run goes on where it stopped.

    When the ledger moved on since the preview, nothing is written, the preview is renewed and MovedOnError raised.
    """
    if source.state == Import.State.DONE:
        return source
    _refuse_unless(source, Import.State.STAGING)
    shape = shape_of(source.place, source.ledger)
    batches.layout_fixed(shape)
    batch, base = _batch(actor, source, shape)
    made = planned(source, shape, today)
    if made.counts != source.counts or batch.base_revision != base:
        _renew(source, batch, made)
    stage(shape, batch, made.takes, step)
    try:
        _commit(actor, source, batch, made)
    except MovedOnError:
        _renew(source, batch, planned(source, shape, today))
    return source


@transaction.atomic
def _commit(actor: Actor, source: Import, batch: Batch, made: Plan) -> None:
    batches.batch_commit(actor=actor, batch=batch, nils=nils_of(made))
    source.state = Import.State.DONE
    source.save(update_fields=["state"])


def nils_of(made: Plan) -> list[tuple[int, str]]:
    """The nil returns of a file."""
    if made.diff is None:
        return []
    table = made.diff.rows.table
    return table.filter(made.findings.good(table["row"]) & table["nil"]).select("org_id", "period").rows()


def _batch(actor: Actor, source: Import, shape: Shape) -> tuple[Batch, int]:
    base = batches.revision(source.place, source.ledger)
    if source.batch is None:
        source.batch = batches.batch_open(actor=actor, shape=shape, label=source.name, base=base)
        source.save(update_fields=["batch"])
    return source.batch, base


def _renew(source: Import, batch: Batch, made: Plan) -> None:
    """The ledger moved on: drop what was staged, show the new comparison, ask again."""
    source.batch = None
    source.save(update_fields=["batch"])
    batches.batch_discard(batch=batch)
    _keep(source, made)
    raise MovedOnError.one("batch.moved", T("检查之后，台账又有了新的改动，已重新比对"), T("请看一眼新的结果，再确认一次；不必重新上传"))


@transaction.atomic
def import_undo(*, actor: Actor, source: Import, reason: str) -> Import:
    """Take the whole import back. Raises XingtanError with the list of rows changed since."""
    _refuse_unless(source, Import.State.DONE)
    assert source.batch is not None
    batches.batch_undo(actor=actor, batch=source.batch, reason=reason)
    source.state = Import.State.UNDONE
    source.save(update_fields=["state"])
    return source


@transaction.atomic
def import_discard(*, actor: Actor, source: Import) -> Import:
    """Give an import up before it was confirmed; the file is deleted."""
    _refuse_unless(source, *_OPEN)
    if source.batch is not None:
        batches.batch_discard(batch=source.batch)
    Finding.objects.filter(source=source).delete()
    files.forget(source.stored)
    source.state = Import.State.DISCARDED
    source.save(update_fields=["state"])
    audit(actor=actor, action="import.discard", place=source.place.slug, target=source)
    return source


def _refuse_unless(source: Import, *states: str) -> None:
    if source.state not in states:
        raise XingtanError.one(
            "import.state", T("这次导入现在是“%(state)s”，不能这样办", state=source.get_state_display()), T("请刷新页面看最新状态")
        )


def today() -> date:
    return timezone.localdate()
