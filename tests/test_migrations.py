"""The tests stand on tables made from the models; the school's tables are made by the migrations. They are the same."""

import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection

from tests.translations import ROOT

OURS = ("school_", "gesprekken_", "planning_", "kijkwijzer_", "config_")
# What PostgreSQL itself says of its tables, apart from the order of columns and the names Django makes up.
COLUMNS = """
    SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default, is_identity
    FROM information_schema.columns WHERE table_schema = 'public'
"""
CONSTRAINTS = """
    SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
"""
INDEXES = """
    SELECT tablename, regexp_replace(indexdef, 'INDEX \\S+ ON', 'INDEX ON')
    FROM pg_indexes WHERE schemaname = 'public'
"""
NAMES_OF_OURS = """
    SELECT conrelid::regclass::text, conname FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'x', 'u') AND conname !~ '_[0-9a-f]{8}|_key$'
"""


def tables(execute):
    return {
        what: sorted(row for row in execute(question) if row[0].startswith(OURS))
        for what, question in [
            ("columns", COLUMNS), ("constraints", CONSTRAINTS), ("indexes", INDEXES), ("names", NAMES_OF_OURS)
        ]
    }  # fmt: skip


def ask(cursor, question):
    cursor.execute(question)
    return cursor.fetchall()


@pytest.mark.stricter
@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL says of its tables what they are; SQLite not")
@pytest.mark.django_db
def test_the_migrations_make_the_tables_the_models_say():
    address, name = urlsplit(os.environ["DATABASE_URL"]), f"migrated_{os.getpid()}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            there = urlunsplit(address._replace(path=f"/{name}"))
            migrate = [sys.executable, "manage.py", "migrate", "-v", "0"]
            done = subprocess.run(
                migrate, cwd=ROOT, env={**os.environ, "DATABASE_URL": there}, capture_output=True, text=True
            )
            assert done.returncode == 0, done.stderr[-2000:]
            with psycopg.connect(there) as migrated:
                found = tables(lambda question: migrated.execute(question).fetchall())
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    with connection.cursor() as cursor:
        expected = tables(lambda question: ask(cursor, question))
    assert len(expected["columns"]) > 300 and len(expected["names"]) > 30
    for what, wanted in expected.items():
        assert found[what] == wanted, what
