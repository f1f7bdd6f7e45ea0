"""Forms of classes, transfers, batches, duplicates and the list of children."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.people.models import Person
from xingtan.ui.forms import DateInput

from .forms import BLANK, Choices, day, text, word
from .rules import Rules


class ClassForm(forms.Form):
    """A class to be opened."""

    def __init__(self, *args: Any, schools: Choices, stages: Sequence[str], heads: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["school"] = forms.ChoiceField(label=_("学校"), choices=schools if len(schools) == 1 else [*BLANK, *schools])
        self.fields["stage"] = forms.ChoiceField(label=_("学段"), choices=[*BLANK, *((one, one) for one in stages)])
        self.fields["entry_year"] = forms.IntegerField(label=_("入学年份"), min_value=1900, max_value=2999)
        self.fields["number"] = forms.IntegerField(label=_("班号"))
        self.fields["title"] = text(_("班名"), hint=_("留空则用年级和班号。"))
        self.fields["head"] = forms.ChoiceField(label=_("班主任"), choices=[*BLANK, *heads], required=False)
        self.fields["day"] = day(_("开班日期"))


class ClassEditForm(forms.Form):
    """What may change of a class."""

    number = forms.IntegerField(label=_("班号"))
    title = forms.CharField(label=_("班名"), required=False, max_length=20_000)
    head = forms.ChoiceField(label=_("班主任"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, heads: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["head"].choices = [*BLANK, *heads]  # type: ignore[attr-defined]


class ProposalForm(forms.Form):
    """A transfer within the county, from the school that has the pupil."""

    def __init__(self, *args: Any, law: Rules, schools: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["target"] = forms.ChoiceField(label=_("转入学校"), choices=[*BLANK, *schools])
        self.fields["day"] = day(_("转学日期"))
        self.fields["reason"] = word(law, "reason", _("原因"))
        self.fields["evidence"] = forms.CharField(
            label=_("依据"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 3})
        )
        self.fields["attachment"] = forms.FileField(label=_("附件"), required=False)


class RequestForm(ProposalForm):
    """A transfer asked for by the school that wants to take the pupil in."""

    def __init__(self, *args: Any, law: Rules, schools: Choices, **more: Any) -> None:
        super().__init__(*args, law=law, schools=schools, **more)
        rest = dict(self.fields)
        self.fields = {"name": text(_("姓名"), True), "id_number": text(_("身份证件号"), True), **rest}
        self.fields["target"].choices = schools if len(schools) == 1 else [*BLANK, *schools]  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """Accept or refuse."""

    school_class = forms.ChoiceField(label=_("编入班级"), required=False)
    boarding = forms.ChoiceField(label=_("住校"), required=False, choices=[("", "—"), ("1", _("是")), ("0", _("否"))])
    answer = forms.CharField(label=_("答复"), max_length=500, required=False, help_text=_("退回时必须写明理由。"))

    def __init__(self, *args: Any, classes: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["school_class"].choices = [*BLANK, *classes]  # type: ignore[attr-defined]


class BatchForm(forms.Form):
    """What a batch is asked for."""

    def __init__(self, *args: Any, kind: str, stages: Sequence[str], classes: Choices = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["day"] = day(_("生效日期"))
        if kind == "regroup":
            self.fields["classes"] = forms.MultipleChoiceField(label=_("班级"), choices=classes, widget=forms.CheckboxSelectMultiple)
            self.fields["into"] = forms.IntegerField(label=_("分成几个班"), min_value=1, max_value=30)
            return
        self.fields["stage"] = forms.ChoiceField(
            label=_("学段"), choices=[("", _("全部学段")), *((one, one) for one in stages)], required=kind == "graduation"
        )
        label = _("留级的学籍号") if kind == "rollover" else _("结业的学籍号")
        self.fields["numbers"] = forms.CharField(
            label=label, required=False, max_length=20_000, help_text=_("一行一个，没有则留空。"), widget=forms.Textarea(attrs={"rows": 3})
        )


class MergeForm(forms.Form):
    """Which of two records is kept, and why they are one person's."""

    kept = forms.ChoiceField(label=_("保留哪一份"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("怎样认定是同一人"), max_length=500)

    def __init__(self, *args: Any, pupils: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kept"].choices = pupils  # type: ignore[attr-defined]


class ChildForm(forms.Form):
    """A child for the list."""

    def __init__(self, *args: Any, law: Rules, orgs: Choices, years: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["org"] = forms.ChoiceField(label=_("名册单位"), choices=orgs if len(orgs) == 1 else [*BLANK, *orgs])
        self.fields["year"] = forms.ChoiceField(label=_("学年"), choices=years)
        self.fields["name"] = text(_("姓名"), True)
        self.fields["sex"] = forms.ChoiceField(label=_("性别"), choices=Person.Sex.choices, required=False)
        self.fields["birth"] = day(_("出生日期"), False)
        self.fields["id_number"] = text(_("身份证件号"))
        self.fields["residence"] = word(law, "residence", _("城乡"))
        self.fields["guardian"] = text(_("监护人"))
        self.fields["phone"] = text(_("联系电话"))
        self.fields["note"] = text(_("备注"))


class SheetForm(forms.Form):
    """A whole list as a spreadsheet."""

    def __init__(self, *args: Any, orgs: Choices, years: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["org"] = forms.ChoiceField(label=_("名册单位"), choices=orgs if len(orgs) == 1 else [*BLANK, *orgs])
        self.fields["year"] = forms.ChoiceField(label=_("学年"), choices=years)
        hint = _("xlsx 或 csv，第一行是栏目名：姓名、性别、出生日期、身份证件号、城乡、监护人、联系电话、备注。")
        self.fields["file"] = forms.FileField(label=_("表格"), help_text=hint)


class SettleForm(forms.Form):
    """What became of a child or pupil who was looked for."""

    def __init__(self, *args: Any, law: Rules, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["state"] = word(law, "child_state", _("核实情况"), True)
        self.fields["note"] = text(_("说明"))


class SweepForm(forms.Form):
    """A sweep to be begun."""

    title = forms.CharField(label=_("名称"), max_length=200)
    day = forms.DateField(label=_("排查日期"), widget=DateInput)
    due = forms.DateField(label=_("完成期限"), widget=DateInput)
