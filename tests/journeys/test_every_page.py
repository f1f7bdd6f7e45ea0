"""Every page that somebody may see, on a desk and on a phone: no script error, nothing refused by the policy, nothing wider than the screen.

With XINGTAN_SHOTS=<folder> each page is also kept as a picture, to be looked at.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Error
from tests.architecture.routes import ROLES, ROUTES
from tests.journeys.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.django_db(transaction=True)
SEEN = sorted(name for name, route in ROUTES.items() if route.method == "GET" and "o" in route.answers)
SHOTS = os.environ.get("XINGTAN_SHOTS", "")


def walk(journey, name, pages):
    """Open one page on both screens; return what is wrong with it."""
    route = ROUTES[name]
    role = "administrator" if route.answers[ROLES.index("administrator")] == "o" else ROLES[route.answers.index("o")]
    arguments = {key: value(journey.cast) if callable(value) else value for key, value in route.arguments.items()}
    if role not in pages:
        pages[role] = journey.visitor(DESKTOP) if role == "anonymous" else journey.sign_in(role, DESKTOP)
    page = pages[role]
    try:
        answer = page.goto(journey.url(reverse(name, kwargs=arguments) + route.query))
    except Error as error:
        if "Download is starting" not in error.message:
            yield f"{name}: {error.message}"
        return  # a file is no page
    whole = "<!doctype" in answer.text()  # a piece for htmx has neither title nor heading
    for kind, size in (("desk", DESKTOP), ("phone", PHONE)):
        page.set_viewport_size(size)
        yield from (f"{name} {fault} ({kind})" for fault in faults(page, answer, whole))
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name.replace(':', '-')}-{kind}.png", full_page=True)
    page.set_viewport_size(DESKTOP)


def faults(page, answer, whole):
    """What is wrong with a page at the size it has now."""
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    found = {
        f"answers {answer.status}": answer.status != 200,
        f"is {wide} px wide on a screen of {seen}": wide > seen,
        "has no single heading": whole and page.locator("h1").count() != 1,
        f"is titled {page.title()!r}": whole and not re.search(r"\S · 杏坛$", page.title()),
    }
    return [fault for fault, wrong in found.items() if wrong]


def test_every_page_is_healthy_and_fits(journey):
    pages = {}
    assert [fault for name in SEEN for fault in walk(journey, name, pages)] == []
    journey.healthy()
