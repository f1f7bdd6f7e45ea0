"""Transfers within the county: one school proposes, the other one answers; acceptance alone moves the pupil, out and in by one act."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from xingtan.apps.base.access.rights import holders
from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.notices.services import notify
from xingtan.apps.base.orgs.models import FOREVER, Organisation, Place
from xingtan.apps.base.orgs.tree import day_text
from xingtan.apps.base.pupils.identity import known
from xingtan.apps.base.pupils.models import Enrolment, Movement, Pupil, Transfer
from xingtan.apps.base.pupils.moving import Seat, Step, act_of, day_faults, last_movement, lock, school_kind, seat_faults, spell_on, write
from xingtan.apps.base.pupils.rules import Rules, rules
from xingtan.apps.base.pupils.stamps import noted
from xingtan.apps.base.pupils.told import seat_told
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Where, error
from xingtan.kernel.text import T, Text

Kind = Movement.Kind
State = Transfer.State
ACTION = "pupil.transfer"


@dataclass(frozen=True)
class Proposal:
    """Where to and when, on what ground. `proposer` is one of the two schools; the other one answers."""

    target: Organisation
    proposer: Organisation
    day: date
    reason: str = ""
    evidence: str = ""
    attachment: Any = None


@transaction.atomic
def transfer_propose(*, pupil: Pupil, wanted: Proposal, actor: Actor) -> Transfer:
    """Propose that a pupil go to another school of the county from a day on."""
    locked = lock(pupil)
    spell, law = spell_on(locked, timezone.localdate()), rules(locked.place)
    if issues := _proposal_faults(locked, spell, wanted, law):
        raise XingtanError(issues)
    assert spell is not None, "a pupil on no roll is refused above"
    days = law.number("transfer_answer_days")
    transfer = Transfer.objects.create(
        place=locked.place, pupil=locked, source=spell.school, target=wanted.target, proposer=wanted.proposer, day=wanted.day,
        reason=wanted.reason, evidence=wanted.evidence.strip()[:4000], attachment=wanted.attachment or "",
        deadline=timezone.localdate() + timedelta(days=days) if days else FOREVER, proposed_by=actor.label[:200], proposed_id=actor.id,
    )  # fmt: skip
    _tell(transfer, answering(transfer), T("%(school)s提出一项转学，请答复", school=wanted.proposer.name))
    noted(
        actor=actor,
        action="transfer.propose",
        place=locked.place,
        target=transfer,
        after=_told(transfer),
        reason=wanted.evidence[:500],
    )
    return transfer


def transfer_request(*, place: Place, number: str, name: str, wanted: Proposal, actor: Actor) -> Transfer:
    """Propose from the school that wants to take a pupil in, which does not see him yet: by identity number and name together."""
    found = known(place, number, timezone.localdate())
    if found.pupil is None or found.spell is None or found.pupil.person.name != name.strip():
        message = T("本县在籍学生中没有这个证件号和姓名的人")
        raise XingtanError.one("pupils.unknown", message, T("逐位核对证件号和姓名；县外来的学生请直接办理转入"), Where(field="id_number"))
    return transfer_propose(pupil=found.pupil, wanted=wanted, actor=actor)


def _proposal_faults(pupil: Pupil, spell: Enrolment | None, wanted: Proposal, law: Rules) -> list[Issue]:
    horizon = law.number("transfer_horizon_days") or 0
    found = day_faults(Step(Kind.IN, wanted.day, horizon=horizon), last_movement(pupil))
    found += law.fault("reason", "reason", T("原因"), wanted.reason, wanted.day)
    if not wanted.evidence.strip() and not wanted.attachment:
        found.append(error("pupils.evidence", T("转学要有依据"), Where(field="evidence"), T("写明依据，或附上证明材料")))
    if Transfer.objects.filter(pupil=pupil, state=State.PROPOSED).exists():
        found.append(error("pupils.in_transfer", T("这名学生有一项转学还没有答复"), Where(field="target"), T("先答复或撤回那项转学")))
    if spell is None:
        return [*found, error("pupils.off_roll", T("这名学生现在不在任何学校在籍"), Where(field="target"), T("请办理入学"))]
    target = wanted.target
    if target.pk == spell.school_id:
        found.append(error("pupils.same_school", T("学生已在“%(school)s”", school=target.name), Where(field="target"), T("选另一所学校")))
    if target.place_id != pupil.place_id:
        found.append(error("pupils.other_place", T("“%(school)s”不在本县", school=target.name), Where(field="target"), T("县外请办转出")))
    elif (kind := school_kind(target, wanted.day)) is None or spell.stage not in law.grades.stages_at(kind):
        message = T("“%(school)s”不办%(stage)s，或当时不存在", school=target.name, stage=spell.stage)
        found.append(error("pupils.stage", message, Where(field="target"), T("选同一学段的学校")))
    if wanted.proposer.pk not in {spell.school_id, target.pk}:
        found.append(error("pupils.proposer", T("只有转出或转入学校可以提出转学"), Where(field="target")))
    return found


def answering(transfer: Transfer) -> Organisation:
    """The school that has to answer."""
    return transfer.source if transfer.proposer_id == transfer.target_id else transfer.target


@transaction.atomic
def transfer_accept(*, transfer: Transfer, actor: Actor, seat: Seat | None = None, answer: str = "") -> Transfer:
    """Say yes: the pupil is at the new school from the day on, with the whole record. `seat` says where there (class, boarding)."""
    held = _held(transfer)
    pupil, law = lock(held.pupil), rules(held.place)
    spell = spell_on(pupil, held.day)
    issues = _accept_faults(pupil, spell, held, law)
    if spell is not None:
        seat = seat or Seat.of(spell, school=held.target, school_class=None, seat="")
        seat = replace(seat, school=held.target)
        issues += seat_faults(held.place, seat, held.day, law)
    if issues:
        raise XingtanError(issues)
    act = act_of(
        place=held.place, school=held.target, kind="转学", day=held.day, actor=actor, evidence=held.evidence, facts={"transfer": held.pk}
    )
    write(pupil, Step(Kind.OUT, held.day, reason=held.reason, to=held.target.name), act)
    write(pupil, Step(Kind.IN, held.day, seat, reason=held.reason), act)
    _answered(held, State.ACCEPTED, actor, answer, act=act)
    assert seat is not None, "a pupil without spell is refused above"
    noted(
        actor=actor, action="transfer.accept", place=held.place, target=held, before=_told(transfer),
        after={**_told(held), **seat_told(seat, held.day)}, reason=answer,
    )  # fmt: skip
    return held


def _accept_faults(pupil: Pupil, spell: Enrolment | None, held: Transfer, law: Rules) -> list[Issue]:
    horizon = law.number("transfer_horizon_days") or 0
    found = day_faults(Step(Kind.IN, held.day, horizon=horizon), last_movement(pupil))
    if spell is None or spell.school_id != held.source_id:
        message = T("学生在%(day)s已不在“%(school)s”", day=day_text(held.day), school=held.source.name)
        found.append(error("pupils.elsewhere", message, Where(field="answer"), T("退回这项转学，按现在的学校重新提出")))
    return found


@transaction.atomic
def transfer_refuse(*, transfer: Transfer, actor: Actor, answer: str) -> Transfer:
    """Say no, and why."""
    if not answer.strip():
        raise XingtanError.one("pupils.answer", T("没有写退回的理由"), T("写明理由，对方才知道怎么办"), Where(field="answer"))
    return _ended(transfer, State.REFUSED, actor, answer)


@transaction.atomic
def transfer_withdraw(*, transfer: Transfer, actor: Actor, answer: str = "") -> Transfer:
    """Take a proposal back before it is answered."""
    return _ended(transfer, State.WITHDRAWN, actor, answer)


@transaction.atomic
def transfers_expire(*, place: Place, actor: Actor, today: date | None = None) -> int:
    """End what nobody answered in time; both schools are told. Returns how many."""
    late = Transfer.objects.filter(place=place, state=State.PROPOSED, deadline__lt=today or timezone.localdate())
    found = list(late.order_by("pk"))
    for transfer in found:
        _ended(transfer, State.EXPIRED, actor, "")
    return len(found)


def _ended(transfer: Transfer, state: State, actor: Actor, answer: str) -> Transfer:
    held = _held(transfer)
    before = _told(held)
    _answered(held, state, actor, answer)
    noted(actor=actor, action=f"transfer.{state.value}", place=held.place, target=held, before=before, after=_told(held), reason=answer)
    return held


def _held(transfer: Transfer) -> Transfer:
    held = (
        Transfer.objects.select_for_update(of=("self",))
        .select_related("place", "pupil", "source", "target", "proposer")
        .get(pk=transfer.pk)
    )
    if held.state != State.PROPOSED:
        raise XingtanError.one("pupils.answered", T("这项转学已经了结：%(state)s", state=State(held.state).label), T("刷新页面看结果"))
    return held


def _answered(held: Transfer, state: State, actor: Actor, answer: str, act: Any = None) -> None:
    held.state, held.answered_by, held.answered_at, held.answer, held.act = (
        state,
        actor.label[:200],
        timezone.now(),
        answer.strip()[:500],
        act,
    )
    held.save(update_fields=["state", "answered_by", "answered_at", "answer", "act"])
    words = {
        State.ACCEPTED: T("%(school)s的一项转学已接收", school=held.target.name),
        State.REFUSED: T("%(school)s的一项转学被退回", school=held.target.name),
        State.WITHDRAWN: T("%(school)s的一项转学已撤回", school=held.target.name),
        State.EXPIRED: T("%(school)s的一项转学逾期没有答复", school=held.target.name),
    }
    for school in (held.source, held.target):
        _tell(held, school, words[state])


def _tell(transfer: Transfer, school: Organisation, text: Text) -> None:
    """A notice to everybody who answers for the school: without the pupil's name."""
    url = reverse("pupils:transfer", kwargs={"place": transfer.place.slug, "pk": transfer.pk})
    for account in holders(ACTION, school):
        notify(account=account, text=text, url=url)


def _told(transfer: Transfer) -> dict[str, Any]:
    return {
        "pupil": str(transfer.pupil), "source": transfer.source.name, "target": transfer.target.name, "day": transfer.day.isoformat(),
        "state": str(transfer.state), "answer": transfer.answer,
    }  # fmt: skip
