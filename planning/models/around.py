"""Who is asked to come along."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gesprekken.models import Gesprek
from school.models import InSchool, Person


class InterpreterRequest(InSchool):
    """An interpreter for one gesprek: requested, ordered, confirmed. Never a child (I5)."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("gevraagd")
        ORDERED = "ordered", _("besteld")
        CONFIRMED = "confirmed", _("bevestigd")

    gesprek = models.OneToOneField(Gesprek, on_delete=models.CASCADE, related_name="interpreter_request")
    language = models.CharField(_("taal"), max_length=10)
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    interpreter = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="interprets", help_text="Who comes."
    )
    note = models.CharField(_("opmerking voor de tolk"), max_length=300, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"interpreter request {self.pk}"
