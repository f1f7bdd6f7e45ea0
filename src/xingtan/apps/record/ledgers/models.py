"""What is stored of a ledger: versions of rows, the batches in which rows come, and per ledger a lock, a revision and stamps.

A stored row is append-only in meaning: a change writes a new version and takes `live` from the old one. A row counts (is *current*) when

    live  and  its batch is not hidden  and  no batch that is visible has ended it (`ending`)

so a batch of any size comes into force, or goes, by one flag. `selectors.current` is the only place that spells this out.
Uniqueness of keys among current rows cannot be a constraint of the database, because staged rows stand beside those they will replace;
it is kept by `services` and `batches` under the lock of the ledger (`LedgerState`), see `locks.py`.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

TEXT_SLOTS = tuple(f"s{n}" for n in range(1, 9))
NUMBER_SLOTS = tuple(f"n{n}" for n in range(1, 9))
DATE_SLOTS = tuple(f"d{n}" for n in range(1, 5))


class LedgerState(models.Model):
    """One row a place and ledger: the lock that writers take, a revision that every visible write raises, and the slots of fields."""

    place = models.ForeignKey("orgs.Place", models.CASCADE, related_name="ledger_states")
    ledger = models.CharField(max_length=48)
    revision = models.PositiveBigIntegerField(default=0)
    layout = models.JSONField(default=dict)  # field id -> slot; a field keeps its slot for ever

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "ledger"], name="ledgers_state_once")]

    def __str__(self) -> str:
        return f"{self.ledger} r{self.revision}"


class PeriodStamp(models.Model):
    """The revision at which one partition (a period, "" for rows with a date only) last changed: the warehouse rewrites what moved."""

    place = models.ForeignKey("orgs.Place", models.CASCADE, related_name="ledger_stamps")
    ledger = models.CharField(max_length=48)
    partition = models.CharField(max_length=24)
    stamp = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "ledger", "partition"], name="ledgers_stamp_once")]

    def __str__(self) -> str:
        return f"{self.ledger} {self.partition} {self.stamp}"


class Batch(models.Model):
    """Rows that came together and go together. `hidden` is the flag that one short transaction flips."""

    class State(models.TextChoices):
        STAGED = "staged", _("待确认")
        VISIBLE = "visible", _("已入账")
        UNDONE = "undone", _("已撤销")
        DISCARDED = "discarded", _("已放弃")

    place = models.ForeignKey("orgs.Place", models.CASCADE, related_name="batches")
    ledger = models.CharField(max_length=48)
    label = models.CharField(_("来源"), max_length=255)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.STAGED)
    hidden = models.BooleanField(default=True)
    base_revision = models.PositiveBigIntegerField(default=0)  # revision of the ledger against which the rows were compared
    rows = models.PositiveIntegerField(_("行数"), default=0)
    pack_hash = models.CharField(max_length=64, default="")
    actor_id = models.CharField(max_length=64)
    actor_label = models.CharField(_("经办人"), max_length=200)
    created = models.DateTimeField(_("建立时间"), auto_now_add=True)
    committed = models.DateTimeField(_("入账时间"), null=True)
    undone = models.DateTimeField(_("撤销时间"), null=True)
    reason = models.CharField(_("撤销原因"), max_length=500, default="", blank=True)

    class Meta:
        verbose_name = _("批次")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["place", "ledger"], condition=Q(hidden=True), name="ledgers_batch_hidden")]

    def __str__(self) -> str:
        return self.label


class Record(models.Model):
    """One version of one row. `data` holds the cells (see cells.py); the slots repeat some of them, for sorting and filtering only."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("有效")
        WITHDRAWN = "withdrawn", _("已作废")

    place = models.ForeignKey("orgs.Place", models.PROTECT, related_name="records", db_index=False)
    ledger = models.CharField(max_length=48)
    org = models.ForeignKey("orgs.Organisation", models.PROTECT, related_name="records", verbose_name=_("单位"), db_index=False)
    period = models.CharField(_("期间"), max_length=24, default="", blank=True)
    date = models.DateField(_("日期"), null=True)
    starts = models.DateField(null=True)  # the period's, or the date's, first and last day: periods inside periods are found by them
    ends = models.DateField(null=True)
    valid_from = models.DateField(_("起"), null=True)  # as stated; an unstated span is the period's, or begins with the date
    valid_to = models.DateField(_("止"), null=True)  # the first day on which the row no longer holds
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="records", db_index=False)
    ending = models.ForeignKey(Batch, models.SET_NULL, null=True, related_name="ends_records", db_index=False)
    live = models.BooleanField(default=True)
    version = models.PositiveIntegerField(_("版本"), default=1)
    chain = models.BigIntegerField(null=True)  # pk of the first version; null on the first itself
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, related_name="successors", db_index=False)
    key_hash = models.CharField(max_length=32)
    content = models.CharField(max_length=32)  # hash of everything the row says: an import sees at a glance what is left alone
    pack_hash = models.CharField(max_length=64)
    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.ACTIVE)
    doubt = models.CharField(_("存疑"), max_length=500, default="", blank=True)
    data = models.JSONField(default=dict)
    actor_id = models.CharField(max_length=64)
    actor_label = models.CharField(_("填报人"), max_length=200)
    written = models.DateTimeField(_("填报时间"))
    reason = models.CharField(_("原因"), max_length=500, default="", blank=True)
    s1, s2, s3, s4, s5, s6, s7, s8 = (models.CharField(max_length=200, null=True) for _slot in range(8))
    n1, n2, n3, n4, n5, n6, n7, n8 = (models.FloatField(null=True) for _slot in range(8))
    d1, d2, d3, d4 = (models.DateField(null=True) for _slot in range(4))

    class Meta:
        verbose_name = _("台账记录")
        indexes = [
            models.Index(fields=["place", "ledger", "period", "org"], condition=Q(live=True), name="ledgers_record_current"),
            models.Index(fields=["key_hash"], condition=Q(live=True), name="ledgers_record_key"),
            models.Index(fields=["batch"], condition=Q(batch__isnull=False), name="ledgers_record_batch"),
            models.Index(fields=["ending"], condition=Q(ending__isnull=False), name="ledgers_record_ending"),
            models.Index(fields=["supersedes"], condition=Q(supersedes__isnull=False), name="ledgers_record_before"),
            models.Index(fields=["place", "written"], condition=Q(live=True), name="ledgers_record_written"),
            models.Index(fields=["chain"], condition=Q(chain__isnull=False), name="ledgers_record_chain"),
        ]

    def __str__(self) -> str:
        return f"{self.ledger} {self.pk} v{self.version}"

    @property
    def first(self) -> int:
        """Pk of the first version: the name of the row through all its versions."""
        return self.chain or self.pk


