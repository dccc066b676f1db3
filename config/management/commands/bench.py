"""How quick the house is, beside the least that each thing could be. Writes nothing but in a temporary folder."""

import json
import os

from django.core.management.base import BaseCommand, CommandError

from config.bench import booking, insight, invitations, site


class Command(BaseCommand):
    help = (
        "Measure booking: a bare page, the parent's page with 40 times, and claims, on the real server. "
        "On SQLite, and on PostgreSQL when the address of a server is given where a database may be made. "
        "Or invitations: the mail of 1,500 families and the letters of a school of 250, on SQLite. "
        "Or insight: the leadership's questions in a database of twenty schools and three years, as booking."
    )

    def add_arguments(self, parser):
        parser.add_argument("what", choices=["booking", "invitations", "insight"])
        parser.add_argument("--seconds", type=float, default=3, help="of each of the nine measurements per engine")
        parser.add_argument("--crowd", type=int, default=booking.CROWD, help="how many come at the same moment")
        parser.add_argument("--postgres", metavar="URL", default=self.default_postgres(), help="default: DATABASE_URL")
        parser.add_argument("--quick", action="store_true", help="invitations and insight: of a small school")
        parser.add_argument("--json", action="store_true")

    def default_postgres(self):
        url = os.environ.get("DATABASE_URL", "")
        return url if url.startswith("postgres") else ""

    def handle(self, *, what, **options):
        try:
            figures, wrong = getattr(self, what)(**options)
        except site.BenchFailed as failure:
            raise CommandError(f"The measurement could not be set up: {failure}")
        if options["json"]:
            self.stdout.write(json.dumps({"figures": figures, "shortcomings": wrong}))
            return
        if what == "booking":
            self.table(figures, options["crowd"])
        else:
            measured = {"invitations": invitations, "insight": insight}[what]
            self.stdout.write("\n".join(measured.lines(figures)))
        for sentence in wrong:
            self.stdout.write(f"NOT AS PROMISED: {sentence}")
        if what != "invitations" and "postgresql" not in figures:
            self.stdout.write("PostgreSQL was not measured: give --postgres URL.")

    def booking(self, *, seconds, postgres, crowd, **options):
        figures = booking.measure(seconds=seconds, postgres=postgres, crowd=crowd, say=self.say)
        return figures, booking.shortcomings(figures)

    def invitations(self, *, quick, **options):
        size = {"families": 150, "school": 90} if quick else {}
        figures = invitations.measure(**size)
        return figures, invitations.shortcomings(figures)

    def insight(self, *, quick, postgres, **options):
        figures = insight.measure(postgres=postgres, say=self.say, **(insight.QUICK if quick else {}))
        return figures, insight.shortcomings(figures)

    def say(self, text):
        self.stderr.write(f"    {text}")

    def table(self, figures, crowd):
        self.stdout.write(f"{'':12}{'hello/s':>10}{'page/s':>10}{'claim/s':>10}{'page/hello':>12}{'claim/hello':>13}")
        for engine, of in figures.items():
            rates, ratio = of["per_second"], of["ratio"]
            self.stdout.write(
                f"{engine:12}{rates['hello']:>10}{rates['page']:>10}{rates['claim']:>10}"
                f"{ratio['page']:>12}{ratio['claim']:>13}"
            )
        self.stdout.write(
            f"{'promised':42}{booking.MUST['page']:>12}{booking.MUST['claim']:>13}\n"
            f"{'aim':42}{booking.AIM['page']:>12}{booking.AIM['claim']:>13}"
        )
        for engine, of in figures.items():
            waits = ", ".join(f"{name} {seconds} s" for name, seconds in of["slowest_at_once"].items())
            self.stdout.write(f"{engine}: of {crowd} at once the last one had the {waits}")
