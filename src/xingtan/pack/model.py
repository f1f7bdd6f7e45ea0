"""A pack as the engine's model: datasets, indicators and parameters, frozen."""

from __future__ import annotations

from xingtan.engine.indicators import spec
from xingtan.kernel.formula import check

from .codec import Pack
from .schema.common import interval
from .schema.indicator import Indicator
from .schema.parameters import Parameter
from .scope import datasets, scope
from .working_days import school_terms, working_calendar


def model(pack: Pack) -> spec.ModelSpec:
    """What figures of the pack are computed from. Registers are included when an indicator reads them."""
    known = scope(pack)
    read = {name for one in pack.indicators.values() for name in check(one.formula, known).uses.datasets}
    return spec.ModelSpec(
        pack_id=pack.id,
        pack_version=pack.version,
        pack_hash=pack.hash,
        datasets=tuple(found for name, found in datasets(pack).items() if name in pack.ledgers or name in read),
        indicators=tuple(map(_indicator, pack.indicators.values())),
        parameters={name: _parameter(parameter) for name, parameter in pack.parameters.items()},
        org_kinds={kind.id: kind.title for kind in pack.organisation.kinds},
        calendar=working_calendar(pack.calendar),
        terms=school_terms(pack.calendar),
    )


def _indicator(indicator: Indicator) -> spec.IndicatorSpec:
    return spec.IndicatorSpec(
        id=indicator.id,
        title=indicator.title,
        unit=indicator.unit,
        formula=indicator.formula,
        better=indicator.better,
        by=indicator.by,
        missing=indicator.missing,
        plausible=spec.Interval(*interval(indicator.plausible)) if indicator.plausible else None,
        breaks=tuple(spec.Break(one.at, one.note) for one in indicator.breaks),
        basis=indicator.basis.words() if indicator.basis else "",
        digits=indicator.digits,
        assumptions=indicator.assumptions,
        at=indicator.at,
        title_en=indicator.title_en,
    )


def _parameter(parameter: Parameter) -> spec.Parameter:
    return spec.Parameter(parameter.value, parameter.unit, parameter.source.words() if parameter.source else "", parameter.title)
