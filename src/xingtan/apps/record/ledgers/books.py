"""What words in a sheet mean: organisations by code and by every name they ever had, codes by code, title and synonym."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from xingtan.apps.base.orgs.models import Organisation, OrgSpell, Place, Succession
from xingtan.kernel.text import T, Text
from xingtan.pack.schema.codes import Code, CodeTable
from xingtan.ui.named import said

_BLANKS = re.compile(r"[\s\u3000]+")


def squeeze(text: str) -> str:
    """Compare names without blanks and without case."""
    return _BLANKS.sub("", text).casefold()


@dataclass(frozen=True, slots=True)
class OrgName:
    """One organisation under one of its names. `valid_to` is the first day on which it no longer bore it."""

    org_id: int
    code: str
    name: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class Miss:
    """Why a word was not understood, and what to write instead."""

    code: str
    message: Text
    hint: Text | None = None


@dataclass(slots=True)
class OrgBook:
    """Every organisation of a place. `find` never crosses places."""

    root_id: int | None
    by_code: dict[str, int] = field(default_factory=dict)
    codes: dict[int, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)  # code -> present name
    closed: dict[int, date] = field(default_factory=dict)
    heirs: dict[int, list[str]] = field(default_factory=dict)
    names: dict[str, list[OrgName]] = field(default_factory=dict)
    kinds: dict[int, set[str]] = field(default_factory=dict)  # every kind it ever was

    @classmethod
    def of(cls, place: Place) -> OrgBook:
        """Read it in three queries."""
        book = cls(place.root_id)
        for org in Organisation.objects.filter(place=place).only("code", "name", "closed"):
            book.by_code[squeeze(org.code)] = org.pk
            book.codes[org.pk] = org.code
            book.titles[org.code] = org.name
            if org.closed:
                book.closed[org.pk] = org.closed
        spells = OrgSpell.objects.filter(org__place=place)
        for org_id, kind, name, start, end in spells.values_list("org_id", "kind", "name", "valid_from", "valid_to"):
            book._add(org_id, name, start, end)
            book.kinds.setdefault(org_id, set()).add(kind)
        for old, heir in Succession.objects.filter(predecessor__place=place, act__undone=None).values_list(
            "predecessor_id", "successor__name"
        ):
            book.heirs.setdefault(old, []).append(heir)
        return book

    def _add(self, org_id: int, name: str, valid_from: date, valid_to: date) -> None:
        self.names.setdefault(squeeze(name), []).append(OrgName(org_id, self.codes[org_id], name, valid_from, valid_to))

    def find(self, text: str) -> int | Miss:
        """The organisation meant by a code or a name, former names included."""
        word = squeeze(text)
        if word in self.by_code:
            return self.by_code[word]
        found = {name.org_id for name in self.names.get(word, ())}
        if len(found) == 1:
            return found.pop()
        if found:
            codes = sorted(self.codes[one] for one in found)
            return Miss(
                "org.ambiguous",
                T("有 %(count)s 个单位叫过“%(name)s”", count=len(found), name=text),
                T("请改填代码：%(codes)s", codes="、".join(codes)),
            )
        near = difflib.get_close_matches(word, self.names, n=1, cutoff=0.6)
        hint = (
            T("您是不是想写“%(name)s”？新单位须先在“组织”里设立", name=self.names[near[0]][0].name)
            if near
            else T("请填单位的全称或代码；新单位须先在“组织”里设立")
        )
        return Miss("org.unknown", T("没有“%(name)s”这个单位", name=text), hint)

    def closed_before(self, org_id: int, day: date | None) -> Miss | None:
        """A fault when the organisation had been closed by that day."""
        end = self.closed.get(org_id)
        if end is None or day is None or day < end:
            return None
        heirs = "、".join(self.heirs.get(org_id, ()))
        name = self.titles[self.codes[org_id]]
        hint = T("改填承接单位：%(heirs)s", heirs=heirs) if heirs else T("请核对单位或日期")
        return Miss("org.closed", T("“%(name)s”已于 %(day)s 撤销", name=name, day=end.isoformat()), hint)


@dataclass(slots=True)
class CodeBook:
    """The words of one code table."""

    title: str
    titles: dict[str, tuple[str, str]]  # code: its title, its English title
    meanings: dict[str, list[Code]]

    @classmethod
    def of(cls, table: CodeTable) -> CodeBook:
        meanings: dict[str, list[Code]] = {}
        for code in table.codes:
            for word in dict.fromkeys(map(squeeze, (code.code, code.title, code.title_en, code.standard, *code.synonyms))):
                if word:
                    meanings.setdefault(word, []).append(code)
        titles = {code.code: (code.title or code.code, code.title_en) for code in table.codes}
        return cls(table.title, titles, meanings)

    def spoken(self) -> dict[str, str]:
        """What the codes are called in the reader's language."""
        return {code: said(*title) for code, title in self.titles.items()}

    def find(self, text: str) -> str | Miss:
        """The code meant by code, title, standard code or synonym."""
        found = list(dict.fromkeys(code.code for code in self.meanings.get(squeeze(text), ())))
        if len(found) == 1:
            return found[0]
        if squeeze(text) in {squeeze(code) for code in found}:
            return next(code for code in found if squeeze(code) == squeeze(text))
        if text in self.spoken().values():  # a workbook that was exported in the reader's language
            return next(code for code, word in self.spoken().items() if word == text)
        near = difflib.get_close_matches(squeeze(text), self.meanings, n=1, cutoff=0.6)
        if near and not found:
            hint = T("您是不是想写“%(word)s”？", word=self.meanings[near[0]][0].code)
        else:
            hint = T("可填：%(words)s", words=some(self.spoken().values()))
        return Miss("code.unknown", T("“%(value)s”不在“%(table)s”里", value=text, table=self.title), hint)


def some(words: Iterable[str], limit: int = 12) -> Text | str:
    """The first words; of a long list also how many there are in all."""
    every = list(words)
    shown = "、".join(every[:limit])
    return shown if len(every) <= limit else T("%(shown)s 等 %(count)s 种", shown=shown, count=len(every))
