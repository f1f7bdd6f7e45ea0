"""Forms of persons and posts. Limits and their words are the services'; here only what no sane text reaches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.orgs.models import EVER, FOREVER, Organisation
from xingtan.ui.forms import DateInput, GroupedForm

from .identity import Particulars
from .models import Person
from .services import Appointment

Choices = Sequence[tuple[str, str]]
SEALED = ("id_number", "phone", "address")
CLEARED = "清空"  # the word of spreadsheets, too


class PersonForm(GroupedForm):
    """What is known of a person."""

    name = forms.CharField(label=_("姓名"), max_length=20_000)
    sex = forms.ChoiceField(label=_("性别"), choices=Person.Sex.choices, required=False)
    birth = forms.DateField(label=_("出生日期"), required=False, widget=DateInput)
    id_kind = forms.ChoiceField(label=_("证件类型"), choices=Person.IdKind.choices, required=False)
    id_number = forms.CharField(label=_("证件号"), required=False, max_length=200)
    ethnic = forms.CharField(label=_("民族"), required=False, max_length=200)
    former_name = forms.CharField(label=_("曾用名"), required=False, max_length=200)
    phone = forms.CharField(label=_("电话"), required=False, max_length=200)
    address = forms.CharField(label=_("住址"), required=False, max_length=2000)
    note = forms.CharField(label=_("备注"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 3}))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, person: Person | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in SEALED:
            if person is not None and getattr(person, name):
                shown = {"mask": str(getattr(person, name)), "word": CLEARED}
                self.fields[name].help_text = _("现为 %(mask)s。不改则留空；要删去，填“%(word)s”。") % shown

    def particulars(self) -> Particulars:
        """The particulars that are stated. A sealed one that is left empty is not: it stays as it is."""
        told: dict[str, str] = {name: self.cleaned_data[name] for name in ("id_kind", "ethnic", "former_name")}
        for name in SEALED:
            if typed := self.cleaned_data[name].strip():
                told[name] = "" if typed == CLEARED else typed
        return cast(Particulars, told)

    def values(self) -> dict[str, Any]:
        """The arguments of the service."""
        return {name: self.cleaned_data[name] for name in ("name", "sex", "birth", "note")}


class AppointmentForm(GroupedForm):
    """A post at an organisation from a day on."""

    org = forms.ChoiceField(label=_("组织"))
    post = forms.ChoiceField(label=_("职务"))
    day = forms.DateField(label=_("任职日期"), required=False, widget=DateInput, help_text=_("不详则留空。"))
    basis = forms.CharField(label=_("任职依据"), max_length=200, required=False, help_text=_("文件名称和文号，如有。"))

    def __init__(self, *args: Any, orgs: Choices, posts: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["org"].choices = [("", "—"), *orgs]  # type: ignore[attr-defined]
        self.fields["post"].choices = [("", "—"), *posts]  # type: ignore[attr-defined]

    def appointment(self, org: Organisation) -> Appointment:
        data = self.cleaned_data
        return Appointment(org, data["post"], data["day"] or EVER, FOREVER, data["basis"])


class NewPersonForm(AppointmentForm, PersonForm):
    """A person with the first post."""

    groups = (
        (_("人员"), ("name", "sex", "birth", "id_kind", "id_number", "ethnic", "former_name", "phone", "address", "note")),
        (_("任职"), ("org", "post", "day", "basis")),
    )


class EndForm(forms.Form):
    """The end of a post."""

    day = forms.DateField(label=_("免职日期"), widget=DateInput, help_text=_("从这一天起不再任职；误录的填任职日期，视为从未任职。"))
    reason = forms.CharField(label=_("事由"), max_length=200, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)
