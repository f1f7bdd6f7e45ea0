"""What the columns of a sheet can be: the fields of the ledger and the reserved columns."""

from __future__ import annotations

from xingtan.apps.record.ledgers.rows import DOUBT, FROM, NIL, ORG, PERIOD, TO
from xingtan.apps.record.ledgers.shape import Shape
from xingtan.pack.schema.ledger import NUMERIC

from .reading.headings import Target

FIELD = "f:"
RESERVED_WORDS = {
    ORG: (
        "单位", ("org", "单位名称", "单位代码", "学校", "学校名称", "学校代码", "校名", "填报单位", "机构", "机构名称", "机构代码"),
    ),
    PERIOD: ("期间", ("period", "年度", "学年", "年份", "学期", "学年度", "时期", "所属期间", "填报期间", "月份", "季度")),
    DOUBT: ("存疑", ("doubt", "存疑理由", "存疑原因")),
    FROM: ("起", ("valid_from", "起始日期", "生效日期", "自")),
    TO: ("止", ("valid_to", "终止日期", "失效日期", "至")),
    NIL: ("零报告", ("nil", "无")),
}  # fmt: skip


def targets(shape: Shape) -> list[Target]:
    """Fields first: where a field of the pack has the words of a reserved column, the field wins."""
    found = [
        Target(f"{FIELD}{item.id}", item.title, (item.id, item.title_en, *item.synonyms), _unit(item.unit, item.type), item.type in NUMERIC)
        for item in shape.ledger.fields
    ]
    return found + [Target(name, title, words) for name, (title, words) in RESERVED_WORDS.items()]


def _unit(unit: str, kind: str) -> str:
    return unit or ("元" if kind == "money" else "")


def title_of(shape: Shape, target: str) -> str:
    """The title of a target."""
    if target.startswith(FIELD):
        return shape.fields[target[len(FIELD) :]].title
    return RESERVED_WORDS[target][0] if target in RESERVED_WORDS else ""
