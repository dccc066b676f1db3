"""One file that holds everything: rows and uploaded files. The same file restores on SQLite and on PostgreSQL.

The rows are read in one transaction that sees one moment, on a connection of its own, while others go on writing
(decision 0031). A restore puts everything back in one transaction, or nothing.

Inside the file (a zip): `rows/<table>.jsonl`, a heading with the columns and then a row a line; `media/...`; and as the
last entry `manifest.json`, so that a file that broke off is seen.
"""

import json
import shutil
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from school.models import School

FORMAT = 1
SNAPSHOT = "snapshot"  # the alias of the connection that sees one moment
BATCH = 500
# Open sessions and counters of failed sign-ins belong to a running machine; who signs in again loses nothing.
LEFT_OUT = {"django_session", "cache"}


class NotABackup(Exception):
    """The file is broken, is something else, or (`other_version`) does not fit the tables of this version."""

    def __init__(self, what, *, other_version=False):
        self.other_version = other_version
        super().__init__(what)


class Filled(Exception):
    """There are schools in this database already."""


def tables():
    """Every table of ours and of the libraries, many-to-many ones too, as models in a fixed order."""
    models = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]
    return sorted((m for m in models if m._meta.db_table not in LEFT_OUT), key=lambda m: m._meta.db_table)


def migrations_of(database):
    return sorted(".".join(key) for key in MigrationRecorder(connections[database]).applied_migrations())


# --- making ----------------------------------------------------------------------------------------------------------


@contextmanager
def one_moment():
    """A second connection whose transaction sees one moment and holds up nobody.

    SQLite: a deferred transaction in WAL mode reads a snapshot beside the writers (the IMMEDIATE of the settings would
    lock them out). PostgreSQL: REPEATABLE READ.
    """
    own = {**connections["default"].settings_dict}
    options = {key: value for key, value in own.get("OPTIONS", {}).items() if key != "transaction_mode"}
    if connection.vendor == "postgresql":
        from psycopg import IsolationLevel

        options["isolation_level"] = IsolationLevel.REPEATABLE_READ
    connections.databases[SNAPSHOT] = {**own, "OPTIONS": options}
    try:
        with transaction.atomic(using=SNAPSHOT):
            yield SNAPSHOT
    finally:
        connections[SNAPSHOT].close()
        del connections[SNAPSHOT], connections.databases[SNAPSHOT]


def as_json(value):
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def write(path, now=None):
    """Write a backup to `path`. It appears there only when it is whole. Returns its manifest."""
    path = Path(path)
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.touch(mode=0o600)
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            with one_moment() as moment:
                manifest = {"format": FORMAT, "made_at": as_json(now or timezone.now())}
                manifest["migrations"] = migrations_of(moment)
                manifest["rows"] = {m._meta.db_table: write_rows(archive, m, moment) for m in tables()}
            manifest["files"] = write_files(archive)
            archive.writestr("manifest.json", json.dumps(manifest, indent=1))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def write_rows(archive, model, moment):
    columns = [field.attname for field in model._meta.concrete_fields]
    rows = model._base_manager.using(moment).order_by("pk").values_list(*columns)
    count = 0
    with archive.open(f"rows/{model._meta.db_table}.jsonl", "w", force_zip64=True) as out:
        out.write(json.dumps(columns).encode() + b"\n")
        for row in rows.iterator(chunk_size=BATCH):
            out.write(json.dumps(row, default=as_json, ensure_ascii=False).encode() + b"\n")
            count += 1
    return count


def write_files(archive):
    root = Path(settings.MEDIA_ROOT)
    names = sorted(file.relative_to(root).as_posix() for file in root.rglob("*") if file.is_file())
    for name in names:
        archive.write(root / name, f"media/{name}")
    return len(names)


# --- putting back ----------------------------------------------------------------------------------------------------


def read_manifest(archive):
    """The manifest of a whole backup that fits this version. Raises NotABackup."""
    try:
        whole = archive.testzip() is None and "manifest.json" in archive.namelist()
    except (zipfile.BadZipFile, zlib.error, EOFError):
        whole = False
    if not whole:
        raise NotABackup("the file is damaged")
    manifest = json.loads(archive.read("manifest.json"))
    if manifest.get("format") != FORMAT:
        raise NotABackup("the file is of another format")
    if manifest["migrations"] != migrations_of("default"):
        raise NotABackup("the file was made by another version", other_version=True)
    return manifest


def restore(path, *, overwrite=False):
    """Put a backup back: everything, or nothing at all. Raises NotABackup or Filled. Returns its manifest."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError):
        raise NotABackup("the file cannot be opened")
    with archive:
        manifest = read_manifest(archive)
        if School.objects.exists() and not overwrite:
            raise Filled
        root = Path(settings.MEDIA_ROOT)
        fresh, old = root.with_name(f"{root.name}.fresh"), root.with_name(f"{root.name}.old")
        try:
            read_files(archive, fresh)
            with transaction.atomic():
                read_tables(archive, manifest)
                swap(root, fresh, old)
        except BaseException:
            if old.exists():  # the files were exchanged, but the rows did not stay
                shutil.rmtree(root, ignore_errors=True)
                old.rename(root)
            raise
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
    ContentType.objects.clear_cache()
    return manifest


def read_files(archive, fresh):
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name in archive.namelist():
        inside = PurePosixPath(name)
        if inside.parts[0] != "media" or name.endswith("/"):
            continue
        if ".." in inside.parts or inside.is_absolute():
            raise NotABackup("the file names places outside itself")
        target = fresh.joinpath(*inside.parts[1:])
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch(mode=0o600)
        with archive.open(name) as source, target.open("wb") as out:
            shutil.copyfileobj(source, out)


def swap(root, fresh, old):
    shutil.rmtree(old, ignore_errors=True)
    if root.exists():
        root.rename(old)
    else:
        old.mkdir(parents=True)
    fresh.rename(root)


def read_tables(archive, manifest):
    """Empty every table and fill it again. Foreign keys are looked at when the transaction ends, so order is free."""
    models = tables()
    with connection.cursor() as cursor:
        for table in [m._meta.db_table for m in models] + sorted(LEFT_OUT):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608 - names of our own models
    for model in models:
        count = read_rows(archive, model)
        if count != manifest["rows"].get(model._meta.db_table, 0):
            raise NotABackup("rows are missing in the file")
    connection.check_constraints()
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(sql)


def read_rows(archive, model):
    count, batch = 0, []
    with archive.open(f"rows/{model._meta.db_table}.jsonl") as lines:
        fields = [model._meta.get_field(name) for name in json.loads(lines.readline())]
        for line in lines:
            values = zip(fields, json.loads(line), strict=True)
            batch.append(model(**{field.attname: to_python(field, value) for field, value in values}))
            count += 1
            if len(batch) == BATCH:
                insert(model, batch)
                batch = []
        insert(model, batch)
    return count


def insert(model, batch):
    """Exactly as it was: columns that fill themselves in with the time are written row by row, untouched."""
    if any(getattr(f, "auto_now", False) or getattr(f, "auto_now_add", False) for f in model._meta.concrete_fields):
        for row in batch:
            row.save_base(raw=True, force_insert=True)
    else:
        model._base_manager.bulk_create(batch)


def to_python(field, value):
    return (field.target_field if field.is_relation else field).to_python(value)
