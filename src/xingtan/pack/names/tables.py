"""Names in codes, organisation, ledgers, manifest and waivers."""

from __future__ import annotations

import keyword

from xingtan.kernel.formula import SIGNATURES, TIME_NAMES
from xingtan.kernel.text import T
from xingtan.pack.schema.ledger import Ledger

from .asking import CODES, COLUMN, LEVEL, POST, Asker

# Ids of indicators and parameters are names of formulas and templates, so they must not be words of either language.
TEMPLATE_NAMES = frozenset({"org", "children", "period", "place", "parameter", "previous", "next", "known", "rows", "loop"})
RESERVED = frozenset({*SIGNATURES, *TIME_NAMES, *keyword.kwlist, *TEMPLATE_NAMES, "doubtful", "date", "who"})
RESERVED_COLUMNS = frozenset({"org", "period", "doubt", "doubtful", "row_id", "valid_from", "valid_to", *keyword.kwlist})
# Tables that every snapshot has, and those that a computation lays beside them: a ledger of that name would hide them, or be hidden.
SNAPSHOT_TABLES = frozenset({"orgs", "closure", "succession", "returns", "asked", "scope", "groups"})
READERS = frozenset({"own", "superiors", "public"})


def identifiers(ask: Asker) -> None:
    """One name, one meaning; no name of the languages themselves."""
    pack = ask.pack
    for collection in ("indicators", "parameters", "ledgers"):
        for name in getattr(pack, collection):
            if name in RESERVED and not (collection == "ledgers" and name in TEMPLATE_NAMES):
                message = T("%(name)s 是公式或报告模板自己的词，不能作编号", name=name)
                ask.say("reserved_id", message, (collection, name, ("id",)), T("换一个编号，如 %(name)s_", name=name), name)
    for name in sorted(pack.ledgers.keys() & SNAPSHOT_TABLES):
        message = T("%(name)s 是快照自带的表，不能作台账的编号", name=name)
        ask.say("reserved_id", message, ("ledgers", name, ("id",)), T("换一个编号，如 %(name)s_ledger", name=name), name)
    for name in pack.indicators.keys() & pack.parameters.keys():
        message = T("编号 %(name)s 既是指标又是参数", name=name)
        ask.say("name_twice", message, ("parameters", name, ("id",)), T("给参数换一个编号，如 %(name)s_cap", name=name), name)


def codes(ask: Asker) -> None:
    """Parents of codes."""
    for name, table in ask.pack.codes.items():
        words = table.words()
        for at, code in enumerate(table.codes):
            if code.parent:
                ask.known(T("上级代码"), code.parent, words, ("codes", name, ("codes", at, "parent")))


def organisation(ask: Asker) -> None:
    """Kinds, posts and who stands over whom."""
    kinds = {kind.id for kind in ask.pack.organisation.kinds}
    ask.once(T("机构类别"), (kind.id for kind in ask.pack.organisation.kinds), ("organisation", "", ("kinds",)))
    ask.once(POST, (post.id for post in ask.pack.organisation.posts), ("organisation", "", ("posts",)))
    for post in ask.pack.organisation.posts:
        ask.all_known(LEVEL, post.at, ask.levels, ("organisation", "", ("posts", post.id, "at")))
    for above, below in ask.pack.organisation.over.items():
        ask.known(T("机构类别"), above, kinds, ("organisation", "", ("over", above)))
        ask.all_known(T("机构类别"), below, kinds, ("organisation", "", ("over", above)))


def curricula(ask: Asker) -> None:
    """Stages and subjects of curricula are words of the tables `stage` and `subject`; each subject stands once for a grade."""
    stages, subjects = (ask.pack.codes[name].words() if name in ask.pack.codes else () for name in ("stage", "subject"))
    for name, plan in ask.pack.curricula.items():
        ask.known(T("学段"), plan.stage, stages, ("curricula", name, ("stage",)))
        for at, course in enumerate(plan.courses):
            path = ("courses", at)
            ask.all_known(T("学科"), (course.subject, *course.parts), subjects, ("curricula", name, path))
            ask.once(T("年级"), [f"{grade}" for grade in course.grades], ("curricula", name, (*path, "grades")))
        ask.once(T("学科"), (course.subject for course in plan.courses), ("curricula", name, ("courses",)))


