"""Write everything into one file: rows, uploaded files, the state of the mail. Nobody has to stop working for it."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from config import backup


class Command(BaseCommand):
    help = "Write a backup of everything to FILE, while the site goes on. Keep it as safe as the database itself."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, **options):
        if file.exists():
            raise CommandError(
                _("%(file)s bestaat al. Kies een andere naam, bijvoorbeeld met de datum.") % {"file": file}
            )
        if not file.parent.is_dir():
            raise CommandError(_("De map %(folder)s is er niet.") % {"folder": file.parent})
        try:
            manifest = backup.write(file)
        except OSError as error:
            raise CommandError(_("De reservekopie kon niet worden geschreven: %(why)s.") % {"why": error.strerror})
        self.stdout.write(
            _("Reservekopie gemaakt: %(rows)s rijen en %(files)s bestanden in %(file)s.")
            % {"rows": sum(manifest["rows"].values()), "files": manifest["files"], "file": file}
        )
