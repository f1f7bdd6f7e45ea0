"""An import: somebody's file on its way into a ledger, what was found in it, and how its columns were understood."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.vault.fields import SealedField
from xingtan.apps.base.vault.masks import Kind
from xingtan.apps.record.ledgers.models import Batch


class Import(models.Model):
    """One uploaded file. Nothing of it counts before `batch` is visible; the file stays so that people need not send it again."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("待匹配列")
        READING = "reading", _("正在检查")
        PREVIEW = "preview", _("待确认")
        STAGING = "staging", _("正在写入")
        DONE = "done", _("已入账")
        UNDONE = "undone", _("已撤销")
        DISCARDED = "discarded", _("已放弃")
        REFUSED = "refused", _("无法读取")

    class Target(models.TextChoices):
        LEDGER = "ledger", _("台账")
        ROSTER = "roster", _("学生名册")

    place = models.ForeignKey("orgs.Place", models.CASCADE, related_name="imports")
    target = models.CharField(_("导入到"), max_length=12, choices=Target, default=Target.LEDGER)
    ledger = models.CharField(_("台账"), max_length=48, default="", blank=True)  # "" when the target is a register
    org = models.ForeignKey("orgs.Organisation", models.PROTECT, related_name="imports", verbose_name=_("单位"))
    each_row_says = models.BooleanField(default=False)  # no organisation stands in for rows that name none
    period = models.CharField(_("期间"), max_length=24, default="", blank=True)
    name = models.CharField(_("文件名"), max_length=255)
    stored = models.CharField(max_length=100, default="")  # path below MEDIA_ROOT; the name is ours, never the user's
    sha256 = models.CharField(max_length=64, default="")
    form = models.CharField(max_length=8, default="")  # xlsx, xls, csv: by content, not by name
    sheets = models.JSONField(default=list)
    sheet = models.CharField(_("工作表"), max_length=64, default="", blank=True)
    mapping = models.JSONField(default=dict)  # heading as it stands in the file -> target ("org", "period", …, "f:FIELD", "" = left out)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.UPLOADED)
    counts = models.JSONField(default=dict)  # rows, added, changed, same, refused, warnings
    alarm = models.CharField(_("变动过大"), max_length=500, default="", blank=True)
    only_good = models.BooleanField(default=False)
    day = models.DateField(_("生效日期"), null=True, blank=True)  # of a roster: from which day on it holds
    act = models.ForeignKey("pupils.Act", models.SET_NULL, null=True, related_name="imports")  # what a roster did, as one act
    batch = models.OneToOneField(Batch, models.SET_NULL, null=True, related_name="source")
    job = models.BigIntegerField(null=True)
    actor_id = models.CharField(max_length=64)
    actor_label = models.CharField(_("经办人"), max_length=200)
    created = models.DateTimeField(_("上传时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("导入")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["place", "ledger", "-id"], name="imports_import_list")]

    def __str__(self) -> str:
        return self.name


class Finding(models.Model):
    """One fault or remark on a cell or row of an import, as the kernel's Issue."""

    source = models.ForeignKey(Import, models.CASCADE, related_name="findings")
    severity = models.CharField(max_length=12)
    code = models.CharField(max_length=48)
    sheet = models.CharField(max_length=64, default="")
    row = models.PositiveIntegerField(null=True)
    column = models.PositiveIntegerField(null=True)
    field = models.CharField(max_length=200, default="")
    value = models.CharField(max_length=200, default="")
    message = models.JSONField(default=dict)  # {"t": template, "p": params}
    hint = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.code} {self.row}"


class Before(models.Model):
    """What stood of a pupil before a roster changed it, sealed as a whole: for undoing."""

    source = models.ForeignKey(Import, models.CASCADE, related_name="before")
    pupil = models.BigIntegerField()
    data = SealedField(kind=Kind.OTHER, max_chars=20_000)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "pupil"], name="imports_before_once")]

    def __str__(self) -> str:
        return f"{self.source_id} №{self.pupil}"


class Mapping(models.Model):
    """How a set of headings was understood last time: the next file of the same shape needs no clicks."""

    place = models.ForeignKey("orgs.Place", models.CASCADE, related_name="column_mappings")
    ledger = models.CharField(max_length=48)  # or the target, when that is a register
    headings_hash = models.CharField(max_length=32)
    mapping = models.JSONField(default=dict)
    used = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "ledger", "headings_hash"], name="imports_mapping_once")]

    def __str__(self) -> str:
        return f"{self.ledger} {self.headings_hash}"
