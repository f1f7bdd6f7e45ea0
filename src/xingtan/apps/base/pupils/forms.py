"""Forms of pupils, movements and flags. Limits and their words are the services'; here only what no sane text reaches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.people.models import Person
from xingtan.ui.forms import DateInput, GroupedForm

from .checks import Facts, Kin, Who
from .models import Pupil
from .rules import Rules

Choices = Sequence[tuple[str, Any]]
BLANK: list[tuple[str, Any]] = [("", "—")]
CLEARED = "清空"  # the word of spreadsheets, too
SEALED = ("id_number", "phone", "address", "health", "disability", "home_address", "mail_address")
YES_NO: list[tuple[str, Any]] = [("", "—"), ("1", _("是")), ("0", _("否"))]
# Column → how it is called on the form; in the order of the national form.
MORE: Mapping[str, Any] = {
    "number": _("学籍号"),
    "hukou_place": _("户口所在地"),
    "hukou_kind": _("户口性质"),
    "birth_place": _("出生地"),
    "native_place": _("籍贯"),
    "nationality": _("国籍/地区"),
    "overseas": _("港澳台侨外"),
    "politics": _("政治面貌"),
    "entry_month": _("入学年月"),
    "origin": _("学生来源"),
    "only_child": _("是否独生子女"),
    "preschool": _("是否受过学前教育"),
    "inclusive": _("随班就读"),
    "health": _("健康状况"),
    "disability": _("残疾类型"),
    "home_address": _("家庭地址"),
    "mail_address": _("通信地址"),
    "postcode": _("邮政编码"),
    "email": _("电子信箱"),
    "talent": _("特长"),
    "note": _("备注"),
}
WHO: Mapping[str, Any] = {
    "name": _("姓名"),
    "sex": _("性别"),
    "birth": _("出生日期"),
    "id_kind": _("身份证件类型"),
    "id_number": _("身份证件号"),
    "ethnic": _("民族"),
    "former_name": _("曾用名"),
    "phone": _("联系电话"),
    "address": _("现住址"),
}
KIN = tuple(f"guardian_{at}_{part}" for at in (1, 2) for part in ("relation", "name", "phone"))


def word(law: Rules, column: str, label: Any, required: bool = False) -> forms.Field:
    """A field for a code column: a choice of the pack's words, or a text where the pack has none."""
    words = law.words(column)
    if not words:
        return forms.CharField(label=label, required=required, max_length=200)
    return forms.ChoiceField(label=label, required=required, choices=[*BLANK, *((one, one) for one in words)])


def text(label: Any, required: bool = False, hint: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=20_000, help_text=hint)


def day(label: Any, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=DateInput)


def grade_choices(law: Rules, stages: Sequence[str]) -> Choices:
    """Every grade of the stages that are taught, as `stage|grade`."""
    grades = law.grades
    return [
        (f"{stage}|{grade}", f"{stage} {grades.word(stage, grade)}")
        for stage in stages
        for grade in range(1, grades.last(stage) + 1)
        if stage in grades.years
    ]


