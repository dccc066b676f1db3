"""Where somebody came from, so that she can go on there: `?terug=` in the address or in a form."""

from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 300


def way_back(request):
    """The page of ours she came from, as a path; empty for an address of somebody else, or of no page."""
    target = request.POST.get("terug") or request.GET.get("terug") or ""
    is_path = target.startswith("/") and len(target) <= LONGEST
    if not is_path or not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return ""
    try:
        resolve(urlsplit(target).path)
    except Resolver404:
        return ""
    return target
