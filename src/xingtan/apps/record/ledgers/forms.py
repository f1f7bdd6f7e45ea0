"""Forms from the pack. They keep texts as typed: understanding and refusing is the services' matter, so that forms and imports agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.orgs.models import Organisation
from xingtan.pack.schema.ledger import NUMERIC, Field
from xingtan.ui.forms import GroupedForm
from xingtan.ui.named import named

from .cells import CLEAR, load, typed
from .lists import masked_words, unit_of
from .models import Record
from .rows import DOUBT, EXAMPLES, FROM, ORG, PERIOD, TO
from .shape import Shape

LONG = ("note", "remark", "memo", "about", "text", "content", "description")


class RecordForm(GroupedForm):
    """One row of a ledger. `seen` carries the version that was on the screen."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        shape: Shape,
        orgs: Sequence[Organisation],
        initial: Mapping[str, str],
        old: Record | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial))
        self.shape, self._old = shape, old
        self.fields[ORG] = forms.ChoiceField(label=_("单位"), choices=[("", "—"), *((org.code, org.name) for org in orgs)])
        if shape.ledger.period or not shape.date_field:
            example = _("如 %(example)s") % {"example": EXAMPLES[shape.ledger.period]}
            self.fields[PERIOD] = forms.CharField(label=_("期间"), required=bool(shape.ledger.period), help_text=example)
        for item in shape.ledger.fields:
            self.fields[item.id] = _field(shape, item)
            self._tell_mask(item)
        self._about_the_change()
        self.groups = (  # type: ignore[misc]  # the groups of this ledger, not of the class
            ("", [ORG, PERIOD, *(item.id for item in shape.ledger.fields)]),
            (_("其他"), [DOUBT, FROM, TO, "reason"]),
        )

    def _about_the_change(self) -> None:
        self.fields[DOUBT] = forms.CharField(
            label=_("存疑理由"), required=False, help_text=_("数据不可信时写明理由，记录照常统计并带标记；可信则留空")
        )
        self.fields[FROM] = forms.CharField(label=_("起"), required=False, help_text=_("从哪天起有效；不填则按期间或日期"))
        self.fields[TO] = forms.CharField(label=_("止"), required=False, help_text=_("从哪天起不再有效"))
        self.fields["reason"] = forms.CharField(label=_("修改说明"), required=False, max_length=500)
        self.fields["seen"] = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def texts(self) -> dict[str, str]:
        """What was typed, by column."""
        names = [*self.shape.fields, ORG, PERIOD, DOUBT, FROM, TO]
        return {name: str(self.data.get(name, "")).strip() for name in names}

    def whole(self) -> dict[str, str]:
        """What was typed, and of sensitive columns that were left empty what stands in the row: the form never shows it."""
        said = self.texts()
        for name in self.shape.ledger.visible.sensitive:
            if self._old is not None and name in self.shape.fields and not said.get(name):
                item = self.shape.fields[name]
                said[name] = typed(item, load(item, self._old.data.get(name)))
        return said

    def _tell_mask(self, item: Field) -> None:
        if self._old is None or item.id not in self.shape.ledger.visible.sensitive:
            return
        if mask := masked_words(self.shape, item, self._old):
            self.fields[item.id].required = False
            self.fields[item.id].help_text = _("现为 %(mask)s。不改则留空；要删去，填“%(word)s”。") % {"mask": mask, "word": CLEAR}

    def full_clean(self) -> None:
        """Faults come from the services, all at once; Django's own checks would stop at the shape of texts."""
        super().full_clean()
        self._errors = ErrorDict()


def _field(shape: Shape, item: Field) -> forms.Field:
    required = item.required or item.id in shape.ledger.key
    unit = unit_of(item)
    label = f"{named(item)}（{unit}）" if unit else named(item)
    if item.type in ("code", "boolean"):
        words = list(shape.titles(item.id).items()) if item.type == "code" else [("是", _("是")), ("否", _("否"))]
        choices = [("", "—"), *words, ("××", _("缺失（××）")), ("不适用", _("不适用"))]
        return forms.ChoiceField(label=label, choices=choices, required=required, help_text=item.help)
    help_text = item.help or _help(item)
    wide = item.type == "text" and any(word in item.id for word in LONG)
    widget: forms.Widget = (
        forms.Textarea(attrs={"rows": 3}) if wide else forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"})
    )
    return forms.CharField(label=label, required=required, help_text=help_text, widget=widget)


def _help(item: Field) -> Any:
    if item.type == "percent":
        return _("写成 3% 或 0.03；也可写 约3%、××、不适用")
    if item.type in NUMERIC:
        return _("也可写 10余、不足500、约38、××、不适用")
    return _("如 2009-03-08；只知道月份写 2009年3月") if item.type == "date" else ""


def initial_of(shape: Shape, record: Record) -> dict[str, Any]:
    """What a form shows for a row: the texts as they were typed, but nothing of sensitive columns."""
    hidden = frozenset(shape.ledger.visible.sensitive)
    texts: dict[str, Any] = {
        item.id: typed(item, load(item, record.data.get(item.id))) for item in shape.ledger.fields if item.id not in hidden
    }
    texts |= {ORG: record.org.code, PERIOD: record.period, DOUBT: record.doubt, "seen": record.pk}
    texts |= {FROM: record.valid_from.isoformat() if record.valid_from else "", TO: record.valid_to.isoformat() if record.valid_to else ""}
    return texts
