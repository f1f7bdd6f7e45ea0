"""`xingtan pack check PATH` and `xingtan pack activate PLACE VERSION`."""

from __future__ import annotations

from pathlib import Path

import click

from xingtan.cli.frame import database_ready, emit, exit_code, issue_text, json_option, operator, say
from xingtan.config.home import home
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Severity
from xingtan.kernel.text import T


@click.group()
def pack() -> None:
    """规则包：一个县的规矩，写成文件。"""


@pack.command()
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
@json_option
def check(path: Path, as_json: bool) -> int:
    """检查一个规则包，一次列出全部问题；有错误时退出码为 1。"""
    from xingtan import pack as packs

    issues = packs.check(path, roots=roots())
    if as_json:
        emit([finding(issue) for issue in issues])
        return exit_code(issues)
    for issue in issues:
        say(issue_text(issue))
    errors = sum(issue.severity is Severity.ERROR for issue in issues)
    say(f"{path}：{errors} 处错误，{len(issues) - errors} 处其他提示")
    return exit_code(issues)


@pack.command()
@click.argument("place")
@click.argument("version")
@click.option("--reason", default="", help="启用的事由，记入操作记录")
@click.option(
    "--convert", "stated", multiple=True, metavar="LEDGER.FIELD=WAY", help="已存的值怎么办：drop、text、parse 或 rename:新栏目；可写多次"
)
@json_option
def activate(place: str, version: str, reason: str, stated: tuple[str, ...], as_json: bool) -> int:
    """在一个地区启用规则包的一个版本。栏目改了类型或不再有，须写明转换。"""
    database_ready()
    from xingtan.apps.base.orgs.packs import conversions_stated
    from xingtan.apps.base.orgs.services import pack_activate
    from xingtan.cli.places import place_of

    found, ways = place_of(place), conversions_stated(stated)
    release = pack_activate(place=found, path=folder_of(place, version), roots=roots(), actor=operator(), conversions=ways, reason=reason)
    told = {"place": place, "pack": release.pack_id, "version": release.version, "hash": release.hash}
    if as_json:
        emit(told)
    else:
        say(f"{found.title} 启用了 {release.pack_id} {release.version}（{release.hash[:12]}）")
    return 0


def roots() -> tuple[Path, ...]:
    """Where packs are searched: the installation's own folder first, then those that came with the program."""
    from xingtan import pack as packs

    own = home() / "packs"
    return (own, packs.builtin_root()) if own.is_dir() else (packs.builtin_root(),)


def folder_of(place: str, version: str) -> Path:
    """Return the folder of a place's pack version. Raises XingtanError that names the versions there are."""
    for root in roots():
        folder = root / place / version
        if folder.is_dir():
            return folder
    there = sorted({path.name for root in roots() if (root / place).is_dir() for path in (root / place).iterdir() if path.is_dir()})
    message = T("找不到规则包 %(place)s 的版本 %(version)s", place=place, version=version)
    raise XingtanError.one("pack.missing", message, T("已有版本：%(there)s", there="、".join(there) or "（无）"))


def finding(issue: Issue) -> dict[str, object]:
    """Return a finding in the stable form of the command line."""
    return {
        "file": issue.where.file, "line": issue.where.line, "column": issue.where.column, "rule": issue.code,
        "severity": str(issue.severity), "message": str(issue.message), "hint": str(issue.hint) if issue.hint else "",
    }  # fmt: skip
