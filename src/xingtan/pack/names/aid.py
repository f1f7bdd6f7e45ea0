"""Names in schemes of fixed amounts: the ledger, its columns, posts and other schemes."""

from __future__ import annotations

from collections.abc import Mapping

from xingtan.kernel.text import T
from xingtan.pack.schema.aid import PUBLISHABLE, Aid, Covers
from xingtan.pack.schema.ledger import Field

from .asking import COLUMN, LEDGER, POST, Asker

_COLUMNS = {"person": frozenset({"person", "text"}), "number": frozenset({"text", "code", "number"}), "heads": frozenset({"number"}),
            "stage": frozenset({"code", "text"})}  # fmt: skip


def aid_names(ask: Asker, item: str, aid: Aid) -> None:
    """Everything a scheme names leads somewhere; titles of schemes tell them apart, ids of tiers are told once."""
    ask.known(LEDGER, aid.applications, ask.pack.ledgers, ("allocations", item, ("aid", "applications")))
    ask.all_known(POST, aid.approval, ask.posts, ("allocations", item, ("aid", "approval")))
    others = {name for name, one in ask.pack.allocations.items() if one.aid is not None and name != item}
    ask.all_known(T("定额发放办法"), aid.excludes, others, ("allocations", item, ("aid", "excludes")))
    ask.once(T("档次"), (tier.id for tier in aid.tiers), ("allocations", item, ("aid", "tiers")))
    ask.once(T("档次名称"), (tier.title for tier in aid.tiers), ("allocations", item, ("aid", "tiers")))
    _title(ask, item)
    if aid.applications in ask.pack.ledgers:
        _columns(ask, item, aid)
    if aid.covers is not None:
        _covers(ask, item, aid.covers)


def _columns(ask: Asker, item: str, aid: Aid) -> None:
    fields = {field.id: field for field in ask.pack.ledgers[aid.applications].fields}
    for key, types in _COLUMNS.items():
        name = getattr(aid, key)
        spot = ("allocations", item, ("aid", key))
        ask.known(COLUMN, name, fields, spot)
        if name in fields and fields[name].type not in types:
            message = T("栏“%(title)s”的类型不能作 %(key)s", title=fields[name].title, key=key)
            ask.say("aid_column", message, spot, T("人数用整数栏，姓名用人员或文字栏"), name)
    if aid.draw is not None:
        _draw(ask, item, aid, fields)
    if aid.publish is not None:
        ask.all_known(COLUMN, aid.publish.columns, {*PUBLISHABLE, *fields}, ("allocations", item, ("aid", "publish", "columns")))


def _draw(ask: Asker, item: str, aid: Aid, fields: Mapping[str, Field]) -> None:
    """The columns filled exist, and what tells rows apart is among them."""
    assert aid.draw is not None
    spot = ("allocations", item, ("aid", "draw", "fill"))
    ask.all_known_keys(COLUMN, aid.draw.fill, fields, spot)
    needed = {name for name in (aid.number, *ask.pack.ledgers[aid.applications].key) if name}
    for name in sorted(needed - set(aid.draw.fill)):
        title = fields[name].title if name in fields else name
        message = T("从学籍取名单时缺栏“%(title)s”，分不清谁是谁", title=title)
        ask.say("aid_draw", message, spot, T("在 fill 里写上 %(name)s: number", name=name), name)


def _covers(ask: Asker, item: str, covers: Covers) -> None:
    ask.known(LEDGER, covers.ledger, ask.pack.ledgers, ("allocations", item, ("aid", "covers", "ledger")))
    ledger = ask.pack.ledgers.get(covers.ledger)
    if ledger is not None:
        fields = {field.id for field in ledger.fields}
        ask.known(COLUMN, covers.number, fields, ("allocations", item, ("aid", "covers", "number")))
        ask.known(COLUMN, covers.kind, fields, ("allocations", item, ("aid", "covers", "kind")))


def _title(ask: Asker, item: str) -> None:
    title = ask.pack.allocations[item].title
    twins = [name for name, one in ask.pack.allocations.items() if one.aid is not None and one.title == title]
    if twins.index(item):
        message = T("两个办法都叫“%(title)s”，名册里分不清", title=title)
        ask.say("aid_title", message, ("allocations", item, ("title",)), T("给其中一个换个名称"), title)
