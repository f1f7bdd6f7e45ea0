"""Choosing a sheet of staff or of timetables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xingtan.kernel.period import Period
from xingtan.ui.forms import GroupedForm
from xingtan.ui.text import render

MOST_BYTES = 20 * 1024 * 1024


class SheetForm(GroupedForm):
    """A file; for timetables the term as well."""

    file = forms.FileField(label=_("表格文件"), help_text=_(".xlsx、.xls 或 .csv，列的先后不限；最大 20 MB"), allow_empty_file=True)

    def __init__(self, *args: Any, terms: Sequence[Period] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        if terms:
            choices = [(one.text, render(one.label())) for one in terms]
            self.fields["term"] = forms.ChoiceField(label=_("学期"), choices=choices)

    def clean_file(self) -> Any:
        found = self.cleaned_data["file"]
        if found.size > MOST_BYTES:
            raise forms.ValidationError(_("文件超过 20 MB"))
        if not found.size:
            raise forms.ValidationError(_("这个文件是空的"))
        return found
