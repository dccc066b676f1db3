"""An import through the pages: laid ready, looked at, decided about, and applied by the worker.

The uploaded files are read at once and not kept. What was read (only what we need) waits in an ImportBatch until it is
applied or put aside, and is then deleted from it.
"""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from school import audit, jobs, registry
from school.actor import ACCOUNT, Actor
from school.importers.apply import ImportRefused, apply_plan, hold
from school.importers.diff import make_plan
from school.importers.remarks import Remarks
from school.models import ImportBatch, Job

KEPT_DAYS = 7  # what nobody decided about in a week is read in again, from a fresher export
DECISIONS = ("pupils", "staff", "groups", "relations", "lift")  # lists of rows that leadership decided about


class NotReady(Exception):
    """This import was applied already, is being applied, or holds errors."""


def lay_ready(reading, *, by, mappings=None):
    """Keep what was read for a look and a decision; an import that was waiting makes room for it."""
    with transaction.atomic():
        ImportBatch.objects.filter(school=by.school, applied_at=None, job=None).delete()
        return ImportBatch.objects.create(
            school=by.school,
            by=by.person,
            names=reading.names,
            rows=reading.rows,
            report={**reading.remarks.as_lists(), "samples": reading.samples},
            answers={"mappings": mappings or {}},
        )


def forget(batch, *, by):
    """Put an import aside that was not applied."""
    with transaction.atomic():
        found = (
            ImportBatch.objects.select_for_update(of=("self",))
            .filter(pk=batch.pk, applied_at=None)
            .select_related("job")
            .first()
        )
        if found is None or (found.job and not found.job.is_over):
            raise NotReady
        audit.record("forget_import", found, by=by)
        found.delete()


def forget_stale(*, now):
    """What waited too long: its rows are personal data without a purpose. Returns how many."""
    old = ImportBatch.objects.filter(applied_at=None, created_at__lt=now - timedelta(days=KEPT_DAYS))
    return old.exclude(job__state__in=[Job.State.WAITING, Job.State.RUNNING]).delete()[0]


def plan_of(batch, *, decided=True):
    """What applying this batch would do now, compared with the database as it is at this moment.

    `decided=False` leaves the answers out: so it was shown in the preview.
    """
    answers = batch.answers if decided else {}
    return make_plan(batch.school, batch.rows, Remarks.from_lists(batch.report), names=batch.names, answers=answers)


def remembered_mappings(school):
    """Which headers this school's files had when they were last told to us."""
    told = ImportBatch.objects.filter(school=school, applied_at__isnull=False).order_by("-pk")
    for answers in told.values_list("answers", flat=True)[:20]:
        if answers.get("mappings"):
            return answers["mappings"]
    return {}


def apply_later(batch, *, answers, seen, by):
    """Let the worker apply this batch with these answers. `seen` is the fingerprint of the preview that was looked at.

    A second click finds the job of the first. Raises NotReady.
    """
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update(of=("self",)).select_related("school", "job").get(pk=batch.pk)
        if batch.applied_at:
            raise NotReady
        if batch.job and not batch.job.is_over:
            return batch.job
        batch.answers = {**batch.answers, **answers, "seen": seen}
        batch.job = jobs.start("school.import", by=by, batch=batch.pk)
        batch.save(update_fields=["answers", "job"])
    return batch.job


@registry.job("school.import")
def apply_batch(job, progress):
    """The worker's part. Killed halfway, everything is rolled back and done again."""
    now = timezone.now()
    batch = ImportBatch.objects.select_related("school").filter(pk=job.args["batch"]).first()
    if batch is None:
        return {"url": reverse("import_start")}
    there = {"url": reverse("import_preview", args=[batch.pk])}
    if batch.applied_at:
        return there
    progress(1, 3, _("We vergelijken de bestanden met wat er al is."))
    by = Actor(person=job.by, level=ACCOUNT, school=job.school) if job.by else Actor.system(job.school)
    if plan_of(batch, decided=False).fingerprint() != batch.answers.get("seen"):
        return {**there, "stale": True}
    progress(2, 3, _("We slaan alles op. Dit duurt meestal een paar seconden."))
    with transaction.atomic():
        hold(batch.school)
        plan = plan_of(batch)  # compared again inside the transaction: somebody may have typed in between
        try:
            apply_plan(plan, batch.school, by=by, now=now)
        except ImportRefused:
            return {**there, "stale": True}
        finish(batch, plan, now)
    progress(3, 3, _("Klaar."))
    return there


def finish(batch, plan, now):
    report = plan.report()
    batch.rows, batch.applied_at = {}, now
    batch.report = {key: report[key] for key in report if key not in ("errors",)}
    batch.answers = {"mappings": batch.answers.get("mappings", {})}
    batch.save(update_fields=["rows", "applied_at", "report", "answers"])
