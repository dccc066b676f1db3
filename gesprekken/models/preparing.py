"""What is asked beforehand, and what everybody prepared."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gesprekken.models.ronde import Gesprek, Ronde
from school.models import InSchool, Person


class Visibility(models.TextChoices):
    TABLE = "table", _("op tafel")
    TEACHER = "teacher", _("alleen voor de leerkracht")


class Question(InSchool):
    """A question of a preparation form: data, versioned; an answer keeps the question it belonged to.

    A set is what one audience is asked: for a kind of conversation, or where `ronde` is filled for that ronde alone.
    """

    class Kind(models.TextChoices):
        TEXT = "text", _("zelf schrijven")
        CHOICE = "choice", _("kiezen uit plaatjes, schrijven mag erbij")

    ronde = models.ForeignKey(
        Ronde, on_delete=models.CASCADE, null=True, blank=True, related_name="questions", help_text="Empty: the kind's."
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.TEXT)
    choices = models.JSONField(
        default=list, blank=True, help_text="Of a choice: [{code, text, picture}], in the order they are shown."
    )
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
                fields=["school", "soort_code", "audience", "version", "code"],
                condition=Q(ronde__isnull=True),
                name="question_once",
            ),
            models.UniqueConstraint(
                fields=["ronde", "audience", "version", "code"],
                condition=Q(ronde__isnull=False),
                name="question_of_ronde_once",
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
    ready_at = models.DateTimeField(null=True, blank=True, help_text="When this person said to be ready.")
    comes_along = models.CharField(
        _("wie komt er mee"), max_length=200, blank=True, help_text="In the guardian's own words."
    )
    for_interpreter = models.CharField(_("voor de tolk"), max_length=500, blank=True)
    spoken = models.TextField(
        _("wat de leerling zelf zei"), blank=True, help_text="Said aloud, and written down by a colleague."
    )
    spoken_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", help_text="Who wrote that down."
    )
    worried_at = models.DateTimeField(
        null=True, blank=True, help_text="A pupil wrote something the teacher should read today."
    )
    worried_seen_at = models.DateTimeField(null=True, blank=True)
    worried_seen_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gesprek", "person"], name="voorbereiding_once")]
        ordering = ["pk"]

    def __str__(self):
        return f"voorbereiding {self.pk}"


class Answer(InSchool):
    voorbereiding = models.ForeignKey(Voorbereiding, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField(blank=True)
    chosen = models.JSONField(default=list, blank=True, help_text="The codes of the choices that were tapped.")
    visibility = models.CharField(max_length=10, choices=Visibility)
    language = models.CharField(max_length=10, default="nl")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["voorbereiding", "question"], name="answer_once")]
        ordering = ["question__number"]

    def __str__(self):
        return f"answer {self.pk}"

    @property
    def is_given(self):
        """Whether anything was written or tapped."""
        return bool(self.text or self.chosen)


class Bespreekpunt(InSchool):
    """Something a guardian or pupil puts on the agenda of a gesprek herself."""

    gesprek = models.ForeignKey(Gesprek, on_delete=models.CASCADE, related_name="bespreekpunten")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="bespreekpunten")
    text = models.CharField(_("waar u het over wilt hebben"), max_length=300)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.TABLE)
    language = models.CharField(max_length=10, default="nl")
    created_at = models.DateTimeField()
    discussed = models.BooleanField(null=True, blank=True, help_text="Ticked during the gesprek; empty: not said.")

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self):
        return f"bespreekpunt {self.pk}"


class StandardText(InSchool):
    """A text a teacher uses for more than one pupil, at one question of her preparation. Seen by its author alone."""

    author = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="standard_texts")
    question_code = models.SlugField(max_length=60, blank=True, help_text="Empty: offered at every question.")
    title = models.CharField(_("korte naam"), max_length=60)
    text = models.TextField(_("tekst"))
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self):
        return self.title


class Presentation(InSchool):
    """What a pupil shows who leads her own gesprek (V5): slides of her own, and charts chosen with the teacher."""

    gesprek = models.OneToOneField(Gesprek, on_delete=models.CASCADE, related_name="presentation")
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_from = models.CharField(max_length=20, blank=True)

    def __str__(self):
        return f"presentation {self.pk}"


class Slide(InSchool):
    """One slide: words of the pupil, and where she wants it a picture of hers or a chart."""

    class Kind(models.TextChoices):
        PROGRESS = "progress", _("waarin ik vooruit ben gegaan")
        GOOD = "good", _("wat goed gaat")
        ATTENTION = "attention", _("wat aandacht nodig heeft")
        HELP = "help", _("welke hulp ik wil")
        OWN = "own", _("iets van mijzelf")

    presentation = models.ForeignKey(Presentation, on_delete=models.CASCADE, related_name="slides")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(_("titel"), max_length=80, blank=True)
    text = models.TextField(_("wat ik vertel"), blank=True)
    chart = models.CharField(max_length=60, blank=True, help_text="The vak of a chart the teacher chose with her.")
    item = models.ForeignKey(
        "gesprekken.PortfolioItem", on_delete=models.SET_NULL, null=True, blank=True, related_name="slides"
    )

    class Meta:
        ordering = ["number", "pk"]

    def __str__(self):
        return f"slide {self.pk}"
