"""Who owes a row, and until when."""

from __future__ import annotations

from datetime import date

import pytest
from tests.pack.small import FILES, findings, loaded

from xingtan.pack.due import due_day, due_kinds

END = date(2009, 8, 31)


def owing(tmp_path, due):
    files = {"ledgers/pupils.yaml": FILES["ledgers/pupils.yaml"].replace("  title:", f"  due: {due}\n  title:", 1)}
    pack = loaded(tmp_path, files).pack
    assert pack is not None
    return pack, next(iter(pack.ledgers.values()))


@pytest.mark.parametrize("word", ["school", "junior_school"])
def test_a_tier_means_all_its_kinds(tmp_path, word):
    assert due_kinds(*owing(tmp_path, f"{{from: [{word}]}}")) == ("junior_school",)


@pytest.mark.parametrize(
    ("within", "last"),
    [("", END), ("30 days", date(2009, 9, 30)), ("2 weeks", date(2009, 9, 14)), ("10 workdays", date(2009, 9, 14))],
)
def test_the_last_day_counts_from_the_periods_end(tmp_path, within, last):
    pack, ledger = owing(tmp_path, f'{{from: [school], within: "{within}"}}')
    assert due_day(pack, ledger, END) == last


def test_a_span_nobody_can_read_is_told_with_its_line(tmp_path):
    files = {
        "ledgers/pupils.yaml": FILES["ledgers/pupils.yaml"].replace("  title:", "  due: {from: [school], within: 两个月}\n  title:", 1)
    }
    assert [issue.where.file.rsplit("/", 1)[-1] for issue in findings(tmp_path, files)] == ["pupils.yaml"]
