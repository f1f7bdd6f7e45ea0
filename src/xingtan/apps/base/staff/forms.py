"""Forms of staff. Words are chosen from the pack's tables; limits and their words are the services'."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.orgs import choices
from xingtan.apps.base.orgs.choices import Choices
from xingtan.apps.base.orgs.models import EVER, FOREVER, Organisation, Place
from xingtan.apps.base.people.models import Person
from xingtan.ui.forms import DateInput, GroupedForm

from . import codes
from .models import Credential, Employment
from .services.employment import Terms
from .services.secondment import Loan, Verdict
from .services.standing import Paper, Title

Label = Any  # a text, or one that is translated when it is shown
Orgs = Mapping[str, Organisation]
Groups = Sequence[tuple[Label, Sequence[str]]]


def word(place: Place, column: str, label: Label, *, required: bool = False, help_text: Label = "") -> forms.Field:
    """A field for a word of the pack: a list, or free text where the pack has no such table."""
    found = codes.words(place, column)
    if not found:
        return forms.CharField(label=label, required=required, max_length=codes.LONGEST, help_text=help_text)
    return forms.ChoiceField(label=label, required=required, choices=[("", "—"), *found], help_text=help_text)


def line(label: Label, limit: int, *, required: bool = False, help_text: Label = "") -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=limit, help_text=help_text)


def day(label: Label, *, required: bool = True, help_text: Label = "") -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=DateInput, help_text=help_text, initial=timezone.localdate if required else None
    )


class ActForm(GroupedForm):
    """A form about a person of a place. `orgs`: those the account may choose, by code; `listed`: the same, in the tree's order."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, place: Place, orgs: Orgs, listed: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.place, self.orgs, self.listed = place, orgs, listed
        self.suggestions = [choices.label(code, name) for code, name in listed] if choices.is_long(listed) else []
        self.build()

    def build(self) -> None:
        """Add the fields that depend on the place."""

    def org(self, name: str) -> Organisation | None:
        return self.orgs.get(self.cleaned_data.get(name) or "")

    def said(self, *names: str) -> dict[str, str]:
        return {name: str(self.cleaned_data.get(name) or "").strip() for name in names}

    def picker(self, label: Label, *, required: bool = True, help_text: Label = "") -> forms.Field:
        return choices.one(self.listed, label=label, required=required, help_text=help_text)


class TermsForm(ActForm):
    """Where somebody is employed as what, from a day on."""

    groups: ClassVar[Groups] = ((_("聘用"), ("org", "establishment", "category", "stage", "subject", "channel", "day", "basis")),)

    def build(self) -> None:
        self.fields["org"] = self.picker(_("单位"))
        self.fields["establishment"] = word(self.place, "establishment", _("编制"), required=True)
        self.fields["category"] = word(self.place, "category", _("岗位类别"), required=True)
        self.fields["stage"] = word(self.place, "stage", _("学段"))
        self.fields["subject"] = word(self.place, "subject", _("主教学科"))
        self.fields["channel"] = word(self.place, "channel", _("补充渠道"))
        self.fields["day"] = day(_("自何日起"))
        self.fields["basis"] = line(_("依据"), 200, help_text=_("文件名称和文号，如有。"))

    def terms(self) -> Terms:
        org = self.org("org")
        assert org is not None, "a required choice"
        return Terms(org, **self.said("establishment", "category", "stage", "subject", "channel", "basis"))


class ChangeForm(TermsForm):
    """What an employment is from a day on."""

    def build(self) -> None:
        super().build()
        self.fields["day"].help_text = _("变更日与原起始日相同，视为更正。")


class HireForm(TermsForm):
    """A new person with the first employment."""

    groups: ClassVar[Groups] = (
        (_("人员"), ("name", "sex", "birth")),
        (_("聘用"), ("org", "establishment", "category", "stage", "subject", "channel", "day", "basis")),
    )
    name = line(_("姓名"), 20_000, required=True)
    sex = forms.ChoiceField(label=_("性别"), choices=Person.Sex.choices, required=False)
    birth = forms.DateField(label=_("出生日期"), required=False, widget=DateInput)


class LeaveForm(ActForm):
    """The end of an employment."""

    def build(self) -> None:
        self.fields["day"] = day(_("离开日期"), help_text=_("从这一天起不再受聘；误录的填起始日期，视为从未受聘。"))
        self.fields["reason"] = word(self.place, "ended", _("离开事由"), required=True)


