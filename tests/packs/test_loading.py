"""The examples go in as any county's sheets would, and a second load changes nothing."""

from __future__ import annotations

import pytest
from tests.golden.world import EXAMPLES, PLACES, Example

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.orgs.models import Organisation
from xingtan.apps.record.imports.bundles import load_bundle
from xingtan.apps.record.ledgers.models import Record

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("place", PLACES)
def test_a_bundle_loads_whole_and_only_once(place: str, actor: Actor) -> None:
    example = Example(place)
    first = load_bundle(EXAMPLES / place, actor)
    stored = Record.objects.filter(place__slug=place)
    assert first.created
    assert sum(file.added for file in first.files) == sum(len(sheet.rows) for sheet in example.sheets) == stored.count()
    assert Organisation.objects.filter(place__slug=place).count() == len(example.orgs)
    doubts = sum(bool(row.get("存疑")) for sheet in example.sheets for row in sheet.rows)
    assert stored.exclude(doubt="").count() == doubts
    second = load_bundle(EXAMPLES / place, actor)
    assert second.changes == 0
    assert stored.count() == Record.objects.filter(place__slug=place).count()
