"""Merge two records of one person, and take that back exactly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.people.models import Person, Post
from xingtan.apps.base.pupils.models import Child, Enrolment, Flag, Guardian, Movement, Pupil, PupilMerge, SweepLine, Transfer
from xingtan.apps.base.pupils.stamps import CHILDREN, FLAGS, ROLL, noted
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Where, error
from xingtan.kernel.text import T


def merge_faults(kept: Pupil, gone: Pupil) -> list[Issue]:
    """Everything that speaks against keeping one record for both."""
    where, found = Where(field="kept"), []
    if kept.pk == gone.pk or kept.place_id != gone.place_id:
        return [error("pupils.merge_two", T("合并要选本县的两份不同的学籍"), where)]
    if kept.merged_into_id or gone.merged_into_id:
        found.append(error("pupils.merged", T("其中一份已经并入别的学籍"), where, T("打开保留的那份学籍办理")))
    numbers = kept.person.id_number_index, gone.person.id_number_index
    if all(numbers) and numbers[0] != numbers[1]:
        found.append(error("pupils.merge_ids", T("两份学籍的证件号不同"), where, T("核对证件；确是同一人时，先更正写错的证件号")))
    if numbers[1] and not numbers[0]:
        found.append(error("pupils.merge_id", T("要并掉的那份有证件号，保留的没有"), where, T("保留有证件号的那份")))
    if Transfer.objects.filter(pupil__in=[kept, gone], state=Transfer.State.PROPOSED).exists():
        found.append(error("pupils.in_transfer", T("有一项转学还没有答复"), where, T("先答复或撤回那项转学")))
    if Post.objects.filter(person=gone.person).exists():
        found.append(error("pupils.merge_post", T("要并掉的那份资料上有任职"), where, T("保留有任职的那份")))
    return found


def aside(kept: Pupil, gone: Pupil) -> list[Enrolment]:
    """Spells of the second record that share a day with one of the first: of one person only one can have been."""
    own = list(_in_force(kept))
    return [one for one in _in_force(gone) if any(one.valid_from < mine.valid_to and mine.valid_from < one.valid_to for mine in own)]


@transaction.atomic
def pupils_merge(*, kept: Pupil, gone: Pupil, reason: str, actor: Actor) -> PupilMerge:
    """Make one record of two. Spells of `gone` go along, but those that share a day with one of `kept` are set aside."""
    rows = {row.pk: row for row in _locked([kept.pk, gone.pk])}
    issues = merge_faults(kept, gone) if kept.pk == gone.pk else merge_faults(rows[kept.pk], rows[gone.pk])
    if not reason.strip():
        issues.append(error("pupils.merge_reason", T("没有写合并的理由"), Where(field="reason"), T("写明怎样认定是同一人")))
    if issues:
        raise XingtanError(issues)
    kept, gone = rows[kept.pk], rows[gone.pk]
    moved = _moved(kept, gone)
    _hand_over(moved, kept)
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    Person.objects.filter(pk=gone.person_id).update(merged_into=kept.person_id)
    merge = PupilMerge.objects.create(
        place=kept.place, kept=kept, gone=gone, moved=moved, reason=reason.strip()[:500], actor_label=actor.label[:200]
    )
    _told(merge, "pupil.merge", actor, reason)
    return merge


@transaction.atomic
def pupils_unmerge(*, merge: PupilMerge, reason: str, actor: Actor) -> PupilMerge:
    """Take a merger back: every row returns to the record it came from. Refused when the kept record has moved on since."""
    held = PupilMerge.objects.select_for_update(of=("self",)).select_related("place", "kept__person", "gone__person").get(pk=merge.pk)
    _locked([held.kept_id, held.gone_id])
    issues = [error("pupils.unmerged", T("这次合并已经撤回"), Where(field="reason"))] if held.undone else []
    if not reason.strip():
        issues.append(error("pupils.undo_reason", T("没有写撤回理由"), Where(field="reason"), T("写明为什么撤回")))
    if Movement.objects.filter(pupil=held.kept, undone=False, pk__gt=held.moved["last"]).exists():
        issues.append(error("pupils.moved_on", T("合并之后又有学籍异动"), Where(field="reason"), T("先撤回那些异动")))
    if issues:
        raise XingtanError(issues)
    _hand_back(held)
    Pupil.objects.filter(pk=held.gone_id).update(merged_into=None)
    Person.objects.filter(pk=held.gone.person_id).update(merged_into=None)
    held.undone = timezone.now()
    held.save(update_fields=["undone"])
    _told(held, "pupil.unmerge", actor, reason)
    return held


def _locked(keys: Sequence[int]) -> list[Pupil]:
    return list(Pupil.objects.select_for_update(of=("self",)).select_related("person", "place").filter(pk__in=keys).order_by("pk"))


def _in_force(pupil: Pupil) -> Any:
    return Enrolment.objects.filter(pupil=pupil, valid_from__lt=F("valid_to")).select_related("school").order_by("valid_from")


def _moved(kept: Pupil, gone: Pupil) -> dict[str, Any]:
    """What changes hands, by primary key; `aside`: spells set aside with the end they had; `undone`: movements that go with them."""
    set_aside = aside(kept, gone)
    away = {spell.pk for spell in set_aside}
    moves = list(Movement.objects.filter(pupil=gone, undone=False).values_list("pk", "begun", "ended"))
    undone = [pk for pk, begun, ended in moves if begun in away or ended in away]
    clash = {(flag.kind_index, flag.valid_from) for flag in kept.flags.all()}
    last = Movement.objects.order_by("-pk").values_list("pk", flat=True).first()
    return {
        "spells": [pk for pk in Enrolment.objects.filter(pupil=gone).values_list("pk", flat=True) if pk not in away],
        "aside": {str(spell.pk): spell.valid_to.isoformat() for spell in set_aside},
        "movements": [pk for pk, _, _ in moves if pk not in undone], "undone": undone, "last": last or 0,
        "flags": [flag.pk for flag in gone.flags.all() if (flag.kind_index, flag.valid_from) not in clash],
        "guardians": [] if kept.guardians.exists() else list(gone.guardians.values_list("pk", flat=True)),
        "children": list(Child.objects.filter(pupil=gone).values_list("pk", flat=True)),
        "lines": list(SweepLine.objects.filter(pupil=gone).values_list("pk", flat=True)),
    }  # fmt: skip


MODELS = (("movements", Movement), ("flags", Flag), ("guardians", Guardian), ("children", Child), ("lines", SweepLine))


def _hand_over(moved: dict[str, Any], kept: Pupil) -> None:
    Enrolment.objects.filter(pk__in=[int(pk) for pk in moved["aside"]]).update(valid_to=F("valid_from"))
    Enrolment.objects.filter(pk__in=moved["spells"]).update(pupil=kept)
    Movement.objects.filter(pk__in=moved["undone"]).update(undone=True)
    for name, model in MODELS:
        model._default_manager.filter(pk__in=moved[name]).update(pupil=kept)


def _hand_back(held: PupilMerge) -> None:
    moved = held.moved
    for name, model in MODELS:
        model._default_manager.filter(pk__in=moved[name]).update(pupil=held.gone)
    Movement.objects.filter(pk__in=moved["undone"]).update(undone=False)
    Enrolment.objects.filter(pk__in=moved["spells"]).update(pupil=held.gone)
    for pk, was in moved["aside"].items():
        Enrolment.objects.filter(pk=int(pk)).update(valid_to=date.fromisoformat(was))


def _told(merge: PupilMerge, action: str, actor: Actor, reason: str) -> None:
    after = {"kept": str(merge.kept), "gone": str(merge.gone), "spells": len(merge.moved["spells"]), "aside": len(merge.moved["aside"])}
    noted(actor=actor, action=action, place=merge.place, parts=(ROLL, FLAGS, CHILDREN), target=merge.kept, after=after, reason=reason[:500])
