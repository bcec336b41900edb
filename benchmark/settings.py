"""One file of environment reads. It computes addresses and starts nothing; a mistake fails here, with a hint.

Every variable stands in `.env.example`. What is not given has a default that is right on one machine with the embedded
engines; with `DATABASE_URL` the installation is a production one, and its secrets have to be given too.
"""

import secrets
import ssl
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.core.exceptions import ImproperlyConfigured
from redis.backoff import NoBackoff
from redis.retry import Retry

from benchmark import embedded, logs
from benchmark.environment import BASE_DIR, data_dir, env, given, own_database, own_redis
from benchmark.networks import NETWORKS

# --- where things are ------------------------------------------------------------------------------------------------

DATA_DIR = data_dir()
ENGINES = embedded.addresses(DATA_DIR)
EMBEDDED = not own_database()  # our own engines and demo; otherwise the operator's servers


def secret(name: str, *, kept: str, hint: str) -> str:
    """What the operator gave; with embedded engines, what the first start made and keeps under `DATA_DIR`."""
    value = given(name)
    if not value and not EMBEDDED:
        raise ImproperlyConfigured(f"{name} is missing. {hint}")
    return value or kept or secrets.token_urlsafe(48)


def choice(name: str, *allowed: str) -> str:
    """One of a few words; the first is the default."""
    value = given(name, allowed[0])
    if value not in allowed:
        raise ImproperlyConfigured(
            f"{name} is {value!r}. It is one of: {', '.join(allowed)} (the default is {allowed[0]})."
        )
    return value


LARGEST_LIMIT = 100_000_000  # in parts of a cent as well, it fits into a row


def whole_number(name: str) -> int:
    """A limit that the operator set."""
    value = given(name)
    if not value.isdecimal() or int(value) > LARGEST_LIMIT:
        raise ImproperlyConfigured(f"{name} is {value!r}. It is a whole number from 0 to {LARGEST_LIMIT}.")
    return int(value)


def words(name: str) -> list[str]:
    """A list whose parts are separated by commas."""
    return [part.strip() for part in given(name).split(",") if part.strip()]


PORT = int(given("PORT", "8000")) if given("PORT", "8000").isdecimal() else 0
if not 0 < PORT < 65536:
    raise ImproperlyConfigured(f"PORT is {given('PORT')!r}. It is a number from 1 to 65535; 8000 is the default.")
SITE_URL = given("SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
SITE = urlsplit(SITE_URL)
if SITE.scheme not in {"http", "https"} or not SITE.hostname:
    raise ImproperlyConfigured(
        f"SITE_URL is {SITE_URL!r}. Give the whole address, such as https://yardstick.example.org"
    )

DEBUG = given("DEBUG", "off").lower() in {"on", "true", "yes", "1"}
SECRET_KEY = secret("SECRET_KEY", kept=ENGINES.secret_key, hint="Any long random text will do: openssl rand -base64 48")
ENCRYPTION_KEYS = [
    key.strip()
    for key in secret(
        "ENCRYPTION_KEYS",
        kept=ENGINES.encryption_keys or embedded.new_encryption_key(),
        hint="Make one with: python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'",
    ).split(",")
]
ALLOWED_HOSTS = words("ALLOWED_HOSTS") or sorted({SITE.hostname, "localhost", "127.0.0.1", "[::1]"})
TRUSTED_PROXIES = words("TRUSTED_PROXIES")
try:
    for proxy in TRUSTED_PROXIES:
        ip_network(proxy, strict=False)
except ValueError as problem:
    raise ImproperlyConfigured(f"TRUSTED_PROXIES: {problem}. Give addresses or networks: 10.0.0.0/8") from problem
SIGNUP = choice("SIGNUP", "invitation", "open")

# --- networks --------------------------------------------------------------------------------------------------------

# The installation's own keys and the addresses put in a network's place, both by the network's key.
NETWORK_KEYS = {}
for network in NETWORKS.values():
    if network.key_need is None:
        continue
    parts = {part.name: given(part.setting) for part in network.key_need.parts}
    try:
        NETWORK_KEYS[network.key] = network.key_need.pack(parts) if any(parts.values()) else ""
    except KeyError as missing:
        lacking = next(part.setting for part in network.key_need.parts if part.name == missing.args[0])
        raise ImproperlyConfigured(
            f"The key for {network.label} is not whole: {lacking} is missing. It takes {network.key_need.settings}."
        ) from None
# What a key may spend in a day or a month, where the operator sets another limit than the network's own.
NETWORK_LIMITS = {
    network.key: whole_number(network.quota.setting)
    for network in NETWORKS.values()
    if network.quota is not None and network.quota.setting and given(network.quota.setting)
}
NETWORK_BASE_URLS = {
    network.key: given(f"{network.key.upper()}_BASE_URL").rstrip("/")
    for network in NETWORKS.values()
    if given(f"{network.key.upper()}_BASE_URL")
}
for key, base_url in NETWORK_BASE_URLS.items():
    try:
        replaced = urlsplit(base_url)
        is_address = replaced.scheme in {"http", "https"} and bool(replaced.hostname) and replaced.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise ImproperlyConfigured(
            f"{key.upper()}_BASE_URL is {base_url!r}. Give the whole address, such as https://mirror.example.org"
        )

# What Python says of an address that it cannot read quotes the part that it stumbles over, which may be a password.
UNREADABLE = "its host or port is none. In a password, write / as %2F, ? as %3F, # as %23, @ as %40 and [ as %5B."

# --- engines ---------------------------------------------------------------------------------------------------------

DATABASE_URL = own_database() or ENGINES.database_url
if not DATABASE_URL.startswith(("postgresql://", "postgres://")):
    raise ImproperlyConfigured(f"DATABASE_URL does not name a PostgreSQL database. {embedded.DATABASE_URL_HINT}")
try:
    DATABASES: dict[str, dict[str, Any]] = {"default": env.db_url_config(DATABASE_URL)}
except ValueError:
    raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {UNREADABLE} {embedded.DATABASE_URL_HINT}") from None
if not DATABASES["default"]["NAME"]:
    raise ImproperlyConfigured(f"DATABASE_URL names a server and no database. {embedded.DATABASE_URL_HINT}")
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DATABASES["default"]["OPTIONS"].setdefault("prepare_threshold", 2)  # plans a report's questions once, the ORM's never
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}  # the web process has a pool instead

