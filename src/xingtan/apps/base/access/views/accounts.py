"""Accounts as their managers see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from xingtan.apps.base.access import links, policies, second, services, signin
from xingtan.apps.base.access.forms import AccountForm, ReasonForm, person_words
from xingtan.apps.base.access.models import Account, Grant
from xingtan.apps.base.access.rights import rights_of
from xingtan.apps.base.access.views.common import act, reader
from xingtan.apps.base.access.views.grants import grant_line
from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.people.models import Person
from xingtan.ui.forms import status
from xingtan.ui.policy import granted
from xingtan.ui.tables import Column, Filter, Table


def places() -> list[tuple[str, str]]:
    """The places, as choices of the filter."""
    return list(Place.objects.values_list("slug", "title"))


def state_words(account: Account) -> str:
    """Say whether an account can be used."""
    if not account.is_active:
        return _("已停用")
    if account.is_demo:
        return _("演示")
    if not account.has_usable_password():
        return _("未设密码")
    return _("须改密码") if account.must_change_password else _("启用")


ACCOUNTS: Table[Account] = Table(
    columns=(
        Column("login", gettext_lazy("登录名"), lambda a: a.login, sort="login", link=lambda a: reverse("access:account", args=[a.pk])),
        Column("name", gettext_lazy("显示名"), lambda a: a.display_name, sort="display_name"),
        Column("person", gettext_lazy("对应人员"), lambda a: a.person, minor=True),
        Column("place", gettext_lazy("所属地区"), lambda a: a.place, sort="place__title", minor=True),
        Column("state", gettext_lazy("状态"), state_words),
        Column("seen", gettext_lazy("最近登录"), lambda a: a.last_login, kind="date", sort="last_login", minor=True),
    ),
    filters=(
        Filter("place", gettext_lazy("所属地区"), lambda rows, slug: rows.filter(place__slug=slug), choices=places),
        Filter(
            "state", gettext_lazy("状态"), lambda rows, value: rows.filter(is_active=value == "active"),
            choices=(("active", gettext_lazy("启用")), ("closed", gettext_lazy("已停用"))),
        ),
    ),
    search=lambda rows, words: rows.filter(Q(login__icontains=words) | Q(display_name__icontains=words) | Q(person__name__icontains=words)),
    search_label=gettext_lazy("登录名、显示名或姓名"),
    default="login",
)  # fmt: skip


@require_safe
def account_list(request: HttpRequest) -> HttpResponseBase:
    policies.accounts.require(reader(request), "access.view")
    rows = policies.accounts.visible(reader(request), "access.view").select_related("place", "person")
    bound = ACCOUNTS.bind(request, rows)
    if bound.export:
        return bound.workbook(_("账号"))
    page = {"table": bound, "may_manage": policies.accounts.can(reader(request), "access.manage")}
    return render(request, "access/accounts.html", page)


@require_safe
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: what it is, which rights it has, since when and why."""
    me = reader(request)
    found = _visible(request, pk)
    grants = Grant.objects.filter(account=found).select_related("org__place")
    endable = set(policies.grants.visible(me, "access.manage", grants).values_list("pk", flat=True))
    page = {
        "account": found,
        "state": state_words(found),
        "rights": rights_of(found),
        "grants": [grant_line(grant, endable) for grant in policies.grants.visible(me, "access.view", grants)],
        "may_manage": policies.accounts.manageable(me).filter(pk=found.pk).exists(),
        "slug": _slug(request, found),
        "locked": signin.locked_until(found),
        "factor": second.factor_of(found),
    }
    return render(request, "access/account.html", page)


def account_new(request: HttpRequest) -> HttpResponse:
    me = reader(request)
    policies.accounts.require(me, "access.manage")
    form = _form(request, None)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        made = act(form, lambda: services.account_create(
            actor=me.actor, login=facts["login"], display_name=facts["display_name"], place=facts["place"], person=facts.get("person"),
            language=facts["language"], administrator=facts.get("administrator", False),
        ))  # fmt: skip
        if made is not None:
            messages.success(request, _("账号已建立。请生成一次性链接，交给本人设置密码"))
            return redirect("access:account", made.pk)
    return render(request, "access/account_form.html", {"form": form, "account": None}, status=status(form))


def account_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _managed(request, pk)
    form = _form(request, found)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        done = act(form, lambda: services.account_change(
            actor=reader(request).actor, account=found, display_name=facts["display_name"], person=facts.get("person"),
            language=facts["language"],
        ))  # fmt: skip
        if done is not None:
            messages.success(request, _("已保存"))
            return redirect("access:account", pk)
    return render(request, "access/account_form.html", {"form": form, "account": found}, status=status(form))


