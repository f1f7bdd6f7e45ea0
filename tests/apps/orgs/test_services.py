from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.cast import ACTOR, DAY, PACKS, Cast, make_place, pack

from xingtan.apps.base.audit.models import Event
from xingtan.apps.base.audit.verify import verify
from xingtan.apps.base.orgs import packs, selectors, services
from xingtan.apps.base.orgs.models import EVER, FOREVER, OrgAct, Organisation, PackRelease, Place, Succession
from xingtan.apps.base.orgs.services import New, OrgRow, Part
from xingtan.kernel.errors import XingtanError
from xingtan.pack import dump, restore

ON = date(2009, 9, 1)


def refusal(error: pytest.ExceptionInfo[XingtanError]) -> list[str]:
    for issue in error.value.issues:
        assert issue.hint is not None or issue.code == "orgs.undone", issue.code
    return sorted({issue.code for issue in error.value.issues})


def close(org: Organisation, day: date = ON) -> OrgAct:
    return services.org_close(org=org, day=day, actor=ACTOR)


@pytest.mark.django_db
def test_every_service_writes_one_event_into_the_chain_of_its_place(cast: Cast) -> None:
    before = Event.objects.filter(place="xishan").count()
    org = cast.org("XS-121")
    services.org_rename(org=org, name="柳湾教学点", kind="teaching_point", day=ON, actor=ACTOR)
    services.org_move(org=org, parent=cast.org("XS-22"), day=date(2010, 9, 1), actor=ACTOR, basis="文")
    close(org, date(2011, 9, 1))
    services.orgs_merge(sources=[cast.org("XS-11"), cast.org("XS-21")], into=cast.org("XS-11"), day=ON, actor=ACTOR)
    assert Event.objects.filter(place="xishan").count() == before + 4
    assert verify() == ()
    assert [(s.name, s.kind, s.parent.code, s.valid_from, s.valid_to) for s in org.spells.select_related("parent")] == [
        ("柳湾村小", "village_primary", "XS-12", DAY, ON),
        ("柳湾教学点", "teaching_point", "XS-12", ON, date(2010, 9, 1)),
        ("柳湾教学点", "teaching_point", "XS-22", date(2010, 9, 1), date(2011, 9, 1)),
    ]


@pytest.mark.django_db
def test_the_tree_of_a_day_is_the_tree_of_that_day(cast: Cast) -> None:
    services.org_move(org=cast.org("XS-22"), parent=cast.org("XS-1"), day=ON, actor=ACTOR)
    before, after = date(2009, 8, 31), ON
    assert cast.org("XS-22").pk in selectors.subtree_ids(cast.org("XS-2"), before)
    assert cast.org("XS-22").pk not in selectors.subtree_ids(cast.org("XS-2"), after)
    assert [org.code for org in selectors.ancestors(cast.org("XS-22"), before)] == ["XS", "XS-2"]
    assert [org.code for org in selectors.ancestors(cast.org("XS-22"))] == ["XS", "XS-1"]
    assert [node.code for node in selectors.children(cast.org("XS-1"), after)] == ["XS-11", "XS-12", "XS-22"]
    assert [node.code for node in selectors.tree(cast.place, date(2001, 8, 31))] == ["XS"]
    assert selectors.org_by_code(cast.place, "XS-22", date(2001, 8, 31)) is None


@pytest.mark.django_db
def test_what_the_pack_forbids_is_refused(cast: Cast) -> None:
    with pytest.raises(XingtanError) as error:
        services.org_open(place=cast.place, code="X-1", name="某校", kind="village_primary", parent="XS-1", day=ON, actor=ACTOR)
    assert refusal(error) == ["orgs.over"]
    with pytest.raises(XingtanError) as error:
        services.org_open(place=cast.place, code="X-1", name="某校", kind="university", parent="XS-1", day=ON, actor=ACTOR)
    assert refusal(error) == ["orgs.kind"]
    # The kind of what stands above counts too: a village school may not stand below a complete primary school.
    with pytest.raises(XingtanError) as error:
        services.org_rename(org=cast.org("XS-12"), name="东溪完小", kind="complete_primary", day=ON, actor=ACTOR)
    assert refusal(error) == ["orgs.over"]


