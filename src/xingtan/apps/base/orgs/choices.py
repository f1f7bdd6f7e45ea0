"""Choosing organisations in forms: a list while it can be read, beyond that a text field that takes a name or a code."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Choices = Sequence[tuple[str, str]]  # code, name (indented by depth)
MOST_LISTED = 200
LIST_ID = "all-orgs"  # the page draws one <datalist> for all fields
_LABEL = re.compile(r".*（([^（）]+)）$")


def is_long(orgs: Choices) -> bool:
    """Whether a list of them would be too long to choose from."""
    return len(orgs) > MOST_LISTED


def label(code: str, name: str) -> str:
    """An organisation as the suggestions spell it."""
    return f"{name.strip()}（{code}）"


def find(orgs: Choices, typed: str) -> str:
    """The code of the organisation meant by a code, a name, or a suggestion. Raises ValidationError, with the remedy."""
    text = typed.strip()
    match = _LABEL.fullmatch(text)
    codes = {code for code, _name in orgs}
    for code in (text, match[1] if match else ""):
        if code in codes:
            return code
    named = [code for code, name in orgs if name.strip() == text]
    if len(named) == 1:
        return named[0]
    if named:
        raise ValidationError(_("有 %(count)s 个组织叫“%(name)s”，请改填代码：%(codes)s") % {
            "count": len(named), "name": text, "codes": "、".join(named),
        })  # fmt: skip
    near = difflib.get_close_matches(text, [name.strip() for _code, name in orgs], n=1, cutoff=0.5)
    if near:
        raise ValidationError(_("没有“%(name)s”这个组织，您是不是想写“%(near)s”？") % {"name": text[:40], "near": near[0]})
    raise ValidationError(_("没有“%(name)s”这个组织，请填它的全称或代码") % {"name": text[:40]})


class OrgText(forms.CharField):
    """One organisation, typed. Cleans to its code."""

    def __init__(self, *, orgs: Choices, **more: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"list": LIST_ID, "autocomplete": "off"}), **more)
        self.orgs = orgs

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        return find(self.orgs, typed) if typed else ""

    def prepare_value(self, value: Any) -> Any:
        """What the form shows: of a code its suggestion, of anything else what was typed."""
        return next((label(code, name) for code, name in self.orgs if code == value), value)


class OrgLines(forms.CharField):
    """Several organisations, one a line. Cleans to their codes; every line that is none is named."""

    def __init__(self, *, orgs: Choices, **more: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 6}), **more)
        self.orgs = orgs

    def clean(self, value: Any) -> Any:
        found, faults = [], []
        for line in str(super().clean(value)).splitlines():
            try:
                found += [find(self.orgs, line)] if line.strip() else []
            except ValidationError as fault:
                faults.append(fault)
        if faults:
            raise ValidationError(faults)
        return found

    def prepare_value(self, value: Any) -> Any:
        """A list of codes (as the page is first opened) as lines."""
        if not isinstance(value, list):
            return value
        return "\n".join(label(code, name) for code, name in self.orgs if code in value)


def one(orgs: Choices, **more: Any) -> forms.Field:
    """A field for one organisation, as long as fits their number."""
    return OrgText(orgs=orgs, **more) if is_long(orgs) else forms.ChoiceField(choices=[("", "—"), *orgs], **more)


def several(orgs: Choices, **more: Any) -> forms.Field:
    """A field for several organisations."""
    if is_long(orgs):
        return OrgLines(orgs=orgs, **{**more, "help_text": gettext_lazy("每行一个：名称或代码。")})
    return forms.MultipleChoiceField(choices=orgs, widget=forms.SelectMultiple(attrs={"size": 12}), **more)
