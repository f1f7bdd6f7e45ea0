from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def kept_files(tmp_path, settings):
    """Uploaded files go to a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"
