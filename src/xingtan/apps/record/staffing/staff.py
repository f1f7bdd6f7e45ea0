"""Staff from a sheet: one row a person, with the employment, the highest degree, the certificate and the rank as they are now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.orgs.models import EVER, Organisation, Place
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.people.services import person_create
from xingtan.apps.base.pupils.identity import index_of
from xingtan.apps.base.staff import codes
from xingtan.apps.base.staff.models import Credential, Employment, TitleHolding
from xingtan.apps.base.staff.services import employment, standing
from xingtan.apps.base.staff.services.employment import Terms
from xingtan.apps.base.staff.services.standing import RANKS, Paper, Title
from xingtan.apps.record.imports.reading.headings import Target
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue
from xingtan.kernel.text import T

from .outcome import Outcome, tried
from .reading import Read, Row, day, placed

TARGETS = (
    Target("name", "姓名", ("教师姓名", "name")),
    Target("id_number", "身份证件号", ("身份证号", "身份证号码", "证件号码", "公民身份号码")),
    Target("sex", "性别", ("sex",)),
    Target("birth", "出生日期", ("出生年月", "出生年月日")),
    Target("org", "单位", ("学校", "学校名称", "单位名称", "单位代码", "所在单位")),
    Target("establishment", "编制", ("编制性质", "用工性质")),
    Target("category", "岗位类别", ("岗位", "人员类别")),
    Target("stage", "学段", ("任教学段",)),
    Target("subject", "主教学科", ("任教学科", "学科")),
    Target("channel", "补充渠道", ("来源", "进入方式")),
    Target("day", "自", ("聘用日期", "起始日期", "到岗日期", "参加工作时间")),
    Target("degree", "学历", ("最高学历",)),
    Target("certificate", "教师资格", ("教师资格种类", "资格种类")),
    Target("certified", "资格学科", ("教师资格学科",)),
    Target("rank", "职称", ("专业技术职务",)),
    Target("rank_day", "职称日期", ("职称取得日期", "评定日期")),
)
REQUIRED = ("name", "org", "establishment", "category", "day")
CODED = ("establishment", "category", "stage", "subject", "channel")
KEEPS = ("stage", "subject", "channel")  # a blank cell keeps what is there


@dataclass(slots=True)
class Loader:
    """Reads rows against a place. `orgs`: what the account may manage, by code and by name."""

    place: Place
    actor: Actor
    orgs: Mapping[str, Organisation]
    outcome: Outcome
    seen: dict[int, int] = field(default_factory=dict)  # person → row, so that nobody stands twice in a file

    def load(self, rows: Sequence[Row]) -> None:
        for row in rows:
            issues: list[Issue] = []
            days = {name: day(row, name, issues) for name in ("birth", "day", "rank_day")}
            org = self._org(row, issues)
            if not row["day"]:
                issues.append(row.fault("day", "staff.empty", T("“自”没有填写"), T("填受聘于这个单位的日期")))
            if issues or org is None or days["day"] is None:
                self.outcome.issues += issues
                continue
            try:
                self._one(row, org, days, days["day"])
            except XingtanError as refused:
                self.outcome.issues += placed(row, refused, {"ended": "day", "until": "day", "kind": "degree", "level": "degree"})

    def _org(self, row: Row, issues: list[Issue]) -> Organisation | None:
        found = self.orgs.get(row["org"])
        if found is None:
            message = T("没有您可管理的单位“%(text)s”", text=row["org"][:40])
            issues.append(row.fault("org", "staffing.org", message, T("写单位的全称或代码；别的学校的人由那所学校或教育局录入")))
        return found

    def _one(self, row: Row, org: Organisation, days: Mapping[str, date | None], begins: date) -> None:
        person, fresh = self._person(row, org, days["birth"])
        if person.pk in self.seen:
            message = T("与第 %(row)s 行是同一个人", row=self.seen[person.pk])
            raise XingtanError.one("staffing.twice", message, T("一人只留一行"), row.at("name"))
        self.seen[person.pk] = row.number
        done = [self._employ(row, person, org, begins), *self._papers(row, person), self._rank(row, person, days["rank_day"] or begins)]
        said = [words for words in done if words]
        kind = "added" if fresh else "changed" if said else "same"
        self.outcome.note(kind, person.name, T("%(org)s：%(what)s", org=org.name, what="、".join(said)))

    def _person(self, row: Row, org: Organisation, birth: date | None) -> tuple[Person, bool]:
        """Who is meant: by identity number, else by name and birth date, else by a name that only one of the organisation bears."""
        rows = Person.objects.filter(place=self.place)
        found: list[Person] = []
        if row["id_number"]:
            found = list(rows.filter(id_number_index=index_of(self.place, row["id_number"])))
        elif birth is not None:
            found = list(rows.filter(name=row["name"], birth=birth))
        else:
            found = list(rows.filter(name=row["name"], employments__org=org).distinct())
        if len(found) > 1:
            message = T("有 %(count)s 人同名，分不清是哪一个", count=len(found))
            raise XingtanError.one("staffing.namesakes", message, T("填上身份证件号或出生日期"), row.at("name"))
        if found:
            return found[0], False
        more: dict[str, Any] = {"id_kind": "居民身份证", "id_number": row["id_number"]} if row["id_number"] else {}
        made = person_create(place=self.place, name=row["name"], sex=row["sex"], birth=birth, actor=self.actor, **more)
        return made, True

    def _employ(self, row: Row, person: Person, org: Organisation, begins: date) -> str:
        words = {name: codes.read(self.place, name, row[name]) for name in CODED}
        held = Employment.objects.on(begins).filter(person=person).select_related("org").first()
        if held is None:
            employment.begin(person=person, terms=Terms(org, **words), day=begins, actor=self.actor)
            return gettext("受聘")
        words |= {name: getattr(held, name) for name in KEEPS if not words[name]}
        terms = Terms(org, **words, basis=held.basis)
        if terms == employment.terms_of(held):
            return ""
        employment.change(employment=held, version=held.version, terms=terms, day=begins, actor=self.actor)
        return gettext("变更聘用")

    def _papers(self, row: Row, person: Person) -> list[str]:
        done = []
        for kind, column, subject in (("degree", "degree", ""), ("certificate", "certificate", row["certified"])):
            level, field_ = codes.read(self.place, column, row[column]), codes.read(self.place, "certified", subject)
            if (
                not level
                or Credential.objects.filter(
                    person=person, kind=kind, level=level, subject=field_, withdrawn__gt=timezone.localdate()
                ).exists()
            ):
                continue
            standing.credential_add(person=person, paper=Paper(kind, level, field_), day=EVER, actor=self.actor)
            done.append(level)
        return done

    def _rank(self, row: Row, person: Person, since: date) -> str:
        rank = codes.read(self.place, "rank", row["rank"])
        if not rank or TitleHolding.objects.open().filter(person=person, series=RANKS, rank=rank).exists():
            return ""
        standing.title_award(person=person, title=Title(RANKS, rank=rank), day=since, actor=self.actor)
        return rank


def load(*, place: Place, read: Read, orgs: Mapping[str, Organisation], actor: Actor, keep: bool) -> Outcome:
    """Try the rows, or (keep, and nothing wrong) write them: all in one transaction, each change an event of its own in the log."""
    outcome = tried(lambda outcome: Loader(place, actor, orgs, outcome).load(read.rows), keep=keep)
    outcome.left_out = read.left_out
    return outcome
