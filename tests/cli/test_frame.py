"""The command line other programs rely on: JSON only, exit codes, a fast start."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

from xingtan.cli import main
from xingtan.cli.frame import json_option
from xingtan.cli.table import COMMANDS, Entry
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.text import T

PACKS = Path(__file__).parents[1] / "packs_data"


@pytest.fixture
def trial(monkeypatch: pytest.MonkeyPatch):
    """Put a command of the test into the table."""

    def put(command: click.Command) -> None:
        monkeypatch.setitem(COMMANDS, "trial", Entry("trial:trial", "试验"))
        real = main.importlib.import_module
        holder = type("Holder", (), {"trial": command})
        monkeypatch.setattr(main.importlib, "import_module", lambda name: holder if name.endswith(".trial") else real(name))

    return put


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_there_and_helps(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run([name, "--help"]) == 0
    assert "Usage: xingtan" in capsys.readouterr().out


def test_help_imports_no_command() -> None:
    code = "import sys; from xingtan.cli.main import run; run(['--help']); print(sorted(m for m in sys.modules if m.split('.')[0] in {'django', 'ibis', 'pandas', 'granian', 'pyarrow', 'pydantic'}))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.splitlines()[-1] == "[]"


def test_refusals_are_json_on_standard_output(trial, capsys: pytest.CaptureFixture[str]) -> None:
    @click.command()
    @json_option
    def refuse(as_json: bool) -> int:
        issue = Issue(
            Severity.ERROR, "test.wrong", T("第 %(row)s 行重复", row=7), Where("台账.xlsx", row=7, sheet="表"), T("删去一行"), "王丽"
        )
        raise XingtanError([issue])

    trial(refuse)
    assert main.run(["trial", "--json"]) == 1
    out = json.loads(capsys.readouterr().out)
    assert out == {
        "issues": [
            {
                "severity": "error", "code": "test.wrong", "message": "第 7 行重复", "hint": "删去一行", "value": "王丽",
                "where": {"file": "台账.xlsx", "row": 7, "sheet": "表"},
            }
        ]
    }  # fmt: skip
    assert main.run(["trial"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "▼ 错误  台账.xlsx · 表!7：第 7 行重复" in told.err
    assert "→ 删去一行" in told.err


def test_faults_are_told_with_the_traceback_on_standard_error_only(trial, capsys: pytest.CaptureFixture[str]) -> None:
    @click.command()
    @json_option
    def fault(as_json: bool) -> int:
        raise RuntimeError("钥匙断了")

    trial(fault)
    assert main.run(["trial", "--json"]) == 1
    told = capsys.readouterr()
    assert json.loads(told.out)["issues"][0]["code"] == "internal"
    assert "Traceback" in told.err


@pytest.mark.parametrize(
    "arguments", [["pack", "check"], ["pack", "check", "/nonexistent"], ["nonsense"], ["serve", "--port", "x"], ["serve", "--bogus"]]
)
def test_wrong_usage_is_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(arguments) == 2
    assert capsys.readouterr().out == ""
    assert main.run([*arguments, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["issues"][0]["code"] == "usage"


def test_pack_check_speaks_its_stable_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["pack", "check", str(PACKS / "xishan"), "--json"]) == 0
    good = json.loads(capsys.readouterr().out)
    assert all(finding["severity"] != "error" for finding in good)
    broken = tmp_path / "broken" / "2009.1"
    broken.mkdir(parents=True)
    (broken / "pack.yaml").write_text("id: broken\nversion: '2009.1'\ntitle: [\n", encoding="utf-8")
    assert main.run(["pack", "check", str(broken), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found
    assert all({"file", "line", "rule", "severity", "message"} <= set(finding) for finding in found)
    assert found[0]["file"].endswith("pack.yaml")
    assert isinstance(found[0]["line"], int)
    assert main.run(["pack", "check", str(broken)]) == 1


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::"])
def test_serving_to_the_network_needs_to_be_said(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["serve", "--host", host]) == 1
    assert "--public" in capsys.readouterr().err
