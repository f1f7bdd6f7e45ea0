"""Verbs on rosters of pupils: upload, read, run, undo. The register changes in one transaction at the end of a run, or not at all."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, NoReturn

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from xingtan.apps.base.access.models import Account
from xingtan.apps.base.audit.selectors import length, moved_on
from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.audit.services import record as audit
from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.base.pupils import bulk, bulk_undo
from xingtan.apps.base.pupils.grades import grades
from xingtan.apps.base.pupils.policies import MANAGE, schools_of
from xingtan.apps.base.pupils.rows import roomy
from xingtan.apps.base.pupils.rules import rules
from xingtan.apps.base.vault import keyring
from xingtan.apps.base.vault.sealed import seal
from xingtan.apps.record.imports import files, memory
from xingtan.apps.record.imports.models import Before, Import
from xingtan.apps.record.imports.pipeline import Step, chosen, quiet
from xingtan.apps.record.imports.reading.headings import Head, Target
from xingtan.apps.record.imports.services import best_sheet, refuse_unless
from xingtan.apps.record.imports.store import write_findings
from xingtan.apps.record.ledgers.batches import MovedOnError
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T

from .comparing import Asked
from .fields import columns, targets
from .plan import Plan, Upload, plan, understand
from .sealing import prepare, same

__all__ = ["ACTION", "roster_read", "roster_run", "roster_undo", "roster_upload", "understand"]
ACTION = MANAGE
TRIES = 3
# Acts that leave every pupil, class and organisation as they were: they spoil no comparison.
QUIET = ("access.", "batch.", "figures.", "import.", "job.", "nil", "record.", "reports.", "sealed.", "purpose.", "snapshot.", "vault.")
BEFORE = "imports.before.data"
_SEALED_CHUNK = 5000


def targets_of(place: Place) -> list[Target]:
    """What the columns of a roster can be."""
    return targets(columns(rules(place)))


def list_url(place: Place) -> str:
    """Where the pupils of a place are listed."""
    return reverse("pupils:pupils", kwargs={"place": place.slug})


def first_day(place: Place, today: date) -> date:
    """From which day on a roster holds when nobody says: the first of the school year that we are in."""
    found = grades(place)
    return found.first_day(found.year_of(today))


@transaction.atomic
def roster_upload(
    *, actor: Actor, place: Place, org: Organisation, day: date, name: str, data: bytes, each_row_says: bool = False
) -> Import:
    """Take a roster in and guess what its columns are. Raises UnreadableError, with the remedy, when it is no sheet; then nothing is kept.

    Rows that name no school belong to `org`, or are faulty with `each_row_says`. Raises XingtanError for a day to come.
    """
    if day > timezone.localdate():
        raise XingtanError.one("pupils.future", T("生效日期还没有到"), T("名册说的是已经在校的学生，请填今天或以前的日子"))
    stored, digest = files.store(place, data)
    try:
        book = files.workbook(stored)
        sheet, guess = best_sheet(lambda one: understand(place, one), book.sheets, book.sheet)
    except XingtanError:
        files.forget(stored)
        raise
    target = Import.Target.ROSTER
    made = Import.objects.create(
        place=place, target=target, org=org, day=day, each_row_says=each_row_says, name=name[-255:] or "table", stored=stored,
        sha256=digest, form=book.form, sheets=book.sheets, sheet=sheet.name, actor_id=actor.id, actor_label=actor.label,
        mapping=memory.remembered(place, target, guess) or {heading.text: heading.target for heading in guess.headings},
    )  # fmt: skip
    after = {"ledger": str(target), "file": made.name, "sha256": digest}
    audit(actor=actor, action="import.upload", place=place.slug, target=made, after=after)
    return made


def reach_of(source: Import) -> Collection[int] | None:
    """The organisations whose pupils the uploader may manage today; None: all, for whoever sits at the machine itself."""
    if not source.actor_id.isdigit():
        return None
    account = Account.objects.filter(pk=int(source.actor_id), is_active=True).first()
    return frozenset(schools_of(account, MANAGE)) if account else frozenset()


def planned(source: Import, today: date, step: Step = quiet) -> Plan:
    """Read the file and compare it with the register as it is now. Writes nothing."""
    sheet = files.sheet(source.stored, source.sheet)
    head: Head = chosen(understand(source.place, sheet), source.mapping)
    with keyring.held():
        return plan(_upload(source), sheet, head, today, step)


def _upload(source: Import) -> Upload:
    assert source.day is not None
    return Upload(source.place, source.org, source.day, source.each_row_says, reach_of(source))


def roster_read(*, source: Import, today: date, step: Step = quiet) -> Plan:
    """Read and check the whole file; counts and every fault are kept with the import. Nothing of the register is touched."""
    made = planned(source, today, step)
    _keep(source, made)
    return made


@transaction.atomic
def _keep(source: Import, made: Plan) -> None:
    write_findings(source, made)
    source.counts, source.alarm, source.state = made.counts, str(made.alarm or "")[:500], Import.State.PREVIEW
    source.save(update_fields=["counts", "alarm", "state"])


def roster_run(*, actor: Actor, source: Import, today: date, step: Step = quiet) -> Import:
    """Write a confirmed roster: compare once more, seal in pieces, then write all in one transaction. Harmless to repeat: whoever is
    killed in between has written nothing, whoever comes after the end finds it done.

    When it would no longer do what the preview said, nothing is written, the preview is renewed and MovedOnError raised.
    """
    if Import.objects.get(pk=source.pk).state == Import.State.DONE:
        return source
    refuse_unless(source, Import.State.STAGING)
    for _attempt in range(TRIES):
        stand = length(source.place.slug)
        made = planned(source, today)
        if not same(made.counts, source.counts):
            break
        try:
            return _written(actor, source, made, stand, step)
        except _StaleError:
            continue
    return _renew(source, today)


class _StaleError(Exception):
    """The register moved on between comparing and writing."""


def _written(actor: Actor, source: Import, made: Plan, stand: int, step: Step) -> Import:
    upload, found = _upload(source), made.match
    assert found is not None
    names = dict(Organisation.objects.filter(place=source.place).values_list("pk", "name"))
    asked = Asked(upload.place, upload.day, moves=False, reach=upload.reach, names=names)
    with keyring.held():
        ready = prepare(asked, made, step)
        kept = [(pupil, seal(text, BEFORE)) for pupil, text in ready.before]
    counts = {name: source.counts[name] for name in ("added", "changed", "moved")}
    roster = bulk.Roster(source.place, source.org, upload.day, source.name, ready.lines, found.opened, counts)

    def guard() -> None:
        if moved_on(source.place.slug, stand, QUIET):
            raise _StaleError

    def also(written: bulk.Written) -> None:
        _keep_before(source, kept)
        source.act, source.state = written.act, Import.State.DONE
        source.save(update_fields=["act", "state"])

    with roomy():
        bulk.roster_write(actor=actor, roster=roster, guard=guard, also=also)
    files.forget(source.stored)  # it holds in the open what the register seals
    return source


def _keep_before(source: Import, kept: list[tuple[int, str]]) -> None:
    sql = "INSERT INTO imports_before (source_id, pupil, data) VALUES (%s, %s, %s)"
    with connection.cursor() as cursor:
        for start in range(0, len(kept), _SEALED_CHUNK):
            cursor.executemany(sql, [(source.pk, *one) for one in kept[start : start + _SEALED_CHUNK]])


def _renew(source: Import, today: date) -> NoReturn:
    roster_read(source=source, today=today)
    raise MovedOnError.one("batch.moved", T("检查之后，学籍又有了新的改动，已重新比对"), T("请看一眼新的结果，再确认一次；不必重新上传"))


@transaction.atomic
def roster_undo(*, actor: Actor, source: Import, reason: str) -> Import:
    """Take the whole roster back. Raises XingtanError with the list of what was changed since."""
    refuse_unless(source, Import.State.DONE)
    assert source.act is not None
    before: list[tuple[int, Any]] = [(row.pupil, row.data.plain()) for row in Before.objects.filter(source=source).iterator()]
    bulk_undo.roster_undo(actor=actor, act=source.act, before=before, reason=reason)
    Before.objects.filter(source=source)._raw_delete(using=connection.alias)
    source.state = Import.State.UNDONE
    source.save(update_fields=["state"])
    return source
