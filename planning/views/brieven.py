"""Letters on paper: a few at once, those of whole groups from the worker; and fetching them as long as they are kept."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from planning.inviting import letters as writing
from planning.inviting import paper, printing
from planning.permissions import groepen_to_print, visible_letters
from planning.views import refusals
from planning.views.leiding import as_pdf, load, load_for_paper
from school.actor import STAFF, open_to


@open_to(STAFF)
@require_POST
def letters(request, pk, groep_pk):
    """The letters of one group: a few as a PDF at once, more through the worker."""
    ronde, groep = load_for_paper(request, pk, groep_pk)
    if paper.waiting_letters(ronde).get(groep.pk, (0, 0))[0] > printing.FEW:
        return redirect("job", pk=printing.print_later(ronde=ronde, groepen=[groep], by=request.actor).pk)
    content = writing.print_at_once(ronde=ronde, groep=groep, by=request.actor)
    if content is None:
        messages.info(request, _("In deze groep hoeft niemand een brief te krijgen."))
        return redirect("ronde", pk=pk)
    return as_pdf(content, f"brieven-{groep.key}")


@open_to(STAFF)
@require_POST
def all_letters(request, pk):
    """The letters of every group this colleague may print, a document each."""
    ronde = load(request, pk)
    groepen = groepen_to_print(request.actor, ronde)
    if not groepen:
        raise PermissionDenied
    waiting = paper.waiting_letters(ronde)
    wanted = [groep for groep in groepen if groep.pk in waiting]
    if not wanted:
        messages.info(request, _("Er zijn geen brieven te printen: iedereen krijgt de uitnodiging per mail."))
        return redirect("ronde", pk=pk)
    return redirect("job", pk=printing.print_later(ronde=ronde, groepen=wanted, by=request.actor).pk)


def load_letters(request, pk, job_pk):
    ronde = load(request, pk)
    return ronde, get_object_or_404(visible_letters(request.actor, ronde), pk=job_pk)


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def printed_letters(request, pk, job_pk):
    """What the worker made, per group; also where it broke off. Posting has the same made again."""
    ronde, job = load_letters(request, pk, job_pk)
    groepen = {groep.pk: groep for groep in groepen_to_print(request.actor, ronde)}
    if job.is_over and request.method == "POST":
        again = [groep for pk, groep in groepen.items() if pk in job.args["groepen"]]
        job = printing.print_later(ronde=ronde, groepen=again, by=request.actor)
    if not job.is_over:
        return redirect("job", pk=job.pk)
    made = {entry["groep"]: entry for entry in job.result.get("groepen", []) if entry["groep"] in groepen}
    context = {
        "ronde": ronde,
        "job": job,
        "rows": [{**made[groep_pk], "groep": groepen[groep_pk]} for groep_pk in groepen if groep_pk in made],
        "kept": printing.is_kept(job, now=timezone.now()),
        "until": job.finished_at + printing.KEPT,
    }
    return render(request, "planning/printed_letters.html", context)


@open_to(STAFF)
@require_GET
def letters_file(request, pk, job_pk, groep_pk, number):
    ronde, job = load_letters(request, pk, job_pk)
    _ronde, groep = load_for_paper(request, pk, groep_pk)
    try:
        content = printing.fetch(job=job, groep=groep, number=number, by=request.actor)
    except printing.LettersGone as gone:
        if not any(made["groep"] == groep.pk for made in job.result.get("groepen", [])):
            raise Http404 from None
        messages.warning(request, refusals.LETTERS[gone.reason])
        return redirect("printed_letters", pk=ronde.pk, job_pk=job.pk)
    return as_pdf(content, f"brieven-{groep.key}-{number}")
