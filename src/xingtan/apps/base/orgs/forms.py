"""Forms of the acts. Each turns what was typed into an act (a value of `acts`); trying and refusing is the services' work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from xingtan.ui.forms import DateInput, GroupedForm

from . import choices
from .acts import Act, Close, Merge, Move, New, Open, Part, Rename, Split
from .choices import Choices

PARTS, MOST_PARTS = 3, 20


class ActForm(GroupedForm):
    """What every act says: from which day on, on what authority."""

    day = forms.DateField(label=_("生效日期"), widget=DateInput, help_text=_("从这一天起按新的情况算。"))
    basis = forms.CharField(label=_("依据"), max_length=200, required=False, help_text=_("文件名称和文号，如有。"))
    org_fields: ClassVar[Sequence[str]] = ()
    kind_fields: ClassVar[Sequence[str]] = ()

    def __init__(self, *args: Any, orgs: Choices, kinds: Choices, children: Choices = (), parts: int = PARTS, **more: Any) -> None:
        super().__init__(*args, **more)
        self.children, self.parts = children, parts
        self.suggestions = [choices.label(code, name) for code, name in orgs] if choices.is_long(orgs) else []
        for name in self.org_fields:
            made, said = choices.several if name == "sources" else choices.one, self.fields[name]
            self.fields[name] = made(orgs, label=said.label, required=said.required, help_text=said.help_text)
        for name in self.kind_fields:
            self.fields[name].choices = [("", "—"), *kinds]  # type: ignore[attr-defined]

    def act(self) -> Act:
        """The act that was described; only after `is_valid()`."""
        raise NotImplementedError


def _org(label: Any, *, required: bool = True, help_text: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=required, help_text=help_text)


def _name(label: Any, *, required: bool = True) -> forms.CharField:
    # The limit and its words are the services'; here only what no sane name reaches.
    return forms.CharField(label=label, required=required, max_length=20_000)


class OpenForm(ActForm):
    code = forms.CharField(label=_("代码"), max_length=64, help_text=_("数字、字母、点、横线；用过的代码不再用。"))
    name = _name(_("名称"))
    kind = forms.ChoiceField(label=_("类型"))
    parent = _org(_("上级组织"))
    field_order = ["code", "name", "kind", "parent", "day", "basis"]
    org_fields, kind_fields = ("parent",), ("kind",)

    def act(self) -> Act:
        data = self.cleaned_data
        return Open(New(data["code"], data["name"], data["kind"], data["parent"]), data["day"])


class CloseForm(ActForm):
    code = _org(_("撤销哪个组织"))
    field_order = ["code", "day", "basis"]
    org_fields = ("code",)

    def act(self) -> Act:
        return Close(self.cleaned_data["code"], self.cleaned_data["day"])


class RenameForm(ActForm):
    code = _org(_("哪个组织"))
    name = _name(_("新名称"))
    kind = forms.ChoiceField(label=_("新类型"), required=False, help_text=_("不变则留空。"))
    field_order = ["code", "name", "kind", "day", "basis"]
    org_fields, kind_fields = ("code",), ("kind",)

    def act(self) -> Act:
        data = self.cleaned_data
        return Rename(data["code"], data["name"], data["day"], data["kind"])


class MoveForm(ActForm):
    code = _org(_("哪个组织"), help_text=_("它的下级随它一起划转。"))
    parent = _org(_("新的上级"))
    field_order = ["code", "parent", "day", "basis"]
    org_fields = ("code", "parent")

    def act(self) -> Act:
        data = self.cleaned_data
        return Move(data["code"], data["parent"], data["day"])


class MergeForm(ActForm):
    sources = forms.MultipleChoiceField(label=_("被合并的组织"), help_text=_("按住 Ctrl 可选多个。"))
    into = _org(_("并入"), required=False, help_text=_("并入已有的组织；合并成新组织则留空，填下面各项。"))
    code = forms.CharField(label=_("新代码"), max_length=64, required=False)
    name = _name(_("新名称"), required=False)
    kind = forms.ChoiceField(label=_("新类型"), required=False)
    parent = _org(_("新上级"), required=False)
    groups = (
        (_("合并"), ("sources", "into", "day", "basis")),
        (_("合并成的新组织"), ("code", "name", "kind", "parent")),
    )
    org_fields, kind_fields = ("sources", "into", "parent"), ("kind",)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("into"):
            for name in ("code", "name", "kind", "parent"):
                if not data.get(name):
                    self.add_error(name, _("选“并入”，或把新组织的各项填全"))
        return data

    def act(self) -> Act:
        data = self.cleaned_data
        into = data["into"] or New(data["code"], data["name"], data["kind"], data["parent"])
        return Merge(tuple(data["sources"]), into, data["day"])


class SplitForm(ActForm):
    """As many organisations as asked for (`parts`); for every child of the old one, a field says with which part it goes."""

    code = _org(_("分设哪个组织"))
    org_fields = ("code",)

    def __init__(self, *args: Any, orgs: Choices, kinds: Choices, **more: Any) -> None:
        super().__init__(*args, orgs=orgs, kinds=kinds, **more)
        self.numbers = range(1, self.parts + 1)
        # How many parts the page had travels with it, so that it needs no script to have more.
        self.fields["parts"] = forms.CharField(required=False, initial=self.parts, widget=forms.HiddenInput)
        for at in self.numbers:
            self._add_part(at, orgs, kinds)
        numbers = [("", "—"), *((str(at), str(_("第 %(at)s 个") % {"at": at})) for at in self.numbers)]
        for child, name in self.children:
            self.fields[f"child_{child}"] = forms.ChoiceField(label=name, choices=numbers, required=False)

    def _add_part(self, at: int, orgs: Choices, kinds: Choices) -> None:
        first, number = at <= 2, {"at": at}
        help_text = _("原组织保留的，填原代码。")
        fields: dict[str, forms.Field] = {
            "code": forms.CharField(label=_("第 %(at)s 个：代码") % number, max_length=64, help_text=help_text),
            "name": _name(_("第 %(at)s 个：名称") % number),
            "kind": forms.ChoiceField(label=_("第 %(at)s 个：类型") % number, choices=[("", "—"), *kinds]),
            "parent": choices.one(orgs, label=_("第 %(at)s 个：上级组织") % number),
            "share": forms.DecimalField(
                label=_("第 %(at)s 个：份额（%%）") % number, min_value=0, max_value=100, max_digits=11, decimal_places=8
            ),
        }
        for name, field in fields.items():
            field.required = first
            self.fields[f"{name}_{at}"] = field

    @property
    def may_grow(self) -> bool:
        """Whether one more part can be asked for."""
        return self.parts < MOST_PARTS

    @property
    def groups(self) -> Sequence[tuple[Any, Sequence[str]]]:  # type: ignore[override]
        parts = [
            (_("第 %(at)s 个组织") % {"at": at}, [f"{name}_{at}" for name in ("code", "name", "kind", "parent", "share")])
            for at in self.numbers
        ]
        children = [(_("下级归哪一个"), [f"child_{child}" for child, _name in self.children])] if self.children else []
        return [(_("分设"), ("code", "day", "basis")), *parts, *children]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for at in self.numbers[2:]:
            names = [f"{name}_{at}" for name in ("code", "name", "kind", "parent", "share")]
            if any(data.get(name) for name in names):
                for name in names:
                    if not data.get(name) and name not in self.errors:
                        self.add_error(name, _("这个组织的各项要填全；不用则都留空"))
        return data

    def act(self) -> Act:
        data = self.cleaned_data
        used = [at for at in self.numbers if data.get(f"code_{at}")]
        parts = tuple(
            Part(New(data[f"code_{at}"], data[f"name_{at}"], data[f"kind_{at}"], data[f"parent_{at}"]), data[f"share_{at}"] / 100)
            for at in used
        )
        homes = {str(at): data[f"code_{at}"] for at in used}
        chosen = {child: homes.get(data.get(f"child_{child}", "")) for child, _name in self.children}
        return Split(data["code"], parts, data["day"], {child: home for child, home in chosen.items() if home})


FORMS: dict[str, type[ActForm]] = {
    "open": OpenForm, "close": CloseForm, "rename": RenameForm, "move": MoveForm, "merge": MergeForm, "split": SplitForm,
}  # fmt: skip


class UndoForm(forms.Form):
    """Why, and where what lives at disappearing organisations goes."""

    reason = forms.CharField(label=_("撤回事由"), max_length=200)

    def __init__(self, *args: Any, homeless: Choices = (), orgs: Choices = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.homeless = homeless
        self.suggestions = [choices.label(code, name) for code, name in orgs] if choices.is_long(orgs) else []
        for code, name in homeless:
            label = _("“%(name)s”的资料改归") % {"name": name}
            self.fields[f"home_{code}"] = choices.one(orgs, label=label, required=False)

    def rehome(self) -> dict[str, str]:
        """Code of a disappearing organisation → code of the one that takes over."""
        return {code: home for code, _name in self.homeless if (home := self.cleaned_data.get(f"home_{code}"))}
