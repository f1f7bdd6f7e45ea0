"""Rows that come together: staged hidden in chunks, brought into force by one flag in one short transaction, undone as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.audit.services import record as audit
from xingtan.apps.base.orgs.models import Place
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Severity
from xingtan.kernel.text import T, Text

from .locks import locked, moved
from .models import Batch, LedgerState, NilReturn, Record
from .shape import Shape, laid_out

CHUNK = 20_000  # rows in one transaction: well under a second on SQLite and PostgreSQL
Nil = tuple[int, str]  # organisation, period


class MovedOnError(XingtanError):
    """The ledger changed between comparing and committing; compare again."""


def layout_fixed(shape: Shape) -> None:
    """Write down which field stands in which slot, before rows are staged by it."""
    with transaction.atomic():
        state = locked(shape.place, shape.ledger.id)
        state.layout = laid_out(shape.ledger, state.layout)
        state.save(update_fields=["layout"])


def revision(place: Place, ledger: str) -> int:
    """The revision of a ledger: it changes whenever a row begins or ceases to count."""
    return LedgerState.objects.filter(place=place, ledger=ledger).values_list("revision", flat=True).first() or 0


def batch_open(*, actor: Actor, shape: Shape, label: str, base: int) -> Batch:
    """A hidden batch for rows compared with the ledger at revision `base`. Nobody sees anything of it: no audit event."""
    return Batch.objects.create(
        place=shape.place, ledger=shape.ledger.id, label=label[:255], base_revision=base, pack_hash=shape.pack.hash,
        actor_id=actor.id, actor_label=actor.label,
    )  # fmt: skip


@transaction.atomic
def batch_commit(*, actor: Actor, batch: Batch, nils: Iterable[Nil] = (), reason: str = "") -> Batch:
    """Bring the rows of a batch into force: one flag, whatever their number. One audit event.

    Raises MovedOnError when the ledger changed since the rows were compared; nothing is lost, compare again.
    """
    state = locked(batch.place, batch.ledger)
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state == Batch.State.VISIBLE:
        return batch
    if batch.state != Batch.State.STAGED or state.revision != batch.base_revision:
        raise MovedOnError.one(
            "batch.moved", T("检查之后，台账又有了新的改动"), T("系统会重新比对，请再确认一次；您的文件还在，不必重新上传")
        )
    _end_predecessors(batch)
    stated = _state_nils(actor, batch, list(nils))
    batch.hidden, batch.state, batch.committed = False, Batch.State.VISIBLE, timezone.now()
    batch.rows = batch.records.count()
    batch.save(update_fields=["hidden", "state", "committed", "rows"])
    _end_nil_returns(batch)
    moved(state, [*_partitions(batch), *(period for _, period in stated)])
    after = {"ledger": batch.ledger, "rows": batch.rows, "nil": len(stated), "source": batch.label}
    audit(actor=actor, action="batch.commit", place=batch.place.slug, target=batch, after=after, reason=reason, pack=batch.pack_hash)
    return batch


@transaction.atomic
def batch_undo(*, actor: Actor, batch: Batch, reason: str) -> Batch:
    """Take a batch back as a whole: its rows cease to count, those they replaced count again. One audit event.

    Raises XingtanError with the list of rows that were changed since, and without a reason.
    """
    if not reason.strip():
        raise XingtanError.one("undo.reason", T("撤销导入必须写明原因"), T("请填写原因，便于日后核对"))
    state = locked(batch.place, batch.ledger)
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != Batch.State.VISIBLE:
        raise XingtanError.one("undo.state", T("这批数据不在账上，无须撤销"), T("请刷新页面"))
    _refuse_if_changed(batch)
    batch.hidden, batch.state, batch.undone, batch.reason = True, Batch.State.UNDONE, timezone.now(), reason[:500]
    batch.save(update_fields=["hidden", "state", "undone", "reason"])
    moved(state, _partitions(batch))
    audit(
        actor=actor,
        action="batch.undo",
        place=batch.place.slug,
        target=batch,
        before={"rows": batch.rows},
        reason=reason,
        pack=batch.pack_hash,
    )
    return batch


def batch_discard(*, batch: Batch) -> None:
    """Drop rows that never counted, in chunks."""
    while ids := list(Record.objects.filter(batch=batch, batch__state=Batch.State.STAGED).values_list("pk", flat=True)[:CHUNK]):
        with transaction.atomic():
            Record.objects.filter(pk__in=ids)._raw_delete(using="default")
    Batch.objects.filter(pk=batch.pk, state=Batch.State.STAGED).update(state=Batch.State.DISCARDED, hidden=False)


def tidy(place: Place) -> int:
    """After an undo: mark its rows as not living, in chunks, so that lists need not look at the batch any more. Returns rows done."""
    done = 0
    for batch in Batch.objects.filter(place=place, state=Batch.State.UNDONE, hidden=True):
        while ids := list(Record.objects.filter(ending=batch).values_list("pk", flat=True)[:CHUNK]):
            done += Record.objects.filter(pk__in=ids).update(ending=None)
        while ids := list(Record.objects.filter(batch=batch, live=True).values_list("pk", flat=True)[:CHUNK]):
            done += Record.objects.filter(pk__in=ids).update(live=False)
        Batch.objects.filter(pk=batch.pk).update(hidden=False)
    return done


def changed_since(batch: Batch) -> list[Record]:
    """Rows of a batch that were changed or withdrawn after it, by hand or by a later import."""
    later = Record.objects.filter(batch=batch).exclude(live=True, ending__isnull=True)
    return [row for row in later.select_related("org", "ending") if not row.live or (row.ending and not row.ending.hidden)]


def _refuse_if_changed(batch: Batch) -> None:
    rows = changed_since(batch)
    if not rows:
        return
    head = Issue(
        Severity.ERROR, "undo.changed", T("这批数据里有 %(count)s 行后来又改过，不能整批撤销", count=len(rows)),
        hint=T("请先撤销后来的改动，或改为逐行作废"),
    )  # fmt: skip
    lines = [Issue(Severity.INFO, "undo.row", _named(row)) for row in rows[:200]]
    if len(rows) > len(lines):
        lines.append(Issue(Severity.INFO, "undo.more", T("显示前 %(shown)s 行，共 %(all)s 行", shown=len(lines), all=len(rows))))
    raise XingtanError([head, *lines])


def _named(row: Record) -> Text:
    return T("第 %(pk)s 号，%(org)s %(period)s，第 %(version)s 版", pk=row.pk, org=row.org.name, period=row.period, version=row.version)


def _end_predecessors(batch: Batch) -> None:
    _run(
        "UPDATE ledgers_record SET ending_id = %s WHERE id IN "
        "(SELECT supersedes_id FROM ledgers_record WHERE batch_id = %s AND supersedes_id IS NOT NULL)",
        [batch.pk, batch.pk],
    )


def _state_nils(actor: Actor, batch: Batch, nils: list[Nil]) -> list[Nil]:
    known = set(NilReturn.objects.filter(place=batch.place, ledger=batch.ledger, withdrawn__isnull=True).values_list("org_id", "period"))
    fresh = [nil for nil in dict.fromkeys(nils) if nil not in known]
    NilReturn.objects.bulk_create(
        NilReturn(
            place_id=batch.place_id, ledger=batch.ledger, org_id=org, period=period, note=batch.label[:500],
            actor_id=actor.id, actor_label=actor.label, stated=timezone.now(),
        )
        for org, period in fresh
    )  # fmt: skip
    return fresh


def _end_nil_returns(batch: Batch) -> None:
    """A row arrives where "none" had been stated: the statement ends."""
    _run(
        "UPDATE ledgers_nilreturn SET withdrawn = %s WHERE place_id = %s AND ledger = %s AND withdrawn IS NULL AND EXISTS (SELECT 1 FROM "
        "ledgers_record r WHERE r.batch_id = %s AND r.org_id = ledgers_nilreturn.org_id AND r.period = ledgers_nilreturn.period)",
        [timezone.now(), batch.place_id, batch.ledger, batch.pk],
    )


def _partitions(batch: Batch) -> list[str]:
    """Partitions in which the rows of a batch, and those they replace, stand."""
    touched = Record.objects.filter(Q(batch=batch) | Q(ending=batch))
    return list(touched.order_by().values_list("period", flat=True).distinct())


def _run(sql: str, params: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
