from django.urls import path

from planning.views import leerkracht, leerling, leiding, ouder

urlpatterns = [
    path("mijn/", ouder.my_page, name="my_page"),
    path("mijn/<int:pk>/tijden/", ouder.times, name="times"),
    path("mijn/<int:pk>/tijden/<int:slot_pk>/", ouder.choose, name="choose"),
    path("mijn/<int:pk>/tijd/", ouder.my_time, name="my_time"),
    path("mijn/<int:pk>/afzeggen/", ouder.cancel, name="cancel"),
    path("mijn/<int:pk>/toch-wel/<int:booking_pk>/", ouder.undo_cancel, name="undo_cancel"),
    path("mijn/<int:pk>/agenda.ics", ouder.calendar_file, name="calendar_file"),
    path("mijn/<int:pk>/bel-mij/", ouder.call_me, name="call_me"),
    path("leerling/", leerling.pupil_page, name="pupil_page"),
    path("vandaag/", leerkracht.today, name="today"),
    path("rondes/", leiding.rondes, name="rondes"),
    path("rondes/<int:pk>/", leiding.ronde, name="ronde"),
    path("rondes/<int:pk>/openen/", leiding.open_ronde, name="open_ronde"),
    path("rondes/<int:pk>/afsluiten/", leiding.close_ronde, name="close_ronde"),
    path("rondes/<int:pk>/uitnodiging/", leiding.invitation_text, name="invitation_text"),
    path("rondes/<int:pk>/uitnodiging/voorbeeld/", leiding.invitation_preview, name="invitation_preview"),
    path("rondes/<int:pk>/tijden/", leerkracht.give_times, name="windows"),
    path("rondes/<int:pk>/tijden/<int:window_pk>/weg/", leerkracht.take_back, name="take_back_window"),
    path("rondes/<int:pk>/groep/<int:groep_pk>/", leerkracht.ronde_groep, name="ronde_groep"),
    path("rondes/<int:pk>/groep/<int:groep_pk>/brieven/", leiding.letters, name="letters"),
    path("rondes/<int:pk>/groep/<int:groep_pk>/kaartjes/", leiding.cards, name="cards"),
    path("gesprek/<int:pk>/plannen/", leerkracht.plan_for, name="plan_for"),
    path("gesprek/<int:pk>/plannen/afzeggen/", leerkracht.cancel_for, name="cancel_for"),
    path("gesprek/<int:pk>/plannen/gebeld/", leerkracht.called, name="called_back"),
]
