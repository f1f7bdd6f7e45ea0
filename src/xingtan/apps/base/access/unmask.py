"""Unmasking sealed fields: which models have them, who may, for which purpose; every unmasking is one audit event.

A field is opened when the row is the account's to see, one of its posts there may `sealed.reveal`, the pack's rule for the field (or its
kind) does not stand against it, and a purpose that opens the kind was granted to the account where the row lies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from xingtan.apps.base.access import checks
from xingtan.apps.base.access.models import Account, PurposeGrant
from xingtan.apps.base.access.rights import AS, FOR
from xingtan.apps.base.audit.services import Target, record
from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.orgs.selectors import active_pack_or_none
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T, Text
from xingtan.pack import Pack
from xingtan.pack.schema.trust import Purpose, Sight
from xingtan.ui.policy import Policy

REVEAL = "sealed.reveal"
KINDS: dict[str, Text] = {
    "id_number": T("证件号"), "phone": T("电话"), "address": T("住址"), "health": T("健康状况"), "poverty": T("家庭经济困难情况"),
    "guardian": T("监护人"), "other": T("其他敏感信息"),
}  # fmt: skip
Kinds = Mapping[str, str] | Callable[[Any], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Revealable:
    """A model with sealed fields: the policy and action that open its rows, kinds by field, and how a row is called."""

    model: type[Model]
    policy: Policy[Any]
    action: str
    kinds: Kinds
    label: Callable[[Any], str]
    url: Callable[[Any], str]
    place: Callable[[Any], Place]
    register: Callable[[Any], str]
    read: Callable[[Any, str], Any]
    title: Callable[[Any, str], Any]

    def fields(self, row: Any) -> Mapping[str, str]:
        """Kind by field."""
        return self.kinds(row) if callable(self.kinds) else self.kinds

    def rule(self, pack: Pack | None, row: Any, field: str) -> Sight | None:
        """The pack's rule for the field, else for its kind."""
        return sight(pack, self.register(row), field, self.fields(row)[field])


_known: dict[str, Revealable] = {}


def register(
    model: type[Model],
    policy: Policy[Any],
    *,
    action: str,
    fields: Kinds,
    url: Callable[[Any], str],
    label: Callable[[Any], str] = str,
    place: Callable[[Any], Place] = lambda row: row.place,
    name: str | Callable[[Any], str] = "",
    read: Callable[[Any, str], Any] = getattr,
    title: Callable[[Any, str], Any] | None = None,
) -> None:
    """Name a model whose sealed fields can be unmasked; from `AppConfig.ready()`.

    `fields` gives each field's kind (vault.masks.Kind), `name` what packs call the register in `visibility.yaml` (the model's name), `read`
    how a row gives up a field's `Sealed` (or whatever prints as its mask and has `plain()`), `title` what a field is called.
    """
    called = name if callable(name) else _always(name or str(model._meta.model_name))
    _known[model._meta.label_lower] = Revealable(model, policy, action, fields, label, url, place, called, read, title or _title)


def _always(name: str) -> Callable[[Any], str]:
    return lambda _row: name


def known(label: str) -> Revealable | None:
    """The registered model of that label (`people.person`)."""
    return _known.get(label)


def of(row: Model) -> Revealable:
    """The registration of a row's model. Raises KeyError for none."""
    return _known[row._meta.label_lower]


def _title(row: Model, field: str) -> Any:
    """What a field is called: by its model, else by its kind."""
    try:
        return row._meta.get_field(field).verbose_name  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return KINDS[of(row).fields(row)[field]]


