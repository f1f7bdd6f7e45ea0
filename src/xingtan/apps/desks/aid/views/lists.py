"""All schemes with what they give today, one scheme with its applications, and who ought to be reached and is not."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from xingtan.apps.base.orgs import selectors as orgs
from xingtan.apps.base.orgs.models import Organisation
from xingtan.apps.base.vault.masks import HIDDEN
from xingtan.apps.desks.aid import policies, selectors
from xingtan.apps.desks.aid.assessing import Assessed, assessed
from xingtan.apps.desks.aid.explaining import tiers
from xingtan.apps.desks.aid.models import Run
from xingtan.apps.desks.aid.tables import RUNS, Line, Reach, preview_table, reach_table
from xingtan.apps.record.figures.asking import Asked, asked
from xingtan.engine.aid.assess import totals
from xingtan.engine.aid.publication import masked
from xingtan.engine.aid.spec import Outcome, Proposal
from xingtan.pack import aid_run
from xingtan.ui import policy

from .common import exported


def index(request: HttpRequest, place: str) -> HttpResponseBase:
    """The schemes of the place with what the rules give today, and every run the reader may see."""
    here = asked(request)
    policies.runs.require(here.account, policies.VIEW)
    bound = RUNS.bind(request, policies.runs.visible(here.account, policies.VIEW, selectors.runs(here.place)))
    if bound.export:
        return bound.workbook(_("资助核算"))
    made = assessed(here.place, here.period.text)
    lines = [_scheme_line(one, _within(here, made, one.id)) for one in selectors.schemes(made.pack)]
    return render(request, "aid/index.html", {"schemes": lines, "table": bound})


def _scheme_line(allocation: Any, rows: list[Proposal]) -> dict[str, Any]:
    found = {total.outcome: total for total in totals(_all_one_tier(rows))}
    return {
        "scheme": allocation,
        "applications": len(rows),
        **{name: found.get(outcome) for name, outcome in (("eligible", Outcome.ELIGIBLE), ("undecided", Outcome.UNDECIDED))},
    }


def _all_one_tier(rows: list[Proposal]) -> list[Proposal]:
    from dataclasses import replace

    return [replace(one, tier="") for one in rows]


def _within(here: Asked, made: Assessed, scheme: str) -> list[Proposal]:
    """The proposals of a scheme at the organisation of the page and below, as far as the reader may see."""
    codes = _codes(here)
    return [one for one in made.assessment.proposals if one.scheme.id == scheme and one.applicant.org in codes]


def _codes(here: Asked) -> dict[str, str]:
    below = Organisation.objects.filter(pk__in=orgs.subtree_ids(here.org)).filter(
        policy.reach(policy.granted(here.account, policies.VIEW), "pk")
    )
    return dict(below.values_list("code", "name"))


def scheme(request: HttpRequest, place: str, scheme: str) -> HttpResponseBase:
    """One scheme: the rule, its amounts, and every application with the verdict."""
    here = asked(request)
    policies.runs.require(here.account, policies.VIEW)
    made = assessed(here.place, here.period.text)
    found = made.pack.allocations.get(scheme)
    if found is None or found.aid is None:
        raise Http404(scheme)
    decided = selectors.decided_firsts(here.place, scheme, here.period.text)
    proposals = [one for one in _within(here, made, scheme) if made.firsts.get(one.applicant.row) not in decided]
    bound = preview_table().bind(request, _lines(here, found.aid.applications, proposals))
    if bound.export:
        return exported(request, here.org, bound, found.title)
    return render(request, "aid/scheme.html", {"table": bound, "decided": len(decided), **_page(here, made, found, proposals)})


def _lines(here: Asked, ledger: str, proposals: list[Proposal]) -> list[Line]:
    names, pack = _codes(here), orgs.active_pack(here.place)
    who = [selectors.shown_name(pack, ledger, one.scheme.person, one.who) for one in proposals]
    rows = zip(proposals, who, strict=True)
    return [Line(one, names[one.applicant.org], name, _record(here, ledger, one.applicant.row)) for one, name in rows]


def _page(here: Asked, made: Assessed, found: Any, proposals: list[Proposal]) -> dict[str, Any]:
    return {
        "scheme": found,
        "aid": found.aid,
        "tiers": tiers(made.pack, found.aid),
        "ledger": made.pack.ledgers[found.aid.applications],
        "issues": [one for one in made.assessment.issues if one.where.field == found.title],
        "eligible": sum(one.outcome is Outcome.ELIGIBLE for one in proposals),
        "excluded": [made.pack.allocations[one].title for one in found.aid.excludes],
        "may_draw": found.aid.draw is not None
        and all(policy.can_at(here.account, action, here.org.pk) for action in (policies.MANAGE, "pupil.view")),
        "open_run": _open_run(here, found.id),
        "may_propose": policy.can_at(here.account, policies.MANAGE, here.org.pk),
    }


def _open_run(here: Asked, scheme: str) -> tuple[int, str] | None:
    """The proposal of this organisation and period that awaits approval, with its address."""
    found = selectors.runs(here.place).filter(scheme=scheme, org=here.org, period=here.period.text, state=Run.State.PROPOSED).first()
    return (found.pk, selectors.address(found)) if found is not None else None


def _record(here: Asked, ledger: str, row: str) -> str:
    return reverse("ledgers:record", kwargs={"place": here.place.slug, "ledger": ledger, "pk": int(row)})


def coverage(request: HttpRequest, place: str) -> HttpResponseBase:
    """Everybody who ought to be reached, with who is not."""
    here = asked(request)
    policies.runs.require(here.account, policies.VIEW)
    made = assessed(here.place, here.period.text)
    rows = [one for one in _children(here, made)]
    bound = reach_table().bind(request, rows)
    if bound.export:
        return exported(request, here.org, bound, _("应助名册"))
    reached = sum(one.reached == "是" for one in rows)
    context = {"table": bound, "all": len(rows), "reached": reached, "missed": sum(one.reached == "否" for one in rows)}
    return render(request, "aid/coverage.html", context)


def _children(here: Asked, made: Assessed) -> list[Reach]:
    names = _codes(here)
    found = []
    for covers in {one.aid.covers for one in selectors.schemes(made.pack) if one.aid is not None and one.aid.covers is not None}:
        ledger = made.pack.ledgers[covers.ledger]
        person = next((field.id for field in ledger.fields if field.type == "person"), "")
        given = dict(zip(*(made.tables[covers.ledger].column(name).to_pylist() for name in ("row_id", person or "org")), strict=True))
        for record in aid_run.reach(made.pack, {covers.ledger: made.tables[covers.ledger]}, made.assessment):
            row = record["row_id"].removeprefix("reach:")
            if record["org"] in names:
                kind = HIDDEN if covers.kind in ledger.visible.sensitive else str(record["kind"])
                url = _record(here, covers.ledger, row)
                found.append(Reach(row, names[record["org"]], masked(str(given.get(row) or "")), kind, record["reached"], url))
    return sorted(found, key=lambda one: (one.reached != "否", one.reached == "是", one.org, one.row))
