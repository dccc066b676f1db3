"""Letters of whole groups: made by the worker, fetched for a day, right to the last."""

import io
import os
from datetime import timedelta

import pypdf
import pytest

from gesprekken.models import Gesprek
from planning.inviting import letters, printing
from planning.models import Invitation
from school import access, jobs
from school.actor import ACCOUNT, Actor
from school.models import AccessLink, AuditEvent, Job, Person, Relatie
from school.press import Part, PressFailed, Printed
from tests.cast import NOW
from tests.planning.inviting.test_paper import CODE, text_of
from tests.remembered import remembered


@pytest.fixture
@remembered
def opened(cast):
    """Nobody in groups 3 and 5 has an address: five letters. Elif's parents have a son in group 8 too."""
    Person.objects.filter(relaties__leerling__in=[cast.elif_, cast.noor]).update(email="")
    cast.with_open_ronde()
    return cast


@pytest.fixture
def quick_press(monkeypatch):
    """What the press was given, and instead of a PDF a file with the sheets."""
    given = []

    def print_all(orders):
        for order in orders:
            given.append(order)
            path = order.to.with_name(f"{order.to.name}-1.pdf")
            path.write_text("".join(order.sheets))
            yield Printed(order, (Part(path, len(order.sheets), len(order.sheets)),), 1)

    monkeypatch.setattr(printing, "print_all", print_all)
    return given


def by(person):
    return Actor(person, ACCOUNT)


def ordered(cast, *groepen):
    return printing.print_later(ronde=cast.ronde, groepen=groepen or [cast.groep3, cast.groep5], by=by(cast.annemiek))


