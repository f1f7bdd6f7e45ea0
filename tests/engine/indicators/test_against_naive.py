"""The compiled plans and the one-row evaluator with plain Python sums give the same figures, bounds and unknowns included."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st
from tests.laws import tried

from xingtan.engine.indicators.evaluate import evaluate
from xingtan.engine.indicators.model import compile_model
from xingtan.engine.indicators.spec import ModelSpec
from xingtan.kernel.period import Period
from xingtan.kernel.quantity import Quantity

from .naive import Naive
from .strategies import DATASETS, models, places
from .worlds import Duck, Place, tables

PERIODS = ("2008", "2009", "2009H1", "2009Q4")


def close(a: Quantity, b: Quantity) -> bool:
    """Equal; points that rest on roots may differ in the last digits."""
    if (a.lo_open, a.hi_open, a.reason) != (b.lo_open, b.hi_open, b.reason):
        return False
    return all(
        x == y or (x is not None and y is not None and math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-9))
        for x, y in ((a.lo, b.lo), (a.hi, b.hi))
    )


@tried(25)
@given(models(), places(), st.booleans(), st.sampled_from(PERIODS))
def test_every_figure_is_what_the_definitions_say(spec: ModelSpec, place: Place, careful: bool, text: str) -> None:
    compiled = compile_model(spec)
    assert compiled.model is not None, [str(issue) for issue in compiled.issues]
    runner = Duck(tables(place, DATASETS), DATASETS, careful=careful)
    table = evaluate(compiled.model, runner, periods=[text])
    oracle, period = Naive(spec, place), Period.parse(text)
    in_bulk = {(row["indicator"], row["org"]): row for row in table.to_arrow().to_pylist()}
    for indicator in compiled.model.indicators:
        for org in table.orgs:
            expected = oracle.value(indicator, org, period)
            figure = table.get(indicator, org, period)
            where = f"{indicator} = {compiled.model.indicators[indicator].formula} of {org} in {text}"
            assert close(figure.value, expected), f"{where}: {figure.value!r}, expected {expected!r}"
            row = in_bulk[indicator, org]
            for name, end in (("lo", expected.lo), ("hi", expected.hi)):
                assert (row[name] is None) == (end is None), f"{where}: {row}, expected {expected!r}"
                assert end is None or math.isclose(row[name], end, rel_tol=1e-9, abs_tol=1e-9), f"{where}: {row}, expected {expected!r}"
            assert row["rows"] == figure.rows, where
            assert row["status"] == str(figure.status), f"{where}: {row} {figure}"
