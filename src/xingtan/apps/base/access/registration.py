"""What access hangs into the house: the grants that every policy asks, the navigation, the account's own menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.access import audit_words
from xingtan.apps.base.access.authority import Authority
from xingtan.apps.base.access.residents import GrantResidents
from xingtan.apps.base.orgs import residents
from xingtan.ui import menu, nav, policy

policy.register(Authority())
residents.register(GrantResidents())
nav.register(nav.Entry(92, _("账号与授权"), "access:accounts", action="access.view", icon="lock", placed=False))
menu.register(menu.Item(10, _("我的账号"), "access:me"))
menu.register(menu.Item(90, _("退出登录"), "access:sign_out", post=True))
audit_words.register()
