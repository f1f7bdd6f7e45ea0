from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection
from tests.cast import ACTOR, Cast

from xingtan.apps.base.audit.verify import verify
from xingtan.apps.base.orgs import services, store
from xingtan.apps.base.orgs.acts import Move
from xingtan.apps.base.orgs.tree import Rules
from xingtan.kernel.errors import XingtanError


@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_never_make_a_ring(cast: Cast) -> None:
    """Each alone is possible; whichever comes second sees the first and is refused."""
    cast.place.pack_release = None  # without a pack any kind may stand anywhere: only the ring forbids it
    cast.place.save()
    ready = Barrier(2)

    def move(code: str, under: str) -> str:
        try:
            ready.wait()
            services.perform(place=cast.place, act=Move(code, under, date(2009, 9, 1)), actor=ACTOR)
        except XingtanError as refused:
            return refused.issues[0].code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(move, *pair) for pair in (("XS-1", "XS-2"), ("XS-2", "XS-1"))]
        assert sorted(answer.result(timeout=60) for answer in answers) == ["done", "orgs.cycle"]
    forest = store.read(cast.place)
    assert forest.faults(forest.spells, Rules()) == []
    assert verify() == ()
