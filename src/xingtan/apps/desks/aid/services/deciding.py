"""Put an assessment forward, approve it step by step, send it back. Nobody approves what he put forward himself."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from xingtan.apps.base.access.models import Account
from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.notices.services import notify
from xingtan.apps.base.orgs import selectors as orgs
from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.base.vault.index import blind
from xingtan.apps.desks.aid import policies
from xingtan.apps.desks.aid.assessing import Assessed, assessed
from xingtan.apps.desks.aid.models import Approval, Award, Run
from xingtan.apps.desks.aid.selectors import address, decided_firsts
from xingtan.apps.record.ledgers.models import Record
from xingtan.apps.record.ledgers.selectors import counting, hidden_batches
from xingtan.engine.aid.rows import stage
from xingtan.engine.aid.spec import Outcome, Proposal
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Severity
from xingtan.kernel.quantity import Quantity
from xingtan.kernel.text import T, Text

from .common import locked, said, wanted


@transaction.atomic
def run_propose(*, actor: Actor, place: Place, org: Organisation, scheme: str, period: str) -> Run:
    """Assess the applications of an organisation and all below it, and put what comes out forward.

    Raises XingtanError when the rules contradict themselves, nobody is entitled, or a proposal of the same is under way.
    """
    made = assessed(place, period)
    allocation = made.pack.allocations.get(scheme)
    if allocation is None or allocation.aid is None:
        raise XingtanError.one("aid.scheme", T("规则包里没有定额发放办法 %(scheme)s", scheme=scheme), T("请从“资助”页进入"))
    errors = [one for one in made.assessment.issues if one.severity is Severity.ERROR and one.where.field == allocation.title]
    if errors:
        raise XingtanError(errors)
    rows = _own(made, org, scheme, decided_firsts(place, scheme, period))
    if not any(one.outcome is Outcome.ELIGIBLE for one in rows):
        raise XingtanError.one("aid.nobody", T("没有合格的申请，没有可提出的"), T("先在台账里登记申请，或补上缺的栏"))
    run = _begin(actor, place, org, (scheme, period), made)
    _keep(run, made, rows)
    said(run, "propose", actor, **_sums(rows))
    _tell_deciders(run)
    return run


def _tell_deciders(run: Run) -> None:
    """Whoever may approve the next step, and did not put it forward himself."""
    for account in policies.runs.users_who_can(policies.DECIDE, run):
        if account.actor.id != run.made_by:
            notify(account=account, text=T("“%(title)s”等您审批", title=run.title), url=address(run))


def _tell_proposer(run: Run, text: Text) -> None:
    account = Account.objects.filter(pk=int(run.made_by)).first() if run.made_by.isdigit() else None
    if account is not None:
        notify(account=account, text=text, url=address(run))


def _begin(actor: Actor, place: Place, org: Organisation, what: tuple[str, str], made: Assessed) -> Run:
    scheme, period = what
    allocation = made.pack.allocations[scheme]
    assert allocation.aid is not None
    try:
        with transaction.atomic():
            return Run.objects.create(
                place=place, org=org, scheme=scheme, title=allocation.title, period=period, pack_hash=made.pack.hash,
                pack_version=made.pack.version, approval=list(allocation.aid.approval), made_by=actor.id, made_by_label=actor.label,
            )  # fmt: skip
    except IntegrityError as twice:
        message = T("“%(title)s”这一期已经提出过，正在审批", title=allocation.title)
        raise XingtanError.one("aid.open", message, T("等审批完，或先撤回再重新提出")) from twice


def _own(made: Assessed, org: Organisation, scheme: str, taken: Collection[int]) -> list[Proposal]:
    """The proposals of the scheme within the organisation that nobody has decided yet."""
    below = set(Organisation.objects.filter(pk__in=orgs.subtree_ids(org)).values_list("code", flat=True))
    found = (one for one in made.assessment.proposals if one.scheme.id == scheme and one.applicant.org in below)
    return [one for one in found if one.applicant.year > 1 or made.firsts[one.applicant.row] not in taken]


def _keep(run: Run, made: Assessed, rows: Iterable[Proposal]) -> None:
    codes = dict(Organisation.objects.filter(place=run.place).values_list("code", "pk"))
    Award.objects.bulk_create(
        [
            Award(
                run=run, org_id=codes[one.applicant.org], record_id=int(one.applicant.row), first=made.firsts[one.applicant.row],
                identity=blind("other", run.place.slug, one.identity), tier=one.tier, stage=_text(stage(one)), form=one.scheme.form,
                persons=_point(one.persons, 0), each=_point(one.each, 2), amount=_point(one.amount, 2), sets=_point(one.sets, 0),
                outcome=one.outcome.value, doubt=one.applicant.doubt, year=one.applicant.year,
                verdicts=[[verdict.say.template, dict(verdict.say.params), verdict.holds] for verdict in one.verdicts],
            )
            for one in rows
        ]
    )  # fmt: skip


def _text(value: Any) -> str:
    return value if type(value) is str else ""


def _point(value: Quantity, digits: int) -> Decimal | None:
    """An exact number, rounded half-up last; None for anything else."""
    return value.lo.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) if value.is_exact and value.lo is not None else None


def _sums(rows: Iterable[Proposal]) -> dict[str, str]:
    entitled = [one for one in rows if one.outcome is Outcome.ELIGIBLE]
    persons, amount = (sum((getattr(one, name).value or 0 for one in entitled), Decimal(0)) for name in ("persons", "amount"))
    return {"rows": str(len(entitled)), "persons": f"{persons:f}", "amount": f"{amount:f}"}


@transaction.atomic
def run_approve(*, run: Run, actor: Actor, posts: Collection[str], note: str = "") -> Run:
    """The next step of the chain; the last one brings the awards into force. `posts`: those the approver holds over the organisation.

    Raises XingtanError: by whoever put it forward or has approved already, out of turn, or when applications have changed since.
    """
    run = locked(run, Run.State.PROPOSED)
    if actor.id == run.made_by:
        raise XingtanError.one("aid.same_person", T("提出的人不能自己审批"), T("请另一位有权的人审批"))
    done = run.approvals.count()
    if run.approvals.filter(by=actor.id).exists():
        raise XingtanError.one("aid.same_person", T("您已经审批过，下一步要由另一个人审批"))
    post = run.approval[done] if done < len(run.approval) else ""
    if post and post not in posts:
        title = next((one.title for one in orgs.active_pack(run.place).organisation.posts if one.id == post), post)
        raise XingtanError.one("aid.post", T("这一步由%(post)s审批", post=title), T("请把它转给任这一职务的人"))
    _unchanged(run)
    Approval.objects.create(run=run, post=post, by=actor.id, by_label=actor.label, note=note.strip()[:500])
    if done + 1 >= len(run.approval):
        _into_force(run)
    said(run, "approve", actor, reason=note, state=run.state, step=done + 1)
    _tell_proposer(run, T("“%(title)s”已审批", title=run.title))
    return run


def _into_force(run: Run) -> None:
    run.state, run.decided = Run.State.DECIDED, timezone.now()
    run.save(update_fields=["state", "decided"])
    entitled = run.awards.filter(outcome=Outcome.ELIGIBLE.value, persons__isnull=False, amount__isnull=False)
    entitled.update(state=Award.State.APPROVED)


def _unchanged(run: Run) -> None:
    """What was assessed is what stands in the ledgers now, else the money would rest on rows that are gone."""
    place = run.place
    kept = Record.objects.filter(pk__in=run.awards.values("record"))
    gone = kept.exclude(counting(hidden_batches(place)))
    changed = run.awards.filter(record__in=gone).select_related("org")
    message = T("%(org)s的一份申请（第 %(row)s 号）提出后改过或作废了")
    found = (Text(message.template, {"org": one.org.name, "row": one.first}) for one in changed[:50])
    faults = [Issue(Severity.ERROR, "aid.changed", one, hint=HINT) for one in found]
    if orgs.active_pack(place).hash != run.pack_hash:
        faults.append(Issue(Severity.ERROR, "aid.pack", T("提出之后规则包换了版本，标准可能已变"), hint=HINT))
    if faults:
        raise XingtanError(faults)


HINT: Text = T("退回，重新核算后再提出")


@transaction.atomic
def run_refuse(*, run: Run, actor: Actor, reason: str) -> Run:
    """Send a proposal back, with the reason."""
    run = locked(run, Run.State.PROPOSED)
    return _end(run, actor, Run.State.REFUSED, wanted(reason, T("退回要写明原因"), T("写明哪里不对，提出的人才好改")), "refuse")


@transaction.atomic
def run_withdraw(*, run: Run, actor: Actor, reason: str) -> Run:
    """Take one's own proposal back before it is decided, with the reason."""
    run = locked(run, Run.State.PROPOSED)
    if actor.id != run.made_by:
        raise XingtanError.one("aid.not_yours", T("只有提出的人能撤回"), T("审批的人可以退回"))
    return _end(run, actor, Run.State.WITHDRAWN, wanted(reason, T("撤回要写明原因"), T("简单写明即可")), "withdraw")


def _end(run: Run, actor: Actor, state: str, reason: str, action: str) -> Run:
    run.state, run.reason = state, reason[:500]
    run.save(update_fields=["state", "reason"])
    said(run, action, actor, reason=reason, state=state)
    if state == Run.State.REFUSED:
        _tell_proposer(run, T("“%(title)s”被退回：%(reason)s", title=run.title, reason=reason))
    return run
