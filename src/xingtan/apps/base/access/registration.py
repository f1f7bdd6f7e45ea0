"""What access hangs into the house: the grants that every policy asks, the navigation, the account's own menu."""

from __future__ import annotations

from django.contrib.auth.signals import user_logged_in
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.access import audit_words, showing, sittings, unmask
from xingtan.apps.base.access.authority import Authority
from xingtan.apps.base.access.models import Account
from xingtan.apps.base.access.residents import GrantResidents
from xingtan.apps.base.access.views.exports import answer
from xingtan.apps.base.audit import history
from xingtan.apps.base.orgs import residents
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.people.policies import persons
from xingtan.apps.base.vault.masks import Kind
from xingtan.ui import exports, menu, nav, policy, sealed


def _accounts(key: str) -> list[tuple[str, str]]:
    """The accounts that stand for a person."""
    return [("access.account", str(pk)) for pk in Account.objects.filter(person_id=key).values_list("pk", flat=True)]


policy.register(Authority())
residents.register(GrantResidents())
nav.register(nav.Entry(92, _("账号与授权"), "access:accounts", action="access.view", icon="lock", placed=False))
nav.register(nav.Entry(91, _("敏感信息用途"), "access:purposes", action="sealed.reveal purpose.decide", icon="lock"))
menu.register(menu.Item(10, _("我的账号"), "access:me"))
sealed.register(showing.show)
history.register("people.person", _accounts)
exports.register(answer)
user_logged_in.connect(sittings.begin, dispatch_uid="access.sittings")
unmask.register(
    Person, persons, action="people.view", fields={"id_number": Kind.ID_NUMBER, "phone": Kind.PHONE, "address": Kind.ADDRESS},
    url=lambda person: reverse("people:person", kwargs={"place": person.place.slug, "pk": person.pk}),
)  # fmt: skip
menu.register(menu.Item(90, _("退出登录"), "access:sign_out", post=True))
audit_words.register()
