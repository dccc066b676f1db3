"""Backup and restore, as an operator does them: commands on real databases, with others writing meanwhile."""

import json
import os
import subprocess
import sys
import uuid
import zipfile
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.long  # ten processes a test, on both engines

ROOT = Path(__file__).resolve().parents[2]
SETUP = "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'; django.setup()\n"


class Machine:
    """A server of its own: its database, its files, and nothing in the environment but that."""

    def __init__(self, var, database_url=""):
        self.var = var
        var.mkdir()
        self.env = {"PATH": os.environ["PATH"], "GESPREKKEN_VAR": str(var), "DATABASE_URL": database_url}

    def manage(self, *args):
        return subprocess.run(
            [sys.executable, "manage.py", *map(str, args)], cwd=ROOT, env=self.env, capture_output=True, text=True
        )

    def start(self, code, *args):
        return subprocess.Popen(
            [sys.executable, "-c", SETUP + code, *map(str, args)],
            cwd=ROOT, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def python(self, code, *args):
        process = self.start(code, *args)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        return out


@pytest.fixture
def machine(tmp_path):
    """Makes machines with the engine that this run of the tests is about."""
    made = []

    def make(engine=settings.DATABASES["default"]["ENGINE"]):
        name = f"machine_{uuid.uuid4().hex[:12]}"
        if "postgres" not in engine:
            return Machine(tmp_path / name)
        import psycopg

        url = os.environ["DATABASE_URL"]
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        made.append((url, name))
        base, mark, query = url.partition("?")
        return Machine(tmp_path / name, base.rsplit("/", 1)[0] + "/" + name + mark + query)

    yield make
    for url, name in made:
        import psycopg

        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


FILL = """
from datetime import timedelta
from decimal import Decimal
from django.core.files.base import ContentFile
from django.utils import timezone
from school import access, outbox
from school.models import *
from tests.cast import Cast, TODAY
cast = Cast.build()
cast.with_gesprek()
print(access.mint_link(cast.fatma, expires_at=timezone.now() + timedelta(days=9)))
sent = outbox.put('school.second_step', cast.fatma, cast.school)
outbox.put('school.second_step', cast.kim, cast.school)
Outgoing.objects.filter(pk=sent.pk).update(state='sent', sent_text='Dag Fatma \\u0130')
Toetsresultaat.objects.create(school=cast.school, leerling=cast.elif_, vak='rekenen', toets='M5', taken_on=TODAY,
                              score=Decimal('87.25'))
Job.objects.create(school=cast.school, kind='x', args={'a': [1, None, {'b': 'é'}]})
cast.school.logo.save('logo.png', ContentFile(b'pixels'))
"""

LOOK = """
import json, sys
from school import access
from school.models import *
from gesprekken.models import Deelname, Gesprek
job, result = Job.objects.get(), Toetsresultaat.objects.get()
found = access.find_link(sys.argv[1])
print(json.dumps({
    'link': found and found.person.name,
    'outbox': sorted(Outgoing.objects.values_list('state', 'sent_text')),
    'created': [str(when) for when in Outgoing.objects.order_by('pk').values_list('created_at', flat=True)],
    'people': [p.name for p in Person.objects.order_by('pk')],
    'args': job.args, 'score': str(result.score), 'deelnames': Deelname.objects.count(),
    'logo': School.objects.get().logo.read().decode(),
    'passwords': list(User.objects.order_by('pk').values_list('password', flat=True)),
}))
"""

GO_ON = """
from django.db import IntegrityError
from school.models import *
school = School.objects.get()
new = Person.objects.create(school=school, last_name='Nieuw')  # the sequences stand after the last row
assert new.pk > 1
try:
    Lidmaatschap.objects.create(school=school, groep=Groep.objects.first(), leerling=Groep.objects.first().leerlingen.first())
except IntegrityError:
    print('the constraint holds')
"""


def test_everything_comes_back_on_an_empty_machine(machine, tmp_path):
    old, new, file = machine(), machine(), tmp_path / "b.zip"
    assert old.manage("migrate", "-v0").returncode == 0
    token = old.python(FILL).strip()
    done = old.manage("backup", file)
    assert done.returncode == 0, done.stderr
    assert file.stat().st_mode & 0o077 == 0  # nobody else on the machine reads it
    done = new.manage("restore", file)
    assert done.returncode == 0, done.stderr
    before, after = (json.loads(m.python(LOOK, token)) for m in (old, new))
    assert after == before
    assert after["link"] == "Fatma Yılmaz"
    assert [state for state, _ in after["outbox"]] == ["sent", "waiting"]
    assert "the constraint holds" in new.python(GO_ON)


def test_a_filled_database_is_not_overwritten_by_accident(machine, tmp_path):
    one, file = machine(), tmp_path / "b.zip"
    one.manage("create_school", "De Linde", "--leader", "a@linde.example")
    one.manage("backup", file)
    one.manage("create_school", "De Eik", "--leader", "a@eik.example")
    done = one.manage("restore", file)
    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: Er staat al een school in deze database.")
    count = "from school.models import School; print(School.objects.count())"
    assert one.python(count).strip() == "2"
    assert one.manage("restore", file, "--overwrite").returncode == 0
    assert one.python(count).strip() == "1"


def spoil(file, broken, damage):
    """A copy of a backup with something wrong in it."""
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(broken, "w") as out:
        for name in source.namelist():
            content = damage(name, source.read(name))
            if content is not None:
                out.writestr(name, content)


def in_table(table, change):
    """Damage to the lines of one table; the first line names its columns."""
    return lambda name, content: change(content) if name == f"rows/{table}.jsonl" else content


def first_row(content):
    return content.split(b"\n")[1]


DAMAGE = {
    "a row that points at nothing": in_table(
        "school_rol", lambda content: content.replace(first_row(content), b'[1, 1, 99999, "leiding"]')
    ),
    "a row twice": in_table("school_person", lambda content: content + first_row(content) + b"\n"),
    "rows missing": in_table("school_person", lambda content: content.split(b"\n")[0] + b"\n"),
    "a table missing": in_table("school_person", lambda content: None),
    "not json": in_table("school_school", lambda content: b"{"),
    "no manifest": lambda name, content: None if name == "manifest.json" else content,
    "another version": lambda name, content: content.replace(b"school.0001_initial", b"school.0002_more"),
    "a file outside": lambda name, content: content,  # given a name that climbs, below
}

RESTORE_ALL = """
import json, sys
from django.core.management import CommandError, call_command
from config import backup
def look():
    return [(m._meta.db_table, m._base_manager.count()) for m in backup.tables()]
before = look()
for file in sys.argv[1:]:
    try:
        call_command('restore', file, overwrite=True)
        said = 'restored'
    except CommandError as refusal:
        said = str(refusal)
    print(json.dumps([said, look() == before]))
"""


def test_a_failed_restore_leaves_what_was(machine, tmp_path):
    one, file = machine(), tmp_path / "b.zip"
    one.manage("create_school", "De Linde", "--leader", "a@linde.example")
    logo = one.var / "media" / "logos" / "nu.png"
    logo.parent.mkdir(parents=True)
    logo.write_bytes(b"now")
    one.manage("backup", file)
    files = [tmp_path / f"{number}.zip" for number in range(len(DAMAGE))]
    for broken, damage in zip(files, DAMAGE.values(), strict=True):
        spoil(file, broken, damage)
    with zipfile.ZipFile(files[-1], "a") as archive:
        archive.writestr("media/../../climbed", b"x")
    cut = tmp_path / "cut.zip"
    cut.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    answers = [json.loads(line) for line in one.python(RESTORE_ALL, *files, cut).splitlines()]
    assert len(answers) == len(DAMAGE) + 1
    for what, (said, unchanged) in zip([*DAMAGE, "cut off"], answers, strict=True):
        assert said != "restored", what
        assert "niets veranderd" in said or "zoals het was" in said, what
        assert unchanged, what
    assert logo.read_bytes() == b"now"
    assert [p.name for p in one.var.iterdir() if "media" in p.name] == ["media"]
    assert list(tmp_path.rglob("climbed")) == []


# Each transaction adds one trace and one person; a backup of one moment has as many of the one as of the other.
WRITER = """
import itertools
from django.db import transaction
from school.models import *
school = School.objects.get()
for n in itertools.count():
    with transaction.atomic():
        AuditEvent.objects.create(school=school, level='system', verb='pair')
        Person.objects.create(school=school, last_name='pair')
    if n == 3:
        print('writing', flush=True)
"""

SLOW_BACKUP = """
import sys, time
from config import backup
write_rows = backup.write_rows
def slowly(archive, model, moment):
    time.sleep(0.02)
    return write_rows(archive, model, moment if sys.argv[2] == 'one moment' else 'default')
backup.write_rows = slowly
backup.write(sys.argv[1])
"""


def pairs_in(file):
    with zipfile.ZipFile(file) as archive:
        return [archive.read(f"rows/school_{t}.jsonl").count(b'"pair"') for t in ("auditevent", "person")]


def test_a_backup_sees_one_moment_while_others_write(machine, tmp_path):
    one = machine()
    one.manage("create_school", "De Linde", "--leader", "a@linde.example")
    writer = one.start(WRITER)
    try:
        assert writer.stdout.readline() == "writing\n", writer.stderr.read()
        one.python(SLOW_BACKUP, tmp_path / "good.zip", "one moment")
        one.python(SLOW_BACKUP, tmp_path / "control.zip", "many moments")
        assert writer.poll() is None, "the writer was held up or fell over"
    finally:
        writer.kill()
        writer.wait()
    traces, people = pairs_in(tmp_path / "good.zip")
    assert traces == people > 0
    traces, people = pairs_in(tmp_path / "control.zip")
    assert traces < people  # without the one moment the two tables are of different times


def test_a_backup_never_writes_over_another(machine, tmp_path):
    one, file = machine(), tmp_path / "b.zip"
    one.manage("migrate", "-v0")
    file.write_text("older")
    done = one.manage("backup", file)
    assert done.returncode == 1
    assert "bestaat al" in done.stderr
    assert file.read_text() == "older"
    assert "is er niet" in one.manage("backup", tmp_path / "nowhere" / "b.zip").stderr
    assert [p.name for p in tmp_path.glob(".*")] == []


@pytest.mark.skipif("postgres" not in settings.DATABASES["default"]["ENGINE"], reason="needs both engines")
def test_a_school_moves_from_sqlite_to_postgresql_with_the_same_file(machine, tmp_path):
    old, new, file = machine("sqlite"), machine(), tmp_path / "b.zip"
    old.manage("migrate", "-v0")
    token = old.python(FILL).strip()
    old.manage("backup", file)
    done = new.manage("restore", file)
    assert done.returncode == 0, done.stderr
    assert json.loads(new.python(LOOK, token)) == json.loads(old.python(LOOK, token))
    assert "the constraint holds" in new.python(GO_ON)
