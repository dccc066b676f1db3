"""Report and work: handing in, giving to all parties at one moment, and reading."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gesprekken.development import portfolio
from gesprekken.development.files import EXTENSIONS, PDF, BadFile
from gesprekken.development_forms import FileForm, ItemForm, WorkForm, why_not
from gesprekken.models import PortfolioItem
from gesprekken.permissions import (
    changeable_portfolio,
    may_add_to_portfolio,
    may_read_back,
    may_release_portfolio,
    may_see_results,
    readable_gesprekken,
    releasable_portfolio,
    visible_portfolio,
)
from gesprekken.views.development import as_sent, load_groep
from gesprekken.views.preparing import load
from school.actor import CONFIRMED, PERSONAL, PERSONAL_CONFIRMED, STAFF, open_to
from school.row_ids import row_id
from school.uploads import takes_files

READERS = frozenset({*STAFF, CONFIRMED})
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"  # a file is looked at, it does nothing


def keep(request, form, verb):
    """Whether the verb kept the file of this valid form; why not is said at its field."""
    try:
        verb(upload=form.cleaned_data["file"], by=request.actor)
    except BadFile as bad:
        form.add_error("file", why_not(bad.reason))
    except portfolio.TooMany:
        form.add_error("file", why_not("too_many", count=portfolio.MAX_ITEMS))
    else:
        return True
    return False


def whole(request, form):
    """Whether the form is complete. A file that was too big never arrived: then that is what is said."""
    if request.upload_too_big:
        form.is_valid()
        form.errors.pop("file", None)
        form.add_error("file", why_not("size"))
        return False
    return form.is_valid()


def status_of(form):
    return 422 if form.is_bound and form.errors else 200


# --- staff -----------------------------------------------------------------------------------------------------------


def load_portfolio(request, pk):
    gesprek = load(request, pk)
    adding = may_add_to_portfolio(request.actor, gesprek)
    if not (may_see_results(request.actor, gesprek) if request.method in ("GET", "HEAD") else adding):
        raise PermissionDenied
    return gesprek


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
@takes_files(load_portfolio)
def portfolio_page(request, gesprek):
    form = ItemForm(initial={"kind": PortfolioItem.Kind.REPORT})
    if request.method == "POST":
        form = ItemForm(request.POST, request.FILES)
        if whole(request, form) and keep(request, form, lambda **file: add_from(form, gesprek, **file)):
            messages.success(request, _("Het bestand is bewaard. Ouders en leerling zien het als je het vrijgeeft."))
            return redirect("portfolio", pk=gesprek.pk)
    return show(request, gesprek, form)


def add_from(form, gesprek, **file):
    kind = form.cleaned_data.get("kind", PortfolioItem.Kind.WORK)
    return portfolio.add(gesprek=gesprek, kind=kind, title=form.cleaned_data["title"], **file)


def show(request, gesprek, form, replacing=None):
    items = visible_portfolio(request.actor).filter(leerling=gesprek.leerling_id, gesprek__ronde=gesprek.ronde_id)
    items = list(items.select_related("by"))
    waiting = releasable_portfolio(request.actor).filter(pk__in=[item.pk for item in items])
    context = {
        "gesprek": gesprek,
        "form": form,
        "items": items,
        "replacing": replacing,
        "waiting": as_sent(waiting),
        "may_add": may_add_to_portfolio(request.actor, gesprek),
        "may_release": may_release_portfolio(request.actor, gesprek),
        "on_paper": portfolio.without_mail(gesprek),
    }
    return render(request, "gesprekken/portfolio.html", context, status=status_of(form))


def load_item(request, pk):
    item = get_object_or_404(visible_portfolio(request.actor).select_related("gesprek"), pk=pk)
    if not changeable_portfolio(request.actor).filter(pk=item.pk).exists():
        raise PermissionDenied
    return item


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
@takes_files(load_item)
def portfolio_replace(request, item):
    gesprek = load(request, item.gesprek_id)
    form = FileForm()
    if request.method == "POST":
        form = FileForm(request.POST, request.FILES)
        try:
            done = whole(request, form) and keep(request, form, lambda **file: portfolio.replace(item=item, **file))
        except portfolio.AlreadyReleased:
            messages.warning(request, _("Dit is al vrijgegeven. Haal het eerst terug. Er is niets veranderd."))
            return redirect("portfolio", pk=gesprek.pk)
        if done:
            messages.success(request, _("Het nieuwe bestand staat nu in de plaats van het oude."))
            return redirect("portfolio", pk=gesprek.pk)
    return show(request, gesprek, form, replacing=item)


@open_to(STAFF)
@require_POST
def portfolio_remove(request, pk):
    item = load_item(request, pk)
    try:
        portfolio.remove(item=item, by=request.actor)
    except portfolio.AlreadyReleased:
        messages.warning(request, _("Dit is al vrijgegeven. Haal het eerst terug. Er is niets veranderd."))
    else:
        messages.success(request, _("Het bestand is weg."))
    return redirect("portfolio", pk=item.gesprek_id)


@open_to(STAFF)
@require_POST
def portfolio_take_back(request, pk):
    item = load_item(request, pk)
    if not may_release_portfolio(request.actor, item.gesprek):
        raise PermissionDenied
    if portfolio.take_back(item=item, by=request.actor):
        messages.success(request, _("Teruggehaald: ouders en leerling zien dit bestand niet meer."))
    return redirect("portfolio", pk=item.gesprek_id)


def listed(request):
    """The ids of what was on the page when its button was made."""
    return [row_id(text) for text in request.POST.get("items", "").split(",")]


@open_to(STAFF)
@require_POST
def portfolio_release(request, pk):
    gesprek = load(request, pk)
    if not may_release_portfolio(request.actor, gesprek):
        raise PermissionDenied
    try:
        portfolio.release(gesprek=gesprek, items=listed(request), by=request.actor)
    except portfolio.NothingToRelease:
        messages.warning(request, _("Er is niets om vrij te geven."))
    else:
        messages.success(request, _("Vrijgegeven: alle ouders en de leerling zien het vanaf hetzelfde moment."))
    return redirect("portfolio", pk=gesprek.pk)


@open_to(STAFF)
@require_POST
def release_reports(request, pk, groep_pk):
    ronde, groep = load_groep(request, pk, groep_pk)
    try:
        count = portfolio.release_groep(ronde=ronde, groep=groep, items=listed(request), by=request.actor)
    except portfolio.NothingToRelease:
        messages.warning(request, _("Er is niets om vrij te geven."))
    else:
        said = ngettext(
            "Vrijgegeven voor %(count)s leerling.", "Vrijgegeven voor %(count)s leerlingen, op hetzelfde moment.", count
        )
        messages.success(request, said % {"count": count})
    return redirect("development_groep", pk=ronde.pk, groep_pk=groep.pk)


# --- reading ---------------------------------------------------------------------------------------------------------


@open_to(READERS)
@require_GET
def portfolio_file(request, pk):
    """The file itself, to whom it was given. A PDF is saved, a picture shown; neither can do anything here."""
    item = get_object_or_404(visible_portfolio(request.actor), pk=pk)
    try:
        content = item.file.open("rb")
    except FileNotFoundError:
        raise Http404
    name = f"{slugify(item.title)[:60] or 'bestand'}.{EXTENSIONS[item.content_type]}"
    saved = item.content_type == PDF or "bewaar" in request.GET
    response = FileResponse(content, as_attachment=saved, filename=name, content_type=item.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "private, no-store"
    return response


@open_to(PERSONAL_CONFIRMED)
@require_GET
def report_read(request, pk):
    """What was given to this guardian or pupil, or that there is nothing (any more)."""
    gesprekken = readable_gesprekken(request.actor).select_related("school", "ronde", "leerling__person")
    gesprek = get_object_or_404(gesprekken, pk=pk)
    items = visible_portfolio(request.actor).filter(leerling=gesprek.leerling_id, gesprek__ronde=gesprek.ronde_id)
    return render(request, "gesprekken/report_read.html", {"gesprek": gesprek, "items": items})


# --- the pupil -------------------------------------------------------------------------------------------------------


def load_as_pupil(request, pk):
    gesprek = load(request, pk)
    if not may_add_to_portfolio(request.actor, gesprek):
        raise PermissionDenied
    return gesprek


@open_to(PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
@takes_files(load_as_pupil)
def own_work(request, gesprek):
    """A pupil hands in work she is proud of. What she handed in before she sees after the second step."""
    form = WorkForm()
    if request.method == "POST":
        form = WorkForm(request.POST, request.FILES)
        if whole(request, form) and keep(request, form, lambda **file: add_from(form, gesprek, **file)):
            messages.success(request, _("Gelukt! Je juf of meester kan het nu zien."))
            return redirect("own_work", pk=gesprek.pk)
    mine = visible_portfolio(request.actor).filter(leerling=gesprek.leerling_id, by=request.actor.person)
    context = {"gesprek": gesprek, "form": form, "items": mine if may_read_back(request.actor) else []}
    return render(request, "gesprekken/own_work.html", context, status=status_of(form))
