"""From kernel texts to the reader's language: the template is translated first, then filled."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise, lazystr
from django.utils.translation import gettext

from xingtan.kernel.text import Text


def render(text: object) -> str:
    """Return a kernel text, or anything else, in the reader's language. Texts inside a text are translated too."""
    if type(text) is str:
        return text
    if isinstance(text, Text):
        filled = {name: _value(value) for name, value in text.params.items()}
        return Text(text.template, filled).filled(gettext(text.template))
    return str(_value(text))


def lazy(text: Text) -> Promise:
    """Return a text that is translated when it is printed: for labels kept longer than a request."""
    return lazystr(_Lazy(text))


class _Lazy:
    def __init__(self, text: Text) -> None:
        self.text = text

    def __str__(self) -> str:
        return render(self.text)


def _value(value: object) -> Any:
    if isinstance(value, Text):
        return render(value)
    if isinstance(value, (list, tuple)):
        return "、".join(render(item) for item in value)
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if timezone.is_aware(value) else value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value
