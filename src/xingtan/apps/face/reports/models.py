"""Reports: what was written for whom, from which snapshot, with every figure as it was printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class Report(models.Model):
    """One report of one organisation and period. A draft follows the figures when it is refreshed; an issued report never changes."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        ISSUED = "issued", _("已印发")
        WITHDRAWN = "withdrawn", _("已废止")

    place = models.ForeignKey("orgs.Place", models.PROTECT, related_name="reports")
    org = models.ForeignKey("orgs.Organisation", models.PROTECT, related_name="reports", verbose_name=_("单位"))
    template = models.CharField(_("模板"), max_length=48)
    period = models.CharField(_("期间"), max_length=24)
    title = models.CharField(_("标题"), max_length=500)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.DRAFT)
    issuer = models.CharField(_("发文机关"), max_length=500, blank=True, default="")
    number = models.CharField(_("发文字号"), max_length=200, blank=True, default="")
    addressee = models.CharField(_("主送机关"), max_length=500, blank=True, default="")
    date = models.CharField(_("成文日期"), max_length=64, blank=True, default="")
    copy_to = models.TextField(_("抄送机关"), blank=True, default="")
    form = models.CharField(max_length=12, default="document")
    body = models.TextField(editable=False)  # Markdown with tokens; token i is the figure of that index
    pack_hash = models.CharField(max_length=64)
    pack_version = models.CharField(max_length=32)
    snapshot = models.CharField(max_length=64)
    made_by = models.CharField(max_length=64)
    made_by_label = models.CharField(_("拟稿人"), max_length=200)
    created = models.DateTimeField(_("拟稿时间"), auto_now_add=True)
    refreshed = models.DateTimeField(_("数字更新时间"))
    issued = models.DateTimeField(_("印发时间"), null=True)
    issued_by_label = models.CharField(_("签发人"), max_length=200, blank=True, default="")
    reason = models.CharField(_("废止原因"), max_length=500, blank=True, default="")

    figures: RelatedManager[ReportFigure]

    class Meta:
        verbose_name = _("报告")
        ordering = ["-created", "-pk"]
        indexes = [models.Index(fields=["place", "org", "period"], name="reports_report_org")]

    def __str__(self) -> str:
        return self.title


class ReportFigure(models.Model):
    """A figure as the report printed it: the number a reader saw, with everything needed to compute it again."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="figures")
    index = models.PositiveIntegerField()
    indicator = models.CharField(max_length=48)
    org = models.CharField(max_length=64)  # code
    period = models.CharField(max_length=24)
    form = models.CharField(max_length=12, default="unit")
    title = models.TextField()
    text = models.CharField(max_length=500)
    mark = models.CharField(max_length=200, blank=True, default="")
    status = models.CharField(max_length=12)
    value = models.JSONField()  # lo, hi, lo_open, hi_open, reason: decimals as strings
    remarks = models.JSONField(default=list)  # sentences: doubts, who is missing, assumptions

    class Meta:
        verbose_name = _("报告中的数字")
        ordering = ["report", "index"]
        constraints = [models.UniqueConstraint(fields=["report", "index"], name="reports_figure_once")]
        indexes = [models.Index(fields=["indicator", "org", "period"], name="reports_figure_used")]

    def __str__(self) -> str:
        return f"{self.title} {self.text}"
