"""What leadership sets for the school, and its logo."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from school import schools
from school.actor import ANYONE, STAFF, open_to
from school.forms import SchoolForm
from school.permissions import may_change_school, visible_schools

LOGO_SECONDS = 7 * 86400  # a changed logo has a new address, so browsers may keep it


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def school_settings(request):
    if not may_change_school(request.actor):
        raise PermissionDenied
    school = get_object_or_404(visible_schools(request.actor))
    form = SchoolForm(request.POST or None, request.FILES or None, instance=school)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        schools.change_school(
            school=get_object_or_404(visible_schools(request.actor)),
            values=form.values,
            logo=given["new_logo"],
            remove_logo=given.get("remove_logo", False),
            by=request.actor,
        )
        messages.success(request, _("De instellingen zijn bewaard."))
        return redirect("school_settings")
    return render(request, "school/school_settings.html", {"form": form}, status=422 if form.errors else 200)


@open_to(ANYONE)
@require_GET
def school_logo(request, slug):
    """The picture on top of the pages, for everybody who sees a page. It never comes from the web root."""
    picture = schools.read_logo(slug)
    if picture is None:
        raise Http404
    response = HttpResponse(picture, content_type="image/png")
    response["Cache-Control"] = f"public, max-age={LOGO_SECONDS}"
    return response
