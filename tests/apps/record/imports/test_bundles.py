from __future__ import annotations

from pathlib import Path

import pytest

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.record.imports.services import load_bundle
from xingtan.apps.record.ledgers.models import Record

EXAMPLES = Path(__file__).parents[4] / "examples"
ACTOR = Actor.system("试验")


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(path.parent.name for path in EXAMPLES.glob("*/bundle.yaml")))
def test_every_example_loads_and_a_second_load_changes_nothing(name: str) -> None:
    first = load_bundle(EXAMPLES / name, ACTOR)
    assert first.created
    assert sum(item.added for item in first.files) == Record.objects.count() > 0
    second = load_bundle(EXAMPLES / name, ACTOR)
    assert second.changes == 0
    assert sum(item.same for item in second.files) == Record.objects.count()
