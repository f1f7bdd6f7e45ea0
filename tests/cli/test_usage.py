"""Wrong usage is told in Chinese, with the command whose help to read."""

from __future__ import annotations

import json

import pytest

from xingtan.cli.main import run

WRONG = {
    "figurs": "没有命令 figurs",
    "figures --plac x": "没有选项 --plac；您是不是想写 --place？",
    "figures": "缺少 --place",
    "serve --port abc": "--port：“abc”不是数",
    "serve --port 99999": "99999 不在范围",
    "pack check /nowhere": "“/nowhere”不存在",
    "doctor a b": "多出了参数：a b",
    "figures --place": "选项 --place 的写法不对",
}


@pytest.mark.parametrize("line", WRONG)
def test_wrong_usage_is_told_in_chinese(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(line.split()) == 2
    said = capsys.readouterr().err
    assert WRONG[line] in said
    assert "--help" in said
    assert "Error" not in said
    assert "Usage" not in said


def test_wrong_usage_with_json_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["figures", "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert told["issues"][0]["message"] == "缺少 --place"
