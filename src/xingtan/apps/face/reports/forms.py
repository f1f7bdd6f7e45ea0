from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xingtan.ui.forms import GroupedForm


class DraftForm(GroupedForm):
    """Which report to draft. Organisation and period are those of the page."""

    template = forms.ChoiceField(label=_("模板"), help_text=_("由规则包提供；文中每个数字都取自指标"))

    def __init__(self, templates: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"] = forms.ChoiceField(label=_("模板"), choices=list(templates), help_text=self.fields["template"].help_text)


class FrameForm(GroupedForm):
    """What stands around a report's text."""

    title = forms.CharField(label=_("标题"), max_length=500)
    issuer = forms.CharField(label=_("发文机关"), max_length=500, required=False)
    number = forms.CharField(
        label=_("发文字号"), max_length=200, required=False, help_text=_("例如 辉教字〔2009〕26号；年份用六角括号，不加“第”，不补零")
    )
    addressee = forms.CharField(label=_("主送机关"), max_length=500, required=False)
    date = forms.CharField(label=_("成文日期"), max_length=64, required=False, help_text=_("例如 2009年12月31日；空着则印发时填当天"))
    copy_to = forms.CharField(label=_("抄送机关"), max_length=2000, required=False, help_text=_("多个机关用“；”隔开"))


class WithdrawForm(GroupedForm):
    """Why an issued report goes out of force."""

    reason = forms.CharField(label=_("废止原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
