from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from xingtan.config import lifeline

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingtan.config.settings")
application = get_wsgi_application()
lifeline.hold()
