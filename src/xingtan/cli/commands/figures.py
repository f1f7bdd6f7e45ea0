"""`xingtan figures --place P --period Y [--indicator I] [--org CODE]`."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context
from typing import TYPE_CHECKING, Any

import click

from xingtan.cli.frame import database_ready, emit, json_option, say
from xingtan.cli.places import org_of, period_of, place_of
from xingtan.kernel.period import Period
from xingtan.kernel.quantity import Quantity
from xingtan.kernel.stating import stated
from xingtan.kernel.text import T

if TYPE_CHECKING:
    from xingtan.apps.record.figures.store import Book
    from xingtan.engine.indicators.figure import Figure


DIGITS = Context(prec=28, rounding=ROUND_HALF_UP)  # of an endless quotient
SAID = ("org", "indicator", "period", "value", "bound", "status", "rows")


@click.command()
@click.option("--place", required=True, help="地区（规则包编号）")
@click.option("--period", required=True, help="期间，例如 2009、2008-2009、2009-03、Y0")
@click.option("--indicator", default="", help="只要这个指标")
@click.option("--org", "code", default="", help="只要这个单位（代码）；不写则全部单位")
@click.option("--snapshot", "name", default="", help="用已封存的快照计算；不写则用此刻的数据")
@json_option
def figures(place: str, period: str, indicator: str, code: str, name: str, as_json: bool) -> int:  # noqa: PLR0917  one argument an option
    """给出指标数值。"""
    database_ready()
    from xingtan.apps.record.figures import selectors, services
    from xingtan.apps.record.figures.store import book

    found, span = place_of(place), period_of(period)
    if not name:
        services.snapshot_refresh(place=found)
    shelf = book(found, name)
    wanted = [selectors.indicator_of(shelf, indicator).id] if indicator else list(shelf.indicators)
    orgs = [code] if code else shelf.tree.open(span.end)
    if code:
        org_of(found, code)
    table = shelf.table(orgs, [span], wanted)
    specs = {one: selectors.indicator_of(shelf, one) for one in wanted}
    # a command's output may go anywhere: small groups of pupils are not told
    lines = [told(shelf, shelf.veil.cover(table.get(one, org, span.text), specs[one])) for org in orgs for one in wanted]
    if as_json:
        emit(lines)
    else:
        for line in lines:
            say("\t".join("—" if line[key] is None else str(line[key]) for key in SAID))
    return 0


def told(shelf: Book, figure: Figure) -> dict[str, Any]:
    """A figure as other programs read it. `value` is the exact or approximate point, or the end of a one-sided bound; null when unknown."""
    spec = next(one for one in shelf.model.spec.indicators if one.id == figure.indicator)
    return {
        "indicator": figure.indicator, "org": figure.org, "period": figure.period, "value": point(figure.value), "unit": spec.unit,
        "numerator": None if figure.numerator is None else point(figure.numerator),
        "denominator": None if figure.denominator is None else point(figure.denominator), "rows": figure.rows, "status": str(figure.status),
        "reason": "；".join(_reasons(shelf, figure)) or None, "bound": bound(figure.value),
        "pack": shelf.pack.hash, "snapshot": shelf.snapshot.manifest.name or shelf.snapshot.version,
    }  # fmt: skip


def _reasons(shelf: Book, figure: Figure) -> list[str]:
    """Why the figure is not simply a number, who is missing, and what it assumes: an assumption is never told apart from its figure."""
    day = Period.parse(figure.period).end
    names = "、".join(shelf.tree.name(code, day) for code in figure.missing)
    missing = [str(T("缺报：%(names)s", names=names))] if names else []
    plain = [str(reason) for reason in figure.reasons]
    assumed = [str(T("假定：%(what)s", what=one)) for one in figure.assumptions]
    return [*(["不适用"] if figure.value.is_not_applicable and not plain else []), *plain, *missing, *figure.doubts, *assumed]


def bound(value: Quantity) -> str | None:
    """How a value is bounded; null for a point and for what is unknown."""
    return stated(value)[1]


def point(value: Quantity) -> str | None:
    """The number of a quantity as a decimal string; null for an interval or nothing known."""
    number = stated(value)[0]
    if number is None:
        return None
    text = f"{+number.normalize(DIGITS):f}"
    return text.rstrip("0").rstrip(".") or "0" if "." in text else text
