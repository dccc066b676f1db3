"""What is asked beforehand, and what everybody prepared."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gesprekken.models.ronde import Gesprek
from school.models import InSchool, Person


class Visibility(models.TextChoices):
    TABLE = "table", _("op tafel")
    TEACHER = "teacher", _("alleen voor de leerkracht")


class Question(InSchool):
    """A question of a preparation form: data, versioned; an answer keeps the question it belonged to."""

    soort_code = models.SlugField(max_length=40)
    audience = models.CharField(
        max_length=12, choices=[("ouder", "ouder"), ("leerling", "leerling"), ("leerkracht", "leerkracht")]
    )
    version = models.PositiveSmallIntegerField(default=1)
    code = models.SlugField(max_length=60)
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    help = models.CharField(max_length=300, blank=True)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.TABLE)
    about_home = models.BooleanField(default=False, help_text="Home matters are for the teacher only by default.")
    step = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The step of the guide (1-9) beside which the answers are shown."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "soort_code", "audience", "version", "code"], name="question_once"
            ),
        ]
        ordering = ["number"]

    def __str__(self):
        return self.text


class Voorbereiding(InSchool):
    gesprek = models.ForeignKey(Gesprek, on_delete=models.CASCADE, related_name="voorbereidingen")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="voorbereidingen")
    audience = models.CharField(max_length=12)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_from = models.CharField(
        max_length=20, blank=True, help_text="The page that saved last: its own next save goes on."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gesprek", "person"], name="voorbereiding_once")]
        ordering = ["pk"]

    def __str__(self):
        return f"voorbereiding {self.pk}"


class Answer(InSchool):
    voorbereiding = models.ForeignKey(Voorbereiding, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField(blank=True)
    visibility = models.CharField(max_length=10, choices=Visibility)
    language = models.CharField(max_length=10, default="nl")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["voorbereiding", "question"], name="answer_once")]
        ordering = ["question__number"]

    def __str__(self):
        return f"answer {self.pk}"
