"""`xingtan vault check` and `xingtan vault rotate`."""

from __future__ import annotations

import click

from xingtan.cli.frame import database_ready, emit, exit_code, issue_json, issue_text, json_option, note, say


@click.group()
def vault() -> None:
    """密封字段：证件号、电话、住址等加密保存的内容和它们的密钥。"""


@vault.command()
@json_option
def check(as_json: bool) -> int:
    """逐项试着打开全部密封内容；有打不开的，退出码为 1。"""
    database_ready()
    from xingtan.apps.base.vault import keyring, reseal

    issues, used, ring = reseal.check(), reseal.keys_in_use(), keyring.ring()
    if as_json:
        emit(
            {"active": ring.active, "keys": {name: used.get(name, 0) for name in ring.keys}, "issues": [issue_json(one) for one in issues]}
        )
        return exit_code(issues)
    for issue in issues:
        say(issue_text(issue))
    say(f"密钥文件 {keyring.path()}：{len(ring.keys)} 把密钥，现用 {ring.active}")
    say(f"密封内容 {sum(used.values())} 项，打不开的 {len(issues)} 项")
    return exit_code(issues)


@vault.command()
@click.option("--finish", is_flag=True, help="不再加新密钥：把没有换完的换完，删去不再用到的旧密钥")
@json_option
def rotate(finish: bool, as_json: bool) -> int:
    """换密钥：加一把新的，把全部密封内容改用它。服务不必停。一分钟后用 --finish 收尾：补换其间写入的，删去不再用到的旧密钥。"""
    database_ready()
    from xingtan.apps.base.audit.services import Actor, Target, record
    from xingtan.apps.base.vault import keyring, reseal

    def step(done: int) -> None:
        note(f"已换 {done} 行")

    dropped = 0
    if finish:
        rows, dropped = reseal.finish(step)
        key = keyring.ring().active
    else:
        key, rows = reseal.rotate(step)
    from django.db import transaction

    with transaction.atomic():
        after = {"key": key, "rows": rows}
        record(actor=Actor.system("命令行"), action="vault.rotate", place="", target=Target("vault.ring", key, key), after=after)
    if as_json:
        emit({"active": key, "rows": rows, "dropped": dropped, "keys": list(keyring.ring().keys)})
    else:
        say(f"现用密钥 {key}，改封 {rows} 行，删去旧密钥 {dropped} 把。请把新的 {keyring.path()} 另存一份。")
    return 0
