"""`make guide`: serve the style guide on http://127.0.0.1:8711, for eyes."""

from __future__ import annotations

import os

import django
from django.conf import settings
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingtan.config.settings")
settings.ROOT_URLCONF = "tests.ui.guide.urls_root"
django.setup()
call_command("runserver", "127.0.0.1:8711", "--noreload", "--insecure", "--skip-checks")
