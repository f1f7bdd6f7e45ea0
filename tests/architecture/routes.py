"""Every address of the system and what it answers to whom. An address that is not listed here fails a test: add one line.

The letters stand for the roles in the order of ROLES:
  o 200 shown   r 302 led elsewhere (an anonymous reader: to sign in)   x 403 refused   n 404 as if it were not there
  b 400 or 422 understood, but something is missing   m 405 not by this method
  g 410 used up or run out
Roles are members of the cast (tests/cast.py); the outsider is the administrator of the neighbouring county: whatever belongs to
the cast's county must be `n` or `x` for him. Arguments are constants, or functions of the cast that make what the address shows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from xingtan.kernel.text import T

ROLES = (
    "anonymous", "outsider", "administrator", "director", "statistician", "clerk", "town_officer", "principal", "inspector", "teacher",
    "registrar", "homeroom", "aid_officer", "auditor",
)  # fmt: skip
LETTERS = {"o": {200}, "r": {302}, "x": {403}, "n": {404}, "b": {400, 422}, "m": {405}, "g": {410}}


@dataclass(frozen=True)
class Route:
    answers: str
    method: str = "GET"
    arguments: dict[str, Any] = field(default_factory=dict)
    query: str = ""


def row(answers: str, method: str = "GET", query: str = "", **arguments: Any) -> Route:
    return Route(answers.replace(" ", ""), method, arguments, query)


def account(login: str) -> Callable[[Any], int]:
    return lambda cast: int(cast.accounts[login].pk)


def grant(login: str) -> Callable[[Any], int]:
    from xingtan.apps.base.access.models import Grant

    return lambda cast: int(Grant.objects.get(account=cast.accounts[login]).pk)


def person(login: str) -> Callable[[Any], int]:
    return lambda cast: int(cast.persons[login].pk)


def post(login: str) -> Callable[[Any], int]:
    return lambda cast: int(cast.persons[login].posts.get().pk)


def school_class(code: str) -> Callable[[Any], int]:
    """A class of junior school at the organisation of that code."""

    def opened(cast: Any) -> int:
        from datetime import date

        from xingtan.apps.base.pupils.services.classes import class_open

        actor = cast.accounts["statistician"].actor
        return int(class_open(school=cast.orgs[code], stage="初中", entry_year=2020, number=9, day=date(2020, 9, 1), actor=actor).pk)

    return kept(f"class {code}", opened)


def employment(code: str) -> Callable[[Any], int]:
    """Somebody employed at an organisation."""

    def employed(cast: Any) -> int:
        from datetime import date

        from xingtan.apps.base.staff.services.employment import Terms, begin

        terms = Terms(cast.orgs[code], "在编", "专任教师")
        actor = cast.accounts["statistician"].actor
        return int(begin(person=cast.persons["principal_west"], terms=terms, day=date(2009, 9, 1), actor=actor).pk)

    return kept(f"employment {code}", employed)


def act(code: str) -> Callable[[Any], int]:
    """An act that touched only the organisation of that code."""

    def renamed(cast: Any) -> int:
        from datetime import date

        from xingtan.apps.base.orgs.services import org_rename

        org = cast.orgs[code]
        return int(org_rename(org=org, name="新名", day=date(2009, 9, 1), actor=cast.accounts["statistician"].actor).pk)

    return renamed


def notice(login: str) -> Callable[[Any], int]:
    from xingtan.apps.base.notices.services import notify

    return lambda cast: int(notify(account=cast.accounts[login], text=T("试验"), url="/me/").pk)


def kept_view(login: str) -> Callable[[Any], int]:
    from xingtan.apps.desks.compare.services import view_save

    def made(cast: Any) -> int:
        account = cast.accounts[login]
        return int(view_save(owner=account, org=cast.county, name="试验", query="i=pupils", shared=False, actor=account.actor).pk)

    return made


def job(login: str) -> Callable[[Any], int]:
    from xingtan.apps.base.jobs.services import enqueue

    return lambda cast: int(enqueue(kind="jobs.tidy", payload={}, actor=cast.accounts[login].actor, place=cast.place).pk)


def kept(key: str, make: Callable[[Any], int]) -> Callable[[Any], int]:
    """Make it once a cast: a walk over all pages asks for the same row several times."""

    def get(cast: Any) -> int:
        made = vars(cast).setdefault("_made", {})
        if key not in made:
            made[key] = make(cast)
        return int(made[key])

    return get


def purpose(login: str, code: str) -> Callable[[Any], int]:
    """A purpose for which that member of the cast asked at an organisation."""

    def made(cast: Any) -> int:
        from xingtan.apps.base.access.purposes import purpose_ask

        return int(purpose_ask(account=cast.accounts[login], purpose="registry_check", org=cast.orgs[code], reason="核对").pk)

    return kept(f"purpose of {login}", made)


def reachable(code: str) -> Callable[[Any], int]:
    """A teacher with a telephone number at the organisation of that code."""

    def made(cast: Any) -> int:
        from tests.cast import ACTOR

        from xingtan.apps.base.people.services import Appointment, person_create

        return int(
            person_create(place=cast.place, name="电师", actor=ACTOR, phone="13804350001", first=Appointment(cast.orgs[code], "teacher")).pk
        )

    return kept(f"reachable of {code}", made)


def ledger_row(code: str) -> Callable[[Any], int]:
    """A row of 在校生 at the organisation of that code."""

    def made(cast: Any) -> int:
        from datetime import date

        from xingtan.apps.record.ledgers.services import record_create

        texts = {"org": code, "period": "2008-2009", "stage": "初中", "pupils": "300", "dropouts": "2"}
        actor = cast.accounts["statistician"].actor
        return int(record_create(actor=actor, place=cast.place, ledger="enrolment", texts=texts, today=date(2009, 9, 1)).pk)

    return kept(f"row of {code}", made)


def report(code: str) -> Callable[[Any], int]:
    """A draft report of the organisation of that code."""

    def made(cast: Any) -> int:
        from xingtan.apps.face.reports.services import report_draft

        actor = cast.accounts["statistician"].actor
        return int(report_draft(place=cast.place, org=cast.orgs[code], template="annual", period="2008-2009", actor=actor).pk)

    return made


def aid_run(what: str) -> Callable[[Any], Any]:
    """A run of the county: `proposed`, `decided`; an `objection` to it, an `award` of it, or the `token` of its running notice."""

    def made(cast: Any) -> Any:
        from django.utils import timezone
        from tests.apps.aid import world

        from xingtan.apps.desks.aid import services

        period = {"proposed": "2001", "decided": "2003", "objection": "2005", "award": "2007", "token": "2009"}[what]
        world.apply(cast, "A1", "王小明", period=period)
        if what == "proposed":
            return world.proposed(cast, period).pk
        run, actor, today = world.decided(cast, period), world.actor(cast, "aid_officer"), timezone.localdate()
        if what == "objection":
            return services.objection_add(run=run, actor=actor, text="有异议", received=today).pk
        if what == "token":
            return services.notice_publish(run=run, actor=actor, first=today, days=5).token
        return run.awards.get().pk if what == "award" else run.pk

    def get(cast: Any) -> Any:
        made_already = vars(cast).setdefault("_made", {})
        if what not in made_already:
            made_already[what] = made(cast)
        return made_already[what]

    return get


def import_of(code: str) -> Callable[[Any], int]:
    """A file uploaded and checked for the organisation of that code."""

    def made(cast: Any) -> int:
        from datetime import date

        from xingtan.apps.record.imports.services import import_read, import_upload

        data = f"单位,期间,学段,在校生数\n{code},2008-2009,初中,300\n".encode()
        actor = cast.accounts["statistician"].actor
        source = import_upload(actor=actor, place=cast.place, ledger="enrolment", org=cast.orgs[code], period="", name="a.csv", data=data)
        import_read(source=source, today=date(2009, 9, 1))
        return int(source.pk)

    return kept(f"import of {code}", made)


def pupil(code: str) -> Callable[[Any], int]:
    """A pupil on the roll of the junior school of that code."""

    def made(cast: Any) -> int:
        from tests.apps.pupils.helpers import admit

        return int(admit(cast.orgs[code]).pk)

    return kept(f"pupil of {code}", made)


def twin(code: str) -> Callable[[Any], int]:
    """Another one."""

    def made(cast: Any) -> int:
        from tests.apps.pupils.helpers import admit

        return int(admit(cast.orgs[code]).pk)

    return kept(f"another pupil of {code}", made)


def pupil_act(code: str, papers: bool = False) -> Callable[[Any], int]:
    """The act that put a pupil on the roll."""

    def made(cast: Any) -> int:
        from django.core.files.base import ContentFile
        from tests.apps.pupils.helpers import admit

        act = admit(cast.orgs[code]).movements.get().act
        if papers:
            act.attachment.save("paper.txt", ContentFile(b"paper"))
        return int(act.pk)

    return kept(f"act at {code} {papers}", made)


def transfer(source: str, target: str, papers: bool = False) -> Callable[[Any], int]:
    """A transfer that waits for an answer."""

    def made(cast: Any) -> int:
        from django.core.files.base import ContentFile
        from tests.apps.pupils.helpers import admit, propose

        row = propose(admit(cast.orgs[source]), cast.orgs[target])
        if papers:
            row.attachment.save("paper.txt", ContentFile(b"paper"))
        return int(row.pk)

    return kept(f"transfer {source} {target} {papers}", made)


def pupil_flag(code: str) -> Callable[[Any], int]:
    """A flag of a pupil of the school of that code."""

    def made(cast: Any) -> int:
        from tests.apps.pupils.helpers import START, admit
        from tests.cast import ACTOR

        from xingtan.apps.base.pupils.services import flag_set

        return int(flag_set(pupil=admit(cast.orgs[code]), kind="留守", day=START, actor=ACTOR).pk)

    return kept(f"flag at {code}", made)


def merged(code: str) -> Callable[[Any], int]:
    """A merger of two records at the school of that code."""

    def made(cast: Any) -> int:
        from tests.apps.pupils.helpers import admit
        from tests.cast import ACTOR

        from xingtan.apps.base.pupils.services.merging import pupils_merge

        return int(pupils_merge(kept=admit(cast.orgs[code]), gone=admit(cast.orgs[code]), reason="同一人", actor=ACTOR).pk)

    return kept(f"merger at {code}", made)


def child_listed(code: str) -> Callable[[Any], int]:
    """A child on the list of the organisation of that code."""

    def made(cast: Any) -> int:
        from tests.apps.pupils.helpers import listed

        return int(listed(cast.orgs[code]).pk)

    return kept(f"child at {code}", made)


def sweep_at(code: str, line: bool = False) -> Callable[[Any], int]:
    """A sweep at the organisation of that code with one child to look for, or that child's case."""

    def made(cast: Any) -> int:
        from tests.apps.pupils.helpers import swept

        row = swept(cast.orgs[code])
        return int(row.lines.order_by("pk")[0].pk if line else row.pk)

    return kept(f"sweep at {code} {line}", made)


