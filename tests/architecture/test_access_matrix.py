"""Every address is listed, and answers each role as the list (routes.py) says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.architecture.routes import LETTERS, ROLES, ROUTES, Route


def named(resolver: URLResolver, space: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            assert pattern.name, f"the address {pattern.pattern} has no name"
            yield f"{space}{pattern.name}"
        else:
            yield from named(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)


ADDRESSES = sorted(set(named(get_resolver())))


def test_every_address_is_listed_and_every_line_has_an_address():
    assert sorted(set(ADDRESSES) - set(ROUTES)) == [], "add a line for each to tests/architecture/routes.py"
    assert sorted(set(ROUTES) - set(ADDRESSES)) == [], "these addresses are gone"


def test_every_line_answers_for_every_role():
    assert [name for name, route in ROUTES.items() if len(route.answers) != len(ROLES) or set(route.answers) - set(LETTERS)] == []


def answer(route: Route, name: str, role: str, arguments: dict[str, Any], cast: Any) -> int:
    client = Client(raise_request_exception=False, headers={"accept-language": "zh-hans"})
    if role != "anonymous":
        client.force_login(
            get_user_model().objects.get(pk=cast.accounts[role].pk)
        )  # as it is now: a row before may have ended its sessions
    return client.generic(route.method, reverse(name, kwargs=arguments) + route.query).status_code


def told(status: int) -> str:
    return next((letter for letter, statuses in LETTERS.items() if status in statuses), str(status))


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_each_role_gets_the_answer_the_list_says(name, cast):
    route = ROUTES[name]
    arguments = {key: value(cast) if callable(value) else value for key, value in route.arguments.items()}
    got = [told(answer(route, name, role, arguments, cast)) for role in ROLES]
    assert dict(zip(ROLES, got, strict=True)) == dict(zip(ROLES, route.answers, strict=True))
