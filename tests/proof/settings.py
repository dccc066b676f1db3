"""The product's own settings, with a slow mailbox that keeps every message in a file of its own."""

import os
from pathlib import Path

from config.settings import *  # noqa: F403

EMAIL_BACKEND = "tests.proof.mailbox.SlowMailbox"
MAILBOX = Path(os.environ["GESPREKKEN_VAR"]) / "mailbox"
DEBUG = False
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
