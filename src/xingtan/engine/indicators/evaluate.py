"""The way in: which figures are wanted, over which snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from xingtan.engine.indicators.cells import Cells, Targets
from xingtan.engine.indicators.model import Model
from xingtan.engine.indicators.program import Program
from xingtan.engine.indicators.runner import Runner
from xingtan.engine.indicators.setting import Setting
from xingtan.engine.indicators.sql.source import dataset_table
from xingtan.engine.indicators.table import FigureTable
from xingtan.engine.indicators.world import World, world_of
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.period import Period, PeriodError
from xingtan.kernel.text import T

LONGEST = 200  # periods that a streak looks back at most


def evaluate(
    model: Model,
    runner: Runner,
    *,
    orgs: Iterable[str] | None = None,
    periods: Iterable[str | Period],
    indicators: Iterable[str] | None = None,
    by: str | None = None,
    today: date | None = None,
    recast: date | None = None,
    targets: Targets | None = None,
) -> FigureTable:
    """Figures of `orgs` (None: all) in `periods`. Queries run when the first figure is asked for.

    `by`: field by which the figures are broken down. `today`: what the formulas call so; without it they do not know. `recast`: tell all
    periods in the tree of that day. `targets`: promised values by (indicator, organisation, period). Raises XingtanError, with all faults,
    for organisations, periods and indicators that do not exist.
    """
    world = world_of(runner)
    chosen = tuple(model.indicators if indicators is None else indicators)
    codes = None if orgs is None else tuple(dict.fromkeys(orgs))
    asked = tuple(dict.fromkeys(period if isinstance(period, Period) else Period.parse(period) for period in periods))
    _require(model, world, chosen, codes)
    program = model.program(chosen)
    places = None if codes is None else [world.index[code] for code in codes]
    setting = Setting(model.spec, runner, world, _periods(program, asked, world), places, program.climbs, today=today, recast=recast)
    cells = _cells(model, program, setting, by, targets or {})
    members = setting.members if codes is None else codes
    return FigureTable(cells, chosen, members, asked)


def _cells(model: Model, program: Program, setting: Setting, by: str | None, targets: Targets) -> Cells:
    whole = Cells(model, program, setting, targets)
    if not by:
        return whole
    broken = replace(setting, by=by, groups=_groups(program, setting.runner, by))
    return Cells(model, program, broken, targets, whole=whole)


def _require(model: Model, world: World, indicators: Sequence[str], orgs: Sequence[str] | None) -> None:
    issues = [
        XingtanError.one("figure.no_indicator", T("没有指标 %(name)s", name=name)).issues[0]
        for name in indicators
        if name not in model.formulas
    ]
    issues += [
        XingtanError.one("figure.no_org", T("没有机构 %(code)s", code=code)).issues[0] for code in orgs or () if code not in world.index
    ]
    if issues:
        raise XingtanError(issues)


def _periods(program: Program, asked: tuple[Period, ...], world: World) -> tuple[Period, ...]:
    """The periods asked, then those that previous(…) and streak(…) look back to."""
    found = dict.fromkeys(asked)
    shifts = {shift for name in program.indicators for shift in program.shifts[name]}
    earliest = _earliest(program, world) if program.endless else {}
    for period in asked:
        reach = shifts | _back(period, earliest)
        for shift in sorted(one + extra for one in reach for extra in shifts) if program.endless else sorted(reach):
            try:
                found.setdefault(period.previous(shift))
            except PeriodError:
                break
    return tuple(found)


def _earliest(program: Program, world: World) -> Mapping[str, Period]:
    """The first period, and the first nominal year, under which anything was reported."""
    dated: list[Period] = []
    nominal: list[Period] = []
    for sheet in program.sheets:
        for text, day in world.keys(sheet.dataset.id):
            try:
                period = Period.parse(text or (day.isoformat() if day else ""))
            except PeriodError:
                continue
            (nominal if period.is_nominal else dated).append(period)
    return {name: min(found) for name, found in (("dated", dated), ("nominal", nominal)) if found}


def _back(period: Period, earliest: Mapping[str, Period]) -> set[int]:
    """How far back a streak up to this period can go."""
    if period.is_nominal:
        first = earliest.get("nominal")
        return set(range(min(period.index - first.index, LONGEST) + 1)) if first is not None else {0}
    start = None if "dated" not in earliest else earliest["dated"].start
    if start is None:
        return {0}
    return set(range(max(0, min(period.index - Period.at(period.kind, start).index, LONGEST)) + 1))


def _groups(program: Program, runner: Runner, by: str) -> tuple[str | None, ...]:
    """Every value of the field in the datasets that have it, sorted."""
    found: set[str] = set()
    for dataset in {sheet.dataset.id: sheet.dataset for sheet in program.sheets}.values():
        if dataset.field(by) is not None:
            table = dataset_table(dataset)
            values = runner.run(table.filter(table[by].notnull()).select(value=table[by]).distinct(), key=f"groups:{dataset.id}:{by}")
            found |= set(values["value"].to_pylist())
    return tuple(sorted(found))
