"""Names in purposes and rules of visibility."""

from __future__ import annotations

from xingtan.kernel.text import T
from xingtan.pack.schema.trust import Sight

from .asking import COLUMN, POST, Asker

# Sealed fields of the registers, by the name a pack calls the register. An app that adds a sealed field adds it here.
SEALED: dict[str, frozenset[str]] = {
    "person": frozenset({"id_number", "phone", "address"}),
    "pupil": frozenset({"id_number", "phone", "address", "health", "disability", "home_address", "mail_address"}),
    "guardian": frozenset({"name", "phone"}),
    "flag": frozenset({"kind"}),
    "child": frozenset({"id_number", "guardian", "phone"}),
}


def purposes(ask: Asker) -> None:
    """Posts that ask and posts that decide; somebody who decides must be able to."""
    deciders = {post.id for post in ask.pack.organisation.posts if "purpose.decide" in post.may}
    for name, purpose in ask.pack.purposes.items():
        ask.all_known(POST, purpose.posts, ask.posts, ("purposes", name, ("posts",)))
        ask.all_known(T("能批准用途的岗位"), purpose.approver, deciders, ("purposes", name, ("approver",)))


def visibility(ask: Asker) -> None:
    """Posts, purposes and fields; two rules for one thing would contradict one another."""
    seen: set[str] = set()
    for name, sight in ask.pack.visibility.items():
        ask.all_known(POST, sight.posts, ask.posts, ("visibility", name, ("posts",)))
        ask.all_known(T("用途"), sight.purposes, ask.pack.purposes, ("visibility", name, ("purposes",)))
        _field(ask, name, sight)
        what = sight.kind or sight.field or ""
        if what in seen:
            message = T("%(what)s 已有一条规则", what=what)
            ask.say("duplicate_id", message, ("visibility", name, ("kind" if sight.kind else "field",)), T("把两条并成一条"), what)
        seen.add(what)


def _field(ask: Asker, name: str, sight: Sight) -> None:
    if sight.field is None:
        return
    register, _dot, column = sight.field.partition(".")
    ledger, spot = ask.pack.ledgers.get(register), ("visibility", name, ("field",))
    if ledger is not None:
        ask.known(T("敏感栏"), column, ledger.visible.sensitive, spot)
    elif register not in SEALED:
        ask.known(T("台账或登记册"), register, {*ask.pack.ledgers, *SEALED}, spot)
    else:
        ask.known(COLUMN, column, SEALED[register], spot)
