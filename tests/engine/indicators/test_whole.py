"""What is kept of a snapshot: the same figures whatever was asked before, without asking the runner again, within bounds."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings

from xingtan.engine.indicators.evaluate import evaluate
from xingtan.engine.indicators.model import Model, compile_model
from xingtan.engine.indicators.spec import ModelSpec
from xingtan.engine.indicators.whole import Larder, larder_of
from xingtan.engine.indicators.world import world_of

from .strategies import DATASETS, models, places
from .worlds import Duck, Place, tables

PERIODS = ("2009", "2008", "2009H1", "2009Q4")


def told(model: Model, runner: Duck, *, orgs: list[str] | None = None, periods: tuple[str, ...]) -> dict[Any, Any]:
    table = evaluate(model, runner, orgs=orgs, periods=periods)
    rows = {(row["indicator"], row["org"], row["period"]): row for row in table.to_arrow().to_pylist()}
    return {key: (row, table.get(*key)) for key, row in rows.items()}


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(models(), places())
def test_figures_do_not_depend_on_what_was_asked_before_or_along(spec: ModelSpec, place: Place) -> None:
    model = compile_model(spec).model
    assert model is not None
    shared, content = Duck(tables(place, DATASETS), DATASETS), tables(place, DATASETS)
    together = told(model, shared, periods=PERIODS)  # periods that contain each other see the same rows
    for period in PERIODS:
        alone = told(model, Duck(content, DATASETS), periods=(period,))
        assert {key: row for key, row in together.items() if key[2] == period} == alone
    org = next(iter(together))[1]
    expected = {key: row for key, row in together.items() if key[1:] == (org, "2009H1")}
    assert told(model, shared, orgs=[org], periods=("2009H1",)) == expected


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(models(), places())
def test_the_answers_of_a_snapshot_are_fetched_once(spec: ModelSpec, place: Place) -> None:
    model = compile_model(spec).model
    assert model is not None
    runner = Duck(tables(place, DATASETS), DATASETS)
    larder = larder_of(world_of(runner))
    first = told(model, runner, periods=("2009",))
    kept = dict(larder._kept)
    assert told(model, runner, periods=("2009",)) == first
    assert larder._kept.keys() == kept.keys()
    assert all(larder._kept[key] is value for key, value in kept.items())


def test_the_least_recently_used_goes_when_there_is_no_room() -> None:
    larder, made = Larder(room=10), list[str]()

    def ask(name: str, size: int) -> str:
        def make() -> tuple[str, int]:
            made.append(name)
            return name.upper(), size

        return str(larder.of(name, make))

    assert [ask("a", 4), ask("b", 4), ask("a", 4), ask("c", 4)] == ["A", "B", "A", "C"]
    assert made == ["a", "b", "c"]
    assert [ask("a", 4), ask("b", 4)] == ["A", "B"]
    assert made == ["a", "b", "c", "b"], "b had gone, a had been used"
    assert ask("huge", 11) == "HUGE"
    assert [ask("huge", 11), made.count("huge")] == ["HUGE", 2], "what has no room is told, not kept"
