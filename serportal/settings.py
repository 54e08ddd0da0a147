"""Settings come from the environment and are safe where it says nothing.

``PORTAL_MODE`` is ``production`` (the default), ``demo`` (demonstration data, letters into files) or ``test``.
Production refuses to start with a default secret, a wildcard host or debug.
"""

import re
from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.escape_proxy = True

PORTAL_MODE = env.str("PORTAL_MODE", "production")
if PORTAL_MODE not in {"production", "demo", "test"}:
    raise ImproperlyConfigured(f"PORTAL_MODE is {PORTAL_MODE!r}; set it to production, demo or test.")
PRODUCTION = PORTAL_MODE == "production"
DEMO = PORTAL_MODE == "demo"

# What production will not start with --------------------------------
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
SITE_URL = env.str("SITE_URL", "" if PRODUCTION else "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "testserver"])
if PRODUCTION:
    if DEBUG:
        raise ImproperlyConfigured("DEBUG is on. Production shows no debug pages: remove DEBUG from the environment.")
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 10:
        raise ImproperlyConfigured("SECRET_KEY is missing or weak. Set it to at least 50 random characters.")
    if not ALLOWED_HOSTS or any("*" in host or host.startswith(".") for host in ALLOWED_HOSTS):
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS must name each host, without wildcards, such as certification.ser.org."
        )
    if not SITE_URL.startswith("https://"):
        raise ImproperlyConfigured("SITE_URL must be the portal's https address; links in letters are made from it.")
SECRET_KEY = SECRET_KEY or "not-a-secret-this-key-only-signs-demonstration-and-test-sessions"

# Parts ---------------------------------------------------------------
INSTALLED_APPS = [
    "serportal.home.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "serportal.ui.apps.StaticConfig",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "js_lib_bootstrap5",
    "django_htmx",
    "django_countries",
    "csp",
    "pgtrigger",
    "serportal.ui",
    "serportal.numbers",
    "serportal.accounts",
    "serportal.outbox",
    "serportal.files",
    "serportal.drafts",
    "serportal.certifications",
    "serportal.fees",
    "serportal.reviews",
    "journals",
    "preapprovals",
    "cecs",
    "applications",
    "serportal.home",
]
if not PRODUCTION:
    INSTALLED_APPS.append("serportal.demo")

# Each kind of submission that the review process serves; reviews asks them by the names in reviews.kinds.
REVIEW_KINDS = [
    "cecs.kind.CecKind",
    "applications.kind.ApplicationKind",
    "applications.kind.PartnerKind",
    "preapprovals.kind.PreapprovalKind",
    "preapprovals.kind.AppealKind",
    "journals.kind.ArrangementKind",
    "journals.kind.RenewalKind",
]

# What each app says people are to be reminded of by a day; the outbox asks them by name before it tells anyone.
REMINDER_SOURCES = [
    "serportal.reviews.services.reminding.due",
    "cecs.services.reminding.due",
    "applications.services.reminding.due",
    "preapprovals.services.reminding.due",
    "journals.services.reminding.due",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "serportal.ui.middleware.PlainInput",
    "serportal.accounts.middleware.OwnTimeZone",
]

