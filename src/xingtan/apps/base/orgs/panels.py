"""Panels of an organisation's page that apps above fill: each registers a template and how to gather what it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from .models import Organisation


@dataclass(frozen=True, slots=True)
class Panel:
    """`gather` gives what the template finds as `panel`; None where the reader may see nothing of it."""

    order: int
    template: str
    gather: Callable[[HttpRequest, Organisation], Any]


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    """Add a panel; a second one with the same template replaces the first."""
    _panels[panel.template] = panel


def panels_of(request: HttpRequest, org: Organisation) -> list[tuple[str, Any]]:
    """Template and content of every panel the reader sees, in order."""
    found = [(panel.template, panel.gather(request, org)) for panel in sorted(_panels.values(), key=lambda one: one.order)]
    return [(template, content) for template, content in found if content is not None]
