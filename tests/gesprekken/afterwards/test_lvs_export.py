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


@pytest.mark.req("G5")
def test_the_text_and_the_file_say_for_whom_an_agreement_is(final, as_):
    names = {"Elif Yılmaz", "Fatma Yılmaz", "Ali Yılmaz", "Saskia Mulder"}
    [line] = [line for line in text(final).splitlines() if line.startswith("Voor wie: ")]
    assert set(line.removeprefix("Voor wie: ").split(", ")) >= names
    assert "niet voor iedere ouder" not in text(final)
    headers, rows = lvs_export.as_table(lvs_export.entries(final.by, final.ronde, final.groep5))
    assert set(rows[1][headers.index("Voor wie")].split(", ")) >= names
    assert {len(row) for row in rows} == {len(headers)}


@pytest.mark.req("G5", "I3a")
def test_what_is_agreed_with_one_parent_stays_behind_until_a_teacher_takes_it_along(final, as_):
    """Ali may ask to see what is in the LVS."""
    apart = Agreement.objects.create(
        school=final.school, gesprek=final.gesprek, verslag=Verslag.objects.get(), who="Fatma", what="KANARIE-APART"
    )
    apart.concerns.set([final.fatma, final.elif_.person])
    childs = Agreement.objects.create(
        school=final.school, gesprek=final.gesprek, verslag=Verslag.objects.get(), who="Elif", what="KANARIE-LEERLING"
    )
    childs.concerns.set([final.elif_.person, final.saskia])
    teacher = as_.staff(final.saskia)
    page = teacher.get(final.url).content.decode()
    assert "Een afspraak met één ouder gaat niet vanzelf mee" in page
    assert "KANARIE-LEERLING" in page
    files = [
        teacher.post(final.file, {"vorm": "csv"}).content.decode("utf-8-sig"),
        teacher.post(final.file, {"vorm": "csv", "alles": "1"}).content.decode("utf-8-sig"),
    ]
    for out in [page, *files]:
        assert "KANARIE-APART" not in out
    apart.refresh_from_db()
    assert apart.exported_at is None

    teacher.post(reverse("lvs_taken_over", args=[final.ronde.pk, final.groep5.pk]), {"gesprek": final.gesprek.pk})
    on_purpose = teacher.get(f"{final.url}?apart=ja").content.decode()
    assert "KANARIE-APART" in on_purpose
    assert "Let op: dit is niet voor iedere ouder bedoeld." in on_purpose
    taken = teacher.post(final.file, {"vorm": "csv", "apart": "ja"}).content.decode("utf-8-sig")
    assert taken.count("KANARIE-") == 1
    assert ";ja;" in taken
    apart.refresh_from_db()
    assert apart.exported_at == NOW


def test_a_parent_who_was_not_at_the_table_counts_as_one_too(final):
    """Apart, each parent has a gesprek: what is agreed with Fatma alone is not for Ali, who was not there."""
    final.gesprek.deelnames.filter(person=final.ali).delete()
    Agreement.objects.get().concerns.remove(final.ali)
    [entry] = lvs_export.entries(final.by, final.ronde, final.groep5)
    assert len(entry.behind) == 1
    final.fatma.relaties.update(restriction=True)  # she may not be informed any more: it is not his because of that
    [entry] = lvs_export.entries(final.by, final.ronde, final.groep5)
    assert (len(entry.behind), len(entry.fresh)) == (1, 0)
    final.fatma.relaties.update(restriction=False)
    final.ali.relaties.update(restriction=True)  # he may not be informed: then there is nobody it is kept from
    [entry] = lvs_export.entries(final.by, final.ronde, final.groep5)
    assert (len(entry.behind), len(entry.fresh)) == (0, 1)
