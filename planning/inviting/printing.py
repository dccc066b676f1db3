"""The letters of whole groups, made by the worker: a document per group, to be fetched from a private folder for a day.

A document holds codes that open personal pages. So it is kept as short as it takes to print it, never in a backup, and
is not given out any more once something in it no longer holds.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from planning.inviting import stacks
from school import audit, jobs, registry
from school.actor import ACCOUNT, Actor
from school.models import Groep, Job
from school.press import Order, print_all

KIND = "planning.letters"
FEW = 3  # letters that are laid out while one waits for the page: a quarter of a second
KEPT = timedelta(hours=settings.LETTERS_KEPT_HOURS)


class LettersGone(Exception):
    """This document is not given out. `reason` is one of REASONS; the page has a sentence for each."""

    REASONS = (
        "cleared",  # it has been kept long enough, or was never made
        "outdated",  # somebody in it may have no contact any more, or a gesprek was called off
    )

    def __init__(self, reason):
        assert reason in self.REASONS
        self.reason = reason
        super().__init__(reason)


def print_later(*, groepen, by, ronde=None, activiteit=None):
    """Let the worker make the letters of these groups. Returns the Job; a second click finds that of the first."""
    about = activiteit or ronde
    args = {"activiteit" if activiteit else "ronde": about.pk, "groepen": sorted(groep.pk for groep in groepen)}
    with transaction.atomic():
        type(about).objects.select_for_update().get(pk=about.pk)
        under_way = Job.objects.filter(
            school=by.school, kind=KIND, by=by.person, state__in=[Job.State.WAITING, Job.State.RUNNING]
        )
        return next((job for job in under_way if job.args == args), None) or jobs.start(KIND, by=by, **args)


# --- making them: the worker's part ----------------------------------------------------------------------------------


@registry.job(KIND)
def work(job, progress):
    """Print group after group. Killed halfway it goes on with the groups that were not done."""
    stack = stacks.find(job.args)
    if stack is None:
        return {}
    result = {"url": stack.page(job), "groepen": job.result.get("groepen", [])}
    note_result(job, result)  # also what fails halfway has a page
    by = Actor(person=job.by, level=ACCOUNT, school=job.school) if job.by else Actor.system(job.school)
    total = stack.count(job.args["groepen"])
    done = sum(made["letters"] for made in result["groepen"])
    progress(done, total, _("We schrijven de brieven."))
    for written, printed in on_paper(job, stack, ready=result["groepen"]):
        made = {
            "groep": written.groep.pk,
            "letters": len(written.pages),
            "pages": [part.pages for part in printed.parts],
            "memory": printed.memory,
            "about": written.about,
        }
        with transaction.atomic():
            stack.keep(written, by=by)
            result["groepen"].append(made)
            note_result(job, result)
        done += made["letters"]
        progress(done, max(total, done), how_far(done, max(total, done)))
    return result


def note_result(job, result):
    Job.objects.filter(pk=job.pk).update(result=result)


def on_paper(job, stack, *, ready):
    """(Letters, Printed) of each group of this job that is not ready; the next is written while the presses work."""
    todo = set(job.args["groepen"]) - {made["groep"] for made in ready}
    told = {person for made in ready for person, *_what in made["about"]}
    folder = Path(settings.LETTERS_ROOT)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    under_way = {}

    def orders():
        for groep in Groep.objects.filter(pk__in=todo).order_by("pk"):
            written = stack.write(groep, told)
            if written:
                told.update(written.people)
                under_way[groep.pk] = written
                yield Order(groep.pk, folder / f"{job.pk}-{groep.pk}", *written.in_pieces())

    for printed in print_all(orders()):
        yield under_way.pop(printed.order.key), printed


def how_far(done, total):
    sentence = ngettext("%(done)s van de %(total)s brief klaar.", "%(done)s van de %(total)s brieven klaar.", total)
    return sentence % {"done": done, "total": total}


# --- giving them out -------------------------------------------------------------------------------------------------


def is_kept(job, *, now):
    """Whether what this job made is still to be had."""
    return now < (job.finished_at or now) + KEPT


def fetch(*, job, groep, number, by, now=None):
    """The PDF of this part of the letters of this group, counted from one. Raises LettersGone."""
    path = Path(settings.LETTERS_ROOT) / f"{job.pk}-{groep.pk}-{number}.pdf"
    made = next((made for made in job.result.get("groepen", []) if made["groep"] == groep.pk), None)
    if made is None or number > len(made["pages"]) or not is_kept(job, now=now or timezone.now()) or not path.exists():
        raise LettersGone("cleared")
    if not holds(made, stacks.find(job.args)):
        raise LettersGone("outdated")
    audit.record("fetch_letters", job, by=by, groep=groep.pk, part=number)
    return path.read_bytes()


def holds(made, stack):
    """Whether everybody these letters are for may still have them, about everything that stands in them."""
    return stack is not None and {tuple(pair) for pair in made["about"]} <= stack.pairs()


def forget_old(*, now):
    """Remove documents nobody can fetch any more. Returns how many."""
    old = [path for path in Path(settings.LETTERS_ROOT).glob("*.pdf") if made_at(path) < now - KEPT]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def made_at(path):
    return datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