ROOT_URLCONF = "serportal.urls"
WSGI_APPLICATION = "serportal.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["serportal.ui.templatetags.portal", "django.templatetags.i18n", "django.templatetags.static"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "serportal.home.context.portal",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# Database and cache --------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", "postgres:///serportal")}
DATABASES["default"].update(ATOMIC_REQUESTS=False, CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
    "options",
    "-c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"
    # Two letters that changed places in a short name still find it.
    " -c pg_trgm.word_similarity_threshold=0.45",
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL", "redis://localhost:6379/0")
# The cache may be emptied at any time, the queue may not: they are two databases of one server.
CACHE_URL = env.str("CACHE_URL", re.sub(r"(/|db=)0$", r"\g<1>1", REDIS_URL))
CACHES = {"default": {"BACKEND": "serportal.ui.cache.ForgivingRedisCache", "LOCATION": CACHE_URL}}

# People --------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["serportal.accounts.backend.PortalBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/dashboard/"
ACCOUNT_ADAPTER = "serportal.accounts.adapter.PortalAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "serportal.accounts.forms.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "SER Certification"
# Coordinators and committee members prove a second factor in the session they work in.
MFA_REQUIRED = env.bool("MFA_REQUIRED", PRODUCTION)

# Time, language, money -----------------------------------------------
LANGUAGE_CODE = "en"
TIME_ZONE = env.str("PROGRAMME_TIME_ZONE", "America/New_York")
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["serportal.ui.formats"]

# Files ---------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))()
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = PORTAL_MODE == "test"
FILES_ROOT = env.path("FILES_ROOT", default=str(BASE_DIR / "media"))()
FILES_BUCKET = env.str("FILES_BUCKET", "")
FILE_MAX_BYTES = 25 * 1024 * 1024
FILE_MAX_COUNT = 20
FILE_RETENTION_YEARS = 6
# How long a college may answer about a graduate by the link in a letter.
PARTNER_LINK_DAYS = 60
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
if FILES_BUCKET:
    _evidence = {
        "BACKEND": "serportal.files.storage.PrivateBucket",
        "OPTIONS": {
            "bucket_name": FILES_BUCKET,
            "endpoint_url": env.str("FILES_ENDPOINT", None),
            "access_key": env.str("FILES_ACCESS_KEY", None),
            "secret_key": env.str("FILES_SECRET_KEY", None),
            "default_acl": None,
            "file_overwrite": False,
            "querystring_auth": True,
            "querystring_expire": 60,
        },
    }
else:
    _evidence = {"BACKEND": "serportal.files.storage.PrivateFolder", "OPTIONS": {"location": FILES_ROOT}}
STORAGES = {
    "default": _evidence,
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if PORTAL_MODE == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Referees answer by link; a new one ends the one before.
REFERENCE_LINK_DAYS = env.int("REFERENCE_LINK_DAYS", 60)

# Mail: everything goes through the outbox; this is what the worker hands it to
CONTACT_EMAIL = "certification@ser.org"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"SER Certification <{CONTACT_EMAIL}>")
EMAIL_BACKEND = "serportal.outbox.backend.OutboxBackend"
OUTBOX_TRANSPORT = env.str(
    "OUTBOX_TRANSPORT",
    "django.core.mail.backends."
    + {"production": "smtp", "demo": "filebased", "test": "locmem"}[PORTAL_MODE]
    + ".EmailBackend",
)
EMAIL_FILE_PATH = env.str("EMAIL_FILE_PATH", str(BASE_DIR / ".run" / "letters"))
EMAIL_HOST = env.str("EMAIL_HOST", "localhost")
EMAIL_PORT = env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 10

# Celery --------------------------------------------------------------
# Tasks are short and repeatable. The schedule is code, in UTC and frequent: each tick asks the database what is owed.
# Celery has a spelling of its own for a Unix socket.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")
CELERY_TIMEZONE = "UTC"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}
# Nobody lapses sooner than this after a letter about it really went out (R-PER-6).
TOLD_BEFORE_LAPSE = timedelta(days=14)
# The share of renewals that is drawn by lot and asked for proof again (R-PER-7).
AUDIT_SHARE = 0.05

CELERY_BEAT_SCHEDULE = {
    "outbox: send what is owed": {"task": "serportal.outbox.tasks.drain", "schedule": 30},
    "reviews: let what waited for a day go on": {"task": "serportal.reviews.tasks.keep_panels_moving", "schedule": 300},
    "outbox: note who is to be reminded": {"task": "serportal.outbox.tasks.note_reminders", "schedule": 600},
    "outbox: send the day’s reminders": {"task": "serportal.outbox.tasks.send_digests", "schedule": 600},
    "applications: remind referees and end old links": {
        "task": "applications.tasks.keep_references_moving",
        "schedule": 600,
    },
    "applications: let what is complete go on": {"task": "applications.tasks.settle_gates", "schedule": 60},
    "applications: remind colleges of their graduates": {"task": "applications.tasks.remind_colleges", "schedule": 600},
    "journals: post the upload that is due": {"task": "journals.tasks.post_due_upload", "schedule": 300},
    "journals: let renewals go on whose fee is recorded": {"task": "journals.tasks.settle_renewals", "schedule": 60},
    "preapprovals: keep short what tells of changes": {"task": "preapprovals.tasks.fold_changes", "schedule": 86400},
    "journals: tell whose grace begins, and let lapse whose grace is over": {
        "task": "journals.tasks.keep_periods",
        "schedule": 600,
    },
    "applications: add the windows to come": {"task": "applications.tasks.add_windows_ahead", "schedule": 86400},
}

# Security ------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_SAVE_EVERY_REQUEST = False
CSRF_FAILURE_VIEW = "serportal.home.views.csrf_failure"
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"

# Logging -------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # It greets whoever imports it.
    "loggers": {"pikepdf": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO" if PRODUCTION else "WARNING")},
}
