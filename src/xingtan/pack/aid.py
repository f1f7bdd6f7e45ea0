"""The schemes of fixed amounts of a pack as the assessment knows them, and the register of what they give."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from xingtan.engine.aid import rows
from xingtan.engine.aid.spec import Cap, Rule, Scheme, Tier
from xingtan.engine.indicators.spec import DatasetSpec, FieldSpec
from xingtan.kernel.formula import Expr, parse
from xingtan.kernel.formula.nodes import Name, walk

from .schema.aid import Aid
from .schema.allocation import Allocation
from .schema.pack import PackData

AWARDS, REACH = "aid_award", "aid_reach"
ZERO, ONE = Decimal(0), Decimal(1)
STAGES = {
    "preschool": "学前",
    "primary": "小学",
    "junior": "初中",
    "senior": "高中",
    "vocational": "职业高中",
    "special": "特殊教育",
    "adult": "成人教育",
}


def schemes(pack: PackData) -> tuple[Scheme, ...]:
    """All schemes of fixed amounts, in the order of the pack."""
    return tuple(scheme(pack, one) for one in pack.allocations.values() if one.aid is not None)


def sources(pack: PackData) -> tuple[str, ...]:
    """The ledgers that the registers are made from: applications, and those who ought to be reached."""
    reach = [one.aid.covers.ledger for one in pack.allocations.values() if one.aid is not None and one.aid.covers is not None]
    return tuple(dict.fromkeys((*applications(pack), *reach)))


def applications(pack: PackData) -> tuple[str, ...]:
    """The ledgers whose rows are applications, each once."""
    return tuple(dict.fromkeys(one.aid.applications for one in pack.allocations.values() if one.aid is not None))


def scheme(pack: PackData, allocation: Allocation) -> Scheme:
    """One scheme. The pack is one that loaded without errors, so every formula parses and every column exists."""
    aid = allocation.aid
    assert aid is not None
    fields = {field.id: field.title for field in pack.ledgers[aid.applications].fields}
    return Scheme(
        id=allocation.id, title=allocation.title, tiers=tuple(_tiers(aid, fields)), form=aid.form, measure=aid.measure,
        rules=tuple(Rule(_expr(rule.when), rule.say, _asks(fields, rule.when)) for rule in aid.eligible),
        recipients=rows.STAFF if allocation.over == "teachers" else rows.PUPILS, person=aid.person or "", number=aid.number or "",
        heads=aid.heads or "", stage=aid.stage or "", stages=tuple(STAGES[one] for one in allocation.stages),
        excludes=frozenset(aid.excludes), cap=_cap(aid), years=_expr(aid.years) if aid.years else None,
        basis=allocation.basis.words() if allocation.basis else "", titles=fields,
    )  # fmt: skip


def _tiers(aid: Aid, fields: dict[str, str]) -> Iterable[Tier]:
    for one in aid.tiers:
        when, sets = (_expr(text) if text else None for text in (one.when, one.sets))
        yield Tier(one.id, one.title, _expr(one.amount), when, sets, _asks(fields, one.when or ""))


def _cap(aid: Aid) -> Cap | None:
    if aid.cap is None:
        return None
    return Cap(*(_expr(text) if text else None for text in (aid.cap.persons, aid.cap.amount, aid.cap.order)))


def _expr(text: str) -> Expr:
    found = parse(text).expr
    assert found is not None, text
    return found


def _asks(fields: dict[str, str], text: str) -> tuple[str, ...]:
    found = parse(text).expr if text else None
    names = (node.id for node in walk(found) if isinstance(node, Name)) if found is not None else ()
    return tuple(dict.fromkeys(name for name in names if name in fields))


def registers(pack: PackData) -> tuple[DatasetSpec, ...]:
    """The registers that the program makes from applications."""
    return awards(pack), reach(pack)


def awards(pack: PackData) -> DatasetSpec:
    """`aid_award`: one row for each application and scheme: what the rules give, and what was decided."""
    titles = tuple(one.title for one in pack.allocations.values() if one.aid is not None)
    return DatasetSpec(
        AWARDS,
        "资助与津贴名册",
        (
            FieldSpec("scheme", "code", "项目", codes=titles),
            FieldSpec("tier", "text", "档次"),
            FieldSpec("form", "code", "方式", codes=tuple(rows.FORMS.values())),
            FieldSpec("recipients", "code", "对象", codes=(rows.PUPILS, rows.STAFF)),
            FieldSpec("stage", "text", "学段"),
            FieldSpec("persons", "number", "人数", "人", minimum=ZERO, digits=0),
            FieldSpec("each", "money", "每人标准", "元", minimum=ZERO, digits=2),
            FieldSpec("amount", "money", "金额", "元", minimum=ZERO, digits=2),
            FieldSpec("sets", "number", "件数", minimum=ZERO, digits=0),
            FieldSpec("outcome", "code", "核算结果", codes=rows.OUTCOMES),
            FieldSpec("state", "code", "状态", codes=rows.STATES),
            FieldSpec("year", "number", "第几年", minimum=ONE, digits=0),
        ),
    )


def reach(pack: PackData) -> DatasetSpec:
    """`aid_reach`: one row for each child that a scheme ought to reach: whether any aid reaches it."""
    return DatasetSpec(
        REACH,
        "应助名册",
        (
            FieldSpec("kind", "text", "家庭类别"),
            FieldSpec("reached", "code", "是否得到资助", codes=rows.REACHED),
            FieldSpec("persons", "number", "人数", "人", minimum=ZERO, digits=0),
        ),
    )
