"""Found a school and invite its first leader: the beginning of everything else."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from school import passwords, people, schools
from school.actor import Actor
from school.management.database import bring_up_to_date
from school.models import Rol, User


class Command(BaseCommand):
    help = "Found a school and invite its first leader by mail (the worker sends it)."

    def add_arguments(self, parser):
        parser.add_argument("name", help="the name of the school, as parents know it")
        parser.add_argument("--leader", required=True, metavar="EMAIL", help="who leads; gets the invitation")
        parser.add_argument("--leader-name", default="", help="that person's name; can be changed later")
        parser.add_argument("--slug", default="", help="a short name for commands; made from the name by default")
        parser.add_argument("--print-link", action="store_true", help="print the link to choose a password")

    def handle(self, *, name, leader, leader_name, slug, print_link, **options):
        bring_up_to_date()
        name, email = " ".join(name.split()), leader.strip().lower()
        self.refuse_bad_input(name, email)
        with transaction.atomic():
            try:
                school = schools.found_school(name=name, slug=slug)
            except ValueError:
                raise CommandError(_("Er is al een school met deze korte naam. Kies een andere met --slug."))
            medewerker = people.add_staff(
                school=school,
                name=split_name(leader_name, email),
                email=email,
                rollen=[Rol.Soort.LEIDING],
                by=Actor.system(school),
            )
        self.stdout.write(_("%(school)s staat klaar (%(slug)s).") % {"school": school.name, "slug": school.slug})
        if print_link:
            self.stdout.write(_("Open deze link om een wachtwoord te kiezen; hij werkt een week:"))
            self.stdout.write(passwords.choose_password_url(User.objects.get(people=medewerker.person)))
        else:
            self.stdout.write(_("De uitnodiging aan de schoolleiding gaat weg zodra de worker draait."))

    def refuse_bad_input(self, name, email):
        if not name or len(name) > 120:
            raise CommandError(_("Geef de school een naam van hooguit 120 letters."))
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(_("Dit is geen e-mailadres: %(email)s") % {"email": email})
        if User.objects.filter(email=email).exists():
            raise CommandError(
                _("Er is al een account met het adres %(email)s. Kies een ander adres.") % {"email": email}
            )


def split_name(full_name, email):
    """(first, prefix, last) from what was typed, or a first guess from the address."""
    words = full_name.split() or [
        part.capitalize() for part in email.partition("@")[0].replace("_", ".").split(".") if part
    ]
    if len(words) < 2:
        return "", "", (words or [email])[0][:120]
    return words[0][:80], " ".join(words[1:-1])[:30], words[-1][:120]
