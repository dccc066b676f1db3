"""Reads a school's files from the command line; the same reading, comparing and applying as the pages do."""

import io
import json
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from school.actor import Actor
from school.importers.apply import apply_plan, hold
from school.importers.diff import make_plan
from school.importers.plan import Plan
from school.importers.reading import FILES, MAX_BYTES, read_files
from school.importers.remarks import KINDS, Remarks
from school.models import School
from school.schools import found_school

KIND_WORDS = {
    "groups": "groepen", "pupils": "leerlingen", "staff": "medewerkers", "guardians": "ouders",
    "guardianships": "ouder en kind", "results": "resultaten",
}  # fmt: skip


class Command(BaseCommand):
    help = "Import a school from EDEXML, a parents' file and a results file; any one of them suffices."

    def add_arguments(self, parser):
        parser.add_argument("school", metavar="SCHOOL", help="the school's short name; made when unknown")
        parser.add_argument("--edexml", metavar="F", help="EDEXML: groups, pupils, staff")
        parser.add_argument("--guardians", metavar="F", help="parents, as CSV or XLSX")
        parser.add_argument("--results", metavar="F", help="test results, as CSV or XLSX")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and store nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, school, dry_run, **options):
        with translation.override("nl"):
            paths = {what: options[what] for what in FILES if options[what]}
            report = self.run(school, paths, dry_run=dry_run)
            if options["json"]:
                self.stdout.write(json.dumps(report, indent=1))
            else:
                self.tell(report, dry_run)
        if report["errors"]:
            raise SystemExit(1)

    def run(self, slug, paths, *, dry_run):
        remarks = Remarks()
        files = {what: (Path(path).name, self.content(path, remarks)) for what, path in paths.items()}
        if not paths:
            remarks.error(_("Geef ten minste één bestand: --edexml, --guardians of --results."))
        if not slugify(slug):
            remarks.error(_("De korte naam van de school moet letters of cijfers hebben."))
        if remarks.errors:
            return Plan(remarks).report()
        try:
            self.prepare_database()
            school = School.objects.filter(slug=slugify(slug)[:50]).first()
            with timezone.override(school.zone if school else None):
                reading = self.read(files)
            with transaction.atomic():
                plan = self.apply(school or self.found(slugify(slug)[:50]), reading)
                report = plan.report()
                transaction.set_rollback(dry_run or bool(report["errors"]))
            return report
        except DatabaseError as problem:
            remarks.error(
                _("De database antwoordt niet zoals het hoort (%(kind)s). Er is niets opgeslagen.")
                % {"kind": type(problem).__name__}
            )
            return Plan(remarks).report()

    def content(self, path, remarks):
        """The bytes of a file, one more than we accept at the most; a file we cannot read is an error like any other."""
        try:
            with Path(path).open("rb") as file:
                return file.read(MAX_BYTES + 1)
        except IsADirectoryError:
            remarks.about(Path(path).name).error(_("Dit is een map, geen bestand."))
        except FileNotFoundError:
            remarks.about(Path(path).name).error(_("Dit bestand bestaat niet."))
        except (OSError, ValueError):
            remarks.about(Path(path).name).error(_("Dit bestand kunnen we niet openen. Mag je het lezen?"))
        return b""

    def prepare_database(self):
        if School._meta.db_table not in connection.introspection.table_names():
            call_command("migrate", verbosity=0, interactive=False, stdout=io.StringIO())

    def read(self, files):
        reading = read_files(files, today=timezone.localdate())
        for what, missing in reading.unmapped.items():
            reading.remarks.about(reading.names[what]).error(
                _("In de kopregel ontbreekt: %(names)s.") % {"names": ", ".join(c.name for c in missing.missing)}, 1
            )
        return reading

    def found(self, slug):
        return found_school(name=slug.replace("-", " ").title(), slug=slug)

    def apply(self, school, reading):
        hold(school)
        plan = make_plan(school, reading.rows, reading.remarks, names=reading.names)
        if not plan.remarks.errors:
            apply_plan(plan, school, by=Actor.system(school))
        return plan

    # --- for people --------------------------------------------------------------------------------------------------
    def tell(self, report, dry_run):
        self.stdout.write(f"{'':16}{_('nieuw'):>10}{_('veranderd'):>11}{_('weg'):>8}{_('gelijk'):>9}")
        for kind in KINDS:
            c = report[kind]
            self.stdout.write(f"{KIND_WORDS[kind]:16}{c['new']:>10}{c['changed']:>11}{c['gone']:>8}{c['unchanged']:>9}")
        for label, remarks in ((_("Let op"), report["warnings"]), (_("Fout"), report["errors"])):
            for remark in remarks:
                place = ", ".join(filter(None, [remark["file"], remark["line"] and _("regel %s") % remark["line"]]))
                self.stdout.write(f"{label}: {place + ': ' if place else ''}{remark['message']}")
        if report["errors"]:
            self.stdout.write(_("Er is niets opgeslagen."))
        elif dry_run:
            self.stdout.write(_("Dit was een proef: er is niets opgeslagen."))
        else:
            self.stdout.write(_("Klaar."))
