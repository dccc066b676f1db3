"""The plumbing every floor uses: access, trace, mail, work in the background, imports that wait for a decision."""

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from school.models.people import InSchool, Person


class AccessLink(InSchool):
    """A personal link or code. Only its hash is kept; it opens nothing after `expires_at` or once revoked."""

    class Purpose(models.TextChoices):
        PERSONAL = "personal", _("persoonlijke pagina")
        CARD = "card", _("kaartje van een leerling")
        FEED = "feed", _("agenda")
        YEAR_FEED = "year_feed", _("agenda van het schooljaar")  # may be handed on; opens nothing about a person

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="access_links")
    purpose = models.CharField(max_length=10, choices=Purpose)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return f"{self.purpose} {self.pk}"


class SecondStep(InSchool):
    """A six-digit code on its way to somebody who opened a personal link."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="second_steps")
    code_hash = models.CharField(max_length=64, blank=True, help_text="Empty until the worker has made and sent it.")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return f"second step {self.pk}"


class TrustedDevice(InSchool):
    """A browser that passed the second step and need not do so again for a while."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="trusted_devices")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    def __str__(self):
        return f"device {self.pk}"


class AuditEvent(InSchool):
    """Who did what to which object, when. Words about a child never stand in here."""

    at = models.DateTimeField(default=timezone.now)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    level = models.CharField(max_length=10)
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.BigIntegerField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["school", "-at"]), models.Index(fields=["object_type", "object_id"])]

    def __str__(self):
        return f"{self.verb} {self.object_type} {self.object_id}"


class Outgoing(InSchool):
    """One message to one person about one version of one object. No body, no token: the worker writes those."""

    class State(models.TextChoices):
        WAITING = "waiting", _("wacht")
        SENDING = "sending", _("wordt verstuurd")
        SENT = "sent", _("verstuurd")
        DROPPED = "dropped", _("niet meer nodig")
        FAILED = "failed", _("mislukt")
        STOPPED = "stopped", _("tegengehouden")

    message = models.CharField(max_length=60)
    recipient = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="outgoing")
    object_type = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=200, blank=True, help_text="Why it was dropped or failed; no addresses.")
    subject = models.CharField(max_length=200, blank=True)
    sent_text = models.TextField(blank=True, help_text="What was sent, with links masked.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "recipient", "object_type", "object_id", "version"], name="outgoing_once"
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"])]

    def __str__(self):
        return f"{self.message} {self.object_type} {self.object_id} v{self.version}"


class BounceQuerySet(models.QuerySet):
    def standing(self):
        """Those that count: of the address the person has now."""
        present = Lower(Coalesce(NullIf("person__email", Value("")), "person__user__email"))
        return self.annotate(present=present, came_from=Lower("address")).filter(came_from=F("present"))


class Bounce(InSchool):
    """Mail to this address came back for good. It counts as long as it is the address of this person."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="bounces")
    address = models.EmailField()
    at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=20, blank=True, help_text="What the mail server said, as a code: 5.1.1")

    objects = BounceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "address"], name="bounce_once")]

    def __str__(self):
        return f"bounce {self.pk}"


class ContactReportQuerySet(models.QuerySet):
    def open(self):
        return self.filter(decided_at__isnull=True)


class ContactReport(InSchool):
    """A guardian says that her address or number is another one now. Staff confirm it; before that nothing goes there."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="contact_reports")
    email = models.EmailField(_("e-mailadres"), blank=True)
    phone = models.CharField(_("telefoon"), max_length=30, blank=True)
    email_before = models.EmailField(blank=True, help_text="Where it is told that the address was changed.")
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    accepted = models.BooleanField(null=True, blank=True)

    objects = ContactReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(decided_at__isnull=True), name="one_contact_report_at_once"
            ),
        ]

    def __str__(self):
        return f"contact report {self.pk}"

    @property
    def has_moved(self):
        """Whether mail went elsewhere before: not where only the telephone is another one."""
        return bool(self.email) and self.email != self.email_before


class Job(InSchool):
    """Work that takes longer than a page: an import, a set of letters. Shows its progress; survives a killed worker."""

    class State(models.TextChoices):
        WAITING = "waiting", _("staat klaar")
        RUNNING = "running", _("bezig")
        DONE = "done", _("klaar")
        FAILED = "failed", _("niet gelukt")

    kind = models.CharField(max_length=40)
    args = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)
    result = models.JSONField(default=dict)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    stop_asked = models.BooleanField(default=False, help_text="Somebody asked it to end with what it has.")

    def __str__(self):
        return f"{self.kind} {self.pk}"

    @property
    def is_over(self):
        return self.state in (self.State.DONE, self.State.FAILED)


class ImportBatch(InSchool):
    """Rows read from the uploaded files (only the elements we need), waiting for a decision."""

    created_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    names = models.JSONField(default=dict, help_text="Kind of file to its name.")
    rows = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    answers = models.JSONField(default=dict, help_text="What leadership decided about pupils who are gone.")
    applied_at = models.DateTimeField(null=True, blank=True)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self):
        return f"import {self.pk}"


class CacheRow(models.Model):
    """The table behind Django's cache: counts of failed sign-ins that hold for all server processes together.

    Django reads and writes it by itself; as a model it comes with the ordinary migrations, without a command to type.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "cache"

    def __str__(self):
        return self.cache_key
