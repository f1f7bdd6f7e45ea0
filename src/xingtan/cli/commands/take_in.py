"""`xingtan import FILE --as roster`: a spreadsheet into a register, by the very way of the page."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xingtan.cli.frame import database_ready, emit, exit_code, issue_json, issue_text, json_option, operator, say
from xingtan.cli.places import org_of, place_of

if TYPE_CHECKING:
    from xingtan.apps.record.imports.models import Import
    from xingtan.kernel.issues import Issue

SHOWN = 200


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "target", type=click.Choice(["roster"]), required=True, help="roster 学生名册")
@click.option("--place", required=True, help="地区代号")
@click.option("--org", default="", help="表里没有写学校的行属于哪个单位（代码）；不写则每行都须写学校")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="生效日期；不写则为本学年第一天")
@click.option("--dry-run", is_flag=True, help="只检查，不写入")
@click.option("--only-good", is_flag=True, help="有错误时只导入无误的行")
@click.option("--despite-alarm", is_flag=True, help="变动过大也照样写入")
@json_option
def take_in(*, file: Path, target: str, place: str, org: str, day: datetime | None, as_json: bool, **how: bool) -> int:
    """检查一个表格并导入登记册。所有错误一次列出；--dry-run 不写入任何数据。"""
    database_ready()
    from django.utils import timezone

    from xingtan.apps.record.imports import services
    from xingtan.apps.record.imports.roster import services as roster
    from xingtan.apps.record.imports.store import issue_of

    today, actor = timezone.localdate(), operator()
    source = _uploaded(file, place, org, day.date() if day else None, today)
    try:
        roster.roster_read(source=source, today=today)
        issues = [issue_of(finding, file.name) for finding in source.findings.all()]
        wrong = exit_code(issues) and not how["only_good"]
        if not how["dry_run"] and not wrong:
            source = services.import_confirm(actor=actor, source=source, only_good=how["only_good"], despite_alarm=how["despite_alarm"])
            source = roster.roster_run(actor=actor, source=source, today=today)
    finally:
        source.refresh_from_db()
        if source.state != "done":
            services.import_drop(actor=actor, source=source)
    told(source, issues, as_json=as_json)
    return 1 if wrong else 0


def _uploaded(file: Path, place: str, org: str, day: date | None, today: date) -> Import:
    from xingtan.apps.record.imports.roster import services as roster

    found = place_of(place)
    at = org_of(found, org)
    return roster.roster_upload(
        actor=operator(), place=found, org=at, day=day or roster.first_day(found, today), name=file.name, data=file.read_bytes(),
        each_row_says=not org,
    )  # fmt: skip


def told(source: Import, issues: list[Issue], *, as_json: bool) -> None:
    """Say what came of it: for other programs all findings, for people the first ones and how many there are."""
    counts: dict[str, Any] = source.counts
    if as_json:
        emit(
            {
                "file": source.name,
                "place": source.place.slug,
                "day": source.day,
                "written": source.state == "done",
                "counts": counts,
                "alarm": source.alarm,
                "issues": [issue_json(issue) for issue in issues],
            }
        )
        return
    for issue in issues[:SHOWN]:
        say(issue_text(issue))
    if len(issues) > SHOWN:
        say(f"显示前 {SHOWN} 条，共 {len(issues)} 条；加 --json 看全部")
    names = {"rows": "共", "added": "新增", "changed": "变更", "moved": "转校", "same": "不变", "elsewhere": "在外校", "refused": "有误"}
    say(f"{source.name}：" + "，".join(f"{title} {counts.get(name, 0)}" for name, title in names.items()))
    say("已写入" if source.state == "done" else "没有写入任何数据")
