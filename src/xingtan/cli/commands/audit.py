"""`xingtan audit verify`."""

from __future__ import annotations

import click

from xingtan.cli.frame import database_ready, emit, exit_code, issue_json, issue_text, json_option, say


@click.group()
def audit() -> None:
    """操作记录：每一步都记下，逐条用哈希相连。"""


@audit.command()
@click.option("--place", default=None, help="只核验一个地区；默认全部")
@json_option
def verify(place: str | None, as_json: bool) -> int:
    """核验操作记录有没有被改动、删去；有问题时退出码为 1。"""
    database_ready()
    from xingtan.apps.base.audit.models import Chain
    from xingtan.apps.base.audit.verify import verify as verify_chains
    from xingtan.cli.places import place_of

    if place:
        place_of(place)  # a place that is mistyped must not pass as one without findings
    issues = tuple(verify_chains(place))
    chains = Chain.objects.all() if place is None else Chain.objects.filter(place=place)
    events = sum(chain.length for chain in chains)
    if as_json:
        emit({"chains": len(chains), "events": events, "issues": [issue_json(issue) for issue in issues]})
        return exit_code(issues)
    for issue in issues:
        say(issue_text(issue))
    say(f"核验了 {len(chains)} 条链、{events} 条记录，发现 {len(issues)} 处问题")
    return exit_code(issues)
