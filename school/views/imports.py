"""Leadership reads the school in: choose files, look at what would happen, decide, let it happen."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from school.actor import STAFF, open_to
from school.importers import batches, linking
from school.importers.forms import ColumnsForm, UploadForm, carried_files, pack
from school.importers.preview import Preview
from school.importers.reading import COLUMNS, read_files
from school.permissions import may_import, visible_imports, visible_jobs


def only_who_may_import(request):
    if not may_import(request.actor):
        raise PermissionDenied


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request):
    only_who_may_import(request)
    if request.method == "POST" and "columns" in request.POST:
        return columns(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            return read(request, form.contents(), batches.remembered_mappings(request.actor.school), form)
    return start_page(request, form)


def start_page(request, form, remarks=None):
    context = {
        "form": form,
        "remarks": remarks,
        "batches": visible_imports(request.actor).select_related("by", "job").order_by("-pk")[:5],
        "pairs": len(linking.proposals(request.actor.school)),
        "columns": [(form[what].label, columns) for what, columns in COLUMNS.items()],
    }
    return render(request, "school/import_start.html", context, status=422 if form.errors or remarks else 200)


def read(request, files, mappings, form):
    """Read the chosen files: on to the preview, or first to the columns nobody recognises."""
    reading = read_files(files, today=timezone.localdate(), mappings=mappings)
    if reading.unmapped:
        return columns_page(request, files, [ColumnsForm(what, missing) for what, missing in reading.unmapped.items()])
    if not reading.rows:
        return start_page(request, form, reading.remarks.errors)
    batch = batches.lay_ready(reading, by=request.actor, mappings=mappings)
    return redirect("import_preview", pk=batch.pk)


def columns_page(request, files, forms):
    carried = [(what, name, pack(data)) for what, (name, data) in files.items()]
    context = {"forms": forms, "carried": carried, "files": {what: name for what, (name, _data) in files.items()}}
    bound = any(form.errors for form in forms)
    return render(request, "school/import_columns.html", context, status=422 if bound else 200)


def columns(request):
    """The columns were told: read the same files again, which came along with the page."""
    try:
        files = carried_files(request.POST)
    except ValidationError as refusal:
        form = UploadForm()
        messages.error(request, refusal.messages[0])
        return start_page(request, form)
    mappings = batches.remembered_mappings(request.actor.school)
    reading = read_files(files, today=timezone.localdate(), mappings=mappings)
    forms = [ColumnsForm(what, missing, request.POST) for what, missing in reading.unmapped.items()]
    faulty = [form for form in forms if not form.is_valid()]
    if faulty:
        return columns_page(request, files, forms)
    return read(request, files, {**mappings, **{form.what: form.mapping for form in forms}}, UploadForm())


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request, pk):
    only_who_may_import(request)
    batch = get_object_or_404(visible_imports(request.actor).select_related("school", "job", "by"), pk=pk)
    if batch.applied_at:
        return done_page(request, batch)
    if batch.job and not batch.job.is_over:
        return redirect("job", pk=batch.job_id)
    shown = Preview(batch)
    if request.method == "POST":
        return decide(request, batch, shown)
    return preview_page(request, batch, shown)


def done_page(request, batch):
    pairs = len(linking.proposals(batch.school))
    return render(
        request, "school/import_done.html", {"batch": batch, "preview": Preview.of_report(batch), "pairs": pairs}
    )


def preview_page(request, batch, shown, status=200):
    failed = batch.job and batch.job.is_over
    context = {"batch": batch, "preview": shown, "stale": failed and batch.job.result.get("stale"), "failed": failed}
    return render(request, "school/import_preview.html", context, status=status)


def decide(request, batch, shown):
    seen = request.POST.get("seen", "")
    if shown.errors:
        return preview_page(request, batch, shown, status=422)
    if seen != shown.fingerprint:
        messages.warning(request, _("Er is intussen iets veranderd. Kijk nog een keer en kies dan opnieuw."))
        return preview_page(request, batch, shown, status=422)
    try:
        job = batches.apply_later(batch, answers=shown.answers(request.POST), seen=seen, by=request.actor)
    except batches.NotReady:
        return redirect("import_preview", pk=batch.pk)
    return redirect("job", pk=job.pk)


@open_to(STAFF)
@require_POST
def forget(request, pk):
    only_who_may_import(request)
    batch = get_object_or_404(visible_imports(request.actor), pk=pk)
    try:
        batches.forget(batch, by=request.actor)
        messages.success(request, _("Weggelegd. Er is niets veranderd, en wat we lazen is gewist."))
    except batches.NotReady:
        messages.warning(request, _("Dit is al opgeslagen, of we zijn er mee bezig."))
    return redirect("import_start")


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def links(request):
    """Colleagues who are also parents of this school."""
    only_who_may_import(request)
    if request.method == "POST":
        change_link(request)
        return redirect("import_links")
    school = request.actor.school
    context = {"pairs": linking.proposals(school), "linked": linking.linked(school)}
    return render(request, "school/import_links.html", context)


def change_link(request):
    try:
        guardian = int(request.POST.get("guardian", ""))
        if "unlink" in request.POST:
            linking.unlink_people(guardian=guardian, by=request.actor)
            messages.success(request, _("Losgekoppeld."))
        else:
            linking.link_people(medewerker=int(request.POST.get("medewerker", "")), guardian=guardian, by=request.actor)
            messages.success(request, _("Gekoppeld. Deze collega wordt nu nooit op twee plekken tegelijk gepland."))
    except (ValueError, linking.CannotLink):
        messages.warning(request, _("Deze twee kunnen we niet koppelen. Misschien is het al gebeurd."))


@open_to(STAFF)
@require_http_methods(["GET", "HEAD"])
def job(request, pk):
    """Any work in the background: how far it is, and on to its result when there is one."""
    work = get_object_or_404(visible_jobs(request.actor), pk=pk)
    url = work.result.get("url", "") if work.is_over else ""
    if url:
        return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
    return render(request, "school/job.html", {"job": work})