class Verb(Protocol):
    """An act on one account that needs a reason."""

    def __call__(self, *, actor: Actor, account: Account, reason: str) -> Account: ...


@dataclass(frozen=True, slots=True)
class Act:
    """How the page of an act speaks."""

    service: Verb
    title: Promise
    about: Promise
    done: Promise


ACTS = {
    "deactivate": Act(
        services.account_deactivate, gettext_lazy("停用账号"), gettext_lazy("停用后立即退出登录，不能再进入；记录保留。"),
        gettext_lazy("账号已停用"),
    ),
    "activate": Act(
        services.account_activate, gettext_lazy("启用账号"), gettext_lazy("启用后可用原密码登录。"), gettext_lazy("账号已启用")
    ),
    "demand": Act(
        services.password_demand, gettext_lazy("要求修改密码"), gettext_lazy("本人修改密码之前不能做任何事。"),
        gettext_lazy("下次进入时须先改密码"),
    ),
    "unlock": Act(
        signin.lift, gettext_lazy("解除锁定"), gettext_lazy("清除登录失败的次数，本人可以立即再试。请先确认是本人。"),
        gettext_lazy("已解除锁定"),
    ),
    "factor": Act(
        second.remove, gettext_lazy("停用动态验证码"), gettext_lazy("手机丢失时用。停用后凭密码即可登录；须用的岗位下次登录时要重新启用。"),
        gettext_lazy("已停用动态验证码"),
    ),
}  # fmt: skip


def account_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Close, open or hold an account, with a reason."""
    found = _managed(request, pk)
    asked = ACTS[verb]
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        result = act(form, lambda: asked.service(actor=reader(request).actor, account=found, reason=form.cleaned_data["reason"]))
        if result is not None:
            messages.success(request, str(asked.done))
            return redirect("access:account", pk)
    page = {"form": form, "account": found, "title": asked.title, "about": asked.about, "back": reverse("access:account", args=[pk])}
    return render(request, "access/reason.html", page, status=status(form))


@require_POST
@never_cache
def account_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a one-time link and show it this one time."""
    found = _managed(request, pk)
    issued = links.link_issue(actor=reader(request).actor, account=found)
    page = {"account": found, "address": request.build_absolute_uri(issued.path), "expires": issued.expires}
    return render(request, "access/link_issued.html", page)


@require_POST
def account_sessions(request: HttpRequest, pk: int) -> HttpResponse:
    found = _managed(request, pk)
    services.sessions_end(actor=reader(request).actor, account=found)
    messages.success(request, _("该账号在所有设备上的登录已退出"))
    return redirect("access:account", pk)


def _visible(request: HttpRequest, pk: int) -> Account:
    rows = policies.accounts.visible(reader(request), "access.view").select_related("place", "person")
    return get_object_or_404(rows, pk=pk)


def _managed(request: HttpRequest, pk: int) -> Account:
    found = _visible(request, pk)
    policies.accounts.require_manage(reader(request), found)
    return found


def _slug(request: HttpRequest, found: Account) -> str:
    """The place in which rights of this account are given and explained: its own, or the reader's present one."""
    here = getattr(request, "scope", None)
    return found.place.slug if found.place else (here.slug if here else "")


def _form(request: HttpRequest, known: Account | None) -> AccountForm:
    me = reader(request)
    scope = granted(me, "access.manage")
    mine = Place.objects.all()
    if not scope.everywhere:
        mine = mine.filter(pk__in=scope.place_ids, root__in=[*scope.subtree, *scope.own])
    persons = _persons(mine, known)
    return AccountForm(
        request.POST or None, initial=_initial(request, known, persons), persons=persons, places=mine,
        by_administrator=me.is_administrator, known=known,
    )  # fmt: skip


def _initial(request: HttpRequest, known: Account | None, persons: QuerySet[Person] | None) -> dict[str, str]:
    """What the form starts with; `?person=` names the person from whose page one comes."""
    if known is not None:
        person = person_words(known.person) if known.person else ""
        return {"display_name": known.display_name, "person": person, "language": known.language}
    asked = request.GET.get("person", "")
    found = persons.filter(pk=int(asked)).first() if persons is not None and asked.isascii() and asked.isdigit() else None
    return {"place": found.place.slug, "display_name": found.name, "person": person_words(found)} if found else {}


def _persons(mine: QuerySet[Place], known: Account | None) -> QuerySet[Person] | None:
    """The persons an account may stand for: of its place, and without an account yet."""
    if known is not None and known.place is None:
        return None
    rows = Person.objects.filter(Q(account=None) | Q(account=known) if known else Q(account=None))
    return rows.filter(place=known.place) if known else rows.filter(place__in=mine)
