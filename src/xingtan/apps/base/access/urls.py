from __future__ import annotations

from django.urls import URLPattern, path, re_path

from xingtan.apps.base.access.views import accounts, grants, me, purposes, signin, why

app_name = "access"
urlpatterns: list[URLPattern] = [
    path("sign-in/", signin.sign_in, name="sign_in"),
    path("sign-in/code/", signin.sign_in_code, name="sign_in_code"),
    path("sign-in/demo/", signin.demo_in, name="demo"),
    path("sign-out/", signin.sign_out, name="sign_out"),
    path("link/<str:token>/", signin.link, name="link"),
    path("me/", me.me, name="me"),
    path("me/password/", me.password, name="password"),
    path("me/language/", me.language, name="language"),
    path("me/sessions/", me.sessions, name="sessions"),
    path("me/sessions/<int:pk>/end/", me.session_end, name="session_end"),
    path("me/second/", me.second_factor, name="second"),
    path("me/second/off/", me.second_off, name="second_off"),
    path("accounts/", accounts.account_list, name="accounts"),
    path("accounts/new/", accounts.account_new, name="account_new"),
    path("accounts/<int:pk>/", accounts.account, name="account"),
    path("accounts/<int:pk>/edit/", accounts.account_edit, name="account_edit"),
    path("accounts/<int:pk>/link/", accounts.account_link, name="account_link"),
    path("accounts/<int:pk>/sessions/", accounts.account_sessions, name="account_sessions"),
    re_path(r"^accounts/(?P<pk>[0-9]+)/(?P<verb>deactivate|activate|demand|unlock|factor)/$", accounts.account_act, name="account_act"),
    path("accounts/grants/<int:pk>/end/", grants.grant_end, name="grant_end"),
    path("p/<slug:place>/accounts/<int:pk>/grant/", grants.grant_new, name="grant_new"),
    path("p/<slug:place>/accounts/<int:pk>/rights/", grants.explanation, name="explain"),
    path("p/<slug:place>/purposes/", purposes.purpose_list, name="purposes"),
    path("p/<slug:place>/purposes/ask/", purposes.purpose_ask, name="purpose_ask"),
    path("p/<slug:place>/purposes/<int:pk>/", purposes.purpose, name="purpose"),
    path("p/<slug:place>/purposes/<int:pk>/end/", purposes.purpose_end, name="purpose_end"),
    path("p/<slug:place>/why/<str:kind>/<int:pk>/", why.why, name="why"),
    path("p/<slug:place>/reveal/<str:kind>/<int:pk>/<str:field>/", purposes.reveal, name="reveal"),
]
