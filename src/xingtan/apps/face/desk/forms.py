from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xingtan.ui.forms import GroupedForm


class ActivateForm(GroupedForm):
    """Which version of the pack comes into force."""

    version = forms.ChoiceField(label=_("版本"))
    reason = forms.CharField(label=_("事由"), max_length=200, help_text=_("记入操作记录，例如：县教育局2010年1号文"))
    conversions = forms.CharField(
        label=_("栏目转换"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("新版本改了类型或不再有的栏目，已存的值怎么办。每行一条：台账.栏目=drop（不再使用）、text、parse 或 rename:新栏目"),
    )  # fmt: skip

    def __init__(self, versions: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"] = forms.ChoiceField(label=_("版本"), choices=list(versions))
