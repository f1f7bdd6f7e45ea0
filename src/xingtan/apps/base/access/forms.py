"""Forms of the sign-in, account and grant pages: they only read what was typed; what must hold is checked by the services."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.access.models import Account
from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.people.models import Person
from xingtan.pack.schema.organisation import Post
from xingtan.pack.schema.trust import Purpose
from xingtan.ui.forms import DateInput
from xingtan.ui.named import named

SAME_NAMES = 10


class SignInForm(forms.Form):
    login = forms.CharField(label=_("登录名"), max_length=200, widget=forms.TextInput({"autocomplete": "username", "autofocus": True}))
    password = forms.CharField(label=_("密码"), strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"}))


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("验证码"), max_length=20, help_text=_("手机验证器上的 6 位数字，或一个恢复码"),
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )  # fmt: skip


class FactorOffForm(forms.Form):
    password = forms.CharField(label=_("密码"), strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"}))


class NewPasswordForm(forms.Form):
    new = forms.CharField(
        label=_("新密码"), strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("至少 10 个字；不要用常见密码、纯数字、拼音加生日、姓名加数字；最近 5 个密码不能再用"),
    )  # fmt: skip
    again = forms.CharField(label=_("再输一次"), strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"}))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("new") is not None and data.get("again") is not None and data["new"] != data["again"]:
            self.add_error("again", _("两次输入的新密码不一样"))
        return data


class PasswordForm(NewPasswordForm):
    old = forms.CharField(label=_("原密码"), strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"}))
    field_order = ("old", "new", "again")


class LanguageForm(forms.Form):
    language = forms.ChoiceField(label=_("界面语言"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "language", [("", _("随浏览器")), *settings.LANGUAGES])


class AccountForm(LanguageForm):
    """An account. `persons` are those it may stand for (none: the account belongs to no place); a known one keeps login and place."""

    place = forms.ModelChoiceField(label=_("所属地区"), queryset=Place.objects.none(), to_field_name="slug")
    login = forms.CharField(label=_("登录名"), max_length=200, help_text=_("汉字、字母、数字和 . @ + - _；以后不能改"))
    display_name = forms.CharField(label=_("显示名"), max_length=200)
    person = forms.CharField(
        label=_("对应人员"), required=False, max_length=100,
        help_text=_("写姓名；有重名时写成“姓名#编号”。对应到人员后，权限随其任职自动取得和收回"),
    )  # fmt: skip
    administrator = forms.BooleanField(label=_("系统管理员（管理各地区的账号、单位、规则包；看不到台账和指标数据）"), required=False)
    field_order = ("place", "login", "display_name", "person", "language", "administrator")

    def __init__(
        self, *args: Any, persons: QuerySet[Person] | None, places: QuerySet[Place], by_administrator: bool, known: Account | None = None,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.persons = persons
        place = self.fields["place"]
        assert isinstance(place, forms.ModelChoiceField)
        place.queryset, place.required = places, not by_administrator
        place.empty_label = str(_("不属于任何地区")) if by_administrator else None
        gone = ["person"] if persons is None else []
        gone += (["place", "login", "administrator"] if known else []) + ([] if by_administrator else ["administrator"])
        for name in dict.fromkeys(gone):
            del self.fields[name]

    def clean_person(self) -> Person | None:
        """Find the person by name; several of one name are told apart by the number behind #."""
        name, _sharp, number = str(self.cleaned_data["person"]).strip().partition("#")
        if not name or self.persons is None:
            return None
        found = self.persons.filter(name=name.strip())
        if number.isascii() and number.isdigit():
            found = found.filter(pk=int(number))
        few = list(found[: SAME_NAMES + 1])
        if not few:
            raise forms.ValidationError(gettext("没有叫“%(name)s”的人，或已有账号。请先在“人员”里录入") % {"name": name[:64]})
        if len(few) > 1:
            some = "、".join(person_words(person) for person in few[:SAME_NAMES])
            raise forms.ValidationError(gettext("有多位同名，请写明编号：%(some)s") % {"some": some})
        return few[0]


def person_words(person: Person) -> str:
    """Return a person as the form writes and reads them."""
    return f"{person.name}#{person.pk}"


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("事由"), max_length=400)


class PurposeAskForm(forms.Form):
    purpose = forms.ChoiceField(label=_("用途"))
    days = forms.IntegerField(label=_("天数"), required=False, min_value=1, help_text=_("不填则为规则包允许的最长天数"))
    reason = forms.CharField(label=_("申请事由"), max_length=400, help_text=_("写明要做什么、涉及谁；批准人和审计员会看到"))

    def __init__(self, *args: Any, purposes: Iterable[Purpose], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "purpose", [("", "——"), *((one.id, named(one)) for one in purposes)])


class PurposeDecideForm(forms.Form):
    days = forms.IntegerField(label=_("批准天数"), required=False, min_value=1, help_text=_("不填则照申请的天数"))
    reason = forms.CharField(label=_("批准意见"), max_length=400)

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].widget.attrs["max"] = most


class RevealForm(forms.Form):
    purpose = forms.ChoiceField(label=_("用途"))
    reason = forms.CharField(label=_("查看事由"), max_length=400, help_text=_("记入操作记录"))

    def __init__(self, *args: Any, purposes: Iterable[Purpose], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "purpose", [(one.id, named(one)) for one in purposes])


class ExportForm(forms.Form):
    reason = forms.CharField(label=_("导出事由"), max_length=200, help_text=_("写在表格上，也记入操作记录"))
    to = forms.ChoiceField(
        label=_("交给谁用"), choices=(("inside", _("本县教育系统内")), ("outside", _("县外学校或单位"))), initial="inside",
        help_text=_("向县外提供学生信息，须先获准规则包写明的用途，否则不能导出"),
    )  # fmt: skip
    where = forms.CharField(label=_("县外接收单位"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("to") == "outside" and not data.get("where", "").strip():
            self.add_error("where", _("请写明接收单位的全称"))
        return data


class GrantForm(forms.Form):
    post = forms.ChoiceField(label=_("岗位权限"))
    valid_from = forms.DateField(label=_("生效日期"), widget=DateInput(), initial=timezone.localdate)
    valid_to = forms.DateField(label=_("失效日期"), widget=DateInput(), required=False, help_text=_("不再有此权限的第一天；长期有效则不填"))
    reason = forms.CharField(label=_("授权事由"), max_length=400)

    def __init__(self, *args: Any, posts: Iterable[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "post", [("", "——"), *((post.id, post.title) for post in posts)])


class GrantEndForm(forms.Form):
    on = forms.DateField(label=_("收回日期"), widget=DateInput(), initial=timezone.localdate, help_text=_("填今天则立即收回"))
    reason = forms.CharField(label=_("收回事由"), max_length=400)


def _choices(form: forms.Form, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
