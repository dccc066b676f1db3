"""The product's own settings in production mode; only the addresses are more, and the tables are made at once."""

from config.bench.tables import StraightFromModels
from config.settings import *  # noqa: F403

ROOT_URLCONF = "config.bench.urls"
MIGRATION_MODULES = StraightFromModels()
