"""The product's own settings in production mode; only the addresses have one page more."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "config.bench.urls"
