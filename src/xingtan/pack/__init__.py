"""The language of packs: a county's rules as a folder of YAML, read into one frozen, checked, hashed object.

loaded = load("packs/huinan")            # newest version; never raises on bad input
loaded.pack, loaded.issues               # pack is None when there is an error; every fault with file, line, caret
check("packs/huinan/2009.1")             # the same plus every lint rule
spec = model(loaded.pack)                # engine ModelSpec
restore(dump(pack)).hash == pack.hash    # activation stores the bytes
"""

from __future__ import annotations

from .check import Loaded, check, load
from .codec import Pack, dump, restore
from .diff import Change, diff
from .json_schema import json_schema
from .loader import builtin_root, newest, version_folder
from .model import model

__all__ = [
    "Change",
    "Loaded",
    "Pack",
    "builtin_root",
    "check",
    "diff",
    "dump",
    "json_schema",
    "load",
    "model",
    "newest",
    "restore",
    "version_folder",
]
