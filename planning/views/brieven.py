"""Letters on paper, of rondes and other parent activities: a few at once, those of whole groups from the worker.

They are fetched as long as they are kept.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from planning.activities import guests
from planning.activities import letters as for_activities
from planning.inviting import letters as writing
from planning.inviting import paper, printing
from planning.permissions import groepen_to_print, groepen_to_tick, visible_activity_letters, visible_letters
from planning.views import activiteiten, refusals
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
    return show_printed(request, job, groepen, ronde=ronde, title=str(ronde), back=reverse("ronde", args=[pk]))


def show_printed(request, job, groepen, *, title, back, **about):
    """`groepen`: those this colleague may print, by id; `about`: the ronde or the activiteit."""
    if job.is_over and request.method == "POST":
        again = [groep for pk, groep in groepen.items() if pk in job.args["groepen"]]
        job = printing.print_later(groepen=again, by=request.actor, **about)
    if not job.is_over:
        return redirect("job", pk=job.pk)
    made = {entry["groep"]: entry for entry in job.result.get("groepen", []) if entry["groep"] in groepen}
    context = {
        "title": title,
        "back": back,
        "here": request.path,
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
    return give_out(request, job, groep, number, reverse("printed_letters", args=[ronde.pk, job.pk]))


def give_out(request, job, groep, number, back):
    """The document, or back to the page that says why it is not given out."""
    try:
        content = printing.fetch(job=job, groep=groep, number=number, by=request.actor)
    except printing.LettersGone as gone:
        if not any(made["groep"] == groep.pk for made in job.result.get("groepen", [])):
            raise Http404 from None
        messages.warning(request, refusals.LETTERS[gone.reason])
        return redirect(back)
    return as_pdf(content, f"brieven-{groep.key}-{number}")


# --- about another parent activity -----------------------------------------------------------------------------------


def load_activity(request, pk):
    """The activity and the groups of which this colleague prints, by id; codes on paper are for nobody else."""
    activiteit = activiteiten.load(request, pk)
    groepen = groepen_to_tick(request.actor, guests.groepen_of(activiteit).order_by("name"))
    if not groepen:
        raise PermissionDenied
    return activiteit, {groep.pk: groep for groep in groepen}


@open_to(STAFF)
@require_POST
def activity_letters(request, pk):
    """The letters of every group this colleague may print, a document each."""
    activiteit, groepen = load_activity(request, pk)
    if not for_activities.may_be_printed(activiteit, now=timezone.now()):
        messages.warning(
            request, _("Er zijn nu geen brieven te maken. Ouders zijn nog niet uitgenodigd, of het is voorbij.")
        )
        return redirect("activity_guests", pk=pk)
    waiting = for_activities.per_groep(activiteit)
    wanted = [groep for groep_pk, groep in groepen.items() if groep_pk in waiting]
    if not wanted:
        messages.info(request, _("Er zijn geen brieven te printen: iedereen krijgt de uitnodiging per mail."))
        return redirect("activity_guests", pk=pk)
    return redirect("job", pk=printing.print_later(activiteit=activiteit, groepen=wanted, by=request.actor).pk)


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def printed_activity_letters(request, pk, job_pk):
    """What the worker made, per group. Posting has the same made again."""
    activiteit, groepen = load_activity(request, pk)
    job = get_object_or_404(visible_activity_letters(request.actor, activiteit), pk=job_pk)
    back = reverse("activity_guests", args=[pk])
    return show_printed(request, job, groepen, activiteit=activiteit, title=activiteit.name, back=back)


@open_to(STAFF)
@require_GET
def activity_letters_file(request, pk, job_pk, groep_pk, number):
    activiteit, groepen = load_activity(request, pk)
    job = get_object_or_404(visible_activity_letters(request.actor, activiteit), pk=job_pk)
    if groep_pk not in groepen:
        raise Http404
    back = reverse("printed_activity_letters", args=[pk, job_pk])
    return give_out(request, job, groepen[groep_pk], number, back)
