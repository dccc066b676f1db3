"""The operators' desk shows how things run, and never what is said about children."""

import pytest
from django.apps import apps
from django.contrib import admin

from school.admin import desk
from school.models import Outgoing, User
from tests.cast import PASSWORD

ALLOWED = {
    "School", "User", "Authenticator", "Schooljaar", "Medewerker", "Rol", "Outgoing", "Job", "AuditEvent",
}  # fmt: skip
CONTENT = {
    "Answer", "Verslag", "Confidential", "WorkingNote", "Agreement", "Toetsresultaat", "Voorbereiding", "Leerling",
    "Relatie", "Remark", "Score", "Terugblik", "ImportBatch",
}  # fmt: skip


def test_only_what_runs_is_registered_and_nothing_with_content():
    registered = {model.__name__ for model in desk._registry}
    assert registered == ALLOWED
    assert {model.__name__ for model in apps.get_models()} >= CONTENT  # the names are names of models
    assert registered & CONTENT == set()


def test_djangos_default_desk_is_not_reachable():
    from django.urls import get_resolver

    [beheer] = [p for p in get_resolver().url_patterns if str(p.pattern) == "beheer/"]
    assert all(getattr(p.callback, "admin_site", desk) is not admin.site for p in beheer.url_patterns if p.callback)
    assert beheer.url_patterns[0].callback.admin_site is desk


@pytest.fixture
def operator(client, db):
    User.objects.create_superuser("beheer@stichting.example", PASSWORD)
    response = client.post(
        "/account/login/?next=/beheer/", {"login": "beheer@stichting.example", "password": PASSWORD, "next": "/beheer/"}
    )
    assert response["Location"] == "/beheer/"
    return client


def test_every_page_of_the_desk_opens_and_holds_no_child(operator, cast, deliver):
    from school import outbox

    cast.with_gesprek()
    outbox.put("school.second_step", cast.fatma, cast.school)
    Outgoing.objects.update(state="sent", subject="Elif canary", sent_text="Elif canary")
    assert operator.get("/beheer/").status_code == 200
    for model in desk._registry:
        base = f"/beheer/{model._meta.app_label}/{model._meta.model_name}/"
        pages = [base] + [f"{base}{pk}/change/" for pk in model._default_manager.values_list("pk", flat=True)[:2]]
        for path in pages:
            response = operator.get(path)
            assert response.status_code == 200, path
            assert "canary" not in response.text, path
            assert "Yılmaz" not in response.text, path


def test_the_desk_makes_and_removes_no_school_login_or_trace(operator, cast):
    for path in ("school/school", "school/user", "school/auditevent", "school/outgoing"):
        assert operator.get(f"/beheer/{path}/add/").status_code == 403
    assert operator.post(f"/beheer/school/school/{cast.school.pk}/delete/", {"post": "yes"}).status_code == 403
