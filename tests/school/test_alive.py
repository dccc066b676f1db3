"""`/gezond` for a monitor: words without data."""

from datetime import timedelta

from django.db import DatabaseError

from school import alive, outbox
from school.models import Job, Outgoing
from tests.cast import NOW


def test_all_is_well(client, cast, django_assert_num_queries):
    outbox.put("school.second_step", cast.fatma, cast.school)
    with django_assert_num_queries(2):
        response = client.get("/gezond")
    assert (response.status_code, response.text) == (200, "gezond\n")


def test_mail_that_waits_too_long_means_there_is_no_worker(client, cast, deliver):
    row = outbox.put("school.second_step", cast.fatma, cast.school)
    Outgoing.objects.filter(pk=row.pk).update(due_at=NOW - timedelta(minutes=11))
    response = client.get("/gezond")
    assert response.status_code == 503
    assert response.text == "niet gezond: er wacht mail; draait de worker?\n"
    deliver()
    assert client.get("/gezond").status_code == 200


def test_mail_that_is_put_off_for_later_is_no_trouble(client, cast):
    row = outbox.put("school.second_step", cast.fatma, cast.school)
    Outgoing.objects.filter(pk=row.pk).update(created_at=NOW - timedelta(days=1), due_at=NOW + timedelta(hours=1))
    assert client.get("/gezond").status_code == 200


def test_work_that_waits_too_long(client, cast):
    Job.objects.create(school=cast.school, kind="x", created_at=NOW - timedelta(minutes=11))
    assert "er wacht werk" in client.get("/gezond").text


def test_a_database_that_does_not_answer_is_told_without_an_error(client, db, monkeypatch):
    def away(*args, **kwargs):
        raise DatabaseError("password=canary")

    monkeypatch.setattr(alive.Outgoing.objects, "filter", away)
    response = client.get("/gezond")
    assert (response.status_code, response.text) == (503, "niet gezond: de database antwoordt niet\n")
