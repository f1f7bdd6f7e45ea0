"""Choosing a file; saying what its columns are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.orgs.models import Organisation
from xingtan.apps.record.ledgers.rows import EXAMPLES
from xingtan.apps.record.ledgers.shape import Shape
from xingtan.ui.forms import DateInput, GroupedForm

from .models import Import
from .reading.headings import Target


class UploadForm(GroupedForm):
    """A file, and what holds for rows that do not say it themselves."""

    def __init__(self, *args: Any, shape: Shape, orgs: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        help_text = _(".xlsx、.xls 或 .csv，列的先后不限；最大 50 MB")
        self.fields["file"] = forms.FileField(label=_("表格文件"), help_text=help_text, allow_empty_file=True)
        choices: list[tuple[str, Any]] = [(org.code, org.name) for org in orgs]
        if len(choices) > 1:
            choices.insert(0, ("", _("（没有这样的行：每行都写了单位）")))
        self.fields["org"] = forms.ChoiceField(label=_("表里没有写单位的行属于"), choices=choices, required=False)
        example = _("如 %(example)s；表里有“期间”列就不用填") % {"example": EXAMPLES[shape.ledger.period]}
        self.fields["period"] = forms.CharField(label=_("表里没有写期间的行属于"), required=False, help_text=example, max_length=24)


class MappingForm(forms.Form):
    """One choice a heading. Field names are numbers: headings may hold anything."""

    def __init__(self, *args: Any, targets: Sequence[Target], source: Import, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headings = list(source.mapping)
        choices = [("", _("不导入")), *((target.id, target.title) for target in targets)]
        if len(source.sheets) > 1:
            self.fields["sheet"] = forms.ChoiceField(
                label=_("工作表"), choices=[(name, name) for name in source.sheets], initial=source.sheet
            )
        for n, heading in enumerate(self.headings):
            self.fields[f"h{n}"] = forms.ChoiceField(label=heading, choices=choices, required=False, initial=source.mapping[heading])

    def mapping(self) -> dict[str, str]:
        """Heading → target."""
        return {heading: self.cleaned_data.get(f"h{n}", "") for n, heading in enumerate(self.headings)}


class RosterForm(GroupedForm):
    """A roster of pupils, for which school, from which day on."""

    def __init__(self, *args: Any, orgs: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        help_text = _(".xlsx、.xls 或 .csv，列的先后不限；最大 50 MB")
        self.fields["file"] = forms.FileField(label=_("表格文件"), help_text=help_text, allow_empty_file=True)
        choices: list[tuple[str, Any]] = [(org.code, org.name) for org in orgs]
        if len(choices) > 1:
            choices.insert(0, ("", _("（没有这样的行：每行都写了学校）")))
        self.fields["org"] = forms.ChoiceField(label=_("表里没有写学校的行属于"), choices=choices, required=False)
        about = _("名册说的是从哪一天起的情况；新学年的名册填开学那天")
        self.fields["day"] = forms.DateField(label=_("生效日期"), widget=DateInput(), help_text=about)
