"""Production refuses to start until everything a school depends on is set, and then runs quietly."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once
ROOT = Path(__file__).resolve().parents[2]


def environment(var, **changes):
    full = {
        "PATH": os.environ["PATH"],
        "GESPREKKEN_VAR": str(var),
        "GESPREKKEN_MODE": "production",
        "GESPREKKEN_SECRET_KEY": "s3cret-" * 9,
        "GESPREKKEN_BASE_URL": "https://gesprekken.school.example",
        "GESPREKKEN_SMTP_HOST": "mail.school.example",
        "GESPREKKEN_FROM_EMAIL": "gesprekken@school.example",
        "DATABASE_URL": f"sqlite:///{var}/production.sqlite3",
    }
    return {name: value for name, value in {**full, **changes}.items() if value is not None}


def manage(env, *args):
    return subprocess.run([sys.executable, "manage.py", *args], cwd=ROOT, env=env, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("changes", "advice"),
    [
        ({"GESPREKKEN_SECRET_KEY": None}, "GESPREKKEN_SECRET_KEY is not set"),
        ({"GESPREKKEN_SECRET_KEY": "kort"}, "too short"),
        ({"GESPREKKEN_BASE_URL": None}, "GESPREKKEN_BASE_URL is not set"),
        ({"GESPREKKEN_BASE_URL": "http://gesprekken.school.example"}, "must start with https://"),
        ({"GESPREKKEN_SMTP_HOST": None}, "GESPREKKEN_SMTP_HOST is not set"),
        ({"GESPREKKEN_SMTP_PORT": "x"}, "must be a whole number"),
        ({"GESPREKKEN_FROM_EMAIL": None}, "GESPREKKEN_FROM_EMAIL is not set"),
        ({"DATABASE_URL": None}, "DATABASE_URL is not set"),
        ({"DATABASE_URL": "somewhere"}, "DATABASE_URL cannot be read"),
        ({"GESPREKKEN_MODE": "live"}, "must be one of"),
        ({"GESPREKKEN_GOOGLE_CLIENT_ID": "x"}, "GESPREKKEN_GOOGLE_SECRET is not set"),
        ({"GESPREKKEN_MICROSOFT_CLIENT_ID": "x"}, "GESPREKKEN_MICROSOFT_TENANT is not set"),
        (
            {"GESPREKKEN_MICROSOFT_CLIENT_ID": "x", "GESPREKKEN_MICROSOFT_TENANT": "common"},
            "anybody's Microsoft account",
        ),
        ({"GESPREKKEN_MICROSOFT_CLIENT_ID": "x", "GESPREKKEN_MICROSOFT_TENANT": "t"}, "MICROSOFT_DOMAINS is not set"),
    ],
)
def test_it_refuses_to_start_with_one_line_of_advice(changes, advice, tmp_path):
    code = "import config.settings"  # what manage.py, gunicorn and the worker all do first
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment(tmp_path, **changes), capture_output=True, text=True
    )
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert done.stderr.startswith("gesprekken cannot start: ")
    assert advice in done.stderr


def test_the_deployment_check_is_clean(tmp_path):
    env = environment(
        tmp_path,
        GESPREKKEN_MICROSOFT_CLIENT_ID="x",
        GESPREKKEN_MICROSOFT_SECRET="y",
        GESPREKKEN_MICROSOFT_TENANT="t",
        GESPREKKEN_MICROSOFT_DOMAINS="school.example",
    )
    done = manage(env, "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


def test_the_sign_in_form_may_lead_to_microsoft_only_when_that_is_configured(tmp_path):
    """Browsers hold a redirect after a form against form-action: without the address the button would do nothing."""
    code = "from config import settings; print(settings.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'])"
    microsoft = {
        "GESPREKKEN_MICROSOFT_CLIENT_ID": "x",
        "GESPREKKEN_MICROSOFT_SECRET": "y",
        "GESPREKKEN_MICROSOFT_TENANT": "t",
        "GESPREKKEN_MICROSOFT_DOMAINS": "school.example",
    }
    for changes, expected in [
        ({}, ["'self'"]),
        (microsoft, ["'self'", "https://login.microsoftonline.com"]),
    ]:
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=environment(tmp_path, **changes), capture_output=True, text=True
        )
        assert done.stdout.strip() == str(expected), done.stderr
