"""Settings. Each choice of the operator comes from the environment (see `.env.example`), and is read only here.

But for the login of the demo's editor, which its commands read.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.urls import reverse, reverse_lazy

from config.environment import address, env

ROOT = Path(__file__).resolve().parent.parent

# The site
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.bool("DEBUG", default=False)
SITE_URL = env.str("SITE_URL").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in {"http", "https"} or not _site.hostname:
    raise ImproperlyConfigured("SITE_URL must be the address of the site, such as https://news.example.com")
IS_HTTPS = _site.scheme == "https"
ALLOWED_HOSTS = [_site.hostname, *env.list("EXTRA_HOSTS", default=[])]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
INSTALLED_APPS = [
    "news",
    "tickers",
    "newsletter",
    "config",
    "unfold",
    "django_prose_editor",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.security_headers",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.reader_cache_headers",
    "config.middleware.no_null_characters",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "config.middleware.admin_time_zone",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.chrome",
            ],
        },
    }
]

# State
_database = address("DATABASE_URL", env.db_url_config)
DATABASES = {"default": {**_database, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}

# People
AUTH_USER_MODEL = "news.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
# Only the admin knows cookies: a reader never gets one, and an editor's page is the page that readers see.
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/admin/"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_NAME = "__Secure-session" if IS_HTTPS else "session"

# Transport
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
# What else runs below this domain, and whether all of it has TLS, is for its owner to say, and not for a news site.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"

# Language and time. Times are stored in UTC; pages and the admin show them in the publication's zone.
LANGUAGE_CODE = "en-us"
USE_TZ = True
TIME_ZONE = "UTC"

# Files
VAR = Path(env.str("VAR_DIR", default=str(ROOT / "var")))
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.staticfiles.BundledStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# Mail
_mail = address("EMAIL_URL", env.email_url_config, default="smtp://127.0.0.1:25")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("MAIL_FROM", default=f"newsletter@{_site.hostname}")
# How fast editions go out: one number for all, others for receiving domains ("8 gmail.com=4"). 0 is no limit.
MAIL_CONNECTIONS = env.str("MAIL_CONNECTIONS", default="8").split()
MAIL_RATE = env.str("MAIL_RATE", default="100").split()
MAIL_DAILY = env.str("MAIL_DAILY", default="0").split()
MAIL_WARM_UP = env.str("MAIL_WARM_UP", default="").split()

# Quotes: where the strip's figures come from. The simulated ones are for trying Forecourt out.
QUOTES = env.str("QUOTES", default="none")
FINNHUB_KEY = env.str("FINNHUB_KEY", default="")

# Who hears at once of a new or changed story: search engines by IndexNow, feed readers by a WebSub hub. Off by default.
INDEXNOW_KEY = env.str("INDEXNOW_KEY", default="")
INDEXNOW_URL = env.str("INDEXNOW_URL", default="https://api.indexnow.org/indexnow")
WEBSUB_HUB = env.str("WEBSUB_HUB", default="")

# Queues. Redis may lose everything at any moment, so nothing is kept there that Postgres does not know.
CELERY_BROKER_URL = (
    REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
    if REDIS_URL.startswith("unix:")
    else REDIS_URL
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# So long (socket_timeout) a page waits for a Redis that hangs.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600, "socket_timeout": 5, "socket_connect_timeout": 5}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 120
CELERY_TASK_TIME_LIMIT = 150
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1, "interval_max": 0.2}
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "tickers.tasks.*": {"queue": "quotes"},
    "newsletter.tasks.*": {"queue": "mail"},
    "config.tasks.send_*": {"queue": "mail"},
    "news.tasks.render_*": {"queue": "media"},
    "news.tasks.fetch_partner_feeds": {"queue": "feeds"},
    "news.tasks.fetch_partner_pictures": {"queue": "media"},
    "news.tasks.prune_partner_stories": {"queue": "feeds"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Of tasks their own lines say enough. Robots ask every address for names that are not its own, and are refused.
    "loggers": {
        **{f"celery.{name}": {"level": "WARNING"} for name in ("worker.strategy", "app.trace")},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}


def _rows_of(model: str, title: str, icon: str) -> dict[str, Any]:
    """A link of the admin's sidebar, for those who may see the model's rows."""
    app, name = model.split(".")
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{app}_{name}_changelist"),
        "permission": lambda request: request.user.has_perm(f"{app}.view_{name}"),
    }


# The theme's login page forgets where to go when it is opened by its own address.
LOGIN_REDIRECT_URL = "admin:index"

# The admin: the publication's petrol for what can be clicked.
UNFOLD = {
    "SITE_TITLE": "Forecourt",
    "SITE_HEADER": "Forecourt",
    "SITE_SUBHEADER": "Newsroom",
    "SITE_ICON": lambda request: static("icon.svg"),
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("icon.svg")}],
    "SITE_DROPDOWN": [
        {"icon": "open_in_new", "title": "The site", "link": "/"},
        {"icon": "add", "title": "New article", "link": reverse_lazy("admin:news_article_add")},
    ],
    "STYLES": [lambda request: static("admin-editor/admin.css")],
    "DASHBOARD_CALLBACK": "config.dashboard.dashboard",
    "LOGIN": {"form": "config.access.LoginForm"},
    "BORDER_RADIUS": "4px",
    "COLORS": {
        "primary": {
            "50": "oklch(97.5% .012 213)",
            "100": "oklch(94.5% .022 213)",
            "200": "oklch(89% .04 213)",
            "300": "oklch(82% .06 213)",
            "400": "oklch(75% .075 213)",
            "500": "oklch(66% .085 213)",
            "600": "oklch(42.5% .073 217)",
            "700": "oklch(37% .062 217)",
            "800": "oklch(31% .05 217)",
            "900": "oklch(27% .042 217)",
            "950": "oklch(20% .03 217)",
        }
    },
    "SIDEBAR": {
        "navigation": [
            {
                "title": "Newsroom",
                "items": [
                    _rows_of("news.article", "Articles", "article"),
                    {
                        "title": "Front page",
                        "icon": "view_quilt",
                        "link": reverse_lazy("front_page_desk"),
                        "permission": lambda request: request.user.has_perm("news.change_slot"),
                    },
                    _rows_of("news.breakingnews", "Breaking news", "campaign"),
                    {
                        "title": "Partner headlines",
                        "icon": "rss_feed",
                        "link": reverse_lazy("admin:news_partner_headlines"),
                        "permission": lambda request: request.user.has_perm("news.view_partnerstory"),
                    },
                    _rows_of("news.picture", "Pictures", "image"),
                    _rows_of("news.author", "Authors", "ink_pen"),
                ],
            },
            {
                "title": "Publication",
                "items": [
                    _rows_of("news.publication", "Publication", "newspaper"),
                    _rows_of("news.section", "Sections", "view_column"),
                    _rows_of("news.topic", "Topics", "tag"),
                    {
                        **_rows_of("news.partner", "Partners", "handshake"),
                        "active": lambda request: (
                            request.path.startswith("/admin/news/partner/")
                            and request.path != reverse("admin:news_partner_headlines")
                        ),
                    },
                ],
            },
            {
                "title": "Markets",
                "items": [
                    _rows_of("tickers.company", "Companies", "domain"),
                    _rows_of("tickers.symbol", "Symbols", "monitoring"),
                    _rows_of("tickers.sourcehealth", "Sources of quotes", "cell_tower"),
                ],
            },
            {
                "title": "Readers",
                "items": [
                    _rows_of("newsletter.edition", "Editions", "outgoing_mail"),
                    _rows_of("newsletter.newsletter", "Newsletters", "mail"),
                    _rows_of("newsletter.subscriber", "Subscribers", "group"),
                    _rows_of("newsletter.suppression", "Suppressed addresses", "block"),
                ],
            },
            {
                "title": "Staff",
                "items": [_rows_of("news.user", "Users", "badge"), _rows_of("auth.group", "Roles", "key")],
            },
        ],
    },
}
