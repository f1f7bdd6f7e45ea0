"""Many people at once: no write is lost, nobody hears that the database is locked. (`make soak` does the same for longer.)"""

from __future__ import annotations

import pytest
from benchmarks.soak import held, storm, writing
from tests.cast import ACTOR


@pytest.mark.django_db(transaction=True)
def test_sixty_four_writers_lose_no_write(cast):
    taken, failed = storm(writing(cast.place, ACTOR), writers=64, writes=2)
    assert failed == []
    assert len(taken) == 128
    assert held(cast.place) == (128, 128, [])