class PupilForm(GroupedForm):
    """What is known of a pupil. Sealed fields of a stored pupil come empty: empty leaves them as they are, 清空 clears them."""

    groups: ClassVar[Sequence[tuple[Any, Sequence[str]]]] = (
        (_("基本情况"), tuple(WHO)),
        (_("监护人"), KIN),
        (
            _("学籍信息"),
            (
                "number",
                "hukou_place",
                "hukou_kind",
                "birth_place",
                "native_place",
                "nationality",
                "overseas",
                "politics",
                "entry_month",
                "origin",
            ),
        ),
        (
            _("其他"),
            (
                "only_child",
                "preschool",
                "inclusive",
                "health",
                "disability",
                "home_address",
                "mail_address",
                "postcode",
                "email",
                "talent",
                "note",
            ),
        ),
    )

    def __init__(self, *args: Any, law: Rules, pupil: Pupil | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.pupil = pupil
        self.fields["name"] = text(WHO["name"], True)
        self.fields["sex"] = forms.ChoiceField(label=WHO["sex"], choices=Person.Sex.choices, required=False)
        self.fields["birth"] = day(WHO["birth"], False)
        self.fields["id_kind"] = forms.ChoiceField(label=WHO["id_kind"], choices=Person.IdKind.choices, required=False)
        self.fields["ethnic"] = word(law, "ethnic", WHO["ethnic"])
        for name in ("id_number", "former_name", "phone", "address"):
            self.fields[name] = text(WHO[name])
        self.fields["id_number"].help_text = _("暂时没有证件号的留空，先用临时号。")
        for name, label in MORE.items():
            self.fields[name] = self._more(law, name, label)
        for at in (1, 2) if pupil is None else ():
            self.fields[f"guardian_{at}_relation"] = word(law, "relation", _("监护人%(n)s关系") % {"n": at})
            self.fields[f"guardian_{at}_name"] = text(_("监护人%(n)s姓名") % {"n": at})
            self.fields[f"guardian_{at}_phone"] = text(_("监护人%(n)s电话") % {"n": at})
        if pupil is not None:
            self._sealed(pupil)
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)

    def _more(self, law: Rules, name: str, label: Any) -> forms.Field:
        if name in {"only_child", "preschool"}:
            return forms.ChoiceField(label=label, required=False, choices=YES_NO)
        coded = {"hukou_kind", "nationality", "overseas", "politics", "origin", "inclusive", "health", "disability"}
        return word(law, name, label) if name in coded else text(label)

    def _sealed(self, pupil: Pupil) -> None:
        for name in SEALED:
            kept = getattr(pupil.person if name in WHO else pupil, name)
            if not kept:
                continue
            if isinstance(field := self.fields[name], forms.ChoiceField):
                field.choices = [("", _("不改")), (CLEARED, _("清空")), *list(field.choices)[1:]]  # type: ignore[arg-type]
            field.help_text = _("已填（%(mask)s）。留空不改，填“清空”则删去。") % {"mask": kept.mask}

    def who(self) -> Who:
        """The arguments of the services."""
        data = self.cleaned_data
        stated = {name: self._stated(name) for name in ("id_kind", "id_number", "ethnic", "former_name", "phone", "address")}
        return Who(data["name"], data["sex"], data["birth"], **stated)

    def facts(self) -> Facts:
        values: dict[str, Any] = {name: self._stated(name) for name in MORE if name in self.fields}
        values = {name: value for name, value in values.items() if value is not None}
        for name in ("only_child", "preschool"):
            values[name] = {"1": True, "0": False}.get(self.cleaned_data[name])
        return Facts(values, self._guardians() if self.pupil is None else None)

    def _stated(self, name: str) -> str | None:
        value = self.cleaned_data[name].strip()
        if name in SEALED and self.pupil is not None:
            return None if not value else "" if value == CLEARED else value
        return str(value)

    def _guardians(self) -> list[Kin]:
        data = self.cleaned_data
        rows = [Kin(*(data[f"guardian_{at}_{part}"].strip() for part in ("relation", "name", "phone"))) for at in (1, 2)]
        return [row for row in rows if row.name or row.phone or row.relation]


