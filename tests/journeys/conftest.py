"""Journeys: a walk through the pages in a real Chromium, against a live server on the run's own database.

@pytest.mark.journey
def test_the_director_reads_a_figure(journey):
    page = journey.sign_in("director")            # a member of the cast, desktop; journey.phone("teacher") is 360 px wide
    page.goto(journey.url("/p/xs/"))
    journey.healthy()                             # no script error, nothing refused by the content security policy
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from tools.browser import find

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 780}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker("journey")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    program, extra = find.chromium()
    # Playwright's loop runs in this thread; Django must not take our own synchronous queries for a mistake.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=str(program), args=list(find.ARGS), env={**os.environ, **extra})
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
    if before is not None:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@dataclass
class Journey:
    browser: Any
    base: str
    cast: Any = None
    faults: list[str] = field(default_factory=list)
    contexts: list[Any] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"{self.base}{path}"

    def visitor(self, viewport: dict[str, int] = DESKTOP, **options: Any) -> Any:
        """A page nobody has signed in on."""
        context = self.browser.new_context(viewport=viewport, locale="zh-CN", timezone_id="Asia/Shanghai", **options)
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self.faults.append(f"{page.url}: {message.text}") if message.type == "error" else None)
        return page

    def sign_in(self, login: str, viewport: dict[str, int] = DESKTOP, **options: Any) -> Any:
        """A page on which that member of the cast has signed in."""
        page = self.visitor(viewport, **options)
        client = Client()
        client.force_login(self.cast.accounts[login])
        cookie = client.cookies[django_settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.base}])
        return page

    def phone(self, login: str) -> Any:
        return self.sign_in(login, PHONE, has_touch=True, is_mobile=True)

    def healthy(self) -> None:
        """Fail on any script error or anything the browser refused so far."""
        assert self.faults == []

    def fits(self, page: Any) -> None:
        """Fail if the page must be moved sideways."""
        wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wide <= seen, f"{page.url} is {wide} px wide on a screen of {seen} px"


@pytest.fixture
def stage(chromium: Any, live_server: Any) -> Iterator[Journey]:
    """A journey without a county: for pages that need none."""
    made = Journey(chromium, live_server.url)
    yield made
    for context in made.contexts:
        context.close()


@pytest.fixture
def journey(stage: Journey, transactional_db: None, cast: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any, settings: Any) -> Journey:
    """A journey in the cast's county, with files and snapshots of its own."""
    monkeypatch.setenv("XINGTAN_HOME", str(tmp_path))
    settings.MEDIA_ROOT = tmp_path / "media"
    stage.cast = cast
    return stage
