"""What a public notice shows of a person: the family name, and how many characters follow."""

from __future__ import annotations

_COMPOUND = """
欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文
司徒 鲜于 司空 闾丘 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘
"""
COMPOUND = frozenset(_COMPOUND.split())
DOT = "○"


def masked(name: str) -> str:
    """王小明 → 王○○, 欧阳娜 → 欧阳○, 阿依古丽·买买提 → 阿○○○·○○○; a name of one character shows nothing."""
    plain = "".join(name.split())
    if len(plain) < 2:
        return DOT if plain else ""
    shown = 2 if len(plain) > 2 and plain[:2] in COMPOUND else 1
    return plain[:shown] + "".join(char if char == "·" else DOT for char in plain[shown:])