class SeatForm(forms.Form):
    """Where a pupil sits from a day on. `schools` by code; classes as (key, title)."""

    def __init__(self, *args: Any, law: Rules, schools: Choices, classes: Choices, stages: Sequence[str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["school"] = forms.ChoiceField(label=_("学校"), choices=schools if len(schools) == 1 else [*BLANK, *schools])
        self.fields["grade"] = forms.ChoiceField(label=_("年级"), choices=[*BLANK, *grade_choices(law, stages)])
        self.fields["school_class"] = forms.ChoiceField(label=_("班级"), choices=[*BLANK, *classes], required=False)
        self.fields["day"] = day(_("入学日期"))
        self.fields["boarding"] = forms.ChoiceField(label=_("住校"), choices=YES_NO, required=False)
        self.fields["residence"] = word(law, "residence", _("城乡"))
        self.fields["entry_mode"] = word(law, "entry_mode", _("入学方式"))


class NewPupilForm(PupilForm):
    """A pupil with the first seat."""

    groups = (
        (_("基本情况"), tuple(WHO)),
        (
            _("入学"),
            ("school", "grade", "school_class", "day", "boarding", "residence", "entry_mode", "from_outside", "evidence", "attachment"),
        ),
        *PupilForm.groups[1:],
    )

    def __init__(self, *args: Any, law: Rules, schools: Choices, classes: Choices, stages: Sequence[str], **more: Any) -> None:
        super().__init__(*args, law=law, **more)
        seat = SeatForm(law=law, schools=schools, classes=classes, stages=stages)
        self.fields.update(seat.fields)
        self.fields["from_outside"] = forms.BooleanField(label=_("从县外转入"), required=False)
        self.fields["evidence"] = text(_("依据"), hint=_("转入的写明联系函或证明的名称。"))
        self.fields["attachment"] = forms.FileField(label=_("附件"), required=False)


class KinForm(forms.Form):
    """Up to four guardians; an empty name takes one away."""

    def __init__(self, *args: Any, law: Rules, **more: Any) -> None:
        super().__init__(*args, **more)
        for at in range(1, 5):
            self.fields[f"guardian_{at}_relation"] = word(law, "relation", _("监护人%(n)s关系") % {"n": at})
            self.fields[f"guardian_{at}_name"] = text(_("监护人%(n)s姓名") % {"n": at})
            self.fields[f"guardian_{at}_phone"] = text(_("监护人%(n)s电话") % {"n": at})

    def kin(self) -> list[Kin]:
        data = self.cleaned_data
        rows = [Kin(*(data[f"guardian_{at}_{part}"].strip() for part in ("relation", "name", "phone"))) for at in range(1, 5)]
        return [row for row in rows if row.name or row.phone or row.relation]


class MoveForm(forms.Form):
    """One movement. `asks`: the columns that its kind asks for."""

    def __init__(self, *args: Any, law: Rules, asks: Sequence[str], classes: Choices = (), grades: Choices = (), **more: Any) -> None:
        super().__init__(*args, **more)
        made: dict[str, forms.Field] = {
            "day": day(_("生效日期")),
            "to": text(_("转往学校"), True, _("县外学校的全称。县内转学请用“提出转学”。")),
            "grade": forms.ChoiceField(label=_("年级"), choices=[*BLANK, *grades]),
            "school_class": forms.ChoiceField(label=_("班级"), choices=[*BLANK, *classes], required=False),
            "boarding": forms.ChoiceField(label=_("住校"), choices=YES_NO, required=False),
            "residence": word(law, "residence", _("城乡")),
            "entry_mode": word(law, "entry_mode", _("入学方式")),
            "seat": text(_("班内学号")),
            "reason": word(law, "reason", _("原因")),
        }
        for name in ("day", *(one for one in made if one in asks and one != "day")):
            self.fields[name] = made[name]
        hint = _("写明依据的文件、证明或核实经过。")
        self.fields["evidence"] = forms.CharField(
            label=_("依据"), required=False, max_length=20_000, help_text=hint, widget=forms.Textarea(attrs={"rows": 3})
        )
        self.fields["attachment"] = forms.FileField(label=_("附件"), required=False)


class FlagForm(forms.Form):
    """A flag."""

    def __init__(self, *args: Any, law: Rules, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kind"] = word(law, "flag", _("类别"), True)
        self.fields["day"] = day(_("起"))
        self.fields["until"] = day(_("止"), False)
        self.fields["source"] = text(_("依据"))


class EndForm(forms.Form):
    """The end of a flag or a class."""

    day = forms.DateField(label=_("止"), widget=DateInput, help_text=_("从这一天起不再有效。"))
    reason = forms.CharField(label=_("事由"), max_length=500, required=False)


class ReasonForm(forms.Form):
    """Undoing asks why."""

    reason = forms.CharField(label=_("理由"), max_length=500)
