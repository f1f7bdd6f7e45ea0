"""Forms of the house: one renderer, groups of fields, a summary of all faults on top, each fault beside its field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.functional import Promise


class Field(BoundField):
    """A field as it is drawn: its kind decides the layout, its faults are read out with it."""

    @property
    def kind(self) -> str:
        widget = self.field.widget
        if isinstance(widget, forms.CheckboxInput):
            return "check"
        if isinstance(widget, (forms.CheckboxSelectMultiple, forms.RadioSelect)):
            return "options"
        return "file" if isinstance(widget, forms.FileInput) else "plain"


class Renderer(TemplatesSetting):
    """Named by FORM_RENDERER. Widgets are Django's own; their dress is the style sheet's matter."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    bound_field_class = Field


@dataclass(frozen=True, slots=True)
class Section:
    title: str | Promise
    fields: Sequence[BoundField]


class GroupedForm(forms.Form):
    """A form in sections: `groups = ((_("基本情况"), ("name", "born")), …)`. Fields in no group follow at the end."""

    groups: ClassVar[Sequence[tuple[str | Promise, Sequence[str]]]] = ()
    template_name = "ui/forms/grouped.html"

    def sections(self) -> list[Section]:
        named = {name for _title, names in self.groups for name in names}
        found = [Section(title, [self[name] for name in names if name in self.fields]) for title, names in self.groups]
        rest = [field for field in self.visible_fields() if field.name not in named]
        return [section for section in (*found, Section("", rest)) if section.fields]


class DateInput(forms.DateInput):
    """The browser's own date picker; the value travels as 2009-03-08."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def status(form: forms.BaseForm) -> int:
    """Return the HTTP status of a page that shows this form: 422 when something typed is wrong, which htmx is told to show."""
    return 422 if form.is_bound and form.errors else 200
