"""Django's settings, computed from the typed environment; nothing here is read from elsewhere."""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from linli.machine.databases import database
from linli.machine.environment import environment
from linli.platform.access.sign_in_settings import *  # noqa: F403 - names Django and its apps read
from linli.platform.pages.assets import fingerprint
from linli.platform.pages.csp import policy

ENV = environment()
PACKAGE = Path(__file__).resolve().parent

SECRET_KEY = ENV.secret_key
DEBUG = ENV.debug
ALLOWED_HOSTS = [host.strip() for host in ENV.allowed_hosts.split(",") if host.strip()]

INSTALLED_APPS = [
    "linli.platform.access",
    "linli.platform.changes",
    "linli.platform.flow",
    "linli.platform.jobs",
    "linli.platform.notices",
    "linli.platform.phones",
    "linli.platform.files",
    "linli.platform.pages",
    "linli.platform.desk",
    "linli.modules.divisions",
    "linli.modules.cases",
    "linli.sites.desk",
    "linli.sites.portal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "linli.platform.access.sessions.SeatMiddleware",
    "axes.middleware.AxesMiddleware",
    "linli.platform.access.middleware.ActorMiddleware",
    "linli.sites.errors.ErrorsMiddleware",
]

ROOT_URLCONF = "linli.sites.urls"
WSGI_APPLICATION = "linli.sites.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "linli.platform.pages.jinja.environment",
            "context_processors": ["linli.platform.pages.context.page"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

DATABASES = {"default": database(ENV)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared by the web processes: a code used in one of them is used up in all.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "access_cache",
    }
}

AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "linli.platform.access.login.NameOrPhoneBackend",
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale", PACKAGE / "kernel" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = ENV.timezone

# The address changes with any file served, so browsers may keep everything for ever and modules may
# import one another by relative address (docs/adr/0010-look.md).
STATIC_URL = f"/static/{fingerprint()}/"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "linli.platform.pages.finders.VendorFinder",
]
WHITENOISE_IMMUTABLE_FILE_TEST = r"^(?!)" if DEBUG else r"^."
CONTENT_SECURITY_POLICY = policy(
    ("https://" + urlsplit(ENV.map_tiles).netloc,) if ENV.map_tiles else ()
)
MAP = {"raster": ENV.map_tiles, "attribution": ENV.map_attribution} if ENV.map_tiles else {}
HOTLINE = ENV.hotline
# Seconds: a minute and an hour.
PORTAL_LIMITS = {"report": ((ENV.reports_a_minute, 60), (ENV.reports_an_hour, 3600))}
CSRF_FAILURE_VIEW = "linli.platform.pages.errors.csrf_failure"
STATIC_ROOT = ENV.data_dir / "static"
MEDIA_ROOT = ENV.media
UPLOAD_LIMIT = ENV.upload_mb * 1024 * 1024
UPLOADS_AT_ONCE = ENV.uploads_per_report
VIRUS_SCAN = ENV.virus_scan
FILE_UPLOAD_HANDLERS = ["linli.platform.files.uploads.CarefulUploadHandler"]
LIVE = ENV.mode != "test"
LINLI_GALLERY = ENV.mode != "serve"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"
        if LIVE
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# HTTPS ends at a reverse proxy; plain HTTP is for this machine only (demo, or said so aloud).
SECURE = ENV.mode == "serve" and not ENV.plain_http
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = SECURE
# How many steps of X-Forwarded-For are ours, see access/address.py.
PROXIES = ENV.proxies
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = ENV.hsts_seconds if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.proxies else None
SECURE_REFERRER_POLICY = "same-origin"
CSRF_TRUSTED_ORIGINS = [ENV.public_address] if "://" in ENV.public_address else []
# Whether other hosts of the domain speak HTTPS is the operator's to know (W005, W021); without
# HTTPS the checks that ask for it say nothing new (W004, W008, W012, W016).
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"] + (
    [] if SECURE else ["security.W004", "security.W008", "security.W012", "security.W016"]
)

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if ENV.smtp_host
    else "django.core.mail.backends.dummy.EmailBackend"
)
EMAIL_HOST = ENV.smtp_host
EMAIL_PORT = ENV.smtp_port
EMAIL_HOST_USER = ENV.smtp_user
EMAIL_HOST_PASSWORD = ENV.smtp_password
EMAIL_USE_TLS = ENV.smtp_tls == "starttls"
EMAIL_USE_SSL = ENV.smtp_tls == "tls"
EMAIL_TIMEOUT = 20
PUBLIC_ADDRESS = ENV.public_address.rstrip("/")
DEFAULT_FROM_EMAIL = ENV.mail_from
SERVER_EMAIL = ENV.mail_from

SMS_URL = ENV.sms_url
SMS_TOKEN = ENV.sms_token
SMS_SIGN = ENV.sms_sign
SMS_TEMPLATE = ENV.sms_template
SMS_TIMEOUT = ENV.sms_timeout
# Codes to one number, and asked for from one address: (times, seconds), all of them hold.
CODE_LIMITS = {
    "number": ((ENV.codes_a_number, 3600), (3 * ENV.codes_a_number, 86400)),
    "address": ((ENV.codes_an_address, 3600),),
}

# Binds the audit trail; whoever only holds the database cannot forge it.
AUDIT_KEY = hashlib.sha256(b"linli audit trail\x00" + SECRET_KEY.encode()).digest()

JOBS_AT_ONCE = ENV.jobs
# Every app declares its jobs in jobs.py.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
# A nightly job is made up for when the machine was off at night.
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 25 * 3600}
