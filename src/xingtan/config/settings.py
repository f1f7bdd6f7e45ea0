from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from xingtan.config.databases import database
from xingtan.config.home import home, secret_key

XINGTAN_HOME = home()
PACKAGE = Path(__file__).resolve().parents[1]
REPOSITORY = PACKAGE.parents[1]
FRONTEND_DIST = next(
    (p for p in (PACKAGE / "static_dist", REPOSITORY / "frontend" / "dist") if p.exists()), REPOSITORY / "frontend" / "dist"
)

DEBUG = False
SECRET_KEY = os.environ.get("XINGTAN_SECRET_KEY") or secret_key(XINGTAN_HOME)
# The demonstration home offers one sign-in button a role; the views also insist on a loopback peer.
XINGTAN_DEMO = os.environ.get("XINGTAN_DEMO", "") == "1" or (XINGTAN_HOME / "demo").exists()
# Where the key ring lies; empty: in the home. A site may keep it on a disk of its own.
XINGTAN_KEYS = os.environ.get("XINGTAN_KEYS", "")
XINGTAN_BEHIND_TLS = os.environ.get("XINGTAN_BEHIND_TLS", "") == "1"
ALLOWED_HOSTS = [h for h in os.environ.get("XINGTAN_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if h]
CSRF_TRUSTED_ORIGINS = [f"https://{h}" for h in ALLOWED_HOSTS if XINGTAN_BEHIND_TLS]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django.forms",
    "csp",
    "xingtan.ui",
    "xingtan.apps.base.audit",
    "xingtan.apps.base.orgs",
    "xingtan.apps.base.vault",
    "xingtan.apps.base.people",
    "xingtan.apps.base.access",
    "xingtan.apps.base.jobs",
    "xingtan.apps.base.notices",
    "xingtan.apps.base.pupils",
    "xingtan.apps.base.staff",
    "xingtan.apps.record.ledgers",
    "xingtan.apps.record.imports",
    "xingtan.apps.record.figures",
    "xingtan.apps.record.staffing",
    "xingtan.apps.desks.aid",
    "xingtan.apps.desks.cohorts",
    "xingtan.apps.desks.compare",
    "xingtan.apps.face.reports",
    "xingtan.apps.face.desk",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Every page asks for a signed-in account unless its view says `@login_not_required`.
    "xingtan.apps.base.access.middleware.DoorMiddleware",
    "xingtan.apps.base.access.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "xingtan.ui.middleware.ScopeMiddleware",
    "xingtan.ui.middleware.ProblemMiddleware",
]
ROOT_URLCONF = "xingtan.config.urls"
WSGI_APPLICATION = "xingtan.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "xingtan.ui.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "xingtan.ui.templatetags.xingtan"],
        },
    }
]
CSRF_FAILURE_VIEW = "xingtan.ui.errors.csrf_failure"
FORM_RENDERER = "xingtan.ui.forms.Renderer"
DATABASES = {"default": database(os.environ, XINGTAN_HOME)}
AUTH_USER_MODEL = "access.Account"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "display_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "xingtan.apps.base.access.habits.HabitValidator"},
]
LOGIN_URL = "access:sign_in"
LOGIN_REDIRECT_URL = "desk:start"
# Who must sign in with a second factor, beside the posts of which a pack says so: "", "administrators", "all".
XINGTAN_SECOND_FACTOR = os.environ.get("XINGTAN_SECOND_FACTOR", "")
# Seconds after which a session ends: nobody came by, and at the latest.
XINGTAN_SESSION_IDLE = int(os.environ.get("XINGTAN_SESSION_IDLE_MINUTES", "60")) * 60
XINGTAN_SESSION_LONGEST = SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = XINGTAN_BEHIND_TLS
SECURE_HSTS_SECONDS = 31536000 if XINGTAN_BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = XINGTAN_BEHIND_TLS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "base-uri": [SELF],
        "object-src": [NONE],
    }
}
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
LOCALE_PATHS = [p for p in (PACKAGE / "locale", REPOSITORY / "locale") if p.exists()]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATICFILES_DIRS = [FRONTEND_DIST] if FRONTEND_DIST.exists() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Vite puts a hash into every name, so a file never changes under its address.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+[.-][0-9A-Za-z_-]{8}\..+$"
# Files are served from where they lie, with the .br and .gz the build put beside them: nothing to collect, nothing to go stale.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
MEDIA_ROOT = XINGTAN_HOME / "media"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}, "nowhere": {"class": "logging.NullHandler"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("XINGTAN_LOG", "WARNING")},
    "loggers": {
        # What strangers ask for in vain is not our fault: no traceback for a foreign host, no line for each 404 and 422.
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
        "django.request": {"level": "ERROR"},
    },
}
