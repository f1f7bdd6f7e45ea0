"""Each mechanism about pupils has a figure whose worked answer the engine gives (packs/base, golden/pupils.yaml)."""

from __future__ import annotations

from functools import cache

import pytest
from tests.golden.test_engine import compiled, told
from tests.golden.test_sql import runner_of
from tests.golden.world import PACKS, half_up

from xingtan.engine.indicators.evaluate import evaluate
from xingtan.pack import load

CASES = [
    ("G037", "roll_primary_dropout"),
    ("G038", "roll_junior_dropout"),
    ("G041", "roll_retention"),
    ("G043", "sweep_settled_share"),
    ("G044", "pupil_plans_worked"),
    ("G046", "roll_pupils"),
    ("G047", "school_age_enrolment"),
    ("G052", "flagged_pupils"),
    ("G053", "flagged_pupils"),
    ("G054", "left_behind_share"),
    ("G055", "top_outflow_rate"),
    ("G059", "large_class_share"),
    ("G060", "choice_pupils"),
    ("G061", "nearby_share"),
    ("G062", "boarder_share"),
    ("G190", "poverty_dropouts"),
]


@cache
def figures():
    pack = load(PACKS / "base").pack
    golden = pack.golden["pupils"]
    return golden, evaluate(compiled(pack), runner_of(pack, golden), periods=sorted({one.period for one in golden.answers}))


@pytest.mark.parametrize(("row", "indicator"), CASES)
def test_the_figure_is_the_worked_answer(row, indicator):
    golden, table = figures()
    answers = [one for one in golden.answers if one.indicator == indicator and not one.group]
    assert answers, row
    for answer in answers:
        digits = answer.digits if answer.digits is not None else 2
        figure = table.get(indicator, answer.org, answer.period)
        assert told(figure, digits) == (half_up(answer.value, digits), answer.bound, answer.status)
