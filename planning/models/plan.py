"""Wishes, and the plan that is made of them."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gesprekken.models import Gesprek, Ronde
from planning.models.times import Slot
from school.models import InSchool, Job, Medewerker, Person


class Part(models.TextChoices):
    """The parts of a day a parent taps: from the hour until the hour, on the wall clock."""

    MORNING = "0-12", _("ochtend, tot 12 uur")
    NOON = "12-15", _("begin van de middag, 12 tot 15 uur")
    AFTERNOON = "15-18", _("eind van de middag, 15 tot 18 uur")
    EVENING = "18-20", _("begin van de avond, 18 tot 20 uur")
    LATE = "20-24", _("later op de avond, na 20 uur")

    @property
    def hours(self):
        """(from, until) in whole hours."""
        first, last = self.value.split("-")
        return int(first), int(last)

    @classmethod
    def at(cls, local):
        """The part in which this local moment falls."""
        return next(part for part in cls if part.hours[0] <= local.hour < part.hours[1])


class Wish(InSchool):
    """Whether one guardian can on this part of this day. Without a single wish in the ronde she did not answer."""

    class Can(models.TextChoices):
        NO = "no", _("kan niet")
        YES = "yes", _("kan")
        LIKES = "likes", _("liefst")

    ronde = models.ForeignKey(Ronde, on_delete=models.CASCADE, related_name="wishes")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="wishes")
    on = models.DateField()
    part = models.CharField(max_length=5, choices=Part)
    can = models.CharField(max_length=5, choices=Can)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ronde", "person", "on", "part"], name="wish_once")]
        ordering = ["on", "part"]

    def __str__(self):
        return f"wish {self.pk}"


class Plan(InSchool):
    """A proposal of times for a ronde: made in the background, compared, adjusted, released."""

    class State(models.TextChoices):
        MAKING = "making", _("wordt gemaakt")
        READY = "ready", _("klaar om te bekijken")
        FAILED = "failed", _("niet gelukt")
        RELEASED = "released", _("vrijgegeven")

    ronde = models.ForeignKey(Ronde, on_delete=models.CASCADE, related_name="plans")
    state = models.CharField(max_length=10, choices=State, default=State.MAKING)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    figures = models.JSONField(
        default=dict, help_text="Scores, bounds, seconds and the solver's name, as it said them."
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ronde"], condition=Q(state="making"), name="one_plan_in_the_making"),
        ]
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"plan {self.pk}"

    @property
    def stamp(self):
        """Which plan one looked at, and which version of it; travels with every form about it."""
        return f"{self.pk}-{self.version}"


class PlannedGesprek(InSchool):
    """Where one gesprek stands in a plan: a slot, or why there is none."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="planned")
    gesprek = models.ForeignKey(Gesprek, on_delete=models.CASCADE, related_name="+")
    slot = models.ForeignKey(Slot, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    tweede_collega = models.ForeignKey(Medewerker, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    pinned = models.BooleanField(default=False, help_text="Stays where it is when the plan is made again.")
    reason = models.JSONField(default=dict, help_text="Why it has no slot, and what would solve it.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "gesprek"], name="planned_once")]

    def __str__(self):
        return f"planned {self.pk}"