IMPOSSIBLE = {
    "root": (lambda c: close(c.county), ["orgs.root"]),
    "children": (lambda c: close(c.org("XS-12")), ["orgs.has_children"]),
    "past": (lambda c: close(c.school, date(2000, 1, 1)), ["orgs.later"]),
    "first day": (lambda c: close(c.school, DAY), ["orgs.same_day"]),
    "same name": (lambda c: services.org_rename(org=c.school, name="东溪中学", day=ON, actor=ACTOR), ["orgs.nothing"]),
    "no name": (lambda c: services.org_rename(org=c.school, name=" ", day=ON, actor=ACTOR), ["text.empty"]),
    "control": (lambda c: services.org_rename(org=c.school, name="东\x00溪", day=ON, actor=ACTOR), ["text.control"]),
    "long": (lambda c: services.org_rename(org=c.school, name="长" * 5000, day=ON, actor=ACTOR), ["text.long"]),
    "cycle": (lambda c: services.org_move(org=c.town, parent=c.org("XS-12"), day=ON, actor=ACTOR), ["orgs.cycle", "orgs.over"]),
    "alone": (lambda c: services.orgs_merge(sources=[c.school], into=c.school, day=ON, actor=ACTOR), ["orgs.merge_two"]),
    "no day": (lambda c: close(c.school, FOREVER), ["orgs.day"]),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("case", IMPOSSIBLE)
def test_impossible_acts_are_refused_with_reason_and_remedy(cast: Cast, case: str) -> None:
    act, expected = IMPOSSIBLE[case]
    events, spells = Event.objects.count(), list(cast.school.spells.values())
    with pytest.raises(XingtanError) as error:
        act(cast)
    assert refusal(error) == expected
    assert Event.objects.count() == events
    assert list(cast.school.spells.values()) == spells


@pytest.mark.django_db
def test_a_split_hands_on_shares_and_children(cast: Cast) -> None:
    old = cast.org("XS-12")
    parts = [
        Part(New("XS-12", "东溪中心小学", "central_primary", "XS-1"), Decimal("0.6")),
        Part(New("XS-13", "东溪二小", "central_primary", "XS-1"), Decimal("0.4")),
    ]
    services.org_split(org=old, parts=parts, day=ON, actor=ACTOR, children={"XS-121": "XS-13"})
    rows = Succession.objects.values_list("predecessor__code", "successor__code", "share", "day")
    assert sorted(rows) == [("XS-12", "XS-12", Decimal("0.6"), ON), ("XS-12", "XS-13", Decimal("0.4"), ON)]
    assert [org.code for org in selectors.ancestors(cast.org("XS-121"))] == ["XS", "XS-1", "XS-13"]
    assert [org.code for org in selectors.ancestors(cast.org("XS-121"), date(2009, 8, 31))] == ["XS", "XS-1", "XS-12"]


@pytest.mark.django_db
def test_a_split_without_a_home_for_a_child_or_with_wrong_shares_is_refused(cast: Cast) -> None:
    parts = [
        Part(New("XS-13", "甲", "central_primary", "XS-1"), Decimal("0.6")),
        Part(New("XS-14", "乙", "central_primary", "XS-1"), Decimal("0.4")),
    ]
    with pytest.raises(XingtanError) as error:
        services.org_split(org=cast.org("XS-12"), parts=parts, day=ON, actor=ACTOR)
    assert refusal(error) == ["orgs.no_heir"]
    with pytest.raises(XingtanError) as error:
        services.org_split(org=cast.org("XS-12"), parts=[parts[0], parts[0]], day=ON, actor=ACTOR)
    assert refusal(error) == ["orgs.shares", "orgs.split_two"]


def merged(cast: Cast) -> OrgAct:
    into = New("XS-30", "联合中学", "junior_school", "XS-1")
    return services.orgs_merge(sources=[cast.org("XS-11"), cast.org("XS-21")], into=into, day=ON, actor=ACTOR)


@pytest.mark.django_db
def test_undo_is_refused_while_later_acts_on_the_same_organisations_stand(cast: Cast) -> None:
    act = merged(cast)
    later = services.org_rename(org=Organisation.objects.get(code="XS-30"), name="新名", day=date(2010, 9, 1), actor=ACTOR)
    with pytest.raises(XingtanError) as error:
        services.act_undo(act=act, actor=ACTOR)
    assert refusal(error) == ["orgs.undo_order"]
    assert "更名为新名" in str(error.value.issues[0].message)
    services.act_undo(act=later, actor=ACTOR)
    services.act_undo(act=act, actor=ACTOR)
    with pytest.raises(XingtanError) as error:
        services.act_undo(act=act, actor=ACTOR)
    assert refusal(error) == ["orgs.undone"]


@pytest.mark.django_db
def test_undo_finds_homes_for_posts_and_for_organisations_opened_later(cast: Cast) -> None:
    from xingtan.apps.base.people.services import Appointment, post_appoint

    act = services.org_open(
        place=cast.place, code="XS-14", name="东溪三小", kind="central_primary", parent="XS-1", day=ON, actor=ACTOR
    ).acts.get()
    new = Organisation.objects.get(code="XS-14")
    opened = services.org_open(
        place=cast.place, code="XS-141", name="河口教学点", kind="teaching_point", parent="XS-14", day=ON, actor=ACTOR
    ).acts.get()
    post_appoint(person=cast.persons["teacher"], to=Appointment(new, "teacher", ON), actor=ACTOR)
    with pytest.raises(XingtanError) as error:
        services.act_undo(act=act, actor=ACTOR)
    assert refusal(error) == ["orgs.homeless"]
    assert len(error.value.issues) == 2  # the organisation below and the post
    services.act_undo(act=act, actor=ACTOR, rehome={"XS-14": "XS-12"})
    assert [org.code for org in selectors.ancestors(Organisation.objects.get(code="XS-141"))] == ["XS", "XS-1", "XS-12"]
    # He taught at XS-12 already: the second appointment there was never in force.
    assert [(p.org.code, p.valid_from, p.valid_to) for p in cast.persons["teacher"].posts.order_by("pk")] == [
        ("XS-12", DAY, FOREVER),
        ("XS-12", ON, ON),
    ]
    services.act_undo(act=opened, actor=ACTOR)
    assert not Organisation.objects.filter(code__in=["XS-14", "XS-141"]).exists()
    assert verify() == ()


@pytest.mark.django_db
def test_a_list_loaded_twice_changes_nothing_and_keeps_what_hands_changed() -> None:
    place = make_place()
    rows = [
        OrgRow("T", "东溪镇", "镇", "XS", DAY),
        OrgRow("S", "东溪中学", "初中", "T"),
        OrgRow("P", "东溪小学", "中心校", "T", DAY, date(2005, 9, 1)),
        OrgRow("P", "东溪中心小学", "中心小学", "T", date(2005, 9, 1)),
    ]
    first = services.orgs_load(place=place, rows=rows, actor=ACTOR)
    assert (first.opened, first.changed, first.same) == (3, 0, 0)
    school = Organisation.objects.get(code="S")
    assert school.spells.get().valid_from == DAY  # undated: since its parent
    events = Event.objects.count()
    again = services.orgs_load(place=place, rows=rows, actor=ACTOR)
    assert (again.opened, again.changed, again.same) == (0, 0, 3)
    assert Event.objects.count() == events
    services.org_rename(org=school, name="溪山一中", day=ON, actor=ACTOR)
    third = services.orgs_load(place=place, rows=rows, actor=ACTOR)
    assert [issue.code for issue in third.issues] == ["orgs.by_hand"]
    assert Organisation.objects.get(code="S").name == "溪山一中"
    services.orgs_load(place=place, rows=[*rows[:1], OrgRow("P", "镇小学", "中心小学", "T", DAY)], actor=ACTOR)
    assert Organisation.objects.get(code="P").name == "镇小学"


@pytest.mark.django_db
def test_a_faulty_list_is_refused_with_all_faults_and_leaves_nothing() -> None:
    place = make_place()
    rows = [
        OrgRow("坏 代码", "甲", "镇", "XS"),
        OrgRow("B", "", "镇", "XS"),
        OrgRow("C", "丙", "镇", "nowhere"),
        OrgRow("D", "丁", "镇", "XS", ON, DAY),
    ]
    with pytest.raises(XingtanError) as error:
        services.orgs_load(place=place, rows=rows, actor=ACTOR)
    assert refusal(error) == ["orgs.code", "orgs.no_parent", "orgs.span", "text.empty"]
    assert Organisation.objects.filter(place=place).count() == 1


@pytest.mark.django_db
def test_an_undated_root_has_been_there_for_ever() -> None:
    place = make_place()
    assert place.root is not None
    assert place.root.spells.get().valid_from == EVER
    with pytest.raises(XingtanError) as error:
        services.place_create(slug="xishan", title="又一个", code="坏 代码", kind="county", actor=ACTOR)
    assert refusal(error) == ["orgs.code", "orgs.place_exists"]


# -- packs


@pytest.mark.django_db
def test_activating_the_same_pack_again_changes_nothing(cast: Cast) -> None:
    events = Event.objects.count()
    release = services.pack_activate(place=cast.place, path=PACKS / "xishan", roots=[PACKS], actor=ACTOR)
    assert release.hash == pack().hash
    assert Event.objects.count() == events
    assert selectors.active_pack(cast.place).hash == pack().hash
    assert selectors.active_pack(cast.place) is selectors.active_pack(cast.place)


@pytest.mark.django_db
def test_a_broken_or_foreign_pack_is_refused(cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text("id: xishan\nversion: oops\n", encoding="utf-8")
    with pytest.raises(XingtanError) as error:
        services.pack_activate(place=cast.place, path=tmp_path, actor=ACTOR)
    assert len(error.value.issues) >= 2
    with pytest.raises(XingtanError) as error:
        services.pack_enforce(place=cast.place, pack=pack("shiqiao"), actor=ACTOR)
    assert refusal(error) == ["pack.other_place"]
    assert PackRelease.objects.get(places=cast.place).hash == pack().hash


def changed_pack() -> packs.Pack:
    """The cast's pack with a field gone (`item`), one retyped (`amount`) and a kind gone (`village_primary`)."""
    old = pack()
    funds = old.ledgers["funds"]
    field = funds.fields[1].model_copy(update={"type": "text", "min": None, "digits": None})
    ledger = funds.model_copy(update={"fields": (field,)})
    kinds = tuple(kind for kind in old.organisation.kinds if kind.id != "village_primary")
    organisation = old.organisation.model_copy(update={"kinds": kinds})
    update = {"version": "2010.1", "ledgers": {**old.ledgers, "funds": ledger}, "organisation": organisation}
    return restore(dump(old.model_copy(update=update)))


@pytest.mark.django_db
def test_fields_that_change_or_go_need_a_stated_conversion(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, str]] = []

    class Watcher:
        def check(self, place: Place, old: packs.Pack | None, new: packs.Pack) -> list[object]:
            return []

        def activated(self, place: Place, new: packs.Pack, changes: dict[packs.Change, str], actor: object) -> None:
            seen.append({change.key: way for change, way in changes.items()})

    monkeypatch.setattr(packs, "_watchers", [Watcher()])
    new = changed_pack()
    with pytest.raises(XingtanError) as error:
        services.pack_enforce(place=cast.place, pack=new, actor=ACTOR, conversions={"hazard.what": "drop"})
    assert refusal(error) == ["pack.conversion", "pack.conversion_needless", "pack.kind_missing"]
    close(cast.org("XS-121"))
    ways = {"funds.item": "drop", "funds.amount": "rename:nothing"}
    with pytest.raises(XingtanError) as error:
        services.pack_enforce(place=cast.place, pack=new, actor=ACTOR, conversions=ways)
    assert refusal(error) == ["pack.conversion_field"]
    services.pack_enforce(place=cast.place, pack=new, actor=ACTOR, conversions={"funds.item": "drop", "funds.amount": "text"})
    assert seen == [{"funds.item": "drop", "funds.amount": "text"}]
    assert selectors.active_pack(cast.place).version == "2010.1"
    assert Event.objects.filter(action="pack.activate", place="xishan").latest("sequence").pack == new.hash


# -- side tables


@pytest.mark.django_db
def test_the_warehouse_gets_the_tree_of_one_place_only(cast: Cast) -> None:
    from xingtan.warehouse import contracts

    merged(cast)
    orgs, closure, heirs = (table(cast.place) for table in (selectors.orgs_table, selectors.closure_table, selectors.succession_table))
    assert (orgs.schema, closure.schema, heirs.schema) == (contracts.ORGS, contracts.CLOSURE, contracts.SUCCESSION)
    assert "SQ" not in orgs.column("code").to_pylist()
    assert {row["ancestor"] for row in closure.to_pylist() if row["descendant"] == "XS-30"} == {"XS-30", "XS-1", "XS"}
    assert sorted(row["predecessor"] for row in heirs.to_pylist()) == ["XS-11", "XS-21"]


@pytest.mark.django_db
def test_the_stamp_of_the_tree_moves_with_acts_and_undos(cast: Cast) -> None:
    from xingtan.apps.base.orgs.sides import TreeSides

    stamps = [TreeSides().version("xishan", "orgs")]
    act = merged(cast)
    stamps.append(TreeSides().version("xishan", "orgs"))
    services.act_undo(act=act, actor=ACTOR)
    stamps.append(TreeSides().version("xishan", "orgs"))
    assert len(set(stamps)) == 3
    assert TreeSides().version("shiqiao", "orgs") != stamps[0]


@pytest.mark.django_db
def test_the_cast_put_back_is_the_cast_acted_out() -> None:
    """Rows kept from the first test of a run say what the services would write today."""
    from django.db import transaction
    from tests import cast as casting

    def told() -> list[list[dict[str, object]]]:
        moving = {"id", "hash", "previous", "head", "at", "created", "target_id", "session_stamp", "password", "undo"}
        rows = [sorted(model._base_manager.values(), key=lambda row: row.get("id", 0)) for model in casting._tables()]
        return [[{k: v for k, v in row.items() if k not in moving and not k.endswith("_id")} for row in table] for table in rows]

    with transaction.atomic():
        casting.make_cast()
        assert verify() == ()
        first = told()
        transaction.set_rollback(True)
    casting.make_cast()
    again = told()
    assert verify() == ()
    with transaction.atomic():
        casting.make_org(Place.objects.get(slug="xishan"), "XS-99", "新校", "junior_school", "XS-1")  # keys are free to go on
        transaction.set_rollback(True)
    assert first == again


@pytest.mark.django_db
def test_a_list_says_who_carries_on_after_a_school_that_ended() -> None:
    place = make_place()
    town, end = OrgRow("T", "东溪镇", "镇", "XS", DAY), date(2005, 9, 1)
    old = [OrgRow(code, f"{code}村小", "中心校", "T", DAY, end, heirs=(("N", Decimal(1)),)) for code in ("P", "Q")]
    new = OrgRow("N", "东溪中心小学", "中心小学", "T", end)
    services.orgs_load(place=place, rows=[town, *old, new], actor=ACTOR)
    assert sorted(Succession.objects.values_list("predecessor__code", "successor__code", "share", "day")) == [
        ("P", "N", Decimal(1), end),
        ("Q", "N", Decimal(1), end),
    ]
    again = services.orgs_load(place=place, rows=[town, *old, new], actor=ACTOR)
    assert (again.opened, again.changed, again.same) == (0, 0, 4)
    halves = OrgRow("P", "P村小", "中心校", "T", DAY, end, heirs=(("N", Decimal("0.5")), ("S", Decimal("0.5"))))
    later = services.orgs_load(place=place, rows=[halves, OrgRow("S", "东溪中学", "初中", "T", DAY)], actor=ACTOR)
    assert (later.opened, later.changed) == (1, 1)
    assert set(Succession.objects.filter(predecessor__code="P").values_list("successor__code", "share")) == {
        ("N", Decimal("0.5")), ("S", Decimal("0.5")),
    }  # fmt: skip
    services.act_undo(act=OrgAct.objects.latest("pk"), actor=ACTOR)
    assert not Succession.objects.filter(predecessor__code="P").exists()


@pytest.mark.django_db
def test_heirs_that_cannot_be_are_refused_all_at_once() -> None:
    place = make_place()
    rows = [
        OrgRow("T", "东溪镇", "镇", "XS", DAY),
        OrgRow("A", "甲小", "中心校", "T", DAY, heirs=(("T", Decimal(1)),)),
        OrgRow("B", "乙小", "中心校", "T", DAY, ON, heirs=(("nowhere", Decimal("0.7")), ("T", Decimal("0.7")))),
        OrgRow("C", "丙小", "中心校", "T", DAY, date(2004, 9, 1), heirs=(("D", Decimal(1)),)),
        OrgRow("D", "丁小", "中心校", "T", date(2006, 9, 1)),
    ]
    with pytest.raises(XingtanError) as error:
        services.orgs_load(place=place, rows=rows, actor=ACTOR)
    assert refusal(error) == ["orgs.heir_absent", "orgs.heir_open", "orgs.heir_share", "orgs.no_heir"]
    assert not Organisation.objects.filter(code="A").exists()
