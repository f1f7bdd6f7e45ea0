"""Verbs on imports: upload, map, read, confirm, undo, discard. Nothing counts before `confirm` has run to its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NoReturn

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.audit.services import record as audit
from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.record.ledgers import batches
from xingtan.apps.record.ledgers.batches import MovedOnError
from xingtan.apps.record.ledgers.models import Batch
from xingtan.apps.record.ledgers.rows import ORG, period_of
from xingtan.apps.record.ledgers.shape import Shape, shape_of
from xingtan.apps.record.ledgers.values import Fault
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.text import T

from . import files, memory, prepared
from .assemble import Given
from .bundles import load_bundle
from .models import Finding, Import
from .pipeline import Plan, Step, chosen, nils_of, plan, quiet, understand
from .reading.headings import Head
from .reading.sheets import Sheet
from .reading.sniff import LARGEST_FILE
from .staging import stage
from .store import write_findings

__all__ = [
    "import_confirm", "import_discard", "import_drop", "import_map", "import_read", "import_run", "import_undo", "import_upload",
    "load_bundle",
]  # fmt: skip
_OPEN = (Import.State.UPLOADED, Import.State.READING, Import.State.PREVIEW)


@transaction.atomic
def import_upload(
    *, actor: Actor, place: Place, ledger: str, org: Organisation, period: str, name: str, data: bytes, each_row_says: bool = False
) -> Import:
    """Take a file in and guess what its columns are. Raises UnreadableError, with the remedy, when it is no sheet; then nothing is kept.

    Rows that name no organisation belong to `org`, or are faulty with `each_row_says`.
    """
    shape = shape_of(place, ledger)
    stored, digest = files.store(place, data)
    try:
        book = files.workbook(stored)
        sheet, guess = best_sheet(lambda sheet: understand(shape, sheet), book.sheets, book.sheet)
        files.keep(stored, sheet, sheet.name)
    except XingtanError:
        files.forget(stored)
        raise
    made = Import.objects.create(
        place=place, ledger=ledger, org=org, period=period, each_row_says=each_row_says, name=name[-255:] or "table", stored=stored,
        sha256=digest, form=book.form, sheets=book.sheets, sheet=sheet.name, actor_id=actor.id, actor_label=actor.label,
        mapping=memory.remembered(place, ledger, guess) or {heading.text: heading.target for heading in guess.headings},
    )  # fmt: skip
    after = {"ledger": ledger, "file": made.name, "sha256": digest}
    audit(actor=actor, action="import.upload", place=place.slug, target=made, after=after, pack=shape.pack.hash)
    return made


def best_sheet(understood: Callable[[Sheet], Head], names: list[str], read: Callable[[str], Sheet]) -> tuple[Sheet, Head]:
    """The sheet in which most headings are recognised, else the first. Raises UnreadableError when no sheet has anything in it."""
    found: list[tuple[Sheet, Head]] = []
    refusal: XingtanError | None = None
    for name in names[:20]:
        try:
            sheet = read(name)
        except XingtanError as error:
            refusal = refusal or error
            continue
        found.append((sheet, understood(sheet)))
    if not found:
        raise refusal or XingtanError()
    return max(found, key=lambda pair: pair[1].matched)


@transaction.atomic
def import_map(*, actor: Actor, source: Import, sheet: str, mapping: Mapping[str, str]) -> Import:
    """Say which sheet and what each heading is (heading → target, "" to leave out). Remembered for the next file of this shape."""
    from .ways import way

    refuse_unless(source, *_OPEN)
    source.sheet, source.mapping, source.state = sheet, dict(mapping), Import.State.UPLOADED
    source.save(update_fields=["sheet", "mapping", "state"])
    head = way(source).understand(source, files.sheet(source.stored, sheet))
    memory.remember(source.place, source.ledger or source.target, head, source.mapping)
    return source


def planned(source: Import, shape: Shape, today: date, step: Step = quiet) -> Plan:
    """Read the file and compare it with the ledger as it is now. Writes nothing."""
    sheet = files.sheet(source.stored, source.sheet)
    guess = understand(shape, sheet)
    head = chosen(guess, source.mapping)
    given = Given(None if any(heading.target == ORG for heading in head.headings) else source.org_id, source.period, source.each_row_says)
    return plan(shape, sheet, head, given, today, step=step)


def import_read(*, source: Import, today: date, step: Step = quiet) -> Plan:
    """Read and check the whole file; counts and every fault are kept with the import. Nothing of the ledger is touched."""
    shape = shape_of(source.place, source.ledger)
    base = batches.revision(source.place, source.ledger)
    made = planned(source, shape, today, step)
    _keep(source, made)
    prepared.keep(source, made, prepared.Stand(base, shape.pack.hash, shape.layout, today))
    return made


@transaction.atomic
def _keep(source: Import, made: Plan) -> None:
    write_findings(source, made)
    alarm = made.diff.alarm if made.diff else None
    source.counts, source.alarm, source.state = made.counts, str(alarm or "")[:500], Import.State.PREVIEW
    source.save(update_fields=["counts", "alarm", "state"])


@transaction.atomic
def import_confirm(*, actor: Actor, source: Import, only_good: bool = False, despite_alarm: bool = False) -> Import:
    """Decide: take all rows, or explicitly only the good ones. Raises XingtanError for faults, nothing to do, or an alarm unanswered."""
    source = Import.objects.select_for_update().get(pk=source.pk)
    refuse_unless(source, Import.State.PREVIEW)
    counts = source.counts
    if counts.get("faults") and not only_good:
        hint = T("请改好后重新上传，或选择“只导入无误的行”")
        raise XingtanError.one("import.faults", T("还有 %(count)s 处错误", count=counts["faults"]), hint)
    if not any(counts.get(kind) for kind in ("added", "changed", "moved", "nil")):
        raise XingtanError.one(
            "import.nothing", T("没有要写入的行：内容与已有的完全一样，或都有错误"), T("无须再做什么，或改好错误后重新上传")
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
    """Write a confirmed import: stage hidden in chunks, then flip one flag. Harmless to repeat: it goes on where it was interrupted.

    When the ledger moved on since the preview, nothing is written, the preview is renewed and MovedOnError raised.
    """
    if source.state == Import.State.DONE:
        return source
    refuse_unless(source, Import.State.STAGING)
    batches.layout_fixed(shape_of(source.place, source.ledger))
    shape = shape_of(source.place, source.ledger)
    base = batches.revision(source.place, source.ledger)
    kept = prepared.kept(source, prepared.Stand(base, shape.pack.hash, shape.layout, today))
    if kept is None:
        kept = _prepared_again(source, shape, today, base)
    batch = _batch(actor, source, shape, base)
    stage(shape, batch, kept.takes, step)
    try:
        _commit(actor, source, batch, kept)
    except MovedOnError:
        _renew(source, today)
    return source


def _prepared_again(source: Import, shape: Shape, today: date, base: int) -> prepared.Prepared:
    """What the preview prepared no longer fits (another revision, pack or day): read again; ask again when it comes out otherwise."""
    made = planned(source, shape, today)
    if made.counts != source.counts:
        _renew(source, today)
    if source.batch is not None and source.batch.base_revision != base:
        batches.batch_discard(batch=source.batch)
        source.batch = None
    return prepared.Prepared(made.takes, nils_of(made))


@transaction.atomic
def _commit(actor: Actor, source: Import, batch: Batch, kept: prepared.Prepared) -> None:
    batches.batch_commit(actor=actor, batch=batch, nils=kept.nils)
    source.state = Import.State.DONE
    source.save(update_fields=["state"])
    transaction.on_commit(lambda: files.forget_parsed(source.stored))


def _batch(actor: Actor, source: Import, shape: Shape, base: int) -> Batch:
    if source.batch is None:
        source.batch = batches.batch_open(actor=actor, shape=shape, label=source.name, base=base)
        source.save(update_fields=["batch"])
    return source.batch


def _renew(source: Import, today: date) -> NoReturn:
    """The ledger moved on: drop what was staged, show the new comparison, ask again."""
    batch, source.batch = source.batch, None
    source.save(update_fields=["batch"])
    if batch is not None:
        batches.batch_discard(batch=batch)
    import_read(source=source, today=today)
    raise MovedOnError.one("batch.moved", T("检查之后，台账又有了新的改动，已重新比对"), T("请看一眼新的结果，再确认一次；不必重新上传"))


@transaction.atomic
def import_undo(*, actor: Actor, source: Import, reason: str) -> Import:
    """Take the whole import back. Raises XingtanError with the list of rows changed since."""
    refuse_unless(source, Import.State.DONE)
    assert source.batch is not None
    batches.batch_undo(actor=actor, batch=source.batch, reason=reason)
    source.state = Import.State.UNDONE
    source.save(update_fields=["state"])
    return source


@transaction.atomic
def import_discard(*, actor: Actor, source: Import) -> Import:
    """Give an import up before it was confirmed; the file is deleted."""
    refuse_unless(source, *_OPEN)
    if source.batch is not None:
        batches.batch_discard(batch=source.batch)
    Finding.objects.filter(source=source).delete()
    files.forget(source.stored)
    source.state = Import.State.DISCARDED
    source.save(update_fields=["state"])
    audit(actor=actor, action="import.discard", place=source.place.slug, target=source)
    return source


@transaction.atomic
def import_drop(*, actor: Actor, source: Import) -> None:
    """Give an import up whatever its state before it was written, also one that was confirmed and then refused."""
    if source.state == Import.State.STAGING:
        source.state = Import.State.PREVIEW
    import_discard(actor=actor, source=source)


def refuse_unless(source: Import, *states: str) -> None:
    if source.state not in states:
        raise XingtanError.one(
            "import.state", T("这次导入现在是“%(state)s”，不能这样办", state=source.get_state_display()), T("请刷新页面看最新状态")
        )


def size(source: Import) -> int:
    """Bytes of the kept file."""
    return files.path_of(source.stored).stat().st_size


def bounded(upload: UploadedFile[Any]) -> bytes:
    """The uploaded bytes, no more of them than a file may have (one more, so that the excess is noticed)."""
    return bytes(upload.read(LARGEST_FILE + 1))


def period_text(shape: Shape, typed: str) -> str:
    """The period typed beside an upload, in canonical spelling. Raises XingtanError for what is none."""
    if not typed.strip():
        return ""
    found = period_of(shape, typed, None, None)
    if isinstance(found, Fault):
        raise XingtanError((Issue(Severity.ERROR, found.code, found.message, Where(field="period"), found.hint, typed),))
    return found.text if found else ""
