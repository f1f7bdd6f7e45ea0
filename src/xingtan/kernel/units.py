"""Units behind numbers: which may stand for one another in a column, and by what factor."""

from __future__ import annotations

from decimal import Decimal

from xingtan.kernel.interval import ARITHMETIC

MULTIPLIERS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8}

# unit: (dimension, how many of the dimension's base unit)
SCALED: dict[str, tuple[str, Decimal]] = {
    **{unit: ("money", Decimal(1)) for unit in ("元", "块", "圆", "元整", "元正", "块钱", "元钱", "人民币")},
    "角": ("money", Decimal("0.1")),
    **{unit: ("length", Decimal(1)) for unit in ("米", "m")},
    **{unit: ("length", Decimal(1000)) for unit in ("千米", "公里", "km")},
    "里": ("length", Decimal(500)),
    **{unit: ("mass", Decimal(1)) for unit in ("千克", "公斤", "kg")},
    "斤": ("mass", Decimal("0.5")),
    "克": ("mass", Decimal("0.001")),
    "吨": ("mass", Decimal(1000)),
    **{unit: ("area", Decimal(1)) for unit in ("平方米", "㎡", "m²", "m2", "平米", "平方")},
    "公顷": ("area", Decimal(10000)),
    **{unit: ("share", Decimal(1)) for unit in ("%", "个百分点", "百分点")},
    "‰": ("share", Decimal("0.1")),
    "成": ("share", Decimal(10)),
    **{unit: ("people", Decimal(1)) for unit in ("人", "名", "位", "口", "个人")},
}
# Counted things: each is its own measure, so that “3所” in a column of people is noticed; 个 goes with any.
COUNTED = frozenset(
    (  # noqa: SIM905
        "个 所 间 户 件 起 次 册 台 套 座 栋 幢 班 个班 人次 课时 学时 节 门 项 篇 份 张 本 期 场 条 "
        "处 辆 部 把 支 对 组 批 轮 天 日 周 个月 月 年 岁 学期 个学期 小时 分钟 分 秒 级 步 宗 例 校 "
        "校次 家 村 个村 乡 镇 室 床 席 块 盏 桌 千瓦 亩 度 立方米 升 倍 点 名次 年级 篇次 班次 车次 家次"
    ).split()
)


def known(unit: str) -> bool:
    return unit in SCALED or unit in COUNTED


def converted(value: Decimal, scale: int, written: str, wanted: str) -> Decimal | None:
    """The value in the wanted unit, or None if the written unit cannot stand there.

    `scale` is the 万 or 亿 the number ended with: “3万” in a column kept in 万元 is 3. An empty `wanted` takes any
    known unit as it is, and shares (‰, 成) as percentages.
    """
    if not wanted and _dimension(written) == "share":
        wanted = "%"
    if not wanted:
        return value if not written or known(written) else None
    multiplier, base = split(wanted)
    if not written:
        return ARITHMETIC.divide(value, Decimal(multiplier)) if scale > 1 and multiplier > 1 else value
    factor = _factor(written, base)
    return None if factor is None else ARITHMETIC.divide(ARITHMETIC.multiply(value, factor), Decimal(multiplier))


def split(unit: str) -> tuple[int, str]:
    """万元 → (10000, 元); a unit that merely begins like a multiplier (千米) stays whole."""
    if known(unit):
        return 1, unit
    for prefix in sorted(MULTIPLIERS, key=len, reverse=True):
        if unit.startswith(prefix) and len(unit) > len(prefix):
            return MULTIPLIERS[prefix], unit[len(prefix) :]
    return 1, unit


def _factor(written: str, wanted: str) -> Decimal | None:
    if written == wanted:
        return Decimal(1)
    if "个" in (written, wanted) and (written in COUNTED or wanted in COUNTED or "people" in (_dimension(written), _dimension(wanted))):
        return Decimal(1)
    if _dimension(written) is None or _dimension(written) != _dimension(wanted):
        return None
    return ARITHMETIC.divide(SCALED[written][1], SCALED[wanted][1])


def _dimension(unit: str) -> str | None:
    return SCALED[unit][0] if unit in SCALED else None
