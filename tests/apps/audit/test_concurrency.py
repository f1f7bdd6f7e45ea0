from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from xingtan.apps.base.audit.models import Event
from xingtan.apps.base.audit.services import Actor, Target, record
from xingtan.apps.base.audit.verify import verify

WRITERS, EACH = 4, 15


@pytest.mark.django_db(transaction=True)
def test_many_writers_make_one_chain_without_gaps() -> None:
    """Also the very first event of a place is contested here: no chain row exists yet."""
    ready = Barrier(WRITERS)

    def writer(number: int) -> None:
        try:
            ready.wait()
            for at in range(EACH):
                with transaction.atomic():
                    target = Target("x.y", f"{number}-{at}")
                    record(actor=Actor.system(str(number)), action="x.y", place="xishan", target=target)
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        for done in [pool.submit(writer, number) for number in range(WRITERS)]:
            done.result(timeout=60)
    sequences = list(Event.objects.order_by("sequence").values_list("sequence", flat=True))
    assert sequences == list(range(1, WRITERS * EACH + 1))
    assert verify() == ()
