"""Dutch pages for what went wrong: what happened, what is kept, what to do."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.csrf import requires_csrf_token

from school.actor import ANYONE, open_to


@open_to(ANYONE)
def not_found(request, exception=None):
    return render(request, "school/error_404.html", status=404)


@open_to(ANYONE)
def no_such_page(request):
    """For addresses of a library that this house leaves closed."""
    raise Http404


@open_to(ANYONE)
def no_right(request, exception=None):
    return render(request, "school/error_403.html", status=403)


@open_to(ANYONE)
def bad_request(request, exception=None):
    return render(request, "school/error_400.html", status=400)


@open_to(ANYONE)
@requires_csrf_token
def broken(request):
    """Written without the database and without a request's context: either may be what broke."""
    return render(None, "school/error_500.html", status=500)


@open_to(ANYONE)
@requires_csrf_token
def csrf_failure(request, reason=""):
    """A page that stood open too long, or was opened in another window: nothing is lost but the click."""
    return render(request, "school/error_csrf.html", status=403)
