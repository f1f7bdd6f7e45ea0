"""`xingtan sample`: write the demonstration county as a bundle."""

from __future__ import annotations

from pathlib import Path

import click

from xingtan.cli.frame import emit, json_option, say

SMALLEST, LARGEST = 500, 1_000_000


@click.command()
@click.option("--pupils", type=click.IntRange(SMALLEST, LARGEST), default=8000, show_default=True, help="在校学生数")
@click.option("--seed", type=int, default=1, show_default=True, help="种子：同样的人数和种子，写出的文件逐字节相同")
@click.option("-o", "--output", "folder", type=click.Path(path_type=Path, file_okay=False), required=True, help="写到哪个文件夹")
@json_option
def sample(pupils: int, seed: int, folder: Path, as_json: bool) -> int:
    """写出演示县的数据包：六十所学校、三年台账，带着常见的缺报、约数和存疑。全部虚构。"""
    from xingtan.cli.sample.make import make

    made = make(folder, pupils, seed)
    if as_json:
        emit({"schools": made.schools, "pupils": made.pupils, "rows": made.rows, "files": list(made.files)})
        return 0
    say(f"演示县：{made.schools} 所学校，{made.pupils} 名学生，{made.rows} 行台账，{len(made.files)} 个文件")
    say(f"载入：xingtan load {folder}")
    say(f"学生：xingtan import {folder}/学生名册.csv --as roster --place demo")
    return 0