@pytest.mark.req("I3", "I5")
def test_the_worker_makes_a_tagged_document_per_group_whose_codes_open_the_pages(opened):
    job = ordered(opened)
    jobs.work_all()
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", 5, 5)
    found = {
        groep: printing.fetch(job=job, groep=groep, number=1, by=by(opened.annemiek))
        for groep in (opened.groep3, opened.groep5)
    }
    assert "Ria Bos" in text_of(found[opened.groep3])
    codes = [code for content in found.values() for code in CODE.findall(text_of(content))]
    assert len(codes) == 5
    assert all(access.find_link(code) for code in codes)
    document = pypdf.PdfReader(io.BytesIO(found[opened.groep5])).trailer["/Root"]
    assert document["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in document
    assert not Invitation.objects.filter(channel="letter", printed_at=None, gesprek__cancelled_at=None).exists()
    assert AuditEvent.objects.filter(verb="print_letters").count() == 2
    assert AuditEvent.objects.filter(verb="fetch_letters").count() == 2


def test_who_has_children_in_two_groups_gets_one_letter(opened, quick_press):
    ordered(opened, opened.groep3, opened.groep5, opened.groep8)
    jobs.work_all()
    assert [len(order.sheets) for order in quick_press] == [1, 4]
    assert sum("Emre" in sheet for order in quick_press for sheet in order.sheets) == 2


def test_a_second_click_finds_the_job_of_the_first(opened):
    assert ordered(opened) == ordered(opened)
    assert ordered(opened) != ordered(opened, opened.groep3)


def test_killed_halfway_it_goes_on_and_no_code_works_of_paper_that_is_not_there(
    opened, quick_press, monkeypatch, frozen_clock
):
    """Dies as kill -9 does, after the second document was printed and before anything was noted of it."""
    job, keep = ordered(opened), letters.keep
    kept = []

    def dies(letters, **about):
        if kept:
            raise KeyboardInterrupt
        keep(letters, **about)
        kept.append(letters)

    monkeypatch.setattr(letters, "keep", dies)
    with pytest.raises(KeyboardInterrupt):
        jobs.work_one()
    lost = CODE.findall("".join(quick_press[1].sheets))
    assert lost
    assert not any(access.find_link(code) for code in lost)
    monkeypatch.setattr(letters, "keep", keep)
    assert not jobs.work_one()  # its worker may be at it still
    frozen_clock.shift(timedelta(minutes=3))
    assert jobs.work_one()
    job.refresh_from_db()
    assert (job.state, job.done) == ("done", 5)
    assert [order.key for order in quick_press] == [opened.groep3.pk, opened.groep5.pk, opened.groep5.pk]
    assert AccessLink.objects.count() == 5
    page = printing.fetch(job=job, groep=opened.groep5, number=1, by=by(opened.annemiek)).decode()
    assert all(access.find_link(code) for code in CODE.findall(page))


def test_what_fails_says_so_and_can_be_asked_for_again(opened, quick_press, monkeypatch, as_):
    def breaks(orders):
        raise PressFailed("MemoryError")
        yield

    monkeypatch.setattr(printing, "print_all", breaks)
    job = ordered(opened)
    jobs.work_all()
    client = as_.staff(opened.annemiek)
    page = client.get(f"/bezig/{job.pk}/", follow=True)
    assert "niet gelukt" in page.content.decode()
    assert "opnieuw" in page.content.decode()
    assert AccessLink.objects.count() == 0
    again = client.post(f"/rondes/{opened.ronde.pk}/brieven/{job.pk}/")
    assert again.url == f"/bezig/{Job.objects.latest('pk').pk}/"
    assert Job.objects.latest("pk").args == job.args


def test_letters_are_given_out_for_a_day_and_then_removed(opened, quick_press, frozen_clock, settings):
    job = ordered(opened)
    jobs.work_all()
    job.refresh_from_db()
    (path, *_others) = settings.LETTERS_ROOT.glob("*.pdf")
    assert path.parent.stat().st_mode & 0o077 == 0
    fetched = {"job": job, "groep": opened.groep5, "by": by(opened.annemiek)}
    for number in (0, 2):
        with pytest.raises(printing.LettersGone):
            printing.fetch(**fetched, number=number)
    assert printing.fetch(**fetched, number=1)
    frozen_clock.shift(timedelta(hours=25))
    with pytest.raises(printing.LettersGone) as gone:
        printing.fetch(**fetched, number=1)
    assert gone.value.reason == "cleared"
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    assert printing.forget_old(now=NOW + timedelta(hours=23)) == 0
    assert printing.forget_old(now=NOW + timedelta(hours=25)) >= 1
    assert not path.exists()


@pytest.mark.parametrize("happens", ["restricted", "called off"])
def test_what_no_longer_holds_is_not_given_out(opened, quick_press, happens, as_):
    job = ordered(opened)
    jobs.work_all()
    job.refresh_from_db()
    if happens == "restricted":
        Relatie.objects.filter(person=opened.kim).update(restriction=True)
    else:
        Gesprek.objects.filter(leerling=opened.elif_).update(cancelled_at=NOW)
    with pytest.raises(printing.LettersGone) as gone:
        printing.fetch(job=job, groep=opened.groep5, number=1, by=by(opened.annemiek))
    assert gone.value.reason == "outdated"
    assert printing.fetch(job=job, groep=opened.groep3, number=1, by=by(opened.annemiek))
    at = f"/rondes/{opened.ronde.pk}/brieven/{job.pk}/{opened.groep5.pk}/1/"
    assert "Maak ze opnieuw" in as_.staff(opened.annemiek).get(at, follow=True).content.decode()


def test_a_few_come_at_once_and_a_group_full_through_the_worker(opened, quick_press, as_):
    client = as_.staff(opened.annemiek)
    at = f"/rondes/{opened.ronde.pk}"
    assert client.post(f"{at}/groep/{opened.groep3.pk}/brieven/")["Content-Type"] == "application/pdf"
    many = client.post(f"{at}/groep/{opened.groep5.pk}/brieven/")
    assert many.url == f"/bezig/{Job.objects.get().pk}/"
    jobs.work_all()
    page = client.get(many.url, follow=True)
    there = f"{at}/brieven/{Job.objects.get().pk}/"
    assert page.redirect_chain[-1][0] == there
    assert f"{there}{opened.groep5.pk}/1/" in page.content.decode()
    assert client.get(f"{there}{opened.groep5.pk}/1/")["Cache-Control"] == "no-store"
    assert client.get(f"{there}{opened.groep3.pk}/1/").status_code == 404
    assert "Maak alle 5 brieven" in client.get(f"{at}/").content.decode()


def test_a_teacher_fetches_what_she_had_made_of_her_own_group_and_nothing_else(opened, quick_press, as_):
    saskia = as_.staff(opened.saskia)
    of_all = ordered(opened)
    mine = saskia.post(f"/rondes/{opened.ronde.pk}/brieven/").url
    jobs.work_all()
    own = Job.objects.latest("pk")
    assert mine == f"/bezig/{own.pk}/"
    assert own.args["groepen"] == [opened.groep5.pk]
    at = f"/rondes/{opened.ronde.pk}/brieven"
    assert saskia.get(f"{at}/{own.pk}/{opened.groep5.pk}/1/").status_code == 200
    assert saskia.get(f"{at}/{own.pk}/{opened.groep3.pk}/1/").status_code == 404
    assert saskia.get(f"{at}/{of_all.pk}/{opened.groep5.pk}/1/").status_code == 404
    assert as_.staff(opened.pieter).post(f"{at}/").status_code == 403


def test_writing_takes_as_many_questions_for_five_letters_as_for_one(opened):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for groep in (opened.groep3, opened.groep5):
        with CaptureQueriesContext(connection) as asked:
            assert letters.write(ronde=opened.ronde, groep=groep)
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 1  # one more where a family speaks another language: which the school offers
