"""`xingtan people check`."""

from __future__ import annotations

from collections import Counter

import click

from xingtan.cli.frame import database_ready, emit, exit_code, issue_json, issue_text, json_option, say


@click.group()
def people() -> None:
    """学籍：学生、班级、转学。"""


@people.command()
@click.option("--place", default=None, help="只检查一个地区；默认全部")
@json_option
def check(place: str | None, as_json: bool) -> int:
    """检查学籍里互相矛盾的地方；有须改正的问题时退出码为 1。"""
    database_ready()
    from xingtan.apps.base.orgs.models import Place
    from xingtan.apps.base.pupils.inspection import inspect_all
    from xingtan.cli.places import place_of

    places = [place_of(place)] if place else list(Place.objects.select_related("root", "pack_release").order_by("slug"))
    found = inspect_all(places)
    issues = tuple(issue for found_here in found.values() for issue in found_here)
    if as_json:
        told = [{"place": slug, **issue_json(issue)} for slug, found_here in found.items() for issue in found_here]
        emit({"places": len(places), "issues": told, "counts": dict(sorted(Counter(issue.code for issue in issues).items()))})
        return exit_code(issues)
    for issue in issues:
        say(issue_text(issue))
    say(f"检查了 {len(places)} 个地区，发现 {len(issues)} 处问题")
    return exit_code(issues)
