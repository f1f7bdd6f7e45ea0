"""Purposes and rules of visibility in packs: names lead somewhere, nothing contradicts itself, and they are inherited."""

from __future__ import annotations

import pytest
from tests.pack.small import findings, loaded

POSTS = """kinds: [{id: county, title: 县, tier: county}]
posts:
  - {id: head, title: 局长, may: [purpose.decide]}
  - {id: clerk, title: 学籍管理员, may: [sealed.reveal]}
"""
GOOD = "- {id: check, title: 核对, kinds: [phone], posts: [clerk], days: 30, approver: [head]}\n"


def faults(tmp_path, purposes: str = GOOD, visibility: str = "") -> list[str]:
    files = {"organisation.yaml": POSTS, "purposes.yaml": purposes, **({"visibility.yaml": visibility} if visibility else {})}
    return [issue.code for issue in findings(tmp_path, files) if issue.where.file.endswith(("purposes.yaml", "visibility.yaml"))]


def test_a_good_one_has_no_faults_and_is_read_as_written(tmp_path):
    pack = loaded(tmp_path, {"purposes.yaml": "- {id: check, title: 核对, kinds: [phone], days: 30}\n"}).pack
    assert pack is not None
    assert pack.purposes["check"].days == 30
    assert faults(tmp_path / "again", GOOD, "- {id: phones, title: 电话, kind: phone, posts: [clerk], purposes: [check]}\n") == []


@pytest.mark.parametrize(
    ("purposes", "visibility", "code"),
    [
        (GOOD.replace("[clerk]", "[clark]"), "", "pack.unknown_name"),
        (GOOD.replace("approver: [head]", "approver: [clerk]"), "", "pack.unknown_name"),
        (GOOD.replace("[phone]", "[fone]"), "", "pack.literal_error"),
        (GOOD.replace("days: 30", "days: 0"), "", "pack.greater_than_equal"),
        (GOOD, "- {id: a, title: 甲, kind: phone, purposes: [chek]}\n", "pack.unknown_name"),
        (GOOD, "- {id: a, title: 甲, field: person.fone}\n", "pack.unknown_name"),
        (GOOD, "- {id: a, title: 甲, field: persn.phone}\n", "pack.unknown_name"),
        (GOOD, "- {id: a, title: 甲, field: roll.pupils}\n", "pack.unknown_name"),
        (GOOD, "- {id: a, title: 甲, kind: phone, field: person.phone}\n", "pack.sight_of"),
        (GOOD, "- {id: a, title: 甲}\n", "pack.sight_of"),
        (GOOD, "- {id: a, title: 甲, kind: phone}\n- {id: b, title: 乙, kind: phone}\n", "pack.duplicate_id"),
    ],
)
def test_a_fault_is_found(tmp_path, purposes, visibility, code):
    assert faults(tmp_path, purposes, visibility) == [code]
