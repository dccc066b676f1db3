"""After the gesprek: what people found of it, the advice, and what the next teacher is told."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gesprekken.models.ronde import Gesprek, Ronde
from school.models import Groep, InSchool, Leerling, Medewerker, Person, Schooljaar


class Feedback(InSchool):
    """Three taps after a gesprek, or the four gains once a year. It holds nobody's name and no moment.

    The key is random, so that the order of the rows tells nothing either.
    """

    class About(models.TextChoices):
        GESPREK = "gesprek", _("een gesprek")
        YEAR = "year", _("het schooljaar")

    class As(models.TextChoices):
        OUDER = "ouder", _("ouder of verzorger")
        LEERLING = "leerling", _("leerling")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    about = models.CharField(max_length=10, choices=About)
    as_role = models.CharField(max_length=10, choices=As)
    schooljaar = models.ForeignKey(Schooljaar, on_delete=models.CASCADE, related_name="feedback")
    ronde = models.ForeignKey(Ronde, on_delete=models.CASCADE, null=True, blank=True, related_name="feedback")
    groep = models.ForeignKey(
        Groep, on_delete=models.CASCADE, null=True, blank=True, related_name="feedback", help_text="Whose teacher."
    )
    answers = models.JSONField(
        help_text="Question to answer, 1 to 3 or for the year 1 to 5; what was skipped is left out."
    )

    def __str__(self):
        return "feedback"


class FeedbackGiven(InSchool):
    """That somebody answered, and not what: it keeps one person to one answer. It holds no moment."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    gesprek = models.ForeignKey(Gesprek, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    schooljaar = models.ForeignKey(Schooljaar, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "gesprek"], condition=Q(gesprek__isnull=False), name="feedback_once_per_gesprek"
            ),
            models.UniqueConstraint(
                fields=["person", "schooljaar"], condition=Q(schooljaar__isnull=False), name="feedback_once_per_year"
            ),
            models.CheckConstraint(
                condition=Q(gesprek__isnull=True) ^ Q(schooljaar__isnull=True), name="feedback_given_about_one_thing"
            ),
        ]

    def __str__(self):
        return "feedback given"


class Advies(InSchool):
    """A school advice, preliminary or final, with who came to it together and why it was raised or not (C4)."""

    class Stage(models.TextChoices):
        PRELIMINARY = "preliminary", _("voorlopig advies")
        FINAL = "final", _("definitief advies")

    class Reconsidered(models.TextChoices):
        """What followed a higher test result."""

        NOT_NEEDED = "not_needed", _("de uitslag was niet hoger")
        RAISED = "raised", _("het advies gaat omhoog")
        KEPT = "kept", _("het advies blijft, met een reden")

    leerling = models.ForeignKey(Leerling, on_delete=models.CASCADE, related_name="adviezen")
    schooljaar = models.ForeignKey(Schooljaar, on_delete=models.CASCADE, related_name="adviezen")
    stage = models.CharField(max_length=12, choices=Stage)
    level = models.CharField(_("advies"), max_length=60)
    test_level = models.CharField(
        _("uitslag van de doorstroomtoets"), max_length=60, blank=True, help_text="As the test gives it."
    )
    reconsidered = models.CharField(max_length=12, choices=Reconsidered, blank=True)
    reason = models.TextField(_("waarom het advies niet omhoog gaat"), blank=True)
    colleague = models.ForeignKey(
        Medewerker,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The second colleague.",
    )
    decided_by = models.ManyToManyField(Person, blank=True, related_name="+", help_text="IB, teacher, leadership.")
    gesprek = models.ForeignKey(Gesprek, on_delete=models.SET_NULL, null=True, blank=True, related_name="adviezen")
    decided_on = models.DateField(_("vastgesteld op"))
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    released_at = models.DateTimeField(
        null=True, blank=True, help_text="From then on guardians and pupil read it; a change is shared anew."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["leerling", "schooljaar", "stage"], name="advies_once_per_stage"),
            models.CheckConstraint(
                condition=~Q(reconsidered="kept") | ~Q(reason=""), name="an_advice_that_stays_has_a_reason"
            ),
        ]
        ordering = ["schooljaar__starts_on", "stage"]

    def __str__(self):
        return f"advies {self.pk}"


class Overdracht(InSchool):
    """What the next teacher is told about a pupil, in June."""

    leerling = models.ForeignKey(Leerling, on_delete=models.CASCADE, related_name="overdrachten")
    schooljaar = models.ForeignKey(Schooljaar, on_delete=models.CASCADE, related_name="overdrachten")
    text = models.TextField(_("wat de volgende leerkracht moet weten"), blank=True)
    works_at_home = models.TextField(_("wat thuis werkt"), blank=True)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_from = models.CharField(max_length=20, blank=True)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    handed_over_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["leerling", "schooljaar"], name="overdracht_once")]

    def __str__(self):
        return f"overdracht {self.pk}"