REDIS_URL = own_redis() or ENGINES.redis_url
try:
    names_redis = urlsplit(REDIS_URL).scheme in {"redis", "rediss"} and urlsplit(REDIS_URL).port != 0
except ValueError:
    raise ImproperlyConfigured(f"REDIS_URL cannot be read: {UNREADABLE} {embedded.REDIS_URL_HINT}") from None
if not names_redis:
    raise ImproperlyConfigured(f"REDIS_URL does not name a Redis or Valkey server. {embedded.REDIS_URL_HINT}")

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "yardstick",
        "TIMEOUT": 300,
        # One more try on a fresh connection, without a pause: a page never waits for a cache that is away.
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 5, "retry": Retry(NoBackoff(), retries=1)},
    },
}

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_USE_SSL = {"ssl_cert_reqs": ssl.CERT_REQUIRED} if REDIS_URL.startswith("rediss://") else None
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 5, "socket_keepalive": True}
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "yardstick"
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_POOL = "threads"  # fetching waits on networks, it does not compute
CELERY_WORKER_CONCURRENCY = 8
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat" / "schedule")

# --- the application -------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.import_export",
    "accounts.admin_app.YardstickAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "import_export",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
    "health_check",
    "accounts",
    "benchmark",
]

MIDDLEWARE = [
    "benchmark.middleware.TrustedProxies",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "benchmark.middleware.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "benchmark.urls"
DEFAULT_EXCEPTION_REPORTER_FILTER = "benchmark.debug.HideSecrets"
WSGI_APPLICATION = "benchmark.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context_processors.workspace",
                "benchmark.web.frame.frame",
            ],
            "libraries": {"yardstick": "benchmark.web.templatetags.yardstick"},
        },
    },
]

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"  # everywhere; a workspace's zone only changes the times that are shown
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "benchmark" / "web" / "static"]
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

# --- who may pass ----------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "signup": "accounts.forms.SignupForm",
    "add_email": "accounts.forms.ChangeEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
}
ACCOUNT_CHANGE_EMAIL = True  # one address per person; another takes its place once confirmed
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True  # through the second factor, where there is one
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SITE.scheme
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_ADAPTER = "accounts.adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Yardstick"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False

SESSION_ENGINE = "django.contrib.sessions.backends.db"  # PostgreSQL is the truth: pages outlive a lost cache
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE.scheme == "https"
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [f"{SITE.scheme}://{SITE.netloc}"]
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SITE.scheme == "https"
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # asked by machines beside us, over plain http
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if SITE.scheme == "https" else 0
# Browsers keep this for a year: whoever runs one host decides for it alone, unless they say that the domain is theirs.
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = choice("HSTS_SUBDOMAINS", "off", "on") == "on"
if not SECURE_HSTS_INCLUDE_SUBDOMAINS:
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # ask for both without knowing whose the domain is
# The middleware drops this header unless a trusted proxy sent it.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Pages load nothing from elsewhere. The admin's Alpine evaluates expressions, so it has a policy of its own.
CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
ADMIN_CONTENT_SECURITY_POLICY = CONTENT_SECURITY_POLICY | {
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
}

