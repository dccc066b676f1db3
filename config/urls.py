"""Every address of the house, floor by floor. Addresses are Dutch, names are English."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from config.views import demo

urlpatterns = [
    path("", include("school.urls")),
    path("", include("gesprekken.urls")),
    path("", include("planning.urls")),
    path("", include("kijkwijzer.urls")),
    path("account/", include("allauth.urls")),
    path("beheer/", admin.site.urls),
]
if settings.DEMO or settings.TESTING:
    urlpatterns += [
        path("demo/", demo.start, name="demo_start"),
        path("demo/als/<int:pk>/", demo.sign_in_as, name="demo_as"),
        path("demo/post/", demo.inbox, name="demo_inbox"),
        path("demo/post/<str:name>/", demo.message, name="demo_mail"),
        path("demo/post/<str:name>/<int:number>/", demo.attachment, name="demo_attachment"),
    ]

handler400 = "school.views.errors.bad_request"
handler403 = "school.views.errors.no_right"
handler404 = "school.views.errors.not_found"
handler500 = "school.views.errors.broken"
