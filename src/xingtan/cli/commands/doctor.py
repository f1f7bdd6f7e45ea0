"""`xingtan doctor`: is this machine fit, and is the home well? Each finding says what to do."""

from __future__ import annotations

import click

from xingtan.cli.frame import emit, json_option, say

WORDS = {"ok": "▲ 正常", "warning": "◆ 注意", "error": "▼ 有问题"}


@click.command()
@json_option
def doctor(as_json: bool) -> int:
    """检查运行环境：程序、数据库、数据目录、字体、磁盘、操作记录、后台进程。有问题时退出码为 1。"""
    from xingtan.cli.health import examine

    findings = examine()
    bad = sum(one.state == "error" for one in findings)
    if as_json:
        emit([{"check": one.check, "state": one.state, "says": str(one.says), "remedy": str(one.remedy or "")} for one in findings])
    else:
        for one in findings:
            say(f"{WORDS[one.state]}  {one.says}")
            if one.remedy:
                say(f"    → {one.remedy}")
        say(f"检查了 {len(findings)} 项，{bad} 项有问题")
    return 1 if bad else 0
