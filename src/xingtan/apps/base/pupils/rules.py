"""What the pack in force lays down for the register of pupils: words of its code tables, numbers of its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.orgs.selectors import active_pack_or_none
from xingtan.kernel.issues import Issue, Where, error
from xingtan.kernel.text import T, Text
from xingtan.pack import Pack

from .grades import Grades, grades

# Which column holds the words of which code table. A table that the pack does not have lets any word pass.
TABLES: Mapping[str, str] = {
    "stage": "stage", "ethnic": "ethnic_group", "id_kind": "id_kind", "nationality": "nationality", "overseas": "overseas",
    "politics": "politics", "hukou_kind": "residence", "residence": "town_country", "entry_mode": "entry_mode", "origin": "pupil_origin",
    "inclusive": "inclusive", "health": "health_state", "disability": "disability", "relation": "guardian_relation",
    "flag": "pupil_flag_kind", "reason": "pupil_leaving_reason", "child_state": "child_state",
}  # fmt: skip


@dataclass(frozen=True)
class Rules:
    """The rules of one place today."""

    pack: Pack | None
    grades: Grades

    def words(self, column: str, day: date | None = None) -> tuple[str, ...]:
        """The words a column may hold (on a day); () where the pack has no such table and any word will do."""
        table = self.pack.codes.get(TABLES[column]) if self.pack else None
        if table is None:
            return ()
        return tuple(dict.fromkeys(code.code for code in table.codes if day is None or _valid(code.from_, code.to, day)))

    def open_words(self, column: str) -> tuple[str, ...]:
        """The words of a sealed column that whoever sees the row may read; every other word is told for a purpose only."""
        table = self.pack.codes.get(TABLES[column]) if self.pack else None
        return tuple(dict.fromkeys(code.code for code in table.codes if code.open)) if table else ()

    def number(self, parameter: str) -> int | None:
        """A whole number that the pack states, or None."""
        found = self.pack.parameters.get(parameter) if self.pack else None
        return None if found is None or found.value is None or isinstance(found.value, str) else int(found.value)

    def read(self, column: str, text: str) -> str:
        """A word as typed → the code's word: by itself, its title, a synonym or its number in the national standard; else as typed."""
        table = self.pack.codes.get(TABLES[column]) if self.pack else None
        for code in table.codes if table else ():
            if text in {code.code, code.title, *code.synonyms} or (text and text == code.standard):
                return code.code
        return text

    def fault(self, column: str, field: str, label: Text, text: str, day: date | None = None) -> list[Issue]:
        """What speaks against a word in a column."""
        words = self.words(column, day)
        if not text or not words or text in words:
            return []
        shown = "、".join(words[:12])
        hint = (
            T("可填：%(words)s", words=shown) if len(words) <= 12 else T("可填：%(words)s 等 %(count)s 项", words=shown, count=len(words))
        )
        return [error("pupils.code", T("%(label)s“%(text)s”不在代码表里", label=label, text=text[:24]), Where(field=field), hint)]


def rules(place: Place) -> Rules:
    """The rules of the pack in force."""
    return Rules(active_pack_or_none(place), grades(place))


def _valid(start: date | None, end: date | None, day: date) -> bool:
    return (start is None or start <= day) and (end is None or day <= end)
