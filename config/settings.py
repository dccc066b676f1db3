"""One file of settings for three modes; GESPREKKEN_MODE chooses (docs/operations.md has the whole list).

development   the default: a database in var/, mail to the terminal, loopback only
demo          what ./run demo uses: a database of its own, mail to a folder that the inbox page shows
production    refuses to start until everything a school depends on is set
"""

import sys
from pathlib import Path

import bootstrap
import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(env.text("GESPREKKEN_VAR", str(BASE_DIR / "var")))

MODE = env.one_of("GESPREKKEN_MODE", ["development", "demo", "production"], "development")
PRODUCTION = MODE == "production"
DEMO = MODE == "demo"
TESTING = "pytest" in sys.modules
DEBUG = MODE == "development" and not TESTING

if PRODUCTION:
    SECRET_KEY = env.text(
        "GESPREKKEN_SECRET_KEY",
        advice="Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(50))' and keep it safe.",
    )
    if len(SECRET_KEY) < 40:
        env.stop("GESPREKKEN_SECRET_KEY is too short to be safe; use 40 characters or more.")
    BASE_URL = env.text("GESPREKKEN_BASE_URL", advice="Give the public address, such as https://gesprekken.school.nl")
    if not BASE_URL.startswith("https://"):
        env.stop("GESPREKKEN_BASE_URL must start with https://, because personal links travel over it.")
else:
    SECRET_KEY = "tests-only" * 5 if TESTING else env.local_secret(VAR / "secret-key")
    BASE_URL = env.text("GESPREKKEN_BASE_URL", "http://127.0.0.1:8000")
BASE_URL = BASE_URL.rstrip("/")
if PRODUCTION and not env.text("DATABASE_URL", ""):
    env.stop(
        "DATABASE_URL is not set. For PostgreSQL: postgresql://user:password@host:5432/name - or, for one small "
        "school, a file: sqlite:////srv/gesprekken/var/gesprekken.sqlite3"
    )
_host = BASE_URL.split("//")[-1].split("/")[0].split(":")[0]
ALLOWED_HOSTS = [_host] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = [BASE_URL] if PRODUCTION else []

# --- apps: from the highest floor down, so that a template of a higher floor wins -------------------------------------
INSTALLED_APPS = [
    "config",
    "kijkwijzer",
    "planning",
    "gesprekken",
    "school",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "school.middleware.ReadAsBrowsersWrite",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "school.middleware.WhoIsAsking",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
                "django.template.context_processors.i18n",
                "school.context.who",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "school.templatetags.house",
                "gesprekken.templatetags.soorten",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- the database ----------------------------------------------------------------------------------------------------
# SQLite with WAL and IMMEDIATE: without IMMEDIATE, of twenty simultaneous bookings nineteen fail with "locked".
SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": VAR / ("demo.sqlite3" if DEMO else "gesprekken.sqlite3"),
    "CONN_MAX_AGE": 60,  # opening the file and setting it up again for every page costs more than a question
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-20000;",
    },
}
# PostgreSQL keeps the plans of what is asked most (school/statements.py). Off behind a pooler that hands out connections
# per transaction, as the next page might find another connection without them.
DATABASE_KEEPS_PLANS = env.one_of("GESPREKKEN_POOLER", ["no", "yes"], "no") == "no"
_database_url = env.text("DATABASE_URL", "")
if _database_url and not DEMO:
    try:
        DATABASES = {"default": dj_database_url.parse(_database_url, conn_max_age=60)}
    except (ValueError, dj_database_url.UnknownSchemeError):
        env.stop("DATABASE_URL cannot be read. It looks like postgresql://user:password@host:5432/name")
    if "sqlite" in DATABASES["default"]["ENGINE"]:
        DATABASES["default"] = {**SQLITE, "NAME": DATABASES["default"]["NAME"]}
    elif DATABASE_KEEPS_PLANS:
        DATABASES["default"].setdefault("OPTIONS", {})["prepare_threshold"] = 3
else:
    VAR.mkdir(parents=True, exist_ok=True)
    DATABASES = {"default": SQLITE}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# In the database, because limits on guessing passwords have to hold for all server processes together.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

# --- who signs in ----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "school.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "school.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "school.passwords.NotCommon"},
    {"NAME": "school.passwords.NotLikeMe", "OPTIONS": {"user_attributes": ["email"]}},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "school.accounts.StaffAccounts"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # allauth reads here that signing in takes a password
