from django.urls import path

from school.views import doors, imports

urlpatterns = [
    path("", doors.home, name="home"),
    path("gezond", doors.health, name="health"),
    path("u/<str:token>/", doors.link, name="link"),
    path("code/", doors.code, name="code"),
    path("link-nodig/", doors.link_needed, name="link_needed"),
    path("code-per-mail/", doors.second_step, name="second_step"),
    path("wissel/", doors.switch_hat, name="switch_hat"),
    path("sluiten/", doors.leave, name="leave"),
    path("taal/", doors.choose_language, name="choose_language"),
    path("inlezen/", imports.start, name="import_start"),
    path("inlezen/koppelen/", imports.links, name="import_links"),
    path("inlezen/<int:pk>/", imports.preview, name="import_preview"),
    path("inlezen/<int:pk>/weg/", imports.forget, name="import_forget"),
    path("bezig/<int:pk>/", imports.job, name="job"),
]
