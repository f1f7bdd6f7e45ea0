"""`xingtan report TEMPLATE --place P --period Y -o FILE.(html|docx|pdf|md)`."""

from __future__ import annotations

from pathlib import Path

import click

from xingtan.cli.frame import database_ready, emit, json_option, say
from xingtan.cli.places import org_of, period_of, place_of
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T


@click.command()
@click.argument("template")
@click.option("--place", required=True, help="地区（规则包编号）")
@click.option("--period", required=True, help="期间，例如 2009、Y0")
@click.option("--org", "code", default="", help="单位代码；不写则为地区的根单位")
@click.option("--lang", type=click.Choice(["zh-Hans", "zh-Hant"]), default="zh-Hans", show_default=True, help="简体或繁体")
@click.option("--url", "base", default="http://127.0.0.1:8000", show_default=True, help="文中数字链接的网址开头")
@click.option("--snapshot", "name", default="", help="用已封存的快照计算")
@click.option(
    "-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="输出文件，以 .html .docx .pdf .md 结尾"
)
@json_option
def report(  # noqa: PLR0917  one argument an option; click calls it by name
    template: str, place: str, period: str, code: str, lang: str, base: str, name: str, output: Path, as_json: bool
) -> int:
    """按模板出一份报告，文中每个数字都取自指标。"""
    kind = kind_of(output)
    database_ready()
    from xingtan.apps.face.reports.files import produce
    from xingtan.apps.face.reports.rendering import document, render, template_of
    from xingtan.apps.record.figures import services
    from xingtan.apps.record.figures.store import book

    found, span = place_of(place), period_of(period)
    if not name:
        services.snapshot_refresh(place=found)
    shelf = book(found, name)
    made = render(shelf, template_of(shelf, template), org_of(found, code), span.text, base.rstrip("/"))
    write(output, produce(document(made, lang), kind))
    told = {"file": str(output), "title": made.frame.title, "figures": len(made.filled.uses), "snapshot": name or shelf.snapshot.version}
    if as_json:
        emit(told)
    else:
        say(f"{made.frame.title} → {output}（{len(made.filled.uses)} 个数字）")
    return 0


def kind_of(output: Path) -> str:
    """The kind of file a name asks for."""
    kind = output.suffix.removeprefix(".").lower()
    if kind not in {"html", "docx", "pdf", "md"}:
        raise XingtanError.one("report.kind", T("不会写 %(name)s", name=output.name), T("文件名以 .html、.docx、.pdf 或 .md 结尾"))
    return kind


def write(output: Path, data: bytes) -> None:
    """Write beside the target and rename: a reader never finds half a document."""
    beside = output.with_name(f".{output.name}.part")
    try:
        beside.write_bytes(data)
        beside.replace(output)
    except OSError as error:
        beside.unlink(missing_ok=True)
        message = T("写不了 %(file)s：%(why)s", file=str(output), why=error.strerror or str(error))
        raise XingtanError.one("report.write", message, T("换一个文件夹，或检查权限和磁盘空间")) from error