class NilReturn(models.Model):
    """An organisation states that it has nothing to report: that is known, not missing."""

    place = models.ForeignKey("orgs.Place", models.CASCADE, related_name="nil_returns")
    ledger = models.CharField(max_length=48)
    org = models.ForeignKey("orgs.Organisation", models.PROTECT, related_name="nil_returns", verbose_name=_("单位"))
    period = models.CharField(_("期间"), max_length=24)
    note = models.CharField(_("说明"), max_length=500, default="", blank=True)
    actor_id = models.CharField(max_length=64)
    actor_label = models.CharField(_("填报人"), max_length=200)
    stated = models.DateTimeField(_("填报时间"))
    withdrawn = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("零报告")
        constraints = [
            models.UniqueConstraint(
                fields=["place", "ledger", "org", "period"], condition=Q(withdrawn__isnull=True), name="ledgers_nil_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ledger} {self.org_id} {self.period}"


class Draft(models.Model):
    """What somebody has typed into a form and not yet handed in: one draft an account, ledger and row."""

    place = models.ForeignKey("orgs.Place", models.CASCADE, related_name="drafts")
    ledger = models.CharField(max_length=48)
    first = models.BigIntegerField(default=0)  # the row being changed (pk of its first version), 0 for a new one
    actor_id = models.CharField(max_length=64)
    typed = models.JSONField(default=dict)
    saved = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "ledger", "actor_id", "first"], name="ledgers_draft_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ledger} {self.actor_id}"
