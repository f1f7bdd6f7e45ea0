from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _quick_hashes(request: pytest.FixtureRequest, settings: Any) -> None:
    """Argon2 is slow on purpose; what is tested here does not depend on it, save where the name says so."""
    if "argon2" not in request.node.name:
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
