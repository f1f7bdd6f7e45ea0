from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xingtan.ui.forms import DateInput, GroupedForm


class NoteForm(GroupedForm):
    """A remark with an approval."""

    note = forms.CharField(label=_("审批意见"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class ReasonForm(GroupedForm):
    """Why something is sent back, taken back or stopped."""

    reason = forms.CharField(label=_("原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class PublishForm(GroupedForm):
    """From when and for how long the notice is shown. The days are the pack's, where it says."""

    first = forms.DateField(label=_("公示开始"), widget=DateInput)
    days = forms.IntegerField(label=_("公示天数"), min_value=1, max_value=365)

    def __init__(self, days: int | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"first": timezone.localdate(), "days": days}, **kwargs})
        if days is not None:
            self.fields["days"].help_text = _("规则包写明的天数")


class ObjectionForm(GroupedForm):
    """What somebody objects to."""

    received = forms.DateField(label=_("收到日期"), widget=DateInput)
    text = forms.CharField(
        label=_("异议内容"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), help_text=_("照原话记；加密保存")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"received": timezone.localdate()}, **kwargs})


class AnswerForm(GroupedForm):
    """How an objection was settled."""

    answer = forms.CharField(
        label=_("处理结果"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写情况和结论，不写个人信息"),
    )


class SheetForm(GroupedForm):
    """A spreadsheet that was filled in."""

    file = forms.FileField(label=_("表格文件"), help_text=_("用本页下载的模板填写；.xlsx、.xls 或 .csv"))


class PaymentForm(GroupedForm):
    """For which purpose sealed numbers are to stand in the list; without one they are masked."""

    purpose = forms.ChoiceField(label=_("证件号码和账号"), required=False)
    reason = forms.CharField(label=_("理由"), max_length=500, required=False, help_text=_("明文导出必须写明，并逐条记入审计"))

    def __init__(self, purposes: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"] = forms.ChoiceField(
            label=_("证件号码和账号"), required=False, choices=[("", _("遮盖")), *purposes], help_text=_("明文要有获准的用途")
        )
