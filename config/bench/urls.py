"""The addresses of the product, the bare page everything is compared with, and a way to have all be a first look."""

from django.core.cache import cache
from django.http import HttpResponse
from django.urls import include, path

from school.actor import ANYONE, open_to


@open_to(ANYONE)
def hello(request):
    return HttpResponse("hello", content_type="text/plain")


@open_to(ANYONE)
def forget(request):
    """Nothing is kept of what was counted before."""
    cache.clear()
    return HttpResponse("forgotten", content_type="text/plain")


urlpatterns = [path("bench/hello", hello), path("bench/forget", forget), path("", include("config.urls"))]
