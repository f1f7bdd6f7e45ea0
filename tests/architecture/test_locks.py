from __future__ import annotations

from tools import locks


def test_locks_name_versions_and_hashes_and_no_addresses():
    assert locks.faults() == []
