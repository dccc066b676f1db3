from django.urls import path

from kijkwijzer import views

urlpatterns = [path("overzicht/", views.overview, name="overview")]
