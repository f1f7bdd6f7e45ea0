"""`xingtan reproduce PLACE|--all`: load what a place reported, compute, and hold every stated fact against what comes out."""

from __future__ import annotations

import os
import tempfile
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xingtan.cli.commands.figures import bound, point, told
from xingtan.cli.frame import database_ready, emit, json_option, operator, say
from xingtan.cli.places import place_of
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.period import Period
from xingtan.kernel.text import T

if TYPE_CHECKING:
    from xingtan.engine.indicators.figure import Figure


@click.command()
@click.argument("place", required=False)
@click.option("--all", "every", is_flag=True, help="全部示例地区")
@json_option
def reproduce(place: str | None, every: bool, as_json: bool) -> int:
    """在临时数据目录里载入示例并核对 facts.yaml 的每一条；有一条不符，退出码为 1。"""
    from xingtan.cli.demo import bundles

    known = {bundle.parent.name: bundle.parent for bundle in bundles()}
    if bool(place) == every:
        raise click.UsageError("给出一个地区，或写 --all")
    if place and place not in known:
        raise XingtanError.one("reproduce.unknown", T("没有示例 %(place)s", place=place), T("有：%(known)s", known="、".join(known)))
    with tempfile.TemporaryDirectory(prefix="xingtan-") as scratch:
        _scratch_home(Path(scratch))
        lines = [line for name, folder in known.items() if every or name == place for line in _place(folder)]
    _tell(lines, as_json)
    return 0 if all(line["ok"] for line in lines) else 1


def _scratch_home(folder: Path) -> None:
    """A database of its own, whatever the environment says: nothing of the installation is read or touched."""
    os.environ["XINGTAN_HOME"] = str(folder)
    os.environ.pop("DATABASE_URL", None)
    from xingtan.cli.frame import django_ready

    django_ready()
    from xingtan.cli.database import migrate

    migrate()
    database_ready()


def _place(folder: Path) -> list[dict[str, Any]]:
    from xingtan.apps.record.figures import services
    from xingtan.apps.record.figures.store import book
    from xingtan.apps.record.imports.services import load_bundle

    load_bundle(folder=folder, actor=operator())
    place = place_of(folder.name)
    services.snapshot_refresh(place=place)
    shelf = book(place)
    found = []
    for fact in facts(folder):
        period = Period.parse(fact["period"])
        figure = shelf.table([fact["org"]], [period], [fact["indicator"]]).get(fact["indicator"], fact["org"], period.text)
        found.append(line(fact, figure, told(shelf, figure)))
    return found


def facts(folder: Path) -> list[dict[str, Any]]:
    """The lines of facts.yaml; every scalar is a text."""
    from ruamel.yaml import YAML

    return [dict(one) for one in YAML(typ="safe", pure=True).load((folder / "facts.yaml").read_text("utf-8"))]


def line(fact: dict[str, Any], figure: Figure, figure_told: dict[str, Any]) -> dict[str, Any]:
    """One fact held against its figure: equal after half-up rounding to the stated places, same bound, same status."""
    computed, found = point(figure.value), bound(figure.value)
    expected = fact["expected"]
    same = _rounded(computed, fact.get("digits")) == _rounded(expected, fact.get("digits"))
    ok = same and (found or "") == (fact.get("bound") or "") and str(figure.status) == fact["status"]
    return {
        "id": fact["id"], "part": fact.get("part", ""), "says": fact["says"], "org": fact["org"], "period": fact["period"],
        "indicator": fact["indicator"], "expected": expected, "computed": computed, "bound": found, "status": str(figure.status), "ok": ok,
        "figure": figure_told,
    }  # fmt: skip


def _rounded(text: str | None, digits: int | None) -> Decimal | None:
    if text is None:
        return None
    value = Decimal(text)
    return value if digits is None else value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def _tell(lines: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        emit(lines)
        return
    for one in lines:
        mark = "▲ 相符" if one["ok"] else "▼ 不符"
        shown = f"{one['bound'] or ''}{one['computed'] if one['computed'] is not None else '缺'}"
        say(f"{mark}  {one['id']}{one['part']}  {one['says']}：算得 {shown}（{one['status']}）")
    say(f"{sum(one['ok'] for one in lines)} / {len(lines)} 条相符")
