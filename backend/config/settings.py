"""All settings, read from the environment; a secret may also come from the file that NAME_FILE names.

A wrong or missing value refuses to start. The runner and docker-compose.yml set them all.
"""

from datetime import timedelta
from pathlib import Path

from environs import FileAwareEnv

env = FileAwareEnv()
BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / ".run")))

SECRET_KEY = env.str("SECRET_KEY")
FIELD_KEY = env.str("FIELD_KEY")  # Fernet key of identity numbers and of the bridges' secrets
BOT_SERVICE_KEY = env.str("BOT_SERVICE_KEY")  # what the action server shows our API
RASA_URL = env.str("RASA_URL", "")  # empty: the chat says that the assistant is away
RASA_SERVICE_KEY = env.str("RASA_SERVICE_KEY", BOT_SERVICE_KEY)  # what the chat shows the assistant
DEBUG = env.bool("DEBUG", False)
DEMO = env.str("DEMO", "0")  # 2020, 2025 or 0: the well-known demo passwords work only in a demo
DEMO_MODE = DEMO != "0"
# the name under ours on every page
OFFICE = env.str("OFFICE", "Văn phòng UBND tỉnh Lạng Sơn" if DEMO_MODE else "")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
HTTPS = env.bool("HTTPS", False)  # behind a proxy that ends TLS
PUBLIC_URL = env.str("PUBLIC_URL", "http://localhost:8000")  # what links in mails begin with

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "django_htmx",
    "channels",
    "backend.common",
    "backend.units",
    "backend.accounts",
    "backend.reservations",
    "backend.outbox",
    "backend.audit",
    "backend.live",
    "meetings.sites",
    "meetings.links",
    "meetings.scheduling",
    "meetings.invitations",
    "meetings.readiness",
    "guesthouse.stays",
    "guesthouse.catering",
    "bot.chat",
    "backend.desk",
]

MIDDLEWARE = [
    "backend.common.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "backend.common.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "backend.common.middleware.ContentSecurityPolicyMiddleware",
    "backend.common.middleware.ProblemMiddleware",
]

ROOT_URLCONF = "backend.config.urls"
ASGI_APPLICATION = "backend.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "backend" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "backend.desk.navigation.navigation",
            ],
        },
    },
]

# --- PostgreSQL: a small pool per process; the connection plans each query anew (a generic plan was 40 times slower)
DATABASES = {"default": env.dj_db_url("DATABASE_URL")}
DATABASES["default"]["CONN_MAX_AGE"] = 0
DATABASES["default"]["OPTIONS"] = {
    "pool": {"min_size": 1, "max_size": env.int("DB_POOL", 8), "timeout": 10},
    "options": "-c plan_cache_mode=force_custom_plan -c lock_timeout=3s -c idle_in_transaction_session_timeout=60s",
}
if env.bool("DB_NO_POOL", False):  # one-off commands, tests and Celery's forked children
    DATABASES["default"]["OPTIONS"].pop("pool")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis holds nothing that PostgreSQL cannot rebuild
REDIS_URL = env.str("REDIS_URL")
CHANNEL_LAYERS = {
    "default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [REDIS_URL]}}
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

# --- people
AUTH_USER_MODEL = "backend_accounts.User"
AUTHENTICATION_BACKENDS = ["backend.accounts.backends.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
CSRF_FAILURE_VIEW = "backend.config.errors.no_csrf"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # a body of more is refused with 413
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "bot.chat.authentication.ConversationAuthentication",
        "backend.accounts.authentication.TokenAuthentication",
        "backend.accounts.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["backend.common.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "backend.common.api.Page",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "backend.common.api.problem_response",
    "DEFAULT_THROTTLE_RATES": {"login": env.str("LOGIN_RATE", "20/min")},
    "NUM_PROXIES": env.int("NUM_PROXIES", 0),
}
REST_KNOX = {"AUTH_HEADER_PREFIX": "Bearer", "TOKEN_TTL": timedelta(hours=12), "AUTO_REFRESH": False}
SPECTACULAR_SETTINGS = {
    "TITLE": "Cầu Nối",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "ConferenceStatus": "meetings.scheduling.models.Status",
        "ConferenceType": "meetings.scheduling.models.Type",
        "ParticipantRole": "meetings.scheduling.models.Participant.Role",
        "DelegationStatus": "guesthouse.stays.models.Delegation.Status",
        "StayStatus": "guesthouse.stays.models.Stay.Status",
        "MemberRole": "guesthouse.stays.models.Member.Role",
        "GuestRoomType": "guesthouse.stays.models.GuestRoom.Type",
        "MealStatus": "guesthouse.catering.models.MealService.Status",
        "MealKind": "guesthouse.catering.models.MealService.Kind",
        "RehearsalStatus": "meetings.readiness.models.Rehearsal.Status",
        "RehearsalResult": "meetings.readiness.models.Result",
        "UnitKind": "backend.units.models.Unit.Kind",
        "LineState": "meetings.links.rules.State",
        "LineRole": "meetings.links.models.Link.LinkRole",
    },
}

# --- mail: the outbox alone sends it
EMAIL_URL = env.str("EMAIL_URL", "smtp://localhost:25")
vars().update({k: v for k, v in env.dj_email_url("EMAIL_URL", EMAIL_URL).items() if k.startswith("EMAIL_")})
EMAIL_TIMEOUT = 30
MAIL_DOMAIN = env.str("MAIL_DOMAIN", "caunoi.example")  # of our ORGANIZER addresses and Message-IDs
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", f"hop@{MAIL_DOMAIN}")
SINK_DIR = env.str("SINK_DIR", "")  # Maildir of the local mail sink, shown on a page; empty: none

# --- language, time, files
LANGUAGE_CODE = env.str("LANGUAGE_CODE", "vi")
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "backend" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [p for p in (BASE_DIR / "backend" / "static", BASE_DIR / "build" / "static") if p.is_dir()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": env.str("STATIC_STORAGE", "whitenoise.storage.CompressedManifestStaticFilesStorage"),
    },
}
MEDIA_ROOT = DATA_DIR / "media"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "backend.common.logs.RequestIdFilter"}},
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(request_id)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {"httpx": {"level": "WARNING"}, "mail.log": {"level": "WARNING"}},
}
