"""The addresses of the product, and the bare page everything is compared with."""

from django.http import HttpResponse
from django.urls import include, path

from school.actor import ANYONE, open_to


@open_to(ANYONE)
def hello(request):
    return HttpResponse("hello", content_type="text/plain")


urlpatterns = [path("bench/hello", hello), path("", include("config.urls"))]
