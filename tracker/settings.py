"""Settings, read from the environment by typed readers that fail loudly.

Nothing needs to be set: the defaults serve http://localhost:8000 on SQLite with an embedded Celery transport below
``var/``. docs/settings.md lists every variable; a test holds the list.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from environs import Env
from marshmallow.validate import OneOf, Range

from tracker.environment import (
    broker_options,
    cache,
    daily,
    database,
    mail,
    map_sources,
    origins,
    secret_key,
    transport,
)

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()
env.read_env(str(BASE_DIR / ".env"), recurse=False)

VAR_DIR = Path(env.str("TRACKER_VAR", str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)
FIXTURES_DIR = Path(env.str("TRACKER_FIXTURES", str(BASE_DIR / "fixtures")))

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "") or secret_key(VAR_DIR)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
SITE_URL = env.str("SITE_URL", "http://localhost:8000").rstrip("/")
PUBLIC_HTTPS = env.bool("PUBLIC_HTTPS", False)

INSTALLED_APPS = [
    "tracker.curation.apps.EditorsAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "corsheaders",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "leaflet",
    "tracker",
    "policies",
    "parks",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # it pads at random, and no page shows a secret twice: BREACH finds none
    "tracker.web.middleware.RequestIdMiddleware",
    "tracker.accounts.middleware.ApiDoorMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
]

ROOT_URLCONF = "tracker.urls"
WSGI_APPLICATION = "tracker.wsgi.application"
ASGI_APPLICATION = "tracker.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "tracker" / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tracker.web.context.site",
            ],
            "builtins": ["tracker.web.templatetags.tracker"],
        },
    }
]

DATABASES = {"default": database(env.str("DATABASE_URL", ""), VAR_DIR)}
CACHES = {"default": cache(env.str("CACHE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "tracker.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "tokens"
LOGOUT_REDIRECT_URL = "front"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "tracker" / "web" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "tracker" / "web" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# --- the map ------------------------------------------------------------------------------------------------------

MAP = map_sources(env.str("MAP_TILES_URL", ""), env.str("MAP_OUTLINES_URL", ""), env.str("MAP_LICENCE", ""),
                  env.str("MAP_REVIEW_NUMBER", ""))  # fmt: skip

# --- letters ------------------------------------------------------------------------------------------------------

MAIL = mail(env.str("EMAIL_URL", ""))
EMAIL_BACKEND = MAIL.backend
EMAIL_HOST, EMAIL_PORT = MAIL.host, MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.starttls, MAIL.ssl
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", "tracker@localhost")

# --- security -----------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/"],
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", *origins(MAP["tiles"])],
        "font-src": ["'self'"],
        "connect-src": ["'self'", *origins(MAP["outlines"])],
        "form-action": ["'self'"],
        "base-uri": ["'self'"],
        "frame-ancestors": ["'none'"],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PUBLIC_HTTPS else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50_000  # one form holds all rows of an entry: a list has up to 500

# --- Celery -------------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "") or "filesystem://localhost"
CELERY_BROKER_TRANSPORT = transport(CELERY_BROKER_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = broker_options(CELERY_BROKER_URL, VAR_DIR)
CELERY_TASK_DEFAULT_QUEUE = env.str("CELERY_QUEUE", "tracker")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", 60, validate=Range(min=5))
JOB_SWEEP_SECONDS = env.int("JOB_SWEEP_SECONDS", 20, validate=Range(min=1))
CELERY_BEAT_SCHEDULE: dict[str, Any] = {
    "sweep": {
        "task": "tracker.jobs.sweep",
        "schedule": JOB_SWEEP_SECONDS,
        "options": {"expires": JOB_SWEEP_SECONDS},
    },
    "sweep-webhooks": {
        "task": "tracker.webhooks.sweep",
        "schedule": JOB_SWEEP_SECONDS,
        "options": {"expires": JOB_SWEEP_SECONDS},
    },
}

# --- imports ------------------------------------------------------------------------------------------------------

IMPORT_DIR = Path(env.str("IMPORT_DIR", str(VAR_DIR / "imports")))
IMPORT_MEGABYTES = env.int("IMPORT_MEGABYTES", 100, validate=Range(min=1, max=2000))
IMPORT_ROWS = env.int("IMPORT_ROWS", 200_000, validate=Range(min=1))
IMPORT_DAYS = env.int("IMPORT_DAYS", 90, validate=Range(min=7))
FILE_UPLOAD_HANDLERS = [
    "tracker.curation.importing.uploading.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- webhooks -----------------------------------------------------------------------------------------------------

WEBHOOK_ALLOWED_HOSTS: list[str] = env.list("WEBHOOK_ALLOWED_HOSTS", [])
WEBHOOK_ALLOW_HTTP = env.bool("WEBHOOK_ALLOW_HTTP", False)
WEBHOOK_PORTS: list[int] = env.list("WEBHOOK_PORTS", [443, 8443], subcast=int)
WEBHOOK_TIMEOUT_SECONDS = env.int("WEBHOOK_TIMEOUT_SECONDS", 15, validate=Range(min=1, max=60))
WEBHOOK_LOG_DAYS = env.int("WEBHOOK_LOG_DAYS", 90, validate=Range(min=7))

# --- the editors' work --------------------------------------------------------------------------------------------

TASK_DUE_DAYS: dict[str, int] = env.dict("TASK_DUE_DAYS", {}, subcast_values=int)
SOURCE_CHECKS = env.bool("SOURCE_CHECKS", False)
SOURCE_CHECK_DAYS = env.int("SOURCE_CHECK_DAYS", 7, validate=Range(min=1))
SOURCE_CHECK_HOST_SECONDS = env.float("SOURCE_CHECK_HOST_SECONDS", 5.0, validate=Range(min=0))
SOURCE_CHECK_TIMEOUT_SECONDS = env.int("SOURCE_CHECK_TIMEOUT_SECONDS", 20, validate=Range(min=1, max=60))
SOURCE_CHECK_ALLOWED_HOSTS: list[str] = env.list("SOURCE_CHECK_ALLOWED_HOSTS", [])

# --- snapshots and exports ----------------------------------------------------------------------------------------

SNAPSHOT_DIR = Path(env.str("SNAPSHOT_DIR", "") or VAR_DIR / "snapshots")
SNAPSHOT_KEEP = env.int("SNAPSHOT_KEEP", 7, validate=Range(min=1))
PAGES_KEPT_SECONDS = env.int("PAGES_KEPT_SECONDS", 600, validate=Range(min=0))
EXPORT_DOCUMENTS = env.int("EXPORT_DOCUMENTS", 20_000, validate=Range(min=1))
if snapshot_time := daily(env.str("SNAPSHOT_AT", "03:30")):
    CELERY_BEAT_SCHEDULE["snapshot"] = {"task": "tracker.delivery.snapshots.daily", "schedule": snapshot_time}

# --- REST API -----------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["tracker.rest.renderers.CanonicalJSONRenderer"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["tracker.accounts.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["tracker.accounts.authentication.MayRead"],
    "EXCEPTION_HANDLER": "tracker.rest.problems.handle",
    "DEFAULT_SCHEMA_CLASS": "tracker.rest.schema.ContractSchema",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "URL_FORMAT_OVERRIDE": None,
}
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_ALL_ORIGINS = True  # reading is public, and no cookie counts in the API
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_ALLOW_HEADERS = ["accept", "authorization", "if-none-match", "x-request-id"]
CORS_EXPOSE_HEADERS = ["Deprecation", "ETag", "Link", "RateLimit", "RateLimit-Policy", "Retry-After", "Sunset",
                       "WWW-Authenticate", "X-Attribution", "X-Contract-Version", "X-Request-ID"]  # fmt: skip
REGISTRATION_OPEN = env.bool("REGISTRATION_OPEN", True)
REGISTRATIONS_PER_HOUR = env.int("REGISTRATIONS_PER_HOUR", 10, validate=Range(min=1))
API_ANONYMOUS_LIMIT = env.int("API_ANONYMOUS_LIMIT", 60, validate=Range(min=1))
API_TOKEN_LIMIT = env.int("API_TOKEN_LIMIT", 600, validate=Range(min=1))
API_LIMIT_SECONDS = env.int("API_LIMIT_SECONDS", 60, validate=Range(min=1))
API_PROXIES = env.int("API_PROXIES", 0, validate=Range(min=0))
USAGE_WRITE_SECONDS = env.int("USAGE_WRITE_SECONDS", 60, validate=Range(min=0))
SPECTACULAR_SETTINGS = {
    "TITLE": "中国人工智能政策与园区追踪 · China AI Policy and Park Tracker",
    "DESCRIPTION": "Policies, parks, layouts, platforms and pilot zones, dated and sourced. Contract version 1.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # Tags are shown closed: of more than 150 open rows Swagger UI draws only those in the window, so that neither a
    # search in the page nor print nor a reader of screens finds the others.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "docExpansion": "none", "filter": True, "defaultModelsExpandDepth": 0},
    "POSTPROCESSING_HOOKS": [
        "tracker.delivery.contract.add_components",
        "tracker.curation.contract.add_components",
        "tracker.delivery.contract_changes.mark",
        "tracker.rest.sharing.finish",
    ],
    "SCHEMA_PATH_PREFIX": "/api/v1",
}

LOG_LEVEL = env.str("LOG_LEVEL", "INFO", validate=OneOf(["DEBUG", "INFO", "WARNING", "ERROR"]))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {"celery": {"level": "WARNING"}, "kombu": {"level": "WARNING"}, "opencc": {"level": "WARNING"}},
}

env.seal()
