"""A small pack that stands alone, to be spoiled in one place at a time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from xingtan.kernel.issues import Issue
from xingtan.pack import check, load
from xingtan.pack.check import Loaded

FILES: dict[str, str] = {
    "pack.yaml": """\
id: small
version: "2009.1"
title: 小规则包
place: {code: "220523", name: 小县, kind: county, region: middle}
effective: {from: 2009-09-01}
""",
    "organisation.yaml": """\
kinds:
  - {id: county, title: 县, tier: county}
  - {id: junior_school, title: 初中, tier: school, stage: [junior]}
posts:
  - {id: principal, title: 校长, at: [junior_school]}
  - {id: teacher, title: 教师, at: [junior_school]}
  - {id: director, title: 局长, at: [county]}
over:
  county: [junior_school]
""",
    "codes/words.yaml": """\
- id: stage
  title: 学段
  ordered: true
  codes: [{code: 小学}, {code: 初中}]
- id: leaving
  title: 异动
  codes: [{code: 辍学}, {code: 转出}]
""",
    "ledgers/pupils.yaml": """\
- id: roll
  title: 学生名数
  held_by: [school]
  fields:
    - {id: stage, title: 学段, type: code(stage), required: true}
    - {id: pupils, title: 人数, type: integer, min: 0}
  key: [stage]
- id: leaving
  title: 异动
  fields:
    - {id: kind, title: 类别, type: code(leaving), required: true}
    - {id: pupils, title: 人数, type: integer, min: 0}
  checks:
    - {when: date > today, say: 日期不能晚于今天}
""",
    "parameters.yaml": """\
- {id: dropout_cap, title: 辍学率上限, value: 0.03, source: 责任书}
""",
    "indicators/pupils.yaml": """\
- {id: pupils, title: 学生数, unit: 人, formula: sum(roll.pupils), by: [stage]}
- id: dropout_rate
  title: 辍学率
  unit: percent
  better: lower
  formula: sum(leaving.pupils, kind == '辍学') / sum(roll.pupils, stage == '初中')
""",
    "targets/letters.yaml": """\
- id: letter
  title: 责任书
  chain: [county, school, principal]
  goals:
    - {indicator: dropout_rate, at_most: dropout_cap}
""",
    "golden/first.yaml": """\
- id: first
  title: 手算
  organisations: [{code: A, name: 甲校, kind: junior_school}]
  rows:
    roll: [{org: A, period: "2009", stage: 初中, pupils: 200}]
    leaving: [{org: A, period: "2009", kind: 辍学, pupils: 4}]
  answers:
    - {indicator: dropout_rate, org: A, period: "2009", value: 0.02, steps: [4 ÷ 200 = 0.02]}
""",
    "reports/year.md": """\
---
id: year
title: 年度总结
---
## 一、{{ period }}情况

全县有学生{{ pupils }}，辍学率{{ dropout_rate }}，上限{{ parameter.dropout_cap }}。

{% for u in children %}{{ u.name }}{{ u.pupils }}；{% endfor %}
""",
}


def write(root: Path, changes: Mapping[str, str | None] | None = None, *, name: str = "small", version: str = "2009.1") -> Path:
    """Write the small pack with some files replaced (None: left out). Returns its version folder."""
    folder = root / name / version
    for path, text in {**FILES, **(changes or {})}.items():
        if text is not None:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8", newline="")
    return folder


def loaded(root: Path, changes: Mapping[str, str | None] | None = None) -> Loaded:
    """The small pack, loaded."""
    return load(write(root, changes))


def findings(root: Path, changes: Mapping[str, str | None] | None = None) -> tuple[Issue, ...]:
    """All issues of the small pack."""
    return check(write(root, changes))


def line_of(text: str, word: str) -> int:
    """The line of a text, from 1, on which a word stands."""
    return next(number for number, line in enumerate(text.splitlines(), 1) if word in line)


def under_caret(issue: Issue) -> str:
    """The text that the caret of an issue underlines, wide characters counted double."""
    import unicodedata

    shown, marks = issue.excerpt.split("\n")
    left = sum(2 if char == "\u3000" else 1 for char in marks[: len(marks) - len(marks.lstrip("\u3000 "))])
    at = 0
    for start, char in enumerate(shown):
        if at >= left:
            return shown[start : start + marks.count("^")]
        at += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return ""
