"""Events in words. Each app registers the sentence of its actions and the titles of the values it records.

display.register("person.create", T("新增人员%(target)s"))
display.register("org.merge", sentence_of_event, lines=changes_of_event)
display.titles("person", {"name": T("姓名"), "birth": T("出生日期")})
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xingtan.kernel.text import T, Text

from .models import Event

Sentence = Text | Callable[[Event], Text]


@dataclass(frozen=True, slots=True)
class Change:
    """One value before and after; "" where there was none."""

    title: Text
    before: str | Text | Sequence[Text]
    after: str | Text | Sequence[Text]

    @property
    def before_lines(self) -> Sequence[str | Text]:
        return _as_lines(self.before)

    @property
    def after_lines(self) -> Sequence[str | Text]:
        return _as_lines(self.after)


Lines = Callable[[Event], Sequence[Change]]

_sentences: dict[str, Sentence] = {}
_kinds: dict[str, Text] = {}
_lines: dict[str, Lines] = {}
_titles: dict[str, dict[str, Text]] = {}


def register(action: str, sentence: Sentence, *, lines: Lines | None = None, kind: Text | None = None) -> None:
    """Say how an action is told. A text may use %(target)s, %(actor)s and %(reason)s; `kind` names the action where no event stands."""
    _sentences[action] = sentence
    _kinds[action] = kind or _sample(sentence)
    if lines is not None:
        _lines[action] = lines


def titles(prefix: str, names: Mapping[str, Text]) -> None:
    """Name the values that actions beginning with `prefix.` record."""
    _titles.setdefault(prefix, {}).update(names)


_values: dict[str, Callable[[str], str | Text]] = {}


def values(name: str, told: Callable[[str], str | Text]) -> None:
    """Say how a recorded value is told in words: a kind, a purpose … `name` may end in `@`, then a place follows."""
    _values[name] = told


def value(name: str, text: str) -> str | Text:
    """A recorded value in words; as it stands where nobody says how."""
    if name in _values:
        return _values[name](text)
    stem, at, place = name.partition("@")
    return _values[f"{stem}@"](f"{place}@{text}") if at and f"{stem}@" in _values else text


def actions() -> list[tuple[str, Text]]:
    """All registered actions with their names, for the filter; without a name, the sentence with its places open (“…”)."""
    return [(action, _kinds[action]) for action in sorted(_kinds)]


def sentence(event: Event) -> Text:
    """What happened, in one sentence without the actor."""
    told = _sentences.get(event.action)
    if told is None:
        return T("%(action)s：%(target)s", action=event.action, target=event.target_label)
    if isinstance(told, Text):
        return T(told.template, target=event.target_label, actor=event.actor_label, reason=event.reason)
    return told(event)


def changes(event: Event) -> Sequence[Change]:
    """What became of what, value by value."""
    if event.action in _lines:
        return _lines[event.action](event)
    was, became = event.was, event.became
    named = _titles.get(event.action.partition(".")[0], {})
    keys = [key for key in {**was, **became} if was.get(key) != became.get(key)]
    return [Change(named.get(key, Text(key)), _shown(was.get(key)), _shown(became.get(key))) for key in keys]


def _as_lines(value: str | Text | Sequence[Text]) -> Sequence[str | Text]:
    if isinstance(value, str | Text):
        return [value] if value else []
    return value


def _sample(told: Sentence) -> Text:
    if isinstance(told, Text):
        return T(told.template, target="…", actor="…", reason="…")
    return Text((told.__doc__ or told.__name__).strip())


def _shown(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "、".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