# Rights in the cast's county: administrator (all), director (sees), statistician, clerk and town officer (东溪镇), principal (东溪中学),
# inspector (sees the county), teacher (knows the units only), registrar and homeroom teacher (东溪中学), aid officer and auditor (the county).
XS = {"place": "xishan"}
ROUTES: dict[str, Route] = {
    #                                    anon out adm dir sta clk twn pri ins tea reg hom aid aud
    "set_language": row("                r    r   r   r   r   r   r   r   r   r   r   r   r   r", "POST"),
    "ui:favicon": row("                  r    r   r   r   r   r   r   r   r   r   r   r   r   r"),
    "ui:pick": row("                     r    n   o   o   o   o   o   o   o   o   o   o   o   o", what="org", **XS),
    # -- signing in and one's own account
    "access:sign_in": row("              o    r   r   r   r   r   r   r   r   r   r   r   r   r"),
    "access:demo": row("                 n    n   n   n   n   n   n   n   n   n   n   n   n   n", "POST"),
    "access:sign_in_code": row("         r   r   r   r   r   r   r   r   r   r   r   r   r   r"),
    "access:second": row("               r   o   o   o   o   o   o   o   o   o   o   o   o   o"),
    "access:second_off": row("           r   r   r   r   r   r   r   r   r   r   r   r   r   r", "POST"),
    "access:session_end": row("          r   n   n   n   n   n   n   n   n   n   n   n   n   n", "POST", pk=999999),
    "access:sign_out": row("             r    r   r   r   r   r   r   r   r   r   r   r   r   r", "POST"),
    "access:link": row("                 g    g   g   g   g   g   g   g   g   g   g   g   g   g", token="no-such-link"),
    "access:me": row("                   r    o   o   o   o   o   o   o   o   o   o   o   o   o"),
    "access:password": row("             r    o   o   o   o   o   o   o   o   o   o   o   o   o"),
    "access:language": row("             r    r   r   r   r   r   r   r   r   r   r   r   r   r", "POST"),
    "access:sessions": row("             r    r   r   r   r   r   r   r   r   r   r   r   r   r", "POST"),
    "notices:notices": row("             r    o   o   o   o   o   o   o   o   o   o   o   o   o"),
    "notices:read_all": row("            r    r   r   r   r   r   r   r   r   r   r   r   r   r", "POST"),
    "notices:follow": row("              r    n   n   r   n   n   n   n   n   n   n   n   n   n", pk=notice("director")),
    # -- accounts and rights
    "access:accounts": row("             r    o   o   x   x   x   x   x   x   x   x   x   x   o"),
    "access:account_new": row("          r    o   o   x   x   x   x   x   x   x   x   x   x   x"),
    "access:account": row("              r    n   o   n   n   n   n   n   n   n   n   n   n   o", pk=account("teacher")),
    "access:account_edit": row("         r    n   o   n   n   n   n   n   n   n   n   n   n   x", pk=account("teacher")),
    "access:account_link": row("         r    n   o   n   n   n   n   n   n   n   n   n   n   x", "POST", pk=account("teacher")),
    "access:account_sessions": row("     r    n   r   n   n   n   n   n   n   n   n   n   n   x", "POST", pk=account("teacher")),
    "access:account_act": row("          r    n   o   n   n   n   n   n   n   n   n   n   n   x", pk=account("teacher"), verb="deactivate"),
    "access:grant_new": row("            r    n   o   n   n   n   n   n   n   n   n   n   n   x", pk=account("teacher"), **XS),
    "access:grant_end": row("            r    n   o   n   n   n   n   n   n   n   n   n   n   x", pk=grant("teacher")),
    "access:explain": row("              r    n   o   n   n   n   n   n   n   o   n   n   n   o", pk=account("teacher"), **XS),
    # -- sensitive fields: for which purpose, and one of them unmasked
    "access:purposes": row("             r   n   o   o   o   o   o   o   o   o   o   o   o   o", **XS),
    "access:purpose_ask": row("          r   n   o   o   o   o   o   o   o   o   o   o   o   o", **XS),
    "access:purpose": row("              r   n   o   o   n   n   n   o   n   n   o   n   n   o", pk=purpose("registrar", "XS-11"), **XS),
    "access:purpose_end": row(
        "          r   n   r   r   n   n   n   r   n   n   r   n   n   r", "POST", pk=purpose("registrar", "XS-11"), **XS
    ),
    "access:why": row(
        "                  r   n   o   o   o   o   o   o   o   o   o   o   o   o", kind="people.person", pk=reachable("XS-11"), **XS
    ),
    "access:reveal": row(
        "               r   n   o   o   o   n   o   o   o   n   o   n   o   o",
        kind="people.person",
        pk=reachable("XS-11"),
        field="phone",
        **XS,
    ),
    # -- organisations and persons
    "orgs:tree": row("                   r    n   o   o   o   o   o   o   o   o   o   o   o   o", **XS),
    "orgs:profile": row("                r    n   o   o   o   n   n   n   o   n   n   n   o   o", code="XS-22", **XS),
    "orgs:acts": row("                   r    n   o   o   o   o   o   o   o   o   o   o   o   o", **XS),
    "orgs:act_detail": row("             r    n   o   o   o   n   n   n   o   n   n   n   o   o", pk=act("XS-22"), **XS),
    "orgs:act": row("                    r    n   o   x   o   x   x   x   x   x   x   x   x   x", kind="open", **XS),
    "people:people": row("               r    n   o   o   o   x   o   o   o   x   o   x   o   o", **XS),
    "people:person_new": row("           r    n   o   x   o   x   x   o   x   x   x   x   x   x", **XS),
    "people:person": row("               r    n   o   o   o   n   n   n   o   n   n   n   o   o", pk=person("principal_west"), **XS),
    "people:person_edit": row("          r    n   o   n   o   n   n   n   n   n   n   n   n   n", pk=person("principal_west"), **XS),
    "people:post_new": row("             r    n   o   n   o   n   n   n   n   n   n   n   n   n", pk=person("principal_west"), **XS),
    "people:post_end": row("             r    n   o   n   o   n   n   n   n   n   n   n   n   n", pk=post("principal_west"), **XS),
    # -- staff
    # -- pupils
    "pupils:pupils": row("                    r   n   x   o   o   x   o   o   o   x   o   o   o   x", **XS),
    "pupils:pupil_new": row("                 r   n   x   x   o   x   x   o   x   x   o   x   x   x", **XS),
    "pupils:acts": row("                      r   n   x   o   o   x   o   o   o   x   o   o   o   x", **XS),
    "pupils:act": row("                       r   n   n   o   o   n   o   o   o   n   o   o   o   n", pk=pupil_act("XS-11"), **XS),
    "pupils:act_file": row(
        "                  r   n   n   n   o   n   n   o   n   n   o   n   n   n", pk=pupil_act("XS-11", papers=True), **XS
    ),
    "pupils:batches": row("                   r   n   x   x   o   x   x   o   x   x   o   x   x   x", **XS),
    "pupils:batch": row("                     r   n   x   x   o   x   x   o   x   x   o   x   x   x", kind="rollover", **XS),
    "pupils:duplicates": row("                r   n   x   x   o   x   x   o   x   x   o   x   x   x", **XS),
    "pupils:merge": row(
        "                     r   n   n   n   o   n   n   o   n   n   o   n   n   n", first=pupil("XS-11"), second=twin("XS-11"), **XS
    ),
    "pupils:unmerge": row("                   r   n   n   n   o   n   n   o   n   n   o   n   n   n", pk=merged("XS-11"), **XS),
    "pupils:transfers": row("                 r   n   x   x   o   x   x   o   x   x   o   x   x   x", **XS),
    "pupils:transfer_ask": row("              r   n   x   x   o   x   x   o   x   x   o   x   x   x", **XS),
    "pupils:transfer": row("                  r   n   n   n   o   n   n   o   n   n   o   n   n   n", pk=transfer("XS-11", "XS-21"), **XS),
    "pupils:transfer_file": row(
        "             r   n   n   n   o   n   n   o   n   n   o   n   n   n", pk=transfer("XS-11", "XS-21", papers=True), **XS
    ),
    "pupils:pupil": row("                     r   n   n   o   o   n   o   o   o   n   o   o   o   n", pk=pupil("XS-11"), **XS),
    "pupils:pupil_edit": row("                r   n   n   n   o   n   n   o   n   n   o   n   n   n", pk=pupil("XS-11"), **XS),
    "pupils:guardians": row("                 r   n   n   n   o   n   n   o   n   n   o   n   n   n", pk=pupil("XS-11"), **XS),
    "pupils:transfer_new": row("              r   n   n   n   o   n   n   o   n   n   o   n   n   n", pk=pupil("XS-11"), **XS),
    "pupils:flag_new": row("                  r   n   n   n   o   n   n   o   n   n   o   n   n   n", pk=pupil("XS-11"), **XS),
    "pupils:move": row(
        "                      r   n   n   n   o   n   n   o   n   n   o   n   n   n", pk=pupil("XS-11"), verb="suspend", **XS
    ),
    "pupils:flag_end": row("                  r   n   n   n   o   n   n   o   n   n   o   n   n   n", pk=pupil_flag("XS-11"), **XS),
    "pupils:classes": row("                   r   n   x   o   o   x   o   o   o   x   o   o   o   x", **XS),
    "pupils:class_new": row("                 r   n   x   x   o   x   x   o   x   x   o   x   x   x", **XS),
    "pupils:class": row("                     r   n   n   o   o   n   o   o   o   n   o   o   o   n", pk=school_class("XS-11"), **XS),
    "pupils:class_edit": row("                r   n   n   n   o   n   n   o   n   n   o   n   n   n", pk=school_class("XS-11"), **XS),
    "pupils:class_close": row("               r   n   n   n   o   n   n   o   n   n   o   n   n   n", pk=school_class("XS-11"), **XS),
    "pupils:children": row("                  r   n   x   o   o   x   o   o   o   x   o   o   o   x", **XS),
    "pupils:child_new": row("                 r   n   x   x   o   x   x   o   x   x   o   x   x   x", **XS),
    "pupils:child_sheet": row("               r   n   x   x   o   x   x   o   x   x   o   x   x   x", **XS),
    "pupils:missing": row("                   r   n   x   o   o   x   o   o   o   x   o   o   o   x", **XS),
    "pupils:match": row("                     r   n   x   x   r   x   x   x   x   x   x   x   x   x", "POST", **XS),
    "pupils:child": row("                     r   n   n   o   o   n   o   n   o   n   n   n   o   n", pk=child_listed("XS-1"), **XS),
    "pupils:child_off": row("                 r   n   n   n   o   n   n   n   n   n   n   n   n   n", pk=child_listed("XS-1"), **XS),
    "pupils:sweeps": row("                    r   n   x   o   o   x   o   o   o   x   o   o   o   x", **XS),
    "pupils:sweep_new": row("                 r   n   x   x   o   x   x   o   x   x   o   x   x   x", **XS),
    "pupils:sweep": row("                     r   n   x   o   o   x   o   x   o   x   x   x   o   x", pk=sweep_at("XS-1"), **XS),
    "pupils:line": row("                      r   n   n   n   o   n   n   n   n   n   n   n   n   n", pk=sweep_at("XS-1", line=True), **XS),
    "staff:staff": row("                 r    n   x   o   o   x   o   o   o   x   x   x   x   o", **XS),
    "staff:establishment": row("         r    n   x   o   o   x   o   o   o   x   x   x   x   o", **XS),
    "staff:titles": row("                r    n   x   o   o   x   o   o   o   x   x   x   x   o", **XS),
    "staff:secondments": row("           r    n   x   o   o   x   o   o   o   x   x   x   x   o", **XS),
    "staff:hire": row("                  r    n   x   x   o   x   x   o   x   x   x   x   x   x", **XS),
    "staff:file": row("                  r    n   n   o   o   n   n   n   o   n   n   n   n   o", pk=person("principal_west"), **XS),
    "staff:file_out": row(
        "              r    n   n   o   o   n   n   n   o   n   n   n   n   o", pk=person("principal_west"), kind="xlsx", **XS
    ),
    "staff:add": row(
        "                   r    n   n   n   o   n   n   n   n   n   n   n   n   n", pk=person("principal_west"), verb="title", **XS
    ),
    "staff:do": row(
        "                    r    n   n   n   o   n   n   n   n   n   n   n   n   n",
        thing="employment",
        verb="end",
        pk=employment("XS-21"),
        **XS,
    ),
    "staff:teaching": row("              r    n   x   o   o   x   o   o   o   x   x   x   x   o", **XS),
    "staff:loads": row("                 r    n   x   o   o   x   o   o   o   x   x   x   x   o", **XS),
    "staff:timetable": row("             r    n   n   o   o   n   n   n   o   n   n   n   n   o", pk=school_class("XS-21"), **XS),
    "staffing:upload": row("             r    n   x   x   o   x   x   o   x   x   x   x   x   x", kind="staff", **XS),
    "staffing:confirm": row("            r    n   x   x   r   x   x   r   x   x   x   x   x   x", "POST", kind="staff", **XS),
    "staffing:template": row("           r    n   x   x   o   x   x   o   x   x   x   x   x   x", kind="staff", **XS),
    "staff:own": row("                   r    o   o   o   o   o   o   o   o   o   o   o   o   o"),
    # -- the record of what was done
    "audit:log": row("                   r    n   o   o   x   x   x   x   x   x   x   x   x   o", **XS),
    "audit:event": row("                 r    n   o   o   x   x   x   x   x   x   x   x   x   o", sequence=1, **XS),
    "audit:reveals": row("               r   n   o   o   x   x   x   x   x   x   x   x   x   o", **XS),
    "audit:history": row(
        "               r   n   o   o   x   x   x   x   x   x   x   x   x   o", kind="people.person", key=person("teacher"), **XS
    ),
    "audit:check": row("                 r    n   o   o   x   x   x   x   x   x   x   x   x   o", "POST", **XS),
    "audit:installation": row("          r    x   x   x   x   x   x   x   x   x   x   x   x   x"),
    "audit:installation_event": row("    r    x   x   x   x   x   x   x   x   x   x   x   x   x", sequence=1),
    "audit:installation_check": row("    r    x   x   x   x   x   x   x   x   x   x   x   x   x", "POST"),
    # -- work in the background: one's own, and for managers all of their place
    "jobs:jobs": row("                   r    o   o   o   o   o   o   o   o   o   o   o   o   o"),
    "jobs:job": row("                    r    n   o   o   o   n   n   n   n   n   n   n   n   n", pk=job("director")),
    "jobs:progress": row("               r    n   o   o   o   n   n   n   n   n   n   n   n   n", pk=job("director")),
    "jobs:stop": row("                   r    n   r   r   r   n   n   n   n   n   n   n   n   n", "POST", pk=job("director")),
    "jobs:retry": row("                  r    n   r   r   r   n   n   n   n   n   n   n   n   n", "POST", pk=job("director")),
    # -- ledgers, and what comes in from files
    "ledgers:index": row("       r    n   o   o   o   o   o   o   o   x   o   o   o   o", **XS),
    "ledgers:list": row("        r    n   o   o   o   o   o   o   o   x   o   o   o   o", ledger="enrolment", **XS),
    "ledgers:template": row("    r    n   o   o   o   o   o   o   o   x   o   o   o   o", ledger="enrolment", **XS),
    "ledgers:nil": row("         r    n   b   x   b   b   b   b   x   x   b   x   x   x", "POST", ledger="enrolment", **XS),
    "ledgers:withdraw_many": row("r    n   r   r   r   r   r   r   r   x   r   r   r   r", "POST", ledger="enrolment", **XS),
    "ledgers:draft": row("       r    n   o   x   o   o   o   o   x   x   o   x   x   x", "POST", ledger="enrolment", **XS),
    "ledgers:new": row("         r    n   o   x   o   o   o   o   x   x   o   x   x   x", ledger="enrolment", **XS),
    "ledgers:record": row("      r    n   o   o   o   o   o   o   o   x   o   o   o   o", ledger="enrolment", pk=ledger_row("XS-11"), **XS),
    "ledgers:edit": row("        r    n   o   x   o   o   o   o   x   x   o   x   x   x", ledger="enrolment", pk=ledger_row("XS-11"), **XS),
    "ledgers:doubt": row(
        "       r    n   b   x   b   b   b   b   x   x   b   x   x   x", "POST", ledger="enrolment", pk=ledger_row("XS-11"), **XS
    ),
    "ledgers:withdraw": row(
        "    r    n   b   x   b   b   b   b   x   x   b   x   x   x", "POST", ledger="enrolment", pk=ledger_row("XS-11"), **XS
    ),
    "imports:list": row("        r    n   o   x   o   o   o   o   x   x   o   x   x   x", **XS),
    "imports:new": row("         r    n   o   x   o   o   o   o   x   x   o   x   x   x", ledger="enrolment", **XS),
    "imports:roster": row("              r    n   x   x   o   x   x   o   x   x   o   x   x   x", **XS),
    "imports:roster_template": row("     r    n   x   x   o   x   x   o   x   x   o   x   x   x", **XS),
    "imports:import": row("      r    n   o   n   o   o   o   o   n   n   o   n   n   n", pk=import_of("XS-11"), **XS),
    "imports:columns": row("     r    n   r   n   r   r   r   r   n   n   r   n   n   n", "POST", pk=import_of("XS-11"), **XS),
    "imports:confirm": row("     r    n   r   n   b   b   b   b   n   n   b   n   n   n", "POST", pk=import_of("XS-11"), **XS),
    "imports:undo": row("        r    n   b   n   b   b   b   b   n   n   b   n   n   n", "POST", pk=import_of("XS-11"), **XS),
    "imports:discard": row("     r    n   r   n   b   b   b   b   n   n   b   n   n   n", "POST", pk=import_of("XS-11"), **XS),
    "imports:marked": row("      r    n   o   n   o   o   o   o   n   n   o   n   n   n", pk=import_of("XS-11"), **XS),
    # -- how children pass through school
    "cohorts:index": row("       r    n   o   o   o   o   o   o   o   x   o   x   o   o", **XS),
    "cohorts:published": row("   r    n   o   o   o   o   o   o   o   x   o   x   o   o", **XS),
    # -- figures and snapshots
    "figures:index": row("       r    n   o   o   o   o   o   o   o   x   o   x   o   o", **XS),
    "figures:figure": row("      r    n   o   o   o   o   o   o   o   x   o   x   o   o", indicator="pupils", **XS),
    "figures:rows": row("        r    n   o   o   o   o   o   o   o   x   o   x   o   o", indicator="pupils", **XS),
    "figures:snapshots": row("   r    n   o   o   o   x   x   x   o   x   x   x   o   o", **XS),
    "figures:snapshot_new": row("r    n   o   o   o   x   x   x   x   x   x   x   x   x", **XS),
    "figures:snapshot_refresh": row("r n  r   r   r   x   x   x   r   x   x   x   r   r", "POST", **XS),
    "figures:snapshot_verify": row("r  n  b   b   b   x   x   x   x   x   x   x   x   x", "POST", name="none", **XS),
    # -- aid
    #                              an  ou  ad  di  st  cl  to  pr  in  te  re  ho  ai  au
    "aid:index": row("              r    n   x   o   o   x   o   o   o   x   x   x   o   o", **XS),
    "aid:coverage": row("           r    n   x   o   o   x   o   o   o   x   x   x   o   o", **XS),
    "aid:scheme": row("             r    n   x   o   o   x   o   o   o   x   x   x   o   o", scheme="boarder_subsidy", **XS),
    "aid:propose": row("            r    n   x   x   x   x   x   b   x   x   x   x   b   x", "POST", scheme="boarder_subsidy", **XS),
    "aid:draw": row("               r    n   x   x   x   x   x   b   x   x   x   x   b   x", "POST", scheme="boarder_subsidy", **XS),
    "aid:run": row("                r    n   n   o   o   n   n   n   o   n   n   n   o   o", pk=aid_run("proposed"), **XS),
    "aid:approve": row("            r    n   n   o   x   n   n   n   x   n   n   n   x   x", pk=aid_run("proposed"), **XS),
    "aid:refuse": row("             r    n   n   o   x   n   n   n   x   n   n   n   x   x", pk=aid_run("proposed"), **XS),
    "aid:withdraw": row("           r    n   n   x   x   n   n   n   x   n   n   n   o   x", pk=aid_run("proposed"), **XS),
    "aid:publish": row("            r    n   n   x   x   n   n   n   x   n   n   n   o   x", pk=aid_run("decided"), **XS),
    "aid:object": row("             r    n   n   x   x   n   n   n   x   n   n   n   o   x", pk=aid_run("decided"), **XS),
    "aid:answer": row("             r    n   n   o   x   n   n   n   x   n   n   n   x   x", pk=aid_run("objection"), **XS),
    "aid:payees": row("             r    n   n   x   x   n   n   n   x   n   n   n   o   x", pk=aid_run("decided"), **XS),
    "aid:results": row("            r    n   n   x   x   n   n   n   x   n   n   n   o   x", pk=aid_run("decided"), **XS),
    "aid:payment": row("            r    n   n   x   x   n   n   n   x   n   n   n   o   x", pk=aid_run("decided"), **XS),
    "aid:sheet": row("              r    n   n   x   x   n   n   n   x   n   n   n   o   x", pk=aid_run("decided"), kind="payees", **XS),
    "aid:stop": row("               r    n   n   x   x   n   x   o   x   n   n   n   o   x", pk=aid_run("award"), **XS),
    "aid:notice": row("             o    o   o   o   o   o   o   o   o   o   o   o   o   o", token=aid_run("token")),
    # -- comparing
    "compare:grid": row("        r    n   o   o   o   o   o   o   o   x   o   x   o   o", **XS),
    "compare:series": row("      r    n   o   o   o   o   o   o   o   x   o   x   o   o", **XS),
    "compare:equity": row("      r    n   o   o   o   o   o   o   o   x   o   x   o   o", **XS),
    "compare:save": row("        r    n   b   b   b   b   b   b   b   x   b   x   b   b", "POST", **XS),
    "compare:remove": row("      r    n   n   r   n   n   n   n   n   n   n   n   n   n", "POST", pk=kept_view("director"), **XS),
    # -- reports
    "reports:index": row("       r    n   o   o   o   x   o   o   o   x   x   x   o   o", **XS),
    "reports:new": row("         r    n   o   o   o   x   x   x   x   x   x   x   x   x", **XS),
    "reports:report": row("      r    n   o   o   o   n   n   n   o   n   n   n   o   o", pk=report("XS"), **XS),
    "reports:frame": row("       r    n   o   o   o   n   n   n   x   n   n   n   x   x", pk=report("XS"), **XS),
    "reports:refresh": row("     r    n   r   r   r   n   n   n   x   n   n   n   x   x", "POST", pk=report("XS"), **XS),
    "reports:issue": row("       r    n   r   b   b   n   n   n   x   n   n   n   x   x", "POST", pk=report("XS"), **XS),
    "reports:withdraw": row("    r    n   o   o   o   n   n   n   x   n   n   n   x   x", pk=report("XS"), **XS),
    "reports:file": row("        r    n   o   o   o   n   n   n   o   n   n   n   o   o", pk=report("XS"), kind="docx", **XS),
    # -- the desk
    "desk:start": row("          r    r   r   r   r   r   r   r   r   r   r   r   r   r"),
    "desk:home": row("           r    n   o   o   o   o   o   o   o   o   o   o   o   o", **XS),
    "desk:search": row("         r    n   o   o   o   o   o   o   o   o   o   o   o   o", **XS),
    "desk:pack": row("           r    n   o   o   o   x   x   x   x   x   x   x   x   o", **XS),
    "desk:pack_check": row("     r    n   o   o   o   x   x   x   x   x   x   x   x   o", **XS),
    "desk:pack_activate": row("  r    n   o   x   x   x   x   x   x   x   x   x   x   x", **XS),
    "desk:pack_collection": row("r    n   o   o   o   x   x   x   x   x   x   x   x   o", collection="indicators", **XS),
    "desk:pack_item": row("      r    n   o   o   o   x   x   x   x   x   x   x   x   o", collection="indicators", item="pupils", **XS),
}
