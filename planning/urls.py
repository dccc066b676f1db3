from django.urls import path

from planning.views import leerkracht, leerling, leiding, ouder

urlpatterns = [
    path("mijn/", ouder.my_page, name="my_page"),
    path("leerling/", leerling.pupil_page, name="pupil_page"),
    path("vandaag/", leerkracht.today, name="today"),
    path("rondes/", leiding.rondes, name="rondes"),
]
