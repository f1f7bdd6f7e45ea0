"""The cast: one small invented county, its neighbour, and the people in their posts. Used by every test that needs a county.

溪山县 XS (county) ── 县教育局 XS-B
                    ├─ 东溪镇 XS-1 ── 东溪中学 XS-11, 东溪中心小学 XS-12 ── 柳湾村小 XS-121
                    └─ 西岭镇 XS-2 ── 西岭九年一贯制学校 XS-21, 西岭完小 XS-22
石桥县 SQ (county) ── 石桥中学 SQ-1                                    (the outsider's)
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from xingtan import pack as packs
from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.orgs import services as orgs
from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.base.people import services as people
from xingtan.apps.base.people.models import Person

PACKS = Path(__file__).parent / "packs_data"
ACTOR = Actor.system("试验")
DAY = date(2001, 9, 1)

ORGS = (
    ("XS-B", "溪山县教育局", "county_bureau", "XS"),
    ("XS-1", "东溪镇", "town", "XS"),
    ("XS-2", "西岭镇", "town", "XS"),
    ("XS-11", "东溪中学", "junior_school", "XS-1"),
    ("XS-12", "东溪中心小学", "central_primary", "XS-1"),
    ("XS-121", "柳湾村小", "village_primary", "XS-12"),
    ("XS-21", "西岭九年一贯制学校", "nine_year_school", "XS-2"),
    ("XS-22", "西岭完小", "complete_primary", "XS-2"),
)
# login, name, post, organisation. Pages are visited by `client_of(login)`; nobody has a password.
STAFF = (
    ("administrator", "管成", "administrator", "XS"),
    ("director", "方正", "director", "XS"),
    ("statistician", "季述", "statistician", "XS"),
    ("clerk", "陆入", "clerk", "XS-1"),
    ("town_officer", "田乡", "town_officer", "XS-1"),
    ("principal", "严师", "principal", "XS-11"),
    ("principal_west", "西门校", "principal", "XS-21"),
    ("inspector", "巡查", "inspector", "XS"),
    ("teacher", "𠮷老师", "teacher", "XS-12"),
    ("registrar", "籍东", "registry_clerk", "XS-11"),
    ("registrar_west", "籍西", "registry_clerk", "XS-21"),
    ("homeroom", "班东", "homeroom_teacher", "XS-11"),
    ("homeroom_west", "班西", "homeroom_teacher", "XS-21"),
    ("aid_officer", "安助", "aid_officer", "XS"),
    ("auditor", "审明", "auditor", "XS"),
)


@dataclass
class Cast:
    """`orgs` by code, `persons` and `accounts` by login; `other` is the neighbour's place."""

    place: Place
    other: Place
    orgs: dict[str, Organisation] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    accounts: dict[str, Any] = field(default_factory=dict)

    def org(self, code: str) -> Organisation:
        return self.orgs[code]

    @property
    def county(self) -> Organisation:
        return self.orgs["XS"]

    @property
    def school(self) -> Organisation:
        return self.orgs["XS-11"]

    @property
    def town(self) -> Organisation:
        return self.orgs["XS-1"]

    def account(self, login: str) -> Any:
        return self.accounts[login]


@cache
def pack(name: str = "xishan", version: str = "") -> packs.Pack:
    """A pack of the cast, read once."""
    loaded = packs.load(PACKS / name / version if version else PACKS / name, roots=[PACKS])
    assert loaded.pack is not None, [str(issue) for issue in loaded.issues]
    return loaded.pack


def make_place(slug: str = "xishan", title: str = "溪山县", code: str = "XS", *, with_pack: bool = True) -> Place:
    """A place with its root (since ever) and, unless told otherwise, its pack in force."""
    place = orgs.place_create(slug=slug, title=title, code=code, kind="county", actor=ACTOR)
    if with_pack:
        orgs.pack_enforce(place=place, pack=pack(slug), actor=ACTOR)
    return Place.objects.select_related("root", "pack_release").get(pk=place.pk)


def make_org(place: Place, code: str, name: str, kind: str, parent: str, day: date = DAY) -> Organisation:
    return orgs.org_open(place=place, code=code, name=name, kind=kind, parent=parent, day=day, actor=ACTOR)


def make_person(org: Organisation, name: str, post: str, day: date = DAY) -> Person:
    """A person holding a post at an organisation."""
    return people.person_create(place=org.place, name=name, first=people.Appointment(org, post, day), actor=ACTOR)


def make_account(login: str, name: str, org: Organisation, post: str) -> Any:
    """An account with the rights of a post at an organisation. The password is not set: pages are visited by `client_of`."""
    from xingtan.apps.base.access.models import Account, Grant

    account = Account(login=login, display_name=name, place=org.place)
    account.set_unusable_password()
    account.save()
    Grant.objects.create(account=account, org=org, post=post, valid_from=DAY, reason="试验")
    return account


_kept: list[bytes] = []


def make_cast() -> Cast:
    """Everything above, in the database. Acted out by the services once a run; afterwards the very same rows are put back."""
    if _kept:
        tables, cast = pickle.loads(_kept[0])
        with transaction.atomic():  # places and their roots name one another: keys are compared at the end
            for model, rows in zip(_tables(), tables, strict=True):
                model._base_manager.bulk_create(rows)
        return cast
    models = _tables()
    empty = not any(model._base_manager.exists() for model in models)
    cast = _act_out()
    if empty:
        _kept.append(pickle.dumps(([list(model._base_manager.all()) for model in models], cast)))
    return cast


def _tables() -> list[Any]:
    """Every table that acting out the cast fills, in an order in which rows can be put back."""
    from xingtan.apps.base.access.models import Account, Grant
    from xingtan.apps.base.audit.models import Chain, Event
    from xingtan.apps.base.orgs.models import OrgAct, OrgEdge, OrgSpell, PackRelease
    from xingtan.apps.base.people.models import Post

    return [PackRelease, Place, Organisation, OrgSpell, OrgEdge, OrgAct, OrgAct.touched.through, Person, Post, Account, Grant, Chain, Event]


def _act_out() -> Cast:
    place = make_place()
    other = make_place("shiqiao", "石桥县", "SQ")
    rows = [orgs.OrgRow(code, name, kind, parent, DAY) for code, name, kind, parent in ORGS]
    orgs.orgs_load(place=place, rows=rows, actor=ACTOR)
    make_org(other, "SQ-1", "石桥中学", "junior_school", "SQ")
    cast = Cast(place, other, {org.code: org for org in Organisation.objects.select_related("place")})
    for login, name, post, code in STAFF:
        cast.persons[login] = make_person(cast.orgs[code], name, post)
        cast.accounts[login] = make_account(login, name, cast.orgs[code], post)
    cast.persons["outsider"] = make_person(cast.orgs["SQ"], "石邻", "administrator")
    cast.accounts["outsider"] = make_account("outsider", "石邻", cast.orgs["SQ"], "administrator")
    return cast
