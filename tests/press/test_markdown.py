from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingtan.press import markdown
from xingtan.press.document import Heading, Paragraph, Run, Table
from xingtan.press.numbering import chinese, numbered, untyped


def text(block):
    return "".join(run.text for run in block.runs)


def test_headings_are_numbered_by_the_document_not_by_what_was_typed():
    blocks = markdown.parse("# 一、回顾\n## （一）投入\n## （三）质量\n# 二、不足\n## (二)师德\n### 4.学习\n#### （9）细目")
    assert [(block.label, text(block)) for block in blocks] == [
        ("一、", "回顾"),
        ("（一）", "投入"),
        ("（二）", "质量"),
        ("二、", "不足"),
        ("（一）", "师德"),
        ("1.", "学习"),
        ("（1）", "细目"),
    ]


def test_a_decimal_at_the_start_of_a_heading_is_not_a_number_of_the_heading():
    assert untyped("2.5倍的增长") == "2.5倍的增长"


def test_figures_come_in_by_token_and_keep_their_link_and_note():
    figure = Run("20.7万元", "figure", link="http://x/f/1", note="〔存疑〕")
    (paragraph,) = markdown.parse(f"投入**{markdown.token(0)}**，其中", [figure])
    assert [(run.text, run.kind, run.bold) for run in paragraph.runs] == [
        ("投入", "text", False),
        ("20.7万元", "figure", True),
        ("〔存疑〕", "mark", False),
        ("，其中", "text", False),
    ]
    assert paragraph.runs[1].link == "http://x/f/1"


def test_a_figure_whose_text_looks_like_markup_stays_text():
    (paragraph,) = markdown.parse(f"共{markdown.token(0)}项", [Run("# **7** | 8", "figure")])
    assert isinstance(paragraph, Paragraph)
    assert paragraph.runs[1].text == "# **7** | 8"


def test_a_table_loses_no_cell_of_a_row_longer_than_its_head():
    (table,) = markdown.parse("| 单位 | 投入 |\n| --- | ---: |\n| 甲 | 1 | 多出的一格 |\n| 乙 |")
    assert isinstance(table, Table)
    assert [[run.text for cell in row for run in cell] for row in table.rows] == [["甲", "1", "多出的一格"], ["乙"]]
    assert table.align[:2] == ("left", "right")
    assert len(table.head) == 3


def test_lines_of_a_paragraph_join_without_a_space_in_chinese_and_with_one_in_latin():
    (paragraph,) = markdown.parse("全镇\n小学 PE\nclass")
    assert text(paragraph) == "全镇小学 PE class"


@given(st.lists(st.text(alphabet="一二三甲乙丙abc，。12", min_size=1, max_size=12), min_size=1, max_size=8))
def test_plain_text_is_never_lost(lines):
    blocks = markdown.parse("\n\n".join(lines))
    assert [text(block) for block in blocks] == lines


WORDS = {1: "一", 10: "十", 12: "十二", 20: "二十", 103: "一百零三", 110: "一百一十", 1001: "一千零一", 2024: "二千零二十四"}


@pytest.mark.parametrize(("number", "words"), WORDS.items())
def test_chinese_numerals(number, words):
    assert chinese(number) == words


@given(st.lists(st.integers(1, 4), max_size=30))
def test_numbers_never_jump(levels):
    seen: dict[tuple[str, ...], int] = {}
    path: list[str] = []
    for block in numbered(Heading(level, (Run("x"),)) for level in levels):
        path = [*path[: block.level - 1], *[""] * (block.level - 1 - len(path))]
        seen[tuple(path), block.level] = seen.get((tuple(path), block.level), 0) + 1
        path.append(block.label)
        number = seen[tuple(path[:-1]), block.level]
        assert block.label in {f"{chinese(number)}、", f"（{chinese(number)}）", f"{number}.", f"（{number}）"}
