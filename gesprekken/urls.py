from django.urls import path

from gesprekken.views import rondes, year

urlpatterns = [
    path("jaar/", year.year, name="year"),
    path("jaar/voorstel/", year.year_propose, name="year_propose"),
    path("jaar/nieuw/", year.year_new, name="year_new"),
    path("jaar/delen/", year.year_publish, name="year_publish"),
    path("jaar/adviesdata/", year.year_advice, name="year_advice"),
    path("jaar/succesfactoren/", year.year_factors, name="year_factors"),
    path("jaar/vrije-dagen/", year.free_days, name="free_days"),
    path("jaar/vrije-dagen/<int:pk>/", year.free_day, name="free_day"),
    path("jaar/vrije-dagen/<int:pk>/weg/", year.free_day_delete, name="free_day_delete"),
    path("jaar/activiteiten/", year.activities, name="activities"),
    path("jaar/activiteiten/<int:pk>/", year.activity, name="activity"),
    path("jaar/activiteiten/<int:pk>/weg/", year.activity_delete, name="activity_delete"),
    path("jaar/gedeeld/", year.year_shared, name="year_shared"),
    path("jaar/pdf/", year.year_as_pdf, name="year_pdf"),
    path("jaar/agenda/", year.year_feed_new, name="year_feed_new"),
    path("jaar/agenda/<str:token>/", year.year_feed, name="year_feed"),
    path("rondes/nieuw/", rondes.ronde_new, name="ronde_new"),
    path("rondes/<int:pk>/instellingen/", rondes.ronde_edit, name="ronde_edit"),
    path("rondes/<int:pk>/weg/", rondes.ronde_delete, name="ronde_delete"),
    path("soorten/", rondes.soorten_list, name="soorten"),
    path("soorten/nieuw/", rondes.soort_new, name="soort_new"),
    path("soorten/<int:pk>/", rondes.soort_edit, name="soort_edit"),
    path("soorten/<int:pk>/weglaten/", rondes.soort_leave_out, name="soort_leave_out"),
]
