"""Put a backup back. All of it or nothing: when it fails, everything is as it was."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from config import backup
from school.management.database import bring_up_to_date


class Command(BaseCommand):
    help = "Put the backup in FILE back, on an empty machine or (with --overwrite) over what is there."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--overwrite", action="store_true", help="replace everything that is in the database now")

    def handle(self, *, file, overwrite, **options):
        if not file.is_file():
            raise CommandError(_("%(file)s is er niet.") % {"file": file})
        bring_up_to_date()
        try:
            manifest = backup.restore(file, overwrite=overwrite)
        except backup.Filled:
            raise CommandError(
                _(
                    "Er staat al een school in deze database. Met --overwrite komt de reservekopie daarvoor in de plaats."
                )
            )
        except backup.NotABackup as refusal:
            raise CommandError(advice_about(refusal))
        except Exception as error:
            # Whatever a strange file makes happen: nothing has changed, and that is what one wants to know first.
            raise CommandError(
                _("Terugzetten is niet gelukt (%(why)s). Alles is nog zoals het was.") % {"why": type(error).__name__}
            )
        self.stdout.write(
            _("Teruggezet: %(rows)s rijen en %(files)s bestanden van %(made_at)s.")
            % {"rows": sum(manifest["rows"].values()), "files": manifest["files"], "made_at": manifest["made_at"][:16]}
        )


def advice_about(refusal):
    if refusal.other_version:
        return _(
            "Deze reservekopie is van een andere versie. Zet die versie neer, zet de kopie terug, en werk daarna bij. "
            "Er is niets veranderd."
        )
    return _("Deze reservekopie is beschadigd, of het is er geen. Er is niets veranderd.")
