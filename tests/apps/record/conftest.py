from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def kept_files(home: Path) -> Path:
    """Where uploaded files are kept."""
    return home / "media"
