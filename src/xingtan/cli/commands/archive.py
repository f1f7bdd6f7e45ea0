"""`xingtan backup FILE` and `xingtan restore FILE`."""

from __future__ import annotations

from pathlib import Path

import click

from xingtan.cli.frame import database_ready, django_ready, emit, json_option, say


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--with-keys", is_flag=True, help="连同密钥文件一起备份；拿到这份备份的人就能读出证件号、电话等")
@json_option
def backup(file: Path, with_keys: bool, as_json: bool) -> int:
    """把全部数据（各表、上传的文件、规则包、命名快照）写成一个文件；服务不必停。"""
    database_ready()
    from xingtan.apps.base.vault import keyring
    from xingtan.cli.archive.write import backup as write

    manifest = write(file.absolute(), with_keys=with_keys)
    rows = sum(part.rows or 0 for part in manifest.tables)
    told = {"file": str(file), "created": manifest.created, "tables": len(manifest.tables), "rows": rows, "files": len(manifest.files)}
    told["keys"] = bool(manifest.keys)
    if as_json:
        emit(told)
    else:
        say(f"已备份到 {file}：{told['tables']} 张表 {rows} 行，{told['files']} 个文件")
        say("备份里有全部数据和密码哈希，请像对待数据库一样保管。")
        if not with_keys:
            say(f"不含密钥：证件号、电话等密封内容要和 {keyring.path()} 一起才打得开，请另行保管。")
    return 0


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="数据目录已有数据时也恢复；原有数据另存在旁边（PostgreSQL 的表会被替换）")
@json_option
def restore(file: Path, force: bool, as_json: bool) -> int:
    """从备份文件恢复。先核对全部校验值，有一处不符就什么也不动。"""
    from xingtan.cli.commands.init import folders

    folders()
    django_ready()
    from xingtan.apps.base.vault import keyring
    from xingtan.apps.base.vault.reseal import keys_in_use
    from xingtan.cli.archive.read import restore as read

    manifest = read(file.absolute(), force=force)
    rows = sum(part.rows or 0 for part in manifest.tables)
    told = {"created": manifest.created, "tables": len(manifest.tables), "rows": rows, "files": len(manifest.files)}
    told["keys"] = bool(manifest.keys)
    closed = sorted(set(keys_in_use()) - set(keyring.ring().keys)) if keyring.path().exists() else sorted(keys_in_use())
    told["missing_keys"] = closed
    if as_json:
        emit(told)
    else:
        say(f"已恢复 {manifest.created} 的备份：{told['tables']} 张表 {rows} 行，{told['files']} 个文件")
        say("所有人需重新登录。指标会在后台重新计算。")
        if closed:
            say(f"缺少密钥 {'、'.join(closed)}：请把当时的 keys.json 放到 {keyring.path()}，在此之前密封内容打不开。")
    return 0
