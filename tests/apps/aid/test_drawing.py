"""Applications from the register of pupils: those with a flag, once each, as one batch that can be undone."""

from __future__ import annotations

from datetime import date

import pytest
from tests.apps.aid.world import SCHEME, YEAR, actor, apply
from tests.apps.pupils.helpers import admit

from xingtan.apps.base.audit.models import Event
from xingtan.apps.base.pupils.services.facts import flag_set
from xingtan.apps.desks.aid import services
from xingtan.apps.record.ledgers.batches import batch_undo
from xingtan.apps.record.ledgers.cells import load
from xingtan.apps.record.ledgers.models import Batch
from xingtan.apps.record.ledgers.selectors import current
from xingtan.kernel.errors import XingtanError

DAY = date(2025, 9, 1)


def draw(cast, org="XS", scheme=SCHEME):
    return services.applications_draw(actor=actor(cast, "aid_officer"), place=cast.place, org=cast.orgs[org], scheme=scheme, period=YEAR)


def flagged(cast, name, org="XS-11", kind="特困", **more):
    pupil = admit(cast.orgs[org], name, boarding=True, **more)
    flag_set(pupil=pupil, kind=kind, day=DAY, actor=actor(cast, "principal"), source="村委会证明")
    return pupil


def drawn(cast):
    from xingtan.apps.base.orgs.selectors import active_pack

    fields = {field.id: field for field in active_pack(cast.place).ledgers["aid_application"].fields}
    rows = current(cast.place, "aid_application").order_by("pk").select_related("org")
    return [
        (row.org.code, *(cell.value if (cell := load(fields[name], row.data.get(name))) else "" for name in ("pupil", "stage", "boarding")))
        for row in rows
    ]


def test_only_those_with_the_flag_are_drawn_and_nobody_twice(cast):
    flagged(cast, "王小明")
    flagged(cast, "李四", "XS-21")
    flagged(cast, "留守的", kind="留守")
    admit(cast.orgs["XS-11"], "无标记的")
    assert draw(cast) == 2
    assert drawn(cast) == [("XS-11", "王小明", "初中", "是"), ("XS-21", "李四", "初中", "是")]
    with pytest.raises(XingtanError) as refused:
        draw(cast)
    assert [issue.code for issue in refused.value.issues] == ["aid.drawn"]


def test_whoever_has_applied_is_left_alone(cast):
    pupil = flagged(cast, "王小明")
    apply(cast, pupil.number, "王小明", household="低保户")
    flagged(cast, "李四")
    assert draw(cast) == 1
    assert [row[1] for row in drawn(cast)] == ["王小明", "李四"]


def test_a_school_draws_its_own_pupils(cast):
    flagged(cast, "王小明")
    flagged(cast, "西岭的", "XS-21")
    assert draw(cast, "XS-11") == 1
    assert [row[0] for row in drawn(cast)] == ["XS-11"]


def test_a_draw_is_one_batch_and_can_be_undone(cast):
    flagged(cast, "王小明")
    draw(cast)
    (batch,) = Batch.objects.filter(ledger="aid_application")
    assert Event.objects.filter(action="batch.commit").count() == 1
    batch_undo(actor=actor(cast, "aid_officer"), batch=batch, reason="取错了期间")
    assert drawn(cast) == []
    assert draw(cast) == 1


def test_a_scheme_that_draws_nobody_says_so(cast):
    with pytest.raises(XingtanError) as refused:
        draw(cast, scheme="day_subsidy")
    assert [issue.code for issue in refused.value.issues] == ["aid.draw"]


def test_the_button_is_for_who_may_see_pupils(cast, client_of):
    flagged(cast, "王小明")
    officer = client_of("aid_officer")
    page = "/p/xishan/aid/schemes/boarder_subsidy/?org=XS&period=2009"
    assert "从学籍取名单" in officer.get(page).content.decode()
    answer = officer.post("/p/xishan/aid/schemes/boarder_subsidy/draw/?org=XS&period=2009")
    assert answer.status_code == 302
    assert "王小明" in officer.get(answer.headers["Location"]).content.decode()
    assert "从学籍取名单" not in client_of("inspector").get(page).content.decode()
