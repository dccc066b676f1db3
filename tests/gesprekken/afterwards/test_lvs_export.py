"""To the LVS: only what is final and not there yet; never what was confided; nothing a spreadsheet would run."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from gesprekken.afterwards import lvs_export
from gesprekken.models import Agreement, PortfolioItem, Verslag, WorkingNote
from gesprekken.talking import recording
from school.actor import ACCOUNT, Actor
from tests.cast import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def final(cast):
    cast.with_gesprek()
    verslag = cast.with_verslag(about_child="KANARIE-VERSLAG")
    cast.by = Actor(cast.saskia, ACCOUNT)
    verslag.confidential.create(school=cast.school, person=cast.fatma, text="KANARIE-VERTROUWELIJK")
    WorkingNote.objects.create(school=cast.school, gesprek=cast.gesprek, author=cast.saskia, text="KANARIE-AANTEKENING")
    Agreement.objects.update(what='=HYPERLINK("x")', how="-1+1")
    cast.url = reverse("lvs", args=[cast.ronde.pk, cast.groep5.pk])
    cast.file = reverse("lvs_file", args=[cast.ronde.pk, cast.groep5.pk])
    return cast


def text(stage, **how):
    [entry] = lvs_export.entries(stage.by, stage.ronde, stage.groep5)
    return lvs_export.as_text(entry, **how)


@pytest.mark.req("G5")
def test_without_a_report_there_is_a_short_verslag_with_one_the_agreements_alone(final):
    assert "KANARIE-VERSLAG" in text(final)
    PortfolioItem.objects.create(
        school=final.school, leerling=final.elif_, gesprek=final.gesprek, kind="report", title="Rapport",
        secret="x", file="x.pdf", content_type="application/pdf", size=1, created_at=NOW,
    )  # fmt: skip
    assert "KANARIE-VERSLAG" not in text(final)
    assert "HYPERLINK" in text(final)


def test_confided_words_and_working_notes_never_go_along(final, as_):
    teacher = as_.staff(final.saskia)
    csv = teacher.post(final.file, {"vorm": "csv"}).content.decode("utf-8-sig")
    page = teacher.get(f"{final.url}?versie=alles").content.decode()
    for out in (csv, page):
        assert "KANARIE-VERSLAG" in out
        assert "VERTROUWELIJK" not in out
        assert "AANTEKENING" not in out


def test_the_file_is_for_excel_and_runs_nothing(final, as_):
    teacher = as_.staff(final.saskia)
    csv = teacher.post(final.file, {"vorm": "csv"}).content
    assert csv.startswith(b"\xef\xbb\xbf")
    assert ";\"'=HYPERLINK" in csv.decode("utf-8-sig")
    assert ";'-1+1;" in csv.decode("utf-8-sig")
    book = load_workbook(BytesIO(teacher.post(final.file, {"vorm": "xlsx", "alles": "1"}).content))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert '\'=HYPERLINK("x")' in [cell.value for cell in cells]
    assert all(cell.data_type != "f" for cell in cells)


def test_once_taken_over_it_is_not_new_any_more_and_shows_on_purpose(final, as_):
    teacher = as_.staff(final.saskia)
    teacher.post(final.file, {"vorm": "csv"})
    assert (Agreement.objects.get().exported_at, Verslag.objects.get().exported_at) == (NOW, NOW)
    assert text(final) == ""
    assert "HYPERLINK" in text(final, again=True)
    assert "niets nieuws" in teacher.post(final.file, {"vorm": "csv"}, follow=True).content.decode()
    assert "al eerder" in teacher.post(final.file, {"vorm": "csv", "alles": "1"}).content.decode("utf-8-sig")


def test_of_a_correction_only_what_is_different_is_new(final):
    lvs_export.mark_taken(found=lvs_export.entries(final.by, final.ronde, final.groep5), by=final.by, now=NOW)
    recording.correct(gesprek=final.gesprek, by=final.by, reason="fout")
    assert text(final) == ""  # a draft is nothing yet
    recording.save_draft(gesprek=final.gesprek, by=final.by, seen_version=0, about_child="KANARIE-BETER")
    recording.finalise(gesprek=final.gesprek, by=final.by, seen_version=1, held_on=TODAY)
    assert "KANARIE-BETER" in text(final)
    assert "HYPERLINK" not in text(final)


def test_leadership_does_not_do_this_and_another_teacher_does_not_see_it(final, as_):
    assert as_.staff(final.annemiek).get(final.url).status_code == 403
    assert as_.staff(final.ilse).get(final.url).status_code == 404
    assert as_.staff(final.pieter).get(final.url).status_code == 200