ACCOUNT_SESSION_REMEMBER = False  # closing the browser signs out: classroom computers are shared
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a mail about every change to a password or second factor
PASSWORD_RESET_TIMEOUT = 7 * 86400  # a teacher who works two days a week still finds a working link
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # a member of staff exists only after an invitation to that very address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
# A school is one address on the internet: limits count per account, never per address.
ACCOUNT_RATE_LIMITS = {
    "login": False,
    "login_failed": "5/5m/key",
    "reset_password": "5/h/key",
    "reset_password_from_key": False,
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
SOCIALACCOUNT_ADAPTER = "school.accounts.StaffSocialAccounts"
SOCIALACCOUNT_AUTO_SIGNUP = False
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the invitation proved the address
MFA_ADAPTER = "school.accounts.StaffSecondStep"
MFA_FORMS = {"activate_totp": "school.forms.SecondStepForm"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "gesprekken"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": env.openid_providers()}}

# --- mail: the worker sends, from rows in the outbox -----------------------------------------------------------------
EMAIL_ANSWER_SECONDS = 120  # how long a mail server may look at a message before it says that it takes it
BOUNCE_MAILBOX = None  # where returned mail is read, see env.mailbox
DEFAULT_FROM_EMAIL = env.text("GESPREKKEN_FROM_EMAIL", "gesprekken@school.example")
DEMO_MAIL = VAR / "demo-mail"
if TESTING:
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
elif DEMO:
    EMAIL_BACKEND = "config.mailbox.DemoMailbox"
elif PRODUCTION:
    EMAIL_BACKEND = "school.smtp.EmailBackend"
    env.text("GESPREKKEN_FROM_EMAIL", advice="The address that mail comes from, such as gesprekken@school.nl")
    EMAIL_HOST = env.text("GESPREKKEN_SMTP_HOST", advice="The mail server through which the school sends.")
    EMAIL_PORT = env.number("GESPREKKEN_SMTP_PORT", 587)
    EMAIL_HOST_USER = env.text("GESPREKKEN_SMTP_USER", "")
    EMAIL_HOST_PASSWORD = env.text("GESPREKKEN_SMTP_PASSWORD", "")
    EMAIL_USE_TLS = EMAIL_PORT != 465
    EMAIL_USE_SSL = EMAIL_PORT == 465
    EMAIL_TIMEOUT = 20
    BOUNCE_MAILBOX = env.mailbox()
else:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

# --- language and time -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "nl"
LANGUAGES = [
    ("nl", _("Nederlands")),
    ("en", _("Engels")),
    ("tr", _("Turks")),
    ("ar", _("Arabisch")),
    ("pl", _("Pools")),
    ("uk", _("Oekraïens")),
]
# The others are for parents and pupils alone: their catalogues hold what those meet.
STAFF_LANGUAGES = ["nl", "en"]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

# --- files -----------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("bootstrap", Path(next(iter(bootstrap.__path__))) / "css")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = VAR / "media"  # never under the web root: views stream from here after asking who wants it
LETTERS_ROOT = VAR / "brieven"  # letters with codes, for a day; never in a backup
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024  # an import file may be 10 MB
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- safety ----------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # Signing in with Microsoft or Google posts here and is sent on; browsers hold that against form-action too.
        "form-action": [SELF, *env.openid_hosts(SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"])],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "school.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600  # a working day
SESSION_SAVE_EVERY_REQUEST = False
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "school.views.errors.csrf_failure"
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^gezond$"]
    SECURE_HSTS_SECONDS = 31536000
    # Subdomains and the preload list belong to the whole domain of the school, which is not ours to decide about.
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

# --- policy numbers a school does not set itself ---------------------------------------------------------------------
WEEK_AHEAD_DAYS = 7  # parents and pupils know at the latest a week before the conversation (I2)
SEND_LATER_MINUTES = 30  # invitations wait so long after opening, in which leadership can still stop them
SWAP_CLOSES_DAYS = 2  # after a plan parents swap until so many days before the first gesprek
REMINDER_HOURS = (9, 20)  # parents are asked again between these hours of a school day, never at night
AGREEMENT_REMINDER_DAYS = 7  # so many days before an agreement is looked back on, whom it concerns is reminded, once
REMINDER_REST_DAYS = 2  # nobody is asked again sooner than so many days after the last time
FOLLOW_UP_AFTER_DAYS = 3  # who was invited so shortly ago, need not be phoned yet
LETTERS_KEPT_HOURS = 24  # how long letters lie ready to be printed; long enough to be back tomorrow morning
PLAN_SECONDS = 30  # how long the planner may search; most plans are proven best long before
SECOND_STEP_MINUTES = 15  # how long a code by mail is good; long enough for a slow mail server
SECOND_STEP_ATTEMPTS = 5  # guesses per code; with six digits a chance of 1 in 200,000
MAX_UPLOAD_MB = 20  # a report or a photo of work; a scan of some twenty pages
FEED_DAYS = 550  # a calendar subscription outlives the school year it began in
TRUSTED_DEVICE_DAYS = 90  # a ronde, from invitation to agreements

# --- logs: what happened, never to whom ------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"discreet": {"()": "school.discretion.DiscreetFilter"}},
    "formatters": {
        "plain": {
            "()": "school.discretion.DiscreetFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["discreet"], "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "gesprekken": {"level": "WARNING" if DEMO else "INFO"},
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
    },
}
