from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from xingtan.ui.forms import GroupedForm


class SnapshotForm(GroupedForm):
    """Name a snapshot that is kept for ever."""

    name = forms.RegexField(
        r"^[a-z0-9\u4e00-\u9fff][a-z0-9_\u4e00-\u9fff-]{0,62}$",
        label=_("快照名称"),
        max_length=63,
        help_text=_("汉字、小写英文字母、数字、- 和 _，例如 2009年终。封存后不能修改或删除。"),
        error_messages={"invalid": _("只能用汉字、小写英文字母、数字、- 和 _，以汉字、字母或数字开头")},
    )
    reason = forms.CharField(label=_("用途"), max_length=200, help_text=_("例如：年度总结定稿"))
