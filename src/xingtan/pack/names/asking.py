"""What the parts of the name check share: the known names, and asking whether one is among them."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from xingtan.kernel.issues import Issue, Severity
from xingtan.kernel.text import T, Text
from xingtan.pack.formulas import Formulas
from xingtan.pack.schema.pack import PackData
from xingtan.pack.scope import levels
from xingtan.pack.sources import Path, Sources

Spot = tuple[str, str, Path]  # collection, id of the item, path inside it


@dataclass(slots=True)
class Asker:
    """One check under way."""

    pack: PackData
    sources: Sources
    formulas: Formulas
    issues: list[Issue] = field(default_factory=list)
    levels: frozenset[str] = field(init=False)
    posts: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.levels = levels(self.pack)
        self.posts = frozenset(post.id for post in self.pack.organisation.posts)

    def say(self, code: str, message: Text, spot: Spot, hint: Text | None = None, value: str = "") -> None:
        """An error at a spot."""
        node = self.sources.node(*spot)
        self.issues.append(self.sources.issue((Severity.ERROR, f"pack.{code}"), message, node, hint=hint, value=value))

    def known(self, what: Text, name: str | None, known: Collection[str], spot: Spot) -> None:
        """An issue when `name` is not among `known`."""
        if name is None or name in known:
            return
        names = sorted(known)
        close = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
        shown = "、".join(names[:12]) + ("…" if len(names) > 12 else "")
        listed = T("可用的有：%(names)s", names=shown) if names else T("先写明它，再引用")
        hint = T("您是不是想写 %(name)s？", name=close[0]) if close else listed
        self.say("unknown_name", T("没有%(what)s %(name)s", what=what, name=name), spot, hint, name)

    def all_known(self, what: Text, names: Iterable[str], known: Collection[str], spot: Spot) -> None:
        """The same for a list; each name is shown at its own place."""
        for at, name in enumerate(names):
            self.known(what, name, known, (spot[0], spot[1], (*spot[2], at)))

    def all_known_keys(self, what: Text, names: Iterable[str], known: Collection[str], spot: Spot) -> None:
        """The same for the keys of a mapping."""
        for name in names:
            self.known(what, name, known, (spot[0], spot[1], (*spot[2], name)))

    def once(self, what: Text, names: Iterable[str], spot: Spot) -> None:
        """An issue for every name that comes a second time; `spot` is that of the list."""
        seen: set[str] = set()
        for at, name in enumerate(names):
            if name in seen:
                message = T("%(what)s %(name)s 写了两次", what=what, name=name)
                self.say("duplicate_id", message, (spot[0], spot[1], (*spot[2], at)), T("改一个编号，或删去其中一条"), name)
            seen.add(name)


COLUMN, CODES, LEVEL, POST, LEDGER = T("栏"), T("代码表"), T("机构类别或层级"), T("岗位"), T("台账")
INDICATOR, CASE, SURVEY, STATE = T("指标"), T("事项"), T("测评"), T("状态")
