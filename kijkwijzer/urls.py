from django.urls import path

from kijkwijzer.views import leerkracht, leiding

urlpatterns = [
    path("kijkwijzer/", leerkracht.terugblikken, name="terugblikken"),
    path("kijkwijzer/<int:pk>/", leerkracht.terugblik, name="terugblik"),
    path("kijkwijzer/<int:pk>/oefenen/", leerkracht.choose_practice, name="choose_practice"),
    path("kijkwijzer/<int:pk>/pdf/", leerkracht.terugblik_pdf, name="terugblik_pdf"),
    path("gesprek/<int:pk>/terugblik/", leerkracht.look_back, name="look_back"),
    path("overzicht/", leiding.overview, name="overview"),
    path("overzicht/<int:pk>/xlsx/", leiding.overview_xlsx, name="overview_xlsx"),
]
