"""The product's own settings, with the mail server of the proof (tests/proof/mail_server.py), and tables made at once."""

import os

from config.bench.tables import StraightFromModels
from config.settings import *  # noqa: F403

EMAIL_BACKEND = "school.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", int(os.environ.get("PROOF_SMTP_PORT", "1"))
EMAIL_TIMEOUT = EMAIL_ANSWER_SECONDS = 2  # the mail server of the proof waits longer when it means to
DEBUG = False
MIGRATION_MODULES = StraightFromModels()
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
