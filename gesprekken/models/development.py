"""Development made visible (V3, V4): what the school sets, what is shown at a gesprek, reports and work of the pupil.

Results themselves are the school's (`school.Toetsresultaat`), stored as given.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gesprekken.models.ronde import Gesprek
from school.models import InSchool, Leerling, Person


class NormBand(InSchool):
    """Between which scores a band of the school's own norm lies, for one vak at one moment (M4, E5 ...)."""

    vak = models.CharField(max_length=60)
    moment = models.CharField(max_length=5, help_text="Middle or end of a year level: M3 ... E8.")
    band = models.CharField(_("naam van de band"), max_length=20)
    low = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True, help_text="Empty: no lower end.")
    high = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True, help_text="Empty: no upper end.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "vak", "moment", "band"], name="norm_band_once")]
        ordering = ["vak", "moment", "low"]

    def __str__(self):
        return f"{self.vak} {self.moment} {self.band}"


class RouteLevel(InSchool):
    """The functioning level that belongs to a route of secondary education at one moment, as the school sets it."""

    route = models.CharField(_("route"), max_length=40)
    number = models.PositiveSmallIntegerField(help_text="The order in which the school names its routes.")
    vak = models.CharField(max_length=60)
    moment = models.CharField(max_length=5)
    level = models.CharField(max_length=10)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "route", "vak", "moment"], name="route_level_once")]
        ordering = ["number", "vak", "moment"]

    def __str__(self):
        return f"{self.route} {self.vak} {self.moment}"


class ShownChart(InSchool):
    """A chart of this vak is shown at this gesprek; routes only when teacher and pupil chose them."""

    gesprek = models.ForeignKey(Gesprek, on_delete=models.CASCADE, related_name="shown_charts")
    vak = models.CharField(max_length=60)
    with_routes = models.BooleanField(default=False)
    routes = models.JSONField(default=list, blank=True, help_text="Names of the routes that are drawn; empty: none.")
    agreed_with_pupil = models.BooleanField(_("samen met de leerling gekozen"), default=False)
    goal = models.CharField(_("doel voor de korte termijn"), max_length=300, blank=True)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gesprek", "vak"], name="shown_chart_once"),
            models.CheckConstraint(
                condition=Q(with_routes=False) | Q(agreed_with_pupil=True), name="routes_are_chosen_with_the_pupil"
            ),
        ]
        ordering = ["vak"]

    def __str__(self):
        return f"shown chart {self.pk}"


def stored_at(item, filename):
    """A name nobody can guess, under a folder of the school; nothing of the name somebody gave."""
    return f"portfolio/{item.school_id}/{item.secret}"


class PortfolioItem(InSchool):
    """A report, or work of the pupil: a file that was checked, and is streamed only after permission.

    Parents and pupil see it from `released_at` on, all at the same moment (V4).
    """

    class Kind(models.TextChoices):
        REPORT = "report", _("rapport")
        WORK = "work", _("werk van de leerling")

    leerling = models.ForeignKey(Leerling, on_delete=models.CASCADE, related_name="portfolio")
    gesprek = models.ForeignKey(
        Gesprek, on_delete=models.SET_NULL, null=True, blank=True, related_name="portfolio", help_text="It underpins."
    )
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(_("titel"), max_length=120)
    secret = models.CharField(max_length=64, unique=True)
    file = models.FileField(upload_to=stored_at, max_length=200)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField(help_text="In bytes.")
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"portfolio item {self.pk}"
