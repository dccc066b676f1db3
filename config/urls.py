"""Every address of the house, floor by floor. Addresses are Dutch, names are English."""

from django.conf import settings
from django.urls import include, path, re_path

from config.views import demo
from school.admin import desk
from school.views import errors

account = [
    # allauth pages that this house does not have: addresses belong to the school, codes by mail are not used.
    re_path(r"^(?:email|confirm-email|login/code|3rdparty/signup|social)/", errors.no_such_page),
    path("", include("allauth.urls")),
]
urlpatterns = [
    path("", include("school.urls")),
    path("", include("gesprekken.urls")),
    path("", include("planning.urls")),
    path("", include("kijkwijzer.urls")),
    path("account/", include(account)),
    path("beheer/", desk.urls),
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
