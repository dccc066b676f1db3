"""Work for the worker: rows with progress, claimed by a conditional update, taken up again after a kill."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone, translation

from school import audit, registry
from school.models import Job

logger = logging.getLogger("gesprekken.jobs")

STALE_MINUTES = 2  # a running job notes progress more often than this; silence means its worker is gone
MAX_ATTEMPTS = 3


def start(kind, *, by, **args):
    """Add a job; the worker picks it up within a second or two. Returns the row, whose page shows progress."""
    assert kind in registry.jobs, f"nobody does jobs of kind {kind}"
    return Job.objects.create(school=by.school, kind=kind, args=args, by=by.person)


def ask_to_stop(job, *, by):
    """Ask a running job to end with what it has. What cannot stop halfway just goes on. Asking twice changes nothing."""
    with transaction.atomic():
        running = Job.objects.filter(pk=job.pk, state__in=[Job.State.WAITING, Job.State.RUNNING], stop_asked=False)
        if running.update(stop_asked=True):
            audit.record("ask_to_stop", job, by=by)


def is_stop_asked(job):
    """Whether somebody asked this job to end by now; for the job itself, as it runs."""
    return Job.objects.filter(pk=job.pk, stop_asked=True).exists()


def claim(now):
    waiting = Job.objects.filter(state=Job.State.WAITING)
    stale = Job.objects.filter(state=Job.State.RUNNING, claimed_at__lt=now - timedelta(minutes=STALE_MINUTES))
    for pk, claimed_at, state in (waiting | stale).order_by("pk").values_list("pk", "claimed_at", "state"):
        if Job.objects.filter(pk=pk, state=state, claimed_at=claimed_at).update(
            state=Job.State.RUNNING, claimed_at=now
        ):
            return Job.objects.select_related("school", "by").get(pk=pk)
    return None


def work_one(now=None):
    """Do one job. Returns False when there is none. A failing job says so on its page; it does not stop the worker."""
    now = now or timezone.now()
    job = claim(now)
    if job is None:
        return False
    mine = Job.objects.filter(pk=job.pk)

    def progress(done, total, note=""):
        mine.update(done=done, total=total, note=note[:200], claimed_at=timezone.now())

    mine.update(attempts=job.attempts + 1)
    if job.attempts >= MAX_ATTEMPTS:
        mine.update(state=Job.State.FAILED, finished_at=timezone.now(), note="")
        return True
    try:
        with translation.override("nl"), timezone.override(job.school.zone):
            result = registry.jobs[job.kind](job, progress)
    except Exception:
        logger.exception("job %s %s failed", job.pk, job.kind)
        mine.update(state=Job.State.FAILED, finished_at=timezone.now())
        return True
    mine.update(state=Job.State.DONE, finished_at=timezone.now(), result=result or {})
    logger.info("job %s %s done", job.pk, job.kind)
    return True


def work_all(now=None):
    count = 0
    while work_one(now):
        count += 1
    return count
