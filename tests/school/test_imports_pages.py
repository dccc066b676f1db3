"""The pages of an import: what was chosen comes back, nothing happens by looking, mistakes are one sentence."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from school import jobs
from school.models import ImportBatch, Job, Leerling, Person
from tests.school.importers.files import edexml, guardian, guardians, result, results

pytestmark = pytest.mark.django_db


def upload(client, **files):
    return client.post("/inlezen/", {what: SimpleUploadedFile(f"{what}.xml", data) for what, data in files.items()})


@pytest.fixture
def leader(cast, as_):
    return as_.staff(cast.annemiek)


def seen_on(page):
    return re.search(r'name="seen" value="(\w+)"', page.content.decode())[1]


def test_upload_preview_apply(leader, cast):
    answer = upload(leader, edexml=edexml(), guardians=guardians(), results=results())
    assert answer.status_code == 302
    page = leader.get(answer["Location"])
    assert page.status_code == 200 and not Leerling.objects.filter(key="L1").exists()
    text = page.content.decode()
    assert "Levi de Jong" in text and "Noor de Vries" in text  # who is new, and who is not in the file
    answer = leader.post(answer["Location"], {"seen": seen_on(page), "pupils": [cast.noor.pk, "x", "9" * 30]})
    job = Job.objects.get()
    assert answer["Location"] == f"/bezig/{job.pk}/"
    assert "http-equiv" in leader.get(answer["Location"]).content.decode()
    jobs.work_all()
    by_itself = leader.get(answer["Location"], headers={"HX-Request": "true"})
    assert by_itself["HX-Redirect"].startswith("/inlezen/")  # the page that polls goes on by itself
    done = leader.get(answer["Location"], follow=True)
    assert "Opgeslagen op dinsdag 10 november 2026" in done.content.decode()
    cast.noor.refresh_from_db()
    cast.daan.refresh_from_db()
    assert cast.noor.left_on and not cast.daan.left_on
    assert Leerling.objects.filter(key="L1").exists()


def test_everybody_at_once_may_be_told_gone(leader, cast):
    where = upload(leader, edexml=edexml())["Location"]
    leader.post(where, {"seen": seen_on(leader.get(where)), "pupils_all": "on"})
    jobs.work_all()
    assert Leerling.objects.filter(school=cast.school, left_on=None).count() == 2


@pytest.mark.parametrize(
    ("files", "word"),
    [
        ({}, "Kies ten minste één bestand."),
        ({"edexml": b""}, "leeg"),
        ({"edexml": b"<html/>"}, "&lt;html&gt;"),
        ({"edexml": b"<EDEX>" + b" " * 10 * 1024 * 1024}, "10 MB"),
        ({"guardians": "leerling_key;achternaam\nL1;Bos".encode("utf-16")}, "UTF-16"),
    ],
)
def test_an_unreadable_file_is_one_sentence_and_leaves_nothing(leader, files, word):
    answer = upload(leader, **files)
    assert answer.status_code == 422 and word in answer.content.decode()
    assert not ImportBatch.objects.exists()


def test_errors_in_rows_are_shown_with_lines_and_cannot_be_applied(leader, cast):
    where = upload(leader, edexml=edexml(), guardians=guardians(guardian(), guardian(telefoon="3,16E+10")))["Location"]
    page = leader.get(where)
    text = page.content.decode()
    assert "regel 3" in text and "Er is niets veranderd" in text and "Sla dit op" not in text
    assert leader.post(where, {"seen": seen_on(page)}).status_code == 422
    assert not Job.objects.exists()


def test_a_stale_preview_is_shown_again(leader, cast):
    where = upload(leader, edexml=edexml())["Location"]
    seen = seen_on(leader.get(where))
    cast.pupil("nieuw", "Nieuw", "Kind", cast.groep5)
    answer = leader.post(where, {"seen": seen})
    assert answer.status_code == 422 and "intussen iets veranderd" in answer.content.decode()


def test_columns_nobody_knows_are_told_once_and_remembered(leader, cast):
    strange = guardians(f"{cast.daan.key};Jong;Jan;6971VB", header="kind;naam A;naam B;pc")
    answer = upload(leader, guardians=strange)
    text = answer.content.decode()
    assert answer.status_code == 200 and "Welke kolom is wat?" in text and not ImportBatch.objects.exists()
    carried = {
        "columns": "1",
        "guardians_name": "ouders.csv",
        "guardians_data": re.search(r'name="guardians_data" value="([^"]+)"', text)[1],
    }
    answer = leader.post("/inlezen/", {**carried, "guardians-leerling_key": "kind"})
    assert answer.status_code == 422 and "Welke kolom is wat?" in answer.content.decode()
    told = {"guardians-leerling_key": "kind", "guardians-achternaam": "naam A", "guardians-roepnaam": "naam B"}
    answer = leader.post("/inlezen/", {**carried, **told})
    assert answer.status_code == 302
    assert "6971VB" not in repr(ImportBatch.objects.values_list())
    leader.post(answer["Location"], {"seen": seen_on(leader.get(answer["Location"]))})
    jobs.work_all()
    assert Person.objects.filter(first_name="Jan", last_name="Jong").exists()
    assert upload(leader, guardians=strange).status_code == 302  # the second time it knows


@pytest.mark.parametrize("data", ["geen base64!", "aGFsbG8=", ""])
def test_a_file_damaged_on_its_way_back_is_asked_for_again(leader, data):
    answer = leader.post("/inlezen/", {"columns": "1", "guardians_name": "x.csv", "guardians_data": data})
    assert answer.status_code in (200, 422) and not ImportBatch.objects.exists()


def test_putting_an_import_aside_wipes_it(leader):
    where = upload(leader, edexml=edexml())["Location"]
    assert leader.post(f"{where}weg/")["Location"] == "/inlezen/"
    assert not ImportBatch.objects.exists() and leader.get(where).status_code == 404


def test_nothing_new_says_so(leader, cast):
    where = upload(leader, edexml=edexml())["Location"]
    leader.post(where, {"seen": seen_on(leader.get(where)), "pupils_all": "on", "staff_all": "on", "groups_all": "on"})
    jobs.work_all()
    where = upload(leader, edexml=edexml())["Location"]
    assert "Alles is al bekend" in leader.get(where).content.decode()


def test_a_job_that_failed_says_so_without_a_cause(leader, cast):
    job = Job.objects.create(school=cast.school, kind="school.import", state="failed", note="geheim")
    text = leader.get(f"/bezig/{job.pk}/").content.decode()
    assert "Dit is niet gelukt" in text and "geheim" not in text


def test_linking_a_colleague_and_undoing_it(leader, cast):
    parent = cast.guardian("thuis", "Saskia", "Mulder", [cast.daan], email=cast.saskia.email)
    assert "Ja, Saskia Mulder is dezelfde" in leader.get("/inlezen/koppelen/").content.decode()
    leader.post("/inlezen/koppelen/", {"medewerker": cast.saskia.pk, "guardian": parent.pk, "link": "1"})
    parent.refresh_from_db()
    assert parent.linked_to == cast.saskia
    leader.post("/inlezen/koppelen/", {"guardian": parent.pk, "unlink": "1"})
    parent.refresh_from_db()
    assert parent.linked_to is None
    answer = leader.post("/inlezen/koppelen/", {"guardian": "x"}, follow=True)
    assert "niet koppelen" in answer.content.decode()


def test_the_preview_does_not_ask_more_as_the_file_grows(leader, cast, django_assert_max_num_queries):
    from tests.school.importers.files import leerling

    for count in (1, 3, 30):
        pupils = [leerling(f"L{n}", f"Kind{n}") for n in range(count)]
        where = upload(leader, edexml=edexml(pupils), results=results(*[result(f"L{n}") for n in range(count)]))[
            "Location"
        ]
        with django_assert_max_num_queries(20):
            leader.get(where)