# --- REST ------------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["benchmark.api.authentication.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["benchmark.api.permissions.KeyScope"],
    "DEFAULT_PAGINATION_CLASS": "benchmark.api.pagination.ByCursor",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["benchmark.api.parameters.KnownFilters"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "benchmark.api.parsers.Json",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["benchmark.api.throttling.PerKey"],
    "DEFAULT_THROTTLE_RATES": {"key": "600/min"},
    "EXCEPTION_HANDLER": "benchmark.api.errors.answer_error",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "URL_FORMAT_OVERRIDE": None,  # `?format=` is a parameter like any other, and there is none of that name
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Yardstick",
    "DESCRIPTION": "How a team compares with its competitors and its industry on social media.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "OAS_VERSION": "3.1.0",  # values that may be null are written as JSON Schema writes them
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "RoleEnum": "benchmark.models.Role",
        "HoldsEnum": "benchmark.imports.Holds",
        "RunKindEnum": "benchmark.models.RunKind",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "benchmark.api.schema.add_values",
        "benchmark.api.schema.add_errors",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- admin -----------------------------------------------------------------------------------------------------------

UNFOLD = {
    "SITE_TITLE": "Yardstick",
    "SITE_HEADER": "Yardstick",
    "SITE_SUBHEADER": "accounts.admin_site.current_name",
    "SITE_DROPDOWN": "accounts.admin_site.switches",
    "SITE_URL": "/",
    "SITE_ICON": "benchmark.admin.navigation.logo",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "benchmark.admin.navigation.logo"}],
    "STYLES": ["benchmark.admin.navigation.style"],
    "DASHBOARD_CALLBACK": "benchmark.admin.dashboard.dashboard",
    "SIDEBAR": {"navigation": "benchmark.admin.navigation.sidebar"},
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "BORDER_RADIUS": "6px",
    # The pages' greys and blue (benchmark/web/static/yardstick/yardstick.css) in unfold's eleven steps.
    "COLORS": {
        "base": {
            "50": "oklch(0.985 0.003 260)",
            "100": "oklch(0.965 0.004 260)",
            "200": "oklch(0.905 0.006 260)",
            "300": "oklch(0.82 0.008 260)",
            "400": "oklch(0.7 0.012 260)",
            "500": "oklch(0.53 0.015 260)",
            "600": "oklch(0.44 0.015 260)",
            "700": "oklch(0.36 0.014 260)",
            "800": "oklch(0.275 0.014 260)",
            "900": "oklch(0.205 0.013 260)",
            "950": "oklch(0.17 0.012 260)",
        },
        "primary": {
            "50": "oklch(0.975 0.014 262)",
            "100": "oklch(0.945 0.03 262)",
            "200": "oklch(0.89 0.06 262)",
            "300": "oklch(0.82 0.095 262)",
            "400": "oklch(0.77 0.115 262)",
            "500": "oklch(0.68 0.15 262)",
            "600": "oklch(0.47 0.175 262)",
            "700": "oklch(0.42 0.165 262)",
            "800": "oklch(0.36 0.14 262)",
            "900": "oklch(0.31 0.11 262)",
            "950": "oklch(0.25 0.08 262)",
        },
        "font": {
            "subtle-light": "oklch(0.47 0.015 260)",
            "subtle-dark": "oklch(0.73 0.012 260)",
            "default-light": "oklch(0.36 0.015 260)",
            "default-dark": "oklch(0.85 0.008 260)",
            "important-light": "oklch(0.24 0.015 260)",
            "important-dark": "oklch(0.94 0.006 260)",
        },
    },
}
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True  # a spreadsheet must not run what a profile calls itself

# --- e-mail ----------------------------------------------------------------------------------------------------------

EMAIL_URL = given("EMAIL_URL")
SENDS_EMAIL = bool(EMAIL_URL)
if SENDS_EMAIL:
    try:
        vars().update(env.email_url_config(EMAIL_URL))
    except (ImproperlyConfigured, KeyError, ValueError) as problem:
        hint = "Give it as smtp+tls://user:password@mail.example.org:587"
        why = UNREADABLE if isinstance(problem, ValueError) else f"{str(problem).strip()}."
        raise ImproperlyConfigured(f"EMAIL_URL cannot be read: {why} {hint}") from None
else:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # links are shown to the operator instead
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if SENDS_EMAIL else "none"
ACCOUNT_EMAIL_NOTIFICATIONS = SENDS_EMAIL
MFA_ALLOW_UNVERIFIED_EMAIL = not SENDS_EMAIL
DEFAULT_FROM_EMAIL = SERVER_EMAIL = given("EMAIL_FROM", f"yardstick@{SITE.hostname}")

# --- logs ------------------------------------------------------------------------------------------------------------

LOGGING = logs.configuration(
    as_json=choice("LOG_FORMAT", "lines", "json") == "json",
    level=choice("LOG_LEVEL", "INFO", "DEBUG", "WARNING", "ERROR"),
)
structlog.configure(**logs.structlog_configuration())
