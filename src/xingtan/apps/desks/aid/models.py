"""A run is one scheme in one period: proposed by one person, approved by others, made public, paid. Its awards are its rows.

An award keeps what the rules gave when it was proposed; the application stays a row of its ledger. Names are read from there, never copied;
what is needed to pay (number of the identity document, account) is sealed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.vault.fields import SealedField
from xingtan.apps.base.vault.index import LENGTH
from xingtan.kernel.period import Period
from xingtan.kernel.text import Text

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class Run(models.Model):
    """One assessment that somebody put forward. Only one of a scheme, period and organisation is under way at a time."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待审批")
        DECIDED = "decided", _("已核准")
        REFUSED = "refused", _("已退回")
        WITHDRAWN = "withdrawn", _("已撤回")

    place = models.ForeignKey("orgs.Place", models.PROTECT, related_name="aid_runs")
    org = models.ForeignKey("orgs.Organisation", models.PROTECT, related_name="aid_runs", verbose_name=_("单位"))
    scheme = models.CharField(max_length=48)
    title = models.CharField(_("项目"), max_length=200)
    period = models.CharField(_("期间"), max_length=24)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.PROPOSED)
    pack_hash = models.CharField(max_length=64)
    pack_version = models.CharField(max_length=32)
    approval = models.JSONField(default=list)  # posts that have to approve, in order
    made_by = models.CharField(max_length=64)
    made_by_label = models.CharField(_("提出人"), max_length=200)
    made = models.DateTimeField(_("提出时间"), auto_now_add=True)
    decided = models.DateTimeField(_("核准时间"), null=True)
    reason = models.CharField(_("退回或撤回原因"), max_length=500, blank=True, default="")
    token = models.UUIDField(default=uuid4, unique=True, editable=False)  # address of the public notice
    notice_from = models.DateField(_("公示起"), null=True)
    notice_to = models.DateField(_("公示止"), null=True)  # the first day on which it is no longer shown

    awards: RelatedManager[Award]
    approvals: RelatedManager[Approval]
    objections: RelatedManager[Objection]

    class Meta:
        verbose_name = _("资助核算")
        ordering = ["-made", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["place", "org", "scheme", "period"], condition=Q(state="proposed"), name="aid_run_one_open"),
            models.CheckConstraint(condition=Q(notice_from__isnull=True) | Q(notice_from__lt=F("notice_to")), name="aid_run_notice"),
        ]
        indexes = [models.Index(fields=["place", "scheme", "period"], name="aid_run_scheme")]

    def __str__(self) -> str:
        return f"{self.title} {self.period}"

    @property
    def period_label(self) -> Text:
        """The period as people say it."""
        return Period.parse(self.period).label()


class Approval(models.Model):
    """One step of the chain: who approved, in which post."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="approvals")
    post = models.CharField(max_length=48, blank=True, default="")
    by = models.CharField(max_length=64)
    by_label = models.CharField(_("审批人"), max_length=200)
    at = models.DateTimeField(_("审批时间"), auto_now_add=True)
    note = models.CharField(_("意见"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("审批")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["run", "by"], name="aid_approval_another_person")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.by_label}"


class Award(models.Model):
    """What the rules gave one application, and what became of it. Money is yuan; null where it is not exactly known."""

    class State(models.TextChoices):
        PROPOSED = "拟定", _("拟定")
        APPROVED = "核准", _("核准")
        PAID = "已付", _("已付")
        RETURNED = "退回", _("付款退回")
        STOPPED = "停发", _("停发")

    run = models.ForeignKey(Run, models.CASCADE, related_name="awards")
    org = models.ForeignKey("orgs.Organisation", models.PROTECT, related_name="aid_awards", verbose_name=_("单位"))
    record = models.ForeignKey("ledgers.Record", models.PROTECT, related_name="+")  # the version that was assessed
    first = models.BigIntegerField()  # the row through all its versions
    identity = models.CharField(max_length=LENGTH)  # blind: the same person in another scheme or period
    tier = models.CharField(_("档次"), max_length=200, blank=True, default="")
    stage = models.CharField(_("学段"), max_length=48, blank=True, default="")
    form = models.CharField(max_length=12)
    persons = models.DecimalField(_("人数"), max_digits=12, decimal_places=0, null=True)
    each = models.DecimalField(_("每人标准"), max_digits=14, decimal_places=2, null=True)
    amount = models.DecimalField(_("金额"), max_digits=16, decimal_places=2, null=True)
    sets = models.DecimalField(_("件数"), max_digits=14, decimal_places=0, null=True)
    outcome = models.CharField(_("核算结果"), max_length=12)
    verdicts = models.JSONField(default=list)  # [template, params, holds]
    doubt = models.CharField(_("存疑"), max_length=500, blank=True, default="")
    year = models.PositiveSmallIntegerField(_("第几年"), default=1)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.PROPOSED)
    id_number = SealedField(verbose_name=_("证件号码"), kind="id_number", max_chars=40)
    bank = models.CharField(_("开户行"), max_length=100, blank=True, default="")
    account = SealedField(verbose_name=_("账号"), kind="other", max_chars=40)
    paid_on = models.DateField(_("付款日期"), null=True)
    note = models.CharField(_("付款说明"), max_length=200, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("资助")
        ordering = ["org__code", "pk"]
        constraints = [models.UniqueConstraint(fields=["run", "first"], name="aid_award_once")]
        indexes = [models.Index(fields=["identity"], name="aid_award_identity"), models.Index(fields=["first"], name="aid_award_row")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.first}"


class Objection(models.Model):
    """Somebody objects to what was made public; nothing is paid while one is open."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="objections")
    text = SealedField(verbose_name=_("异议"), kind="other", max_chars=2000)
    by = models.CharField(max_length=64)
    by_label = models.CharField(_("登记人"), max_length=200)
    received = models.DateField(_("收到日期"))
    answer = models.CharField(_("处理结果"), max_length=1000, blank=True, default="")
    answered_by_label = models.CharField(_("处理人"), max_length=200, blank=True, default="")
    answered = models.DateTimeField(_("处理时间"), null=True)

    class Meta:
        verbose_name = _("异议")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.run_id} {self.received}"
