"""`xingtan snapshot create|list|verify|freeze`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from xingtan.cli.frame import database_ready, emit, exit_code, issue_json, issue_text, json_option, operator, say
from xingtan.cli.places import place_of

if TYPE_CHECKING:
    from xingtan.apps.base.orgs.models import Place
    from xingtan.warehouse.snapshots import Snapshot


@click.group()
def snapshot() -> None:
    """数据快照：某一刻的数据、组织和规则，此后不变。"""


def place_option(command: Any) -> Any:
    return click.option("--place", required=True, help="地区（规则包编号）")(command)


def reason_option(command: Any) -> Any:
    return click.option("--reason", default="", help="用途，记入操作记录")(command)


@snapshot.command()
@click.argument("name", default="")
@place_option
@reason_option
@json_option
def create(name: str, place: str, reason: str, as_json: bool) -> int:
    """更新工作快照：只重写变动的部分。写了 NAME 就接着以它为名封存。"""
    database_ready()
    found = place_of(place)
    if name:
        return _freeze(found, name, reason, as_json)
    from xingtan.apps.record.figures import services

    return _tell(found, [services.snapshot_refresh(place=found)], as_json)


@snapshot.command()
@click.argument("name")
@place_option
@reason_option
@json_option
def freeze(name: str, place: str, reason: str, as_json: bool) -> int:
    """先更新，再以 NAME 为名封存。"""
    database_ready()
    return _freeze(place_of(place), name, reason, as_json)


def _freeze(place: Place, name: str, reason: str, as_json: bool) -> int:
    from xingtan.apps.record.figures import services

    return _tell(place, [services.snapshot_create(place=place, name=name, actor=operator(), reason=reason)], as_json)


@snapshot.command("list")
@place_option
@json_option
def listing(place: str, as_json: bool) -> int:
    """列出工作快照和全部已封存的快照。"""
    database_ready()
    from xingtan.apps.record.figures.store import named
    from xingtan.warehouse import refresh, snapshots

    found = place_of(place)
    working = refresh.current(found.slug)
    made = named(found)
    return _tell(found, [*([working] if working else []), *(one for one in snapshots.listing(found.slug) if one.id in made)], as_json)


@snapshot.command()
@click.argument("name", default="")
@place_option
@json_option
def verify(name: str, place: str, as_json: bool) -> int:
    """重算一份快照（不写名称则为工作快照）的全部校验码。"""
    database_ready()
    from xingtan.apps.record.figures import services

    issues = services.snapshot_verify(place=place_of(place), name=name, actor=operator())
    if as_json:
        emit({"issues": [issue_json(issue) for issue in issues]})
    else:
        for issue in issues:
            say(issue_text(issue))
        say("一致" if not issues else f"{len(issues)} 处不一致")
    return exit_code(issues)


def _tell(place: Place, found: list[Snapshot], as_json: bool) -> int:
    lines = [_line(place, one) for one in found]
    if as_json:
        emit(lines)
    else:
        for line in lines:
            say("\t".join(str(value) for value in line.values()))
    return 0


def _line(place: Place, one: Snapshot) -> dict[str, Any]:
    """A working snapshot is read with the pack in force, a frozen one with the pack it was frozen under."""
    from xingtan.apps.record.figures.store import pack_of

    manifest = one.manifest
    rows = sum(part.rows for part in manifest.parts)
    return {
        "name": manifest.name or None,
        "frozen": bool(manifest.name),
        "created": manifest.created,
        "rows": rows,
        "version": one.version,
        "pack": pack_of(place, one).hash,
    }