def sight(pack: Pack | None, register_name: str, field: str, kind: str) -> Sight | None:
    """The pack's rule for a field, else for its kind, else None."""
    rules = list(pack.visibility.values()) if pack else []
    own = next((rule for rule in rules if rule.field == f"{register_name}.{field}"), None)
    return own or next((rule for rule in rules if rule.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether an account may read a field of a row unmasked: the purposes that open it for the account now, and all reasons."""

    purposes: tuple[Purpose, ...]
    reasons: tuple[tuple[bool, Text], ...]

    @property
    def allowed(self) -> bool:
        return bool(self.purposes)


def judge(account: Account, row: Model, field: str) -> Judgement:
    """Weigh every condition; each is told, whether it holds or not."""
    thing = of(row)
    pack, reasons = active_pack_or_none(thing.place(row)), []
    seen, may = thing.policy.can_on(account, thing.action, row), thing.policy.can_on(account, REVEAL, row)
    reasons.append((seen, T("看得到这一条") if seen else T("看不到这一条：没有在任岗位或授权管到它所在的单位")))
    reasons.append((may, T("在任岗位可以查看敏感信息") if may else T("没有在任岗位在这里可以查看敏感信息")))
    rule = thing.rule(pack, row, field)
    posted, told = _post(account, thing, row, rule, pack)
    reasons += [(posted, told)] if told is not None else []
    open_now = [one for one in opening(pack, thing.fields(row)[field], rule) if _covers(account, thing, row, one)]
    reasons += list(_purposes(account, thing, row, opening(pack, thing.fields(row)[field], rule)))
    return Judgement(tuple(open_now) if seen and may and posted else (), tuple(reasons))


def _post(account: Account, thing: Revealable, row: Model, rule: Sight | None, pack: Pack | None) -> tuple[bool, Text | None]:
    if rule is None or not rule.posts or pack is None:
        return True, None
    titles = "、".join(post.title for post in pack.organisation.posts if post.id in rule.posts)
    if any(thing.policy.can_on(account, AS + post, row) for post in rule.posts):
        return True, T("规则“%(rule)s”准许的岗位：%(posts)s", rule=rule.title, posts=titles)
    return False, T("规则“%(rule)s”只准这些岗位查看：%(posts)s", rule=rule.title, posts=titles)


def opening(pack: Pack | None, kind: str, rule: Sight | None) -> list[Purpose]:
    """The purposes that open a kind, as far as the rule leaves them."""
    named = rule.purposes if rule is not None else ()
    return [one for one in (pack.purposes.values() if pack else ()) if kind in one.kinds and (not named or one.id in named)]


def _covers(account: Account, thing: Revealable, row: Model, purpose: Purpose) -> bool:
    return bool(thing.policy.can_on(account, FOR + purpose.id, row))


def _purposes(account: Account, thing: Revealable, row: Model, ways: Iterable[Purpose]) -> Iterable[tuple[bool, Text]]:
    """Which purposes would open the field, and how each stands with the account."""
    today, some = timezone.localdate(), False
    place = thing.place(row)
    for purpose in ways:
        some = True
        grants = PurposeGrant.objects.filter(account=account, purpose=purpose.id, org__place=place).select_related("org", "decided_by")
        held = grants.exclude(state=PurposeGrant.State.ASKED).order_by("-valid_to").first()
        words = {"purpose": purpose.title}
        if _covers(account, thing, row, purpose) and held is not None:
            words |= {"org": held.org.name, "end": held.valid_to.isoformat(), "by": str(held.decided_by)}
            yield True, T("用途“%(purpose)s”已由%(by)s批准，范围为%(org)s及下级，%(end)s 失效", **words)
        elif held is not None and held.state == PurposeGrant.State.GRANTED and held.valid_to > today:
            yield False, T("用途“%(purpose)s”已批准，但范围（%(org)s）不包括这一条", **words, org=held.org.name)
        elif held is not None and held.state != PurposeGrant.State.REFUSED:
            yield False, T("用途“%(purpose)s”的批准已于 %(end)s 失效", **words, end=held.valid_to.isoformat())
        else:
            yield False, T("没有获准用途“%(purpose)s”", **words)
    if not some:
        yield False, T("规则包里没有任何用途可以查看这一项")


def reveal(*, account: Account, row: Model, field: str, purpose: str, reason: str) -> str:
    """The plain text of a sealed field, for a purpose that was granted to the account; one audit event `sealed.reveal`.

    Raises PermissionDenied when the account may not, XingtanError without a reason or when the value cannot be opened.
    """
    thing, reason = of(row), reason.strip()
    if purpose not in {one.id for one in judge(account, row, field).purposes}:
        raise PermissionDenied(REVEAL)
    if issues := tuple(checks.reason_issues(reason)):
        raise XingtanError(issues)
    plain: str = thing.read(row, field).plain()
    after = {"field": field, "kind": thing.fields(row)[field], "purpose": purpose}
    target = Target(row._meta.label_lower, str(row.pk), thing.label(row))
    with transaction.atomic():
        record(actor=account.actor, action=REVEAL, place=thing.place(row).slug, target=target, after=after, reason=reason)
    return plain
