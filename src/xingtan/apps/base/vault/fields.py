"""`SealedField`: a model field whose column holds ciphertext and whose value is a `Sealed`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.lookups import Exact
from django.db.models.query_utils import DeferredAttribute

from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T

from .masks import Kind
from .sealed import Sealed, seal

if TYPE_CHECKING:
    _Text = models.TextField["str | Sealed", Sealed]
else:
    _Text = models.TextField


class _Attribute(DeferredAttribute):
    """Whatever is assigned is sealed at once: no plain text stays on the instance."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = self.field.to_python(value)


class _Empty(Exact):
    """`field=""` and its negation; equal texts have different ciphertexts, so anything else is asked of the blind index."""

    def get_prep_lookup(self) -> str:
        if self.rhs != "":
            raise FieldError(f"{self.lhs.field.name} is sealed: look it up by its blind index")
        return ""


class SealedField(_Text):
    """Text sealed at rest (AES-256-GCM, bound to app.model.field). `kind` is one of `masks.Kind`; `max_chars` counts plain characters.

    Assigning a text seals it. Only `field=""` can be filtered for; keep `index.blind(…)` beside it to find a row by the plain text.
    """

    descriptor_class = _Attribute
    context = ""

    def __init__(self, *args: Any, kind: str, max_chars: int = 200, **more: Any) -> None:
        more.setdefault("blank", True)
        more.setdefault("default", "")
        super().__init__(*args, **more)
        self.kind, self.max_chars = str(Kind(kind)), max_chars

    def deconstruct(self) -> Any:
        name, path, args, more = super().deconstruct()
        return name, path, args, {**more, "kind": self.kind, "max_chars": self.max_chars}

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        self.context = f"{cls._meta.label_lower}.{name}"

    def opened(self, stored: str) -> Sealed:
        """The value of a stored text, as it stands in the column or in a backup."""
        return Sealed(stored, self.context, self.kind)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else self.opened(value)

    def to_python(self, value: Any) -> Any:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        if isinstance(value, Sealed):
            return value.moved(self.context, self.kind)
        text = str(value)
        if len(text) > self.max_chars:
            message = T("内容有 %(count)s 字，太长", count=len(text))
            raise XingtanError.one("text.long", message, T("最多 %(limit)s 字", limit=self.max_chars))
        return Sealed.of(text, self.context, self.kind)

    def get_prep_value(self, value: Any) -> Any:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return value.moved(self.context, self.kind).stored if isinstance(value, Sealed) else seal(str(value), self.context)

    def get_lookup(self, lookup_name: str) -> Any:
        return _Empty if lookup_name == "exact" else super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return value.stored if isinstance(value, Sealed) else ""

    def formfield(self, **more: Any) -> Any:
        return super().formfield(**{"max_length": self.max_chars, "widget": forms.TextInput, **more})
