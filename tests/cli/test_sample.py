"""The demonstration county: the same numbers give the same files, what is in them agrees, and the house takes them."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.db.models import Count
from stdnum.iso7064 import mod_11_2
from tests.cast import ACTOR

from xingtan.apps.base.orgs.models import Place, Succession
from xingtan.apps.base.pupils.models import Enrolment
from xingtan.apps.record.figures.services import snapshot_refresh
from xingtan.apps.record.figures.store import book
from xingtan.apps.record.imports.services import load_bundle
from xingtan.cli.demo import roster_in
from xingtan.cli.sample.cohorts import NOW, YEARS
from xingtan.cli.sample.make import make
from xingtan.cli.sample.names import identity
from xingtan.cli.sample.write import ROSTER
from xingtan.kernel.period import Period
from xingtan.pack import builtin_root


def digest(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_same_size_and_seed_give_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        make(tmp_path / name, 2000, seed)
    assert digest(tmp_path / "a") == digest(tmp_path / "b")
    assert digest(tmp_path / "a") != digest(tmp_path / "c")


@pytest.mark.parametrize("pupils", [500, 8000])
def test_years_agree_with_each_other(tmp_path: Path, pupils: int) -> None:
    made = make(tmp_path, pupils, 1)
    assert (made.pupils, made.schools) == (pupils, 60)
    basics = {(row["单位"], row["学段"], row["期间"]): row for row in rows(tmp_path / "school_basics.csv")}
    checked = 0
    for (school, stage, year), row in basics.items():
        before = basics.get((school, stage, str(int(year) - 1)))
        if before is not None and before["在校学生数"]:
            checked += 1
            assert row["学年初在校学生数"] == before["在校学生数"]
            assert int(row["教师数"]) < int(row["教职工数"])
    assert checked > 100
    assert max(int(year) for _, _, year in basics) == NOW - 1


def test_an_identity_number_is_well_formed_and_of_no_place() -> None:
    number = identity("20150902", 3, female=True, area="990101")
    assert (len(number), number[:6], int(number[16]) % 2) == (18, "990101", 0)
    assert mod_11_2.is_valid(number)


@pytest.mark.django_db
def test_the_house_takes_it_with_its_merger_and_its_gaps(tmp_path: Path) -> None:
    make(tmp_path, 1000, 1)
    report = load_bundle(tmp_path, ACTOR, roots=(builtin_root(),))
    place = Place.objects.get(slug="demo")
    assert Counter(str(issue.severity) for issue in report.issues) == {"doubt": 1}  # the slip of a zero
    assert Succession.objects.filter(predecessor__place=place).count() == 2
    assert load_bundle(tmp_path, ACTOR, roots=(builtin_root(),)).changes == 0
    snapshot_refresh(place=place)
    year = Period.parse(str(NOW - 1))
    pupils = book(place).table(["990101"], [year], ["pupils"]).get("pupils", "990101", year.text)
    assert (str(pupils.status), len(pupils.missing)) == ("partial", 2)
    roster_in(tmp_path / ROSTER)
    assert Enrolment.objects.on(date(NOW, 10, 1)).filter(school__place=place).count() == 1000
    stages = dict(Enrolment.objects.values_list("stage").annotate(n=Count("pk")))
    assert set(stages) == set(YEARS), "a first grade is a first grade in primary, vocational and special schools alike"
