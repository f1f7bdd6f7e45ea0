"""The bell of the shell."""

from __future__ import annotations

from xingtan.apps.base.notices.selectors import unread_count
from xingtan.ui import menu

menu.register_notices("notices:notices", unread_count)
