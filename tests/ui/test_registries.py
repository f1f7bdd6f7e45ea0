"""Navigation, search, menu, scope and the net under views: what apps register and what a reader then gets."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.http import Http404
from django.test import RequestFactory

from xingtan.kernel.errors import XingtanError
from xingtan.kernel.period import Period
from xingtan.kernel.text import T
from xingtan.ui import menu, middleware, nav, policy, scope, search


class Grants:
    """Grants `seen` at one organisation and everything below it, and nothing else."""

    def granted(self, account, action):
        return policy.OrgScope(frozenset({1}), frozenset({7})) if action == "seen" else policy.OrgScope()

    def holders(self, action, org_id):
        return ()

    def explain(self, account, action, org):
        return policy.Explanation(False, ())


@pytest.fixture
def clean(monkeypatch):
    for module, name, value in (
        (nav, "_entries", {}),
        (search, "_providers", {}),
        (menu, "_items", {}),
        (menu, "_notices", []),
        (scope, "_providers", []),
        (scope, "_freshness", []),
        (policy, "_grants", [Grants()]),
    ):
        monkeypatch.setattr(module, name, value)


@pytest.fixture
def request_():
    request = RequestFactory().get("/x/?org=A&period=2009&page=2")
    request.user = SimpleNamespace(is_authenticated=True, actor="actor")
    request.scope = scope.Scope(SimpleNamespace(slug="xishan"), SimpleNamespace(code="XS"), Period.parse("2009"))
    request.resolver_match = SimpleNamespace(view_name="access:me", app_name="access", kwargs={"place": "xishan"})
    return request


def test_the_navigation_shows_what_the_reader_may_use(clean, request_):
    nav.register(nav.Entry(95, "我的", "access:me", placed=False))
    nav.register(nav.Entry(20, "审计", "audit:log", action="seen", count=lambda request: 3))
    nav.register(nav.Entry(10, "不许", "audit:check", action="hidden"))
    nav.register(nav.Entry(30, "没有这一页", "nowhere:page"))
    links = nav.links(request_)
    assert [link.label for link in links] == ["审计", "我的"]
    assert links[0].url == "/p/xishan/audit/?org=XS&period=2009"
    assert (links[0].count, links[0].active, links[0].ruled) == (3, False, False)
    assert (links[1].active, links[1].ruled) == (True, True)


@pytest.mark.parametrize(
    ("path", "app", "present"),
    [
        ("/p/xishan/snapshots/new/", "figures", "快照"),
        ("/p/xishan/indicators/pupils/rows/", "figures", "指标"),
        ("/p/xishan/imports/7/", "imports", "台账"),
        ("/p/xishan/org-acts/7/", "orgs", "组织"),
        ("/p/xishan/nowhere/", "desk", ""),
    ],
)
def test_a_page_marks_the_entry_it_stands_under(clean, request_, path, app, present):
    nav.register(nav.Entry(10, "工作台", "desk:home"))
    nav.register(nav.Entry(20, "台账", "ledgers:index", apps=("imports",)))
    nav.register(nav.Entry(30, "指标", "figures:index"))
    nav.register(nav.Entry(40, "快照", "figures:snapshots"))
    nav.register(nav.Entry(50, "组织", "orgs:tree"))
    nav.register(nav.Entry(60, "规则包", "desk:pack"))
    request_.path, request_.resolver_match = path, SimpleNamespace(view_name=f"{app}:other", app_name=app, kwargs={"place": "xishan"})
    assert "".join(str(link.label) for link in nav.links(request_) if link.active) == present


def test_without_a_place_no_placed_entry_is_shown(clean, request_):
    nav.register(nav.Entry(20, "审计", "audit:log", action="seen"))
    request_.scope = None
    assert nav.links(request_) == []


def test_search_never_hides_how_much_it_hides(clean):
    hits = [search.Hit(f"学校{n}", f"/{n}") for n in range(20)]
    search.register("schools", search.Provider(10, "学校", lambda account, where, words, limit: (hits[:limit], len(hits))))
    search.register("none", search.Provider(5, "无", lambda account, where, words, limit: ([], 0)))
    (group,) = search.find(None, None, "  学校  ", limit=8)
    assert (len(group.hits), group.total, group.hidden) == (8, 20, 12)
    assert search.find(None, None, "   ") == []


def test_the_menu_leaves_out_what_is_not_built_or_not_allowed(clean):
    menu.register(menu.Item(20, "退出", "access:sign_out", post=True))
    menu.register(menu.Item(10, "没有", "nowhere:page"))
    menu.register(menu.Item(15, "不许", "access:me", action="hidden"))
    assert [(line.label, line.post) for line in menu.lines(None)] == [("退出", True)]
    assert menu.notices(None) == ("", 0)
    menu.register_notices("notices:notices", lambda account: 4)
    assert menu.notices(None) == ("/notices/", 4)


def test_a_scope_is_read_before_the_view_and_only_for_those_signed_in(clean, request_):
    read = []

    class Provider:
        def read(self, account, slug, org, period):
            read.append((slug, org, period))
            return "scope"

        def home(self, account):
            return None

    scope.register(Provider())
    net = middleware.ScopeMiddleware(lambda request: request)
    net.process_view(request_, None, (), {"place": "xishan"})
    assert read == [("xishan", "A", "2009")]
    request_.user.is_authenticated = False
    net.process_view(request_, None, (), {"place": "xishan"})
    assert len(read) == 1
    assert not net(request_).scope


def test_without_a_provider_no_place_is_found(clean, request_):
    with pytest.raises(Http404):
        scope.read(request_, "xishan")


def test_an_address_says_the_scope_and_more(request_):
    assert scope.query(request_.scope, q="甲") == "?q=%E7%94%B2&org=XS&period=2009"
    assert scope.query(None) == ""


def test_rights_are_closed_until_somebody_tells_them(monkeypatch):
    monkeypatch.setattr(policy, "_grants", [policy._Closed()])
    assert not policy.can(None, "org.view")
    assert not policy.can_at(None, "org.view", 1)


def test_a_refusal_no_view_caught_becomes_a_page_with_every_reason(rf):
    net = middleware.ProblemMiddleware(lambda request: None)
    request = rf.get("/x/")
    request.user = SimpleNamespace(is_authenticated=False)
    request.scope = None
    refused = XingtanError([*XingtanError.one("a", T("甲"), T("改甲")).issues, *XingtanError.one("b", T("乙")).issues])
    response = net.process_exception(request, refused)
    page = response.content.decode()
    assert response.status_code == 400
    assert "甲" in page
    assert "改甲" in page
    assert "乙" in page
    assert net.process_exception(request, ValueError()) is None