class PaperForm(ActForm):
    """A degree or a certificate."""

    def build(self) -> None:
        degrees, papers = codes.words(self.place, "degree"), codes.words(self.place, "certificate")
        self.fields["kind"] = forms.ChoiceField(label=_("种类"), choices=Credential.Kind.choices)
        groups = [("", "—"), (_("学历"), degrees), (_("教师资格"), papers)]
        known = bool(degrees or papers)
        self.fields["level"] = (
            forms.ChoiceField(label=_("层次"), choices=groups) if known else line(_("层次"), codes.LONGEST, required=True)
        )
        self.fields["subject"] = word(self.place, "certified", _("学科"), help_text=_("教师资格写任教学科；小学全科写“全科”。"))
        self.fields["detail"] = line(_("专业"), 100)
        self.fields["institution"] = line(_("毕业院校或发证机关"), 100)
        self.fields["day"] = day(_("取得日期"), required=False, help_text=_("不详则留空。"))

    def paper(self) -> Paper:
        return Paper(**self.said("kind", "level", "subject", "detail", "institution"))


class TitleForm(ActForm):
    """A title held."""

    def build(self) -> None:
        self.fields["series"] = word(self.place, "series", _("称号"), required=True)
        self.fields["level"] = word(self.place, "level", _("级别"), help_text=_("“职称”不填级别。"))
        self.fields["rank"] = word(self.place, "rank", _("职称"), help_text=_("只有“职称”才填。"))
        self.fields["awarded_by"] = line(_("授予机关"), 100)
        self.fields["day"] = day(_("授予日期"))
        self.fields["until"] = day(_("有效期止"), required=False, help_text=_("这一天起失效；没有期限则留空。"))
        self.fields["basis"] = line(_("依据"), 200)

    def title(self) -> Title:
        return Title(**self.said("series", "level", "rank", "awarded_by", "basis"))


class TeamForm(ActForm):
    """The team joined."""

    def build(self) -> None:
        self.fields["team"] = word(self.place, "team", _("教师团队"), required=True)
        self.fields["day"] = day(_("自何日起"), help_text=_("原来的团队到这一天为止。"))
        self.fields["basis"] = line(_("依据"), 200)


class LoanForm(ActForm):
    """A secondment."""

    groups: ClassVar[Groups] = (
        (_("去向"), ("kind", "sender", "sender_name", "host", "host_name", "day", "until")),
        (_("任务"), ("role", "subject", "duty", "programme")),
        (_("合同"), ("contract", "contract_day", "basis")),
    )

    def build(self) -> None:
        self.fields["kind"] = word(self.place, "kind", _("方式"), required=True)
        self.fields["sender"] = self.picker(_("派出单位"), required=False)
        self.fields["sender_name"] = line(_("派出单位（外地）"), 200, help_text=_("派出单位不在本地时填写。"))
        self.fields["host"] = self.picker(_("接收单位"), required=False)
        self.fields["host_name"] = line(_("接收单位（外地）"), 200, help_text=_("接收单位不在本地时填写。"))
        self.fields["day"] = day(_("自何日起"))
        self.fields["until"] = day(_("至何日止"), required=False, help_text=_("这一天回来；未定则留空。"))
        self.fields["role"] = word(self.place, "role", _("派出人员身份"))
        self.fields["subject"] = word(self.place, "subject", _("任教学科"))
        self.fields["duty"] = line(_("在接收单位的职责"), 100)
        self.fields["programme"] = line(_("所属工程"), 100)
        self.fields["contract"] = line(_("帮扶合同"), 200)
        self.fields["contract_day"] = day(_("合同签订日期"), required=False)
        self.fields["basis"] = line(_("依据"), 200)

    def loan(self) -> Loan:
        texts = self.said("kind", "sender_name", "host_name", "role", "subject", "duty", "programme", "contract", "basis")
        return Loan(sender=self.org("sender"), host=self.org("host"), contract_day=self.cleaned_data["contract_day"], **texts)


class VerdictForm(ActForm):
    """How a secondment went."""

    def build(self) -> None:
        self.fields["grade"] = word(self.place, "grade", _("考核等次"), required=True)
        self.fields["day"] = day(_("考核日期"))
        self.fields["evaluated_by"] = line(_("考核单位"), 100)
        self.fields["evaluation"] = forms.CharField(
            label=_("考核评语"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
        )

    def verdict(self) -> Verdict:
        data = self.cleaned_data
        return Verdict(data["grade"], data["day"], data["evaluated_by"], data["evaluation"])


class EndForm(ActForm):
    """The end of anything else."""

    def build(self) -> None:
        self.fields["day"] = day(_("结束日期"), help_text=_("从这一天起不再有效；误录的填起始日期，视为从未有过。"))
        self.fields["reason"] = line(_("事由"), 200)


def since(value: date | None) -> date:
    """A day that may be unknown."""
    return value or EVER


def until(value: date | None) -> date:
    return value or FOREVER


def initial_of(row: Employment) -> dict[str, Any]:
    """What the form of a change starts from."""
    names = ("establishment", "category", "stage", "subject", "channel")
    return {"org": row.org.code, "version": row.version, **{name: getattr(row, name) for name in names}}
