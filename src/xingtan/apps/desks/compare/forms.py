"""The name of a view."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ViewForm(forms.Form):
    """Name, whether the office shares it, and the question it keeps."""

    name = forms.CharField(label=_("名称"), max_length=60)
    shared = forms.BooleanField(label=_("本单位共用"), required=False)
    query = forms.CharField(required=False)
