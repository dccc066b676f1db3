"""An import through the pages waits as plain rows, is applied by the worker, and is wiped."""

import json
from datetime import timedelta

import pytest

from school import jobs
from school.actor import ACCOUNT, Actor
from school.importers import batches
from school.importers.reading import read_files
from school.models import AuditEvent, ImportBatch, Leerling, Person, Relatie
from tests.cast import NOW, TODAY
from tests.school.importers.files import edexml, guardian, guardians, leerling

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader(cast):
    return Actor(person=cast.annemiek, level=ACCOUNT)


def lay_ready(leader, **files):
    reading = read_files({what: (f"{what}.x", data) for what, data in files.items()}, today=TODAY)
    return batches.lay_ready(reading, by=leader)


def apply(batch, leader, **answers):
    seen = batches.plan_of(batch, decided=False).fingerprint()
    job = batches.apply_later(batch, answers=answers, seen=seen, by=leader)
    jobs.work_all()
    job.refresh_from_db()
    batch.refresh_from_db()
    return job


def test_what_waits_holds_only_what_we_need(leader):
    pupil = leerling("L1", more="<bsn>133456785</bsn><postcodenl>6971VB</postcodenl>")
    batch = lay_ready(leader, edexml=edexml([pupil]), guardians=guardians(guardian(postcode="6971VB")))
    kept = json.dumps([batch.rows, batch.report, batch.names])
    assert "Levi" in kept and "133456785" not in kept and "6971VB" not in kept


def test_applying_stores_it_and_wipes_what_was_read(leader):
    batch = lay_ready(leader, edexml=edexml())
    job = apply(batch, leader)
    assert job.state == "done" and job.result == {"url": f"/inlezen/{batch.pk}/"}
    assert batch.applied_at == NOW and batch.rows == {} and "Levi" not in json.dumps([batch.report, batch.answers])
    assert Leerling.objects.filter(school=leader.school, key="L1").exists()
    assert AuditEvent.objects.get(verb="import").person == leader.person


def test_a_second_click_finds_the_job_of_the_first(leader):
    batch = lay_ready(leader, edexml=edexml())
    seen = batches.plan_of(batch, decided=False).fingerprint()
    first = batches.apply_later(batch, answers={}, seen=seen, by=leader)
    assert batches.apply_later(batch, answers={}, seen=seen, by=leader) == first
    jobs.work_all()
    with pytest.raises(batches.NotReady):
        batches.apply_later(batch, answers={}, seen=seen, by=leader)


def test_a_worker_that_was_killed_after_storing_does_not_store_again(leader):
    batch = lay_ready(leader, edexml=edexml())
    job = apply(batch, leader)
    before = Person.objects.count()
    assert batches.apply_batch(job, lambda *_: None) == {"url": f"/inlezen/{batch.pk}/"}
    assert Person.objects.count() == before


def test_a_school_that_changed_since_the_look_is_looked_at_again(leader, cast):
    batch = lay_ready(leader, edexml=edexml())
    seen = batches.plan_of(batch, decided=False).fingerprint()
    job = batches.apply_later(batch, answers={}, seen=seen, by=leader)
    cast.pupil("nieuw", "Nieuw", "Kind", cast.groep5)
    jobs.work_all()
    job.refresh_from_db()
    assert job.result["stale"] is True
    assert not Leerling.objects.filter(key="L1").exists()
    assert apply(batch, leader).result == {"url": f"/inlezen/{batch.pk}/"}  # looked at again: now it is stored
    assert Leerling.objects.filter(key="L1").exists()


def test_only_who_was_ticked_leaves_school(leader, cast):
    batch = lay_ready(leader, edexml=edexml())
    apply(batch, leader, pupils=[cast.noor.pk], groups=[cast.groep3.pk], staff=[cast.saskia.medewerker.pk])
    for row in (cast.noor, cast.daan, cast.groep3, cast.groep5):
        row.refresh_from_db()
    assert cast.noor.left_on == TODAY and cast.daan.left_on is None
    assert cast.groep3.gone and not cast.groep5.gone
    cast.saskia.medewerker.refresh_from_db()
    assert cast.saskia.medewerker.left_on == TODAY
    again = lay_ready(leader, edexml=edexml())
    assert batches.plan_of(again).counts()["pupils"]["gone"] == 4


def test_relations_that_were_ticked_are_gone_and_come_back_with_the_file(leader, cast):
    relatie = Relatie.objects.get(person=cast.kim)
    row = guardian(cast.daan.key, "P9")
    apply(lay_ready(leader, guardians=guardians(row)), leader, relations=[relatie.pk])
    relatie.refresh_from_db()
    assert relatie.gone and not Relatie.objects.get(person=cast.joost).gone
    kim = f"{cast.noor.key};Dijk;van;Kim"
    apply(lay_ready(leader, guardians=guardians(kim, header="leerling_key;achternaam;voorvoegsel;roepnaam")), leader)
    relatie.refresh_from_db()
    assert not relatie.gone


def test_a_restriction_is_lifted_by_a_decision_only(leader, cast):
    relatie = Relatie.objects.get(person=cast.rob)
    rob = guardians(f"{cast.tess.key};Kuiper;Rob;ja", header="leerling_key;achternaam;roepnaam;contact")
    apply(lay_ready(leader, guardians=rob), leader)
    relatie.refresh_from_db()
    assert relatie.restriction
    apply(lay_ready(leader, guardians=rob), leader, lift=[relatie.pk])
    relatie.refresh_from_db()
    assert not relatie.restriction


def test_one_person_or_two_is_what_leadership_says(leader, cast):
    header, rows = "leerling_key;achternaam;roepnaam", [f"{cast.daan.key};Jong;Jan", f"{cast.noor.key};Jong;Jan"]
    batch = lay_ready(leader, guardians=guardians(*rows, header=header))
    question = batches.plan_of(batch).questions[0]
    assert question.children == ["Daan Bos", "Noor de Vries"]
    apply(batch, leader, same=[question.key])
    assert Person.objects.get(last_name="Jong", first_name="Jan").relaties.count() == 2


def test_a_newer_upload_takes_the_place_of_one_that_waited(leader, next_door):
    vera = Actor(person=next_door.vera, level=ACCOUNT)
    theirs, ours = lay_ready(vera, edexml=edexml()), lay_ready(leader, edexml=edexml())
    newer = lay_ready(leader, edexml=edexml())
    assert set(ImportBatch.objects.values_list("pk", flat=True)) == {theirs.pk, newer.pk} and ours.pk != newer.pk


def test_what_nobody_decided_about_is_forgotten_after_a_week(leader):
    lay_ready(leader, edexml=edexml())
    assert batches.forget_stale(now=NOW + timedelta(days=6)) == 0
    assert batches.forget_stale(now=NOW + timedelta(days=8)) == 1


def test_what_was_applied_cannot_be_put_aside(leader):
    batch = lay_ready(leader, edexml=edexml())
    apply(batch, leader)
    with pytest.raises(batches.NotReady):
        batches.forget(batch, by=leader)
