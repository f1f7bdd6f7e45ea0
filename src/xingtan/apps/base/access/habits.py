"""Passwords that Chinese clerks choose and guessers try first: pinyin of a name or of the trade with a birthday or a year, runs on the
keyboard, lucky numbers."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_WORDS = """
woaini woaiwojia woaizhongguo zhongguo xuexiao jiaoyu jiaoyuju jiaowuchu laoshi xiaozhang xuesheng banzhuren mima
mimashi guanliyuan zhanghao xitong putong beijing shanghai dongbei jilin liaoning heilongjiang nihao nishishui tianwang
wangyi qq weixin taobao admin administrator manager password passwd passw0rd p@ssw0rd letmein welcome iloveyou qwerty
qwertyuiop asdfghjkl zxcvbnm abcdef abcdefgh test guest user root super school teacher student xingtan
"""
WORDS = frozenset(_WORDS.split())
RUNS = (
    "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "qazwsxedcrfvtgbyhnujm", "0123456789",
    "abcdefghijklmnopqrstuvwxyz",
)  # fmt: skip
_TAIL = re.compile(r"[\W_]*(?:(?:19|20)\d{2}(?:[-./]?(?:0?[1-9]|1[0-2])[-./]?(?:0?[1-9]|[12]\d|3[01]))?|\d{0,8}|(\d)\1+)[\W_]*")
_BIRTHDAY = re.compile(r"[a-z]{1,12}[\W_]?(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[\W_]*")
LONGEST_RUN = 5


class HabitValidator:
    """A password validator. What it refuses, it names."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for a habit."""
        low = unicodedata.normalize("NFKC", password).casefold()
        if any(_run(low, run) for run in RUNS) or re.fullmatch(r"(.{1,4})\1{2,}.?.?", low):
            raise ValidationError(_("密码里有键盘上连着的键、连续的数字或重复的内容，容易被猜到"), code="password_run")
        if _BIRTHDAY.fullmatch(low):
            raise ValidationError(_("密码像是拼音加生日，容易被猜到"), code="password_birthday")
        for word in (*WORDS, *_names(user)):
            if low.startswith(word) and _TAIL.fullmatch(low[len(word) :]):
                raise ValidationError(_("密码像是姓名、单位或常用词加数字，容易被猜到"), code="password_habit")

    def get_help_text(self) -> str:
        return _("不要用拼音加生日、姓名加数字、键盘上连着的键。")


def _run(low: str, run: str) -> bool:
    """Whether more than a few neighbours of a run make up most of the password."""
    longest = 0
    for line in (run, run[::-1]):
        for start in range(len(line)):
            length = 0
            for size in range(len(line) - start, LONGEST_RUN - 1, -1):
                if line[start : start + size] in low:
                    length = size
                    break
            longest = max(longest, length)
    return longest >= LONGEST_RUN and longest * 2 >= len(low)


def _names(user: Any) -> list[str]:
    """The pinyin, whole and initials, of the account's name, login and place."""
    from pypinyin import lazy_pinyin

    found = []
    for text in filter(None, (getattr(user, "display_name", ""), getattr(user, "login", ""), str(getattr(user, "place", None) or ""))):
        parts = lazy_pinyin(text)
        found += ["".join(parts).casefold(), text.casefold(), "".join(part[:1] for part in parts).casefold()]
    return [name for name in found if len(name) > 1]
