"""The commands that other programs rely on, in one go over one place: load, figures, snapshot, report, audit, activate."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.orgs.models import Place
from xingtan.apps.record.ledgers.selectors import current
from xingtan.apps.record.ledgers.services import record_withdraw
from xingtan.cli import main

BUNDLE = Path(__file__).parents[2] / "examples" / "longshan"
PACK = Path(__file__).parents[2] / "packs" / "longshan" / "0000.1"
KEYS = ["indicator", "org", "period", "value", "unit", "numerator", "denominator", "rows", "status", "reason", "bound", "pack", "snapshot"]
ASKED = ("--place", "longshan", "--period", "Y0")


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str], db: None) -> Any:
    """Run a command with `--json`; returns what it said, which is one JSON document and nothing else."""

    def run(*arguments: str, code: int = 0) -> Any:
        found = main.run([*arguments, "--json"])
        said = capsys.readouterr()
        assert found == code, said
        assert code == 2 or said.err == ""
        return json.loads(said.out)

    return run


@pytest.fixture
def loaded(told: Any) -> Any:
    told("load", str(BUNDLE))
    return Place.objects.get(slug="longshan")


def figure(told: Any, indicator: str, *more: str) -> dict[str, Any]:
    (line,) = told("figures", *ASKED, "--org", "longshan", "--indicator", indicator, *more)
    return dict(line)


def codes(answer: dict[str, Any]) -> list[str]:
    assert all(issue["hint"] for issue in answer["issues"])
    return [issue["code"] for issue in answer["issues"]]


def test_a_second_load_changes_nothing(told: Any, loaded: Any) -> None:
    again = told("load", str(BUNDLE))
    assert (again["organisations"], again["changes"]) == (0, 0)
    assert {(one["added"], one["changed"]) for one in again["files"]} == {(0, 0)}


def test_figures_have_their_stable_form(told: Any, loaded: Any) -> None:
    lines = told("figures", *ASKED)
    assert {tuple(line) for line in lines} == {tuple(KEYS)}
    assert {line["org"] for line in lines} > {"longshan"}
    assert {line["bound"] for line in lines} <= {None, ">", "≥", "<", "≤", "~", "interval"}
    assert all(line["value"] is None or isinstance(line["value"], str) for line in lines)
    rate = figure(told, "pupil_teacher_ratio")
    assert (rate["numerator"], rate["denominator"], rate["status"]) == ("845", "733", "doubtful")
    assert (figure(told, "award_amount")["value"], figure(told, "award_amount")["numerator"]) == ("54000", None)


def test_an_assumption_is_told_with_its_figure(told: Any, loaded: Any) -> None:
    total = figure(told, "town_input")
    assert total["status"] == "known"
    assert total["reason"].startswith("假定：")
    assert figure(told, "award_amount")["reason"] is None


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("figures", "--place", "nowhere", "--period", "Y0"), "place.unknown"),
        (("figures", "--place", "longshan", "--period", "去年"), "period.syntax"),
        (("figures", *ASKED, "--org", "NO-1"), "org.unknown"),
        (("figures", *ASKED, "--indicator", "nothing"), "figure.indicator"),
        (("figures", *ASKED, "--snapshot", "none"), "snapshot.missing"),
        (("report", "nothing", *ASKED, "-o", "x.md"), "report.unknown"),
        (("report", "annual", *ASKED, "-o", "x.txt"), "report.kind"),
        (("audit", "verify", "--place", "nowhere"), "place.unknown"),
        (("pack", "activate", "longshan", "1900.1"), "pack.missing"),
        (("snapshot", "create", "../x", "--place", "longshan"), "warehouse.name"),
    ],
)
def test_what_is_not_there_is_refused_with_the_remedy(told: Any, loaded: Any, arguments: tuple[str, ...], code: str) -> None:
    assert codes(told(*arguments, code=1)) == [code]


def test_a_frozen_snapshot_answers_the_same_for_ever(told: Any, loaded: Any) -> None:
    (working,) = told("snapshot", "create", "--place", "longshan")
    assert (working["name"], working["frozen"], working["pack"]) == (None, False, loaded.pack_release.hash)
    (frozen,) = told("snapshot", "freeze", "year", "--place", "longshan", "--reason", "年报")
    assert (frozen["name"], frozen["frozen"]) == ("year", True)
    assert codes(told("snapshot", "create", "year", "--place", "longshan", code=1)) == ["snapshot.taken"]
    row = current(loaded, "scholarship_candidate")[0]
    record_withdraw(actor=Actor.system("试验"), records=[row], reason="试验")
    (second,) = told("snapshot", "create", "later", "--place", "longshan")
    assert second["version"] != frozen["version"]
    assert [one["name"] for one in told("snapshot", "list", "--place", "longshan")] == [None, "year", "later"]
    assert figure(told, "award_amount", "--snapshot", "year")["value"] == "54000"
    assert figure(told, "award_amount", "--snapshot", "year")["snapshot"] == "year"
    assert figure(told, "award_amount", "--snapshot", "later")["value"] == figure(told, "award_amount")["value"] != "54000"
    assert told("snapshot", "verify", "year", "--place", "longshan") == {"issues": []}
    assert told("snapshot", "verify", "--place", "longshan") == {"issues": []}


@pytest.mark.parametrize("kind", ["md", "html", "docx"])
def test_a_report_prints_marks_and_assumptions(told: Any, loaded: Any, tmp_path: Path, kind: str) -> None:
    target = tmp_path / f"年报.{kind}"
    made = told("report", "annual", *ASKED, "-o", str(target))
    assert made["figures"] > 10
    assert list(tmp_path.iterdir()) == [target]
    if kind == "docx":
        assert target.read_bytes().startswith(b"PK")
        return
    text = target.read_text("utf-8")
    assert "〔存疑〕" in text
    assert "假定：" in text


def test_the_log_and_the_pack(told: Any, loaded: Any) -> None:
    found = told("audit", "verify", "--place", "longshan")
    assert (found["chains"], found["issues"]) == (1, [])
    again = told("pack", "activate", "longshan", loaded.pack_release.version)
    assert again["hash"] == loaded.pack_release.hash
    assert told("audit", "verify", "--place", "longshan")["events"] == found["events"], "what changes nothing leaves no event"


def test_a_renamed_column_takes_its_rows_along_as_the_activation_states(told: Any, loaded: Any, home: Path) -> None:
    folder = home / "packs" / "longshan" / "0000.2"
    shutil.copytree(PACK, folder, ignore=shutil.ignore_patterns("golden"))
    swaps = {
        "pack.yaml": ('version: "0000.1"', 'version: "0000.2"'),
        "ledgers/town.yaml": ("{id: schools, title: 学校数,", "{id: points, title: 学校数,"),
        "indicators/town.yaml": ("school_network.schools", "school_network.points"),
    }
    for name, (old, new) in swaps.items():
        text = (folder / name).read_text("utf-8")
        (folder / name).write_text(text.replace(old, new), "utf-8")
    before = figure(told, "school_points")["value"]
    activate = ("pack", "activate", "longshan", "0000.2", "--reason", "改栏目")
    assert codes(told(*activate, code=1)) == ["pack.conversion"]
    assert codes(told(*activate, "--convert", "school_network.schools", code=1)) == ["pack.conversion_line"]
    assert told(*activate, "--convert", "school_network.schools=rename:points")["version"] == "0000.2"
    assert figure(told, "school_points")["value"] == before == "13"
