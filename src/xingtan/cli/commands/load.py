"""`xingtan load BUNDLE`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from xingtan.cli.commands.pack import roots
from xingtan.cli.frame import database_ready, emit, issue_text, json_option, operator, say

if TYPE_CHECKING:
    from xingtan.apps.record.imports.bundles import Report


@click.command()
@click.argument("bundle", type=click.Path(exists=True, path_type=Path))
@json_option
def load(bundle: Path, as_json: bool) -> int:
    """载入一个数据包（含 bundle.yaml 的文件夹）。全部无误才写入；再次载入不会改动任何内容。"""
    database_ready()
    from xingtan.apps.record.imports.services import load_bundle

    report = load_bundle(bundle if bundle.is_dir() else bundle.parent, operator(), roots=roots())
    if as_json:
        emit(told(report))
        return 0
    for issue in report.issues:
        say(issue_text(issue))
    for one in report.files:
        say(f"{one.file} → {one.ledger}：新增 {one.added}，变更 {one.changed}，不变 {one.same}")
    say(f"{report.place}：{'载入完毕' if report.changes else '没有任何改动'}")
    return 0


def told(report: Report) -> dict[str, object]:
    """Return what a load did, as other programs read it."""
    remarks = [
        {"severity": str(one.severity), "code": one.code, "message": str(one.message), "where": str(one.where)} for one in report.issues
    ]
    files = [{"file": one.file, "ledger": one.ledger, "added": one.added, "changed": one.changed, "same": one.same} for one in report.files]
    return {
        "place": report.place, "pack": report.pack, "organisations": report.opened, "changes": report.changes, "files": files,
        "remarks": remarks,
    }  # fmt: skip
