"""No cell that is not shown can be worked out from the table: every one could be at least two numbers."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from xingtan.kernel.small_groups import Shown, suppress

LEAST = 4  # a small line keeps the search for all readings small


def readings(parts, total, states, least):
    """Every way to fill the cells that are not shown: what somebody can work out who knows total, shown cells and what the marks mean.

    "Fewer than" lies between 1 and the line; a hidden cell may be anything, but beside a "fewer than" it is known to reach the line.
    """
    marked = Shown.SMALL in states
    ranges = []
    for count, state in zip(parts, states, strict=True):
        if state is Shown.PLAIN:
            ranges.append((count,))
        elif state is Shown.SMALL:
            ranges.append(tuple(range(1, least)))
        else:
            ranges.append(tuple(range(least if marked else 0, (total or 3 * least) + 1)))
    totals = {total} if total is not None and not 0 < total < least else set(range(1, least)) if total is not None else None
    return [filled for filled in product(*ranges) if totals is None or sum(filled) in totals]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=4))
def test_no_cell_can_be_worked_out(parts):
    total = sum(parts)
    states = suppress(parts, total, LEAST)
    found = readings(parts, total, states, LEAST)
    assert tuple(parts) in found
    for index, state in enumerate(states):
        if state is not Shown.PLAIN:
            assert len({filled[index] for filled in found}) > 1, (parts, states)


@given(st.lists(st.integers(0, 200), min_size=1, max_size=8), st.integers(2, 12))
def test_small_cells_are_never_shown_and_nothing_is_hidden_without_need(parts, least):
    states = suppress(parts, sum(parts), least)
    for count, state in zip(parts, states, strict=True):
        assert not (0 < count < least and state is Shown.PLAIN)
    if all(count == 0 or count >= least for count in parts):
        assert set(states) == {Shown.PLAIN}


def test_examples():
    assert suppress([3, 12, 40], 55, 10) == (Shown.SMALL, Shown.HIDDEN, Shown.PLAIN)
    assert suppress([3, 4, 40], 47, 10) == (Shown.SMALL, Shown.SMALL, Shown.PLAIN)
    assert suppress([1, 1, 40], 42, 10) == (Shown.SMALL, Shown.SMALL, Shown.HIDDEN)  # two that add up to 2 are 1 and 1
    assert suppress([12, 40], 52, 10) == (Shown.PLAIN, Shown.PLAIN)
    assert suppress([0, 40], 40, 10) == (Shown.PLAIN, Shown.PLAIN)
    assert suppress([5], 5, 10) == (Shown.SMALL,)
    assert suppress([0, 5], 5, 10) == (Shown.PLAIN, Shown.SMALL)
    assert suppress([2, 3, 0], 5, 10) == (Shown.HIDDEN, Shown.HIDDEN, Shown.HIDDEN)
    assert suppress([20, 30], None, 10) == (Shown.HIDDEN, Shown.HIDDEN)
    assert suppress([None, 3, 40, 50], 93, 10) == (Shown.PLAIN, Shown.SMALL, Shown.HIDDEN, Shown.PLAIN)


def test_a_part_that_is_the_whole_hides_with_it():
    assert suppress([3, 0, 0], 3, 10)[0] is Shown.SMALL