def equity(ask: Asker) -> None:
    """Indicators of a standard exist and are broken down by stage; its numbers are parameters; its kinds are kinds."""
    pack = ask.pack
    stages = pack.codes["stage"].words() if "stage" in pack.codes else ()
    staged = {name for name, one in pack.indicators.items() if "stage" in one.by}
    kinds = {kind.id for kind in pack.organisation.kinds}
    for name, standard in pack.equity.items():
        ask.known(T("学段"), standard.stage, stages, ("equity", name, ("stage",)))
        ask.all_known(T("机构类别"), standard.kinds, kinds, ("equity", name, ("kinds",)))
        ask.known(T("分学段的指标"), standard.pupils, staged, ("equity", name, ("pupils",)))
        for key in ("needed", "floor", "limit"):
            ask.known(T("参数"), getattr(standard, key), pack.parameters, ("equity", name, (key,)))
        for at, one in enumerate(standard.conditions):
            ask.known(T("分学段的指标"), one.indicator, staged, ("equity", name, ("conditions", at, "indicator")))
            ask.known(T("参数"), one.at_least, pack.parameters, ("equity", name, ("conditions", at, "at_least")))
        ask.once(T("指标"), (one.indicator for one in standard.conditions), ("equity", name, ("conditions",)))


def place(ask: Asker) -> None:
    """The kind of the root organisation."""
    if ask.pack.place is not None:
        kinds = {kind.id for kind in ask.pack.organisation.kinds}
        ask.known(T("机构类别"), ask.pack.place.kind, kinds, ("manifest", ask.pack.id, ("place", "kind")))


def ledgers(ask: Asker) -> None:
    """Columns, code tables, keys and readers of ledgers."""
    for name, ledger in ask.pack.ledgers.items():
        fields = [field.id for field in ledger.fields]
        ask.once(COLUMN, fields, ("ledgers", name, ("fields",)))
        for field in ledger.fields:
            ask.known(CODES, field.codes, ask.pack.codes, ("ledgers", name, ("fields", field.id, "type")))
            if "__" in field.id or (field.id == "date" and field.type != "date"):
                message = T("%(name)s 会与快照的列重名：编号里不用两条下划线，date 只能是日期", name=field.id)
                ask.say("reserved_id", message, ("ledgers", name, ("fields", field.id, "id")), T("换一个编号"), field.id)
            if field.id in RESERVED_COLUMNS:
                message = T("%(name)s 是每个台账都有的栏，不必也不能再写", name=field.id)
                ask.say("reserved_id", message, ("ledgers", name, ("fields", field.id, "id")), T("换一个编号"), field.id)
        for key in ("key", "search"):
            ask.all_known(COLUMN, getattr(ledger, key), fields, ("ledgers", name, (key,)))
        ask.all_known(COLUMN, (column.removeprefix("-") for column in ledger.sort), fields, ("ledgers", name, ("sort",)))
        ask.all_known(COLUMN, ledger.visible.sensitive, fields, ("ledgers", name, ("visible", "sensitive")))
        ask.all_known(T("敏感栏"), ledger.visible.kinds, ledger.visible.sensitive, ("ledgers", name, ("visible", "kinds")))
        _keepers(ask, ledger)
        _key(ask, ledger)


def _keepers(ask: Asker, ledger: Ledger) -> None:
    ask.all_known(LEVEL, ledger.held_by, ask.levels, ("ledgers", ledger.id, ("held_by",)))
    readers = READERS | ask.levels | ask.posts
    ask.all_known(T("读者"), ledger.visible.read, readers, ("ledgers", ledger.id, ("visible", "read")))
    if ledger.due is not None:
        ask.all_known(LEVEL, ledger.due.from_, ask.levels, ("ledgers", ledger.id, ("due", "from")))


def _key(ask: Asker, ledger: Ledger) -> None:
    """A masked or empty value tells no two rows apart, so a column of the key must be required."""
    for at, name in enumerate(ledger.key):
        field = ledger.field(name)
        if field is not None and not field.required:
            message = T("栏 %(name)s 用来区分各行，却可以空着或被遮住", name=name)
            hint = T("给这一栏写 required: true，或从 key 里去掉")
            ask.say("masked_key", message, ("ledgers", ledger.id, ("key", at)), hint, name)


def waivers(ask: Asker) -> None:
    """A waiver speaks of a rule and an item that exist."""
    from xingtan.pack.rules import RULES, noun_items

    items = noun_items(ask.pack)
    for at, waiver in enumerate(ask.pack.waivers):
        ask.known(T("规则"), waiver.rule, RULES, ("waivers", f"{at}", ("rule",)))
        ask.known(T("条目"), waiver.item, items, ("waivers", f"{at}", ("item",)))
