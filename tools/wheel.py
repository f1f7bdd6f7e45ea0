"""What a wheel carries besides the package. An editable installation reads all of it from the working tree instead."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CARRIED = {
    "packs": "xingtan/packs",
    "examples": "xingtan/examples",
    "locale": "xingtan/locale",
    "frontend/dist": "xingtan/static_dist",
    "frontend/fonts": "xingtan/fonts",
}


class Carried(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            build_data["force_include"].update(CARRIED)
