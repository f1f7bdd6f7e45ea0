"""What the YAML parser complains about, in Chinese, with a remedy."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xingtan.kernel.excerpt import excerpt
from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.text import T, Text

# (pattern in the parser's words, message, remedy)
_KNOWN: tuple[tuple[str, Text, Text], ...] = (
    ("mapping values are not allowed", T("这里不该再出现冒号"), T("文字里含“: ”时整句加引号；或检查缩进")),
    ("could not find expected ':'", T("这一行缺少冒号"), T("键后写英文冒号加空格，如 title: 名称")),
    ("expected <block end>", T("缩进或层次不对"), T("同一层的条目要左对齐")),
    ("did not find expected '-'|expected the block end", T("列表的缩进不对"), T("同一列表的 - 要左对齐")),
    ("expected ',' or '\\]'|expected ',' or ']'", T("方括号没有写完，或缺逗号"), T("检查 [ ] 是否成对；公式含逗号时加引号")),
    ("expected ',' or '}'|expected ',' or '\\}'", T("花括号没有写完，或缺逗号"), T("检查 { } 是否成对；文字含逗号、花括号时加引号")),
    ("found unexpected end of stream|unexpected end", T("引号或括号没有关上"), T("补上引号或括号")),
    ("cannot start any token", T("这个字符不能开头"), T("把这一项加上引号")),
    ("found unknown escape", T("双引号里的反斜杠写法不对"), T("改用单引号，或写两个反斜杠")),
    ("unacceptable character|special characters", T("有不可见的控制字符"), T("删去这个字符")),
    ("duplicate", T("同一个键写了两次"), T("删去其中一个")),
)


def syntax_issue(error: Exception, file: str, lines: Sequence[str]) -> Issue:
    """An issue for any exception of the parser; place and words as good as the parser gives them."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark is not None else None
    column = mark.column + 1 if mark is not None else None
    said = " ".join(str(getattr(error, name, None) or "") for name in ("context", "problem", "reason")).strip()
    message, hint = T("这里的 YAML 写法读不懂"), T("检查缩进、冒号后的空格、引号和括号")
    for pattern, known, remedy in _KNOWN:
        if re.search(pattern, said):
            message, hint = known, remedy
            break
    note = excerpt(lines, line, column) if line and column else ""
    return Issue(Severity.ERROR, "pack.yaml", message, Where(file=file, line=line, column=column), hint, value=said[:200], excerpt=note)
