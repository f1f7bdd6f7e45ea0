"""What was done to enrolment: acts, the single movements they are made of, transfers between two schools, merged duplicates."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.orgs.models import Organisation, Place

from .roll import Enrolment
from .who import Pupil


class Act(models.Model):
    """One decision, about one pupil or a whole school. Undoing it takes back every movement that belongs to it."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="pupil_acts")
    school = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="pupil_acts")
    kind = models.CharField(_("事项"), max_length=24)  # a movement's kind, or rollover, graduation, class_split, class_merge, rehome …
    day = models.DateField(_("生效日期"))
    facts = models.JSONField(default=dict)  # counts and ids, never names or numbers of pupils
    evidence = models.TextField(_("依据"), blank=True, default="")
    attachment = models.FileField(_("附件"), upload_to="pupils/acts/", blank=True)
    actor_id = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(_("经办人"), max_length=200)
    created = models.DateTimeField(auto_now_add=True)
    undone = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    undone_by = models.CharField(max_length=200, blank=True, default="")
    undone_reason = models.CharField(_("撤回理由"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("学籍办理")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["school", "-id"], name="pupils_act_school")]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"


class Movement(models.Model):
    """One pupil's change on a day: which spell it ended, which it began. Undone with its act; the row stays."""

    class Kind(models.TextChoices):
        ENTER = "入学", _("入学")
        IN = "转入", _("转入")
        OUT = "转出", _("转出")
        SUSPEND = "休学", _("休学")
        RESUME = "复学", _("复学")
        DROP = "辍学", _("辍学")
        PROMOTE = "升级", _("升级")
        REPEAT = "留级", _("留级")
        SKIP = "跳级", _("跳级")
        CLASS = "分班", _("分班")
        CHANGE = "变更", _("变更")
        GRADUATE = "毕业", _("毕业")
        COMPLETE = "结业", _("结业")
        DEATH = "死亡", _("死亡")
        REHOME = "并入", _("并入")

    place = models.ForeignKey(Place, models.PROTECT, related_name="movements")
    act = models.ForeignKey(Act, models.PROTECT, related_name="movements")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="movements")
    kind = models.CharField(_("异动类别"), max_length=8, choices=Kind)
    day = models.DateField(_("生效日期"))
    reason = models.CharField(_("原因"), max_length=24, blank=True, default="")  # a word of the pack's pupil_leaving_reason
    to = models.CharField(_("去向"), max_length=120, blank=True, default="")  # a school outside the county, in words
    ended = models.ForeignKey(Enrolment, models.PROTECT, null=True, blank=True, related_name="ended_by")
    ended_was = models.DateField(null=True, blank=True)  # where the ended spell would have ended
    begun = models.ForeignKey(Enrolment, models.PROTECT, null=True, blank=True, related_name="begun_by")
    undone = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("学籍异动")
        ordering = ["pupil", "day", "pk"]
        indexes = [
            models.Index(fields=["pupil", "undone", "day"], name="pupils_movement_pupil"),
            models.Index(fields=["place", "day"], name="pupils_movement_place"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"


class Transfer(models.Model):
    """A transfer within the county: proposed by one school, answered by the other. Only acceptance moves the pupil, in one act."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待对方答复")
        ACCEPTED = "accepted", _("已接收")
        REFUSED = "refused", _("已退回")
        WITHDRAWN = "withdrawn", _("已撤回")
        EXPIRED = "expired", _("逾期未答复")

    place = models.ForeignKey(Place, models.PROTECT, related_name="transfers")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="transfers")
    source = models.ForeignKey(Organisation, models.PROTECT, related_name="transfers_out")
    target = models.ForeignKey(Organisation, models.PROTECT, related_name="transfers_in")
    proposer = models.ForeignKey(Organisation, models.PROTECT, related_name="transfers_proposed")  # one of the two; the other one answers
    day = models.DateField(_("转学日期"))
    reason = models.CharField(_("原因"), max_length=24, blank=True, default="")
    evidence = models.TextField(_("依据"), blank=True, default="")
    attachment = models.FileField(_("附件"), upload_to="pupils/transfers/", blank=True)
    deadline = models.DateField(_("答复期限"))
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.PROPOSED)
    proposed_by = models.CharField(max_length=200)
    proposed_id = models.CharField(max_length=64, blank=True)
    proposed_at = models.DateTimeField(auto_now_add=True)
    answered_by = models.CharField(max_length=200, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(_("答复"), max_length=500, blank=True, default="")
    act = models.ForeignKey(Act, models.PROTECT, null=True, blank=True, related_name="transfers")

    class Meta:
        verbose_name = _("转学")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["pupil"], condition=Q(state="proposed"), name="pupils_transfer_one_open")]
        indexes = [
            models.Index(fields=["target", "state"], name="pupils_transfer_target"),
            models.Index(fields=["source", "state"], name="pupils_transfer_source"),
        ]

    def __str__(self) -> str:
        return f"№{self.pk}"


class PupilMerge(models.Model):
    """Two records found to be one person. `moved` lists every row that changed hands and every spell that was set aside, for unmerging."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="pupil_merges")
    kept = models.ForeignKey(Pupil, models.PROTECT, related_name="merges_kept")
    gone = models.ForeignKey(Pupil, models.PROTECT, related_name="merges_gone")
    moved = models.JSONField(default=dict)
    reason = models.CharField(_("理由"), max_length=500)
    actor_label = models.CharField(_("经办人"), max_length=200)
    created = models.DateTimeField(auto_now_add=True)
    undone = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("重复学籍合并")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"№{self.pk}"


class Stamp(models.Model):
    """A number that grows with every change of a part of the register: what the warehouse compares instead of reading 50,000 rows."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="pupil_stamps")
    part = models.CharField(max_length=16)  # roll, flags or children
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("变更计数")
        constraints = [models.UniqueConstraint(fields=["place", "part"], name="pupils_stamp_once")]

    def __str__(self) -> str:
        return f"{self.part} {self.number}"
