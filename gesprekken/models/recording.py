"""What was said and agreed: drafts, versions that never change, what is confidential, agreements."""

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gesprekken.models.ronde import Gesprek
from school.models import InSchool, Person


class VerslagQuerySet(models.QuerySet):
    def final(self):
        return self.filter(state=Verslag.State.FINAL)

    def released(self):
        return self.filter(released_at__isnull=False)

    def latest_released(self):
        """Of each gesprek the version its parties read now: the highest number that was released."""
        later = Verslag.objects.released().filter(gesprek=OuterRef("gesprek"), number__gt=OuterRef("number"))
        return self.released().filter(~Exists(later))


class Verslag(InSchool):
    """What was said about the child. A draft has a version column; once final it is never changed, only succeeded."""

    class State(models.TextChoices):
        DRAFT = "draft", _("concept")
        FINAL = "final", _("definitief")

    gesprek = models.ForeignKey(Gesprek, on_delete=models.CASCADE, related_name="verslagen")
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    about_child = models.TextField(blank=True)
    interests = models.TextField(_("interesses en ambities"), blank=True)
    disappointment = models.TextField(_("wat tegenviel"), blank=True)
    perspective = models.TextField(_("wat er wel kan"), blank=True)
    at_home = models.TextField(_("om thuis over door te praten"), blank=True)
    nothing_further = models.BooleanField(default=False, help_text="Held, nothing further agreed.")
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_from = models.CharField(
        max_length=20, blank=True, help_text="The page that saved last: its own next save goes on."
    )
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True, help_text="Why this version corrects the one before.")
    seconded_at = models.DateTimeField(null=True, blank=True, help_text="The second colleague agrees with the text.")
    seconded_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    finalised_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    released_to = models.ManyToManyField(Person, blank=True, related_name="released_verslagen")
    exported_at = models.DateTimeField(null=True, blank=True, help_text="Its agreements went into the LVS.")

    objects = VerslagQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gesprek", "number"], name="verslag_number_once"),
            models.UniqueConstraint(fields=["gesprek"], condition=Q(state="draft"), name="one_draft_per_gesprek"),
            models.CheckConstraint(
                condition=Q(state="draft", finalised_at__isnull=True) | Q(state="final", finalised_at__isnull=False),
                name="verslag_final_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(state="final"), name="verslag_released_is_final"
            ),
        ]
        ordering = ["number"]

    def __str__(self):
        return f"verslag {self.pk} ({self.number})"

    @property
    def said_parts(self):
        """(heading, text) of what was said about the child beside the main text; only what is filled."""
        parts = [
            (gettext("Interesses en ambities"), self.interests),
            (gettext("Wat tegenviel"), self.disappointment),
            (gettext("Wat er wel kan"), self.perspective),
        ]
        return [(heading, text) for heading, text in parts if text.strip()]


class DraftVersion(InSchool):
    """How a draft of the verslag read at one moment, so that nothing that was typed is ever lost."""

    verslag = models.ForeignKey(Verslag, on_delete=models.CASCADE, related_name="draft_versions")
    version = models.PositiveIntegerField()
    texts = models.JSONField(help_text="Field to text, of what is about the child only; never what was confided.")
    saved_at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["verslag", "version"], name="draft_version_once")]
        ordering = ["-version"]

    def __str__(self):
        return f"draft version {self.pk}"


class Confidential(InSchool):
    """What one guardian confided: shown to that guardian and the recording teacher, to nobody else."""

    verslag = models.ForeignKey(Verslag, on_delete=models.CASCADE, related_name="confidential")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["verslag", "person"], name="confidential_once")]

    def __str__(self):
        return f"confidential {self.pk}"


class WorkingNote(InSchool):
    """A teacher's own note, outside the pupil's file: seen by its author alone."""

    gesprek = models.ForeignKey(Gesprek, on_delete=models.CASCADE, related_name="working_notes")
    author = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_from = models.CharField(
        max_length=20, blank=True, help_text="The page that saved last: its own next save goes on."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gesprek", "author"], name="working_note_once")]

    def __str__(self):
        return f"working note {self.pk}"


class AgreementQuerySet(models.QuerySet):
    def newest(self):
        """Those of the version of the verslag that counts: the newest that is final."""
        newer = Verslag.objects.final().filter(gesprek=OuterRef("gesprek"), number__gt=OuterRef("verslag__number"))
        return self.filter(~Exists(newer), verslag__state=Verslag.State.FINAL)

    def still_open(self):
        """Of those the ones nobody said are done, each with `said`: the state of its newest outcome, or None.

        What is done in another way from now on is still open: that way is looked back on too.
        """
        first = Coalesce(OuterRef("origin"), OuterRef("pk"))
        said = Outcome.objects.filter(agreement=first).order_by("-at", "-pk").values("state")[:1]
        return self.newest().annotate(said=Subquery(said)).filter(Q(said=None) | ~Q(said=Outcome.State.DONE))


class Agreement(InSchool):
    """Who does what, when, how and why; evaluated on a date (G1, G5). Seen by those it concerns.

    It belongs to one version of the verslag and is as immutable: a correction carries copies of its own.
    """

    class Share(models.TextChoices):
        """Whose part is in it."""

        SCHOOL = "school", _("school")
        OUDER = "ouder", _("ouders")
        LEERLING = "leerling", _("leerling")

    gesprek = models.ForeignKey(Gesprek, on_delete=models.CASCADE, related_name="agreements")
    verslag = models.ForeignKey(Verslag, on_delete=models.CASCADE, related_name="agreements")
    who = models.CharField(_("wie"), max_length=120)
    what = models.CharField(_("wat"), max_length=300)
    when = models.CharField(_("wanneer"), max_length=120, blank=True)
    how = models.CharField(_("hoe"), max_length=300, blank=True)
    why = models.CharField(_("waarom"), max_length=300, blank=True)
    seen_when = models.CharField(_("wat zien we als het gelukt is"), max_length=300, blank=True)
    shares = models.JSONField(
        default=list, blank=True, help_text="Whose part is in it: any of 'school', 'ouder' and 'leerling'."
    )
    evaluate_on = models.DateField(_("we kijken terug op"), null=True, blank=True)
    concerns = models.ManyToManyField(Person, related_name="agreements")
    created_at = models.DateTimeField(default=timezone.now)
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    origin = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="copies",
        help_text="Of a copy in a corrected version: the agreement as it was first made.",
    )
    reminded_at = models.DateTimeField(null=True, blank=True, help_text="Each party was reminded of the date.")
    exported_at = models.DateTimeField(null=True, blank=True, help_text="It went into the LVS, once.")

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"agreement {self.pk}"

    @property
    def share_names(self):
        return [label for code, label in self.Share.choices if code in self.shares]


class Outcome(InSchool):
    """What became of an agreement: said by somebody it concerns, or in the next gesprek. The newest counts."""

    class State(models.TextChoices):
        DONE = "done", _("gelukt")
        NOT_DONE = "not_done", _("nog niet gelukt")
        CHANGED = "changed", _("we doen het anders")

    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="outcomes", help_text="The first of its chain, never a copy."
    )
    state = models.CharField(max_length=10, choices=State)
    word = models.CharField(_("in een paar woorden"), max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    gesprek = models.ForeignKey(
        Gesprek, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", help_text="In which it was said."
    )

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"outcome {self.pk}"
