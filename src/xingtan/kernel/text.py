"""Texts that can be translated later: a zh-Hans message id and its parameters, never a string built from pieces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


def _no_params() -> Mapping[str, object]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Text:
    """A message id in zh-Hans with `%(name)s` places. `str(text)` fills them; ui translates the template first, then fills."""

    template: str
    params: Mapping[str, object] = field(default_factory=_no_params)

    def __str__(self) -> str:
        return self.filled(self.template)

    def __hash__(self) -> int:
        return hash((self.template, tuple(sorted((key, str(value)) for key, value in self.params.items()))))

    def __reduce__(self) -> tuple[object, tuple[str, dict[str, object]]]:
        return _restore, (self.template, dict(self.params))

    def filled(self, template: str) -> str:
        """Fill a (translated) template. A text without parameters is returned as it stands, so that `100%` needs no escape."""
        return template % self.params if self.params else template


def _restore(template: str, params: dict[str, object]) -> Text:
    return Text(template, MappingProxyType(params))


def T(template: str, /, **params: object) -> Text:  # noqa: N802 - the mark by which message ids are collected, as `_` elsewhere
    return Text(template, MappingProxyType(params))
