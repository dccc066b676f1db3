"""Reports and work: judged by what is in them, given to all parties at one moment, seen by nobody else."""

import io
import os
import zipfile
import zlib
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from config import backup
from gesprekken.development import files, portfolio, showing
from gesprekken.models import PortfolioItem, ShownChart
from gesprekken.permissions import gesprekken_to_see, visible_portfolio, visible_results, visible_shown_charts
from school.actor import ACCOUNT, CONFIRMED, LINK, Actor
from school.models import Outgoing, Relatie
from tests.cast import NOW

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"


def upload(data=PDF, name="rapport.pdf"):
    return SimpleUploadedFile(name, data)


def photo(form="JPEG", size=(40, 30), **options):
    kept = io.BytesIO()
    Image.new("RGB", size, "red").save(kept, form, **options)
    return kept.getvalue()


def zipped():
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("virus.exe", "MZ")
    return kept.getvalue()


@pytest.mark.req("V4")
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00 an executable", "kind"),
        (b"<html>%PDF-1.7", "kind"),
        (b"GIF89a" + b"0" * 40, "kind"),
        (PDF + zipped(), "kind"),
        (PDF.replace(b"<<>>", b"<</S/JavaScript/JS (x)>>"), "active"),
        (b"%PDF-1.7 and no end", "broken"),
        (photo()[:200], "broken"),
        (b"\x89PNG\r\n\x1a\n" + b"<script>", "broken"),
    ],
)
def test_a_file_is_judged_by_what_is_in_it_not_by_its_name(data, reason):
    with pytest.raises(files.BadFile) as refused:
        files.check(upload(data))
    assert refused.value.reason == reason


def with_stream(content):
    return PDF.replace(b"<<>>", b"<</Filter/FlateDecode>>stream\r\n" + zlib.compress(content) + b"\nendstream")


ACTIVE = [
    b"<</S/J#61vaScript/J#53(x)>>",
    b"<</OpenAction 5 0 R>>",
    b"<</#4fpenAction<</S/GoTo>>>>",
    b"<</AA<</O 5 0 R>>>>",
    b"<</AA %x\n 5 0 R>>",
    b"<</S/SubmitForm/F(https://x.example)>>",
    b"<</S/ImportData>>",
    b"<</S/GoToR>>",
    b"<</S/GoTo#45>>",
    b"<</S/La#75nch>>",
    b"<</Type/Embedded#46ile>>",
]


@pytest.mark.req("V4")
@pytest.mark.parametrize("active", ACTIVE)
def test_what_a_pdf_would_start_is_found_however_it_is_spelled_or_packed(active):
    whole = with_stream(b"1 0 " + active)
    for data in (PDF.replace(b"<<>>", active), whole, whole.replace(b"\nendstream", b"")):
        with pytest.raises(files.BadFile) as refused:
            files.check(upload(data))
        assert refused.value.reason == "active"


def test_a_pdf_that_only_says_where_it_opens_is_kept_and_one_that_unfolds_without_end_is_not(monkeypatch):
    for fine in (PDF.replace(b"<<>>", b"<</OpenAction [1 0 R /Fit]/AAB 5>>"), with_stream(b"1 0 <</S/GoTo>>")):
        assert files.check(upload(fine)).content == fine
    assert files.check(upload(PDF.replace(b"<<>>", b"<<>>stream\nnot packed"))), (
        "what cannot be unpacked is passed over"
    )
    monkeypatch.setattr(files, "MAX_INFLATED", 10_000)
    with pytest.raises(files.BadFile):
        files.check(upload(with_stream(b"1 0 " + b" " * 20_000)))


@pytest.mark.parametrize("data", [photo("PNG", (4600, 4600)), photo("JPEG", (4600, 4600), progressive=True)])
def test_a_small_file_that_would_take_much_memory_is_refused_in_a_sentence(stage, as_, data):
    path = f"/gesprek/{stage.gesprek.pk}/rapport/"
    page = as_.staff(stage.saskia).post(path, {"kind": "work", "title": "Werk", "file": upload(data)})
    assert page.status_code == 422 and "Deze foto heeft te veel beeldpunten." in page.content.decode()


def test_a_large_photo_is_drawn_smaller_and_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    drawn = Image.open(io.BytesIO(files.check(upload(photo(size=(5600, 4200), exif=exif))).content))
    assert drawn.size == (1800, 2400)


def test_a_picture_that_unfolds_into_gigabytes_is_refused(monkeypatch):
    monkeypatch.setattr(files, "MAX_PIXELS", 1000)
    with pytest.raises(files.BadFile) as refused:
        files.check(upload(photo("PNG")))
    assert refused.value.reason == "pixels"


@pytest.mark.req("V4")
def test_of_a_photo_only_the_pixels_are_kept():
    exif = Image.Exif()
    exif[0x010E] = "KANARIE thuis in de Plasweg"
    data = photo(exif=exif) + b"KANARIE achter de foto"
    checked = files.check(upload(data, "werk.pdf"))
    assert checked.content_type == "image/jpeg" and b"KANARIE" not in checked.content and b"KANARIE" in data
    assert not Image.open(io.BytesIO(checked.content)).getexif()


@pytest.fixture
def stage(cast):
    cast.with_gesprek()
    cast.by = Actor(cast.saskia, ACCOUNT)
    return cast


def waiting():
    return list(PortfolioItem.objects.filter(released_at=None).values_list("pk", flat=True))


def release(stage, **more):
    """What a teacher does who looked at everything that waits."""
    return portfolio.release(gesprek=stage.gesprek, **{"items": waiting(), "by": stage.by, **more})


def add(stage, **more):
    about = {"gesprek": stage.gesprek, "kind": "report", "title": "Rapport", "by": stage.by, "upload": upload(), **more}
    return portfolio.add(**about)


def sees(person, level=CONFIRMED):
    return visible_portfolio(Actor(person, level)).exists()


@pytest.mark.req("V4", "I3")
def test_all_parties_see_it_from_one_moment_and_hear_it_by_a_mail_without_content(stage, deliver):
    item = add(stage, title="KANARIE")
    parties = [stage.fatma, stage.ali, stage.elif_.person]
    assert not any(sees(person) for person in parties) and sees(stage.saskia, ACCOUNT)
    assert release(stage, now=NOW) == 1
    assert all(sees(person) for person in parties)
    assert not any(sees(person, LINK) for person in parties)
    assert not any(sees(person) for person in (stage.kim, stage.rob, stage.noor.person))
    assert not sees(stage.ilse, ACCOUNT)
    mails = deliver()
    assert {mail.to[0] for mail in mails} == {"fatma@ouders.example", "ali@ouders.example"}
    assert all("KANARIE" not in mail.subject + mail.body + str(mail.alternatives) for mail in mails)
    assert all(f"?next=/rapport/{stage.gesprek.pk}/" in mail.body for mail in mails)
    item.refresh_from_db()
    assert item.released_at == NOW


def test_a_second_release_tells_of_what_came_later_and_a_double_click_of_nothing(stage, deliver):
    add(stage)
    release(stage)
    with pytest.raises(portfolio.NothingToRelease):
        release(stage)
    assert len(deliver()) == 2
    add(stage, title="Werkstuk")
    release(stage, now=NOW + timedelta(days=1))
    assert set(Outgoing.objects.values_list("recipient", "version")) == {
        (person.pk, version) for person in (stage.fatma, stage.ali) for version in (1, 2)
    }


def test_a_restriction_or_taking_back_stops_the_mail_that_waits(stage, deliver):
    item = add(stage)
    release(stage)
    Relatie.objects.filter(person=stage.ali).update(restriction=True)
    assert not sees(stage.ali)
    assert [mail.to for mail in deliver()] == [["fatma@ouders.example"]]
    assert portfolio.take_back(item=item, by=stage.by) and not portfolio.take_back(item=item, by=stage.by)
    assert not sees(stage.fatma)


def test_a_whole_group_hears_it_at_one_moment(stage):
    other = stage.gesprek
    add(stage)
    stage.with_gesprek(stage.tess, stage.ronde)
    add(stage, gesprek=stage.gesprek)
    whole = {"ronde": stage.ronde, "groep": other.groep, "items": waiting(), "by": stage.by}
    assert portfolio.release_groep(**whole, now=NOW) == 2
    assert set(PortfolioItem.objects.values_list("released_at", flat=True)) == {NOW}
    assert sees(stage.sander) and not sees(stage.rob)


def pupil(stage):
    return Actor(stage.elif_.person, LINK)


@pytest.mark.req("V4")
@pytest.mark.parametrize("of", ["gesprek", "groep"])
def test_only_what_was_on_the_page_is_released(stage, as_, of):
    listed, teacher = add(stage), as_.staff(stage.saskia)
    here, there = {
        "gesprek": (f"/gesprek/{stage.gesprek.pk}/rapport/", f"/gesprek/{stage.gesprek.pk}/rapport/vrijgeven/"),
        "groep": [f"/rondes/{stage.ronde.pk}/groep/{stage.gesprek.groep_id}/{end}" for end in
                  ("ontwikkeling/", "rapporten/vrijgeven/")],
    }[of]  # fmt: skip
    field = f'name="items" value="{listed.pk}"'
    assert field in teacher.get(here).content.decode()
    add(stage, kind="work", by=pupil(stage), upload=upload(photo()))
    add(stage, title="Later")
    assert teacher.post(there, {"items": f"{listed.pk},x,"}).status_code == 302
    assert PortfolioItem.objects.get(released_at__isnull=False) == listed and len(waiting()) == 2
    teacher.post(there)
    assert len(waiting()) == 2, "a page without ids releases nothing"


@pytest.mark.req("V4")
def test_leadership_releases_what_staff_added_and_never_the_work_of_a_pupil(stage, as_):
    report, work = add(stage), add(stage, kind="work", by=pupil(stage), upload=upload(photo()))
    page = as_.staff(stage.annemiek).get(f"/rondes/{stage.ronde.pk}/groep/{stage.gesprek.groep_id}/ontwikkeling/")
    assert page.context["listed"] == str(report.pk)
    whole = {"ronde": stage.ronde, "groep": stage.gesprek.groep}
    leader = Actor(stage.annemiek, ACCOUNT)
    assert portfolio.release_groep(**whole, items=[report.pk, work.pk], by=leader) == 1
    assert waiting() == [work.pk]
    assert portfolio.release_groep(**whole, items=[work.pk], by=stage.by) == 1, "her teacher sees it"


def test_a_pupil_hands_in_pictures_only(stage, as_):
    page = as_.pupil(stage.elif_).post(f"/mijn-werk/{stage.gesprek.pk}/", {"title": "Werkstuk", "file": upload()})
    assert page.status_code == 422 and "Dit is geen foto" in page.content.decode()
    assert not PortfolioItem.objects.exists()


def test_what_is_released_is_not_replaced_or_removed_and_what_is_not_leaves_no_file(
    stage, settings, django_capture_on_commit_callbacks
):
    item = add(stage)
    first = Path(settings.MEDIA_ROOT, item.file.name)
    with django_capture_on_commit_callbacks(execute=True):
        portfolio.replace(item=item, upload=upload(PDF + b"\n"), by=stage.by)
    item.refresh_from_db()
    second = Path(settings.MEDIA_ROOT, item.file.name)
    assert not first.exists() and second.exists() and "rapport" not in second.name
    PortfolioItem.objects.update(released_at=NOW)
    for verb in (
        lambda: portfolio.remove(item=item, by=stage.by),
        lambda: portfolio.replace(item=item, upload=upload(), by=stage.by),
    ):
        with pytest.raises(portfolio.AlreadyReleased):
            verb()
    assert len(list(second.parent.iterdir())) == 1
    PortfolioItem.objects.update(released_at=None)
    with django_capture_on_commit_callbacks(execute=True):
        portfolio.remove(item=item, by=stage.by)
    assert not second.exists()


def test_a_full_box_is_said_and_keeps_no_file(stage, settings, monkeypatch):
    monkeypatch.setattr(portfolio, "MAX_ITEMS", 1)
    item = add(stage)
    with pytest.raises(portfolio.TooMany):
        add(stage)
    assert len(list(Path(settings.MEDIA_ROOT, item.file.name).parent.iterdir())) == 1


def test_a_backup_takes_the_files_along(stage, tmp_path):
    item = add(stage)
    with zipfile.ZipFile(tmp_path / "kopie.zip", "w") as archive:
        assert backup.write_files(archive) == 1
        assert archive.namelist() == [f"media/{item.file.name}"]


def test_the_file_goes_a_day_after_the_pupil_is_deleted_and_the_others_stay(stage, settings):
    files_of = [Path(settings.MEDIA_ROOT, add(stage, title=title).file.name) for title in ("een", "twee")]
    gone, kept = files_of
    for file in files_of:
        os.utime(file, (NOW.timestamp(), NOW.timestamp()))
    tomorrow = NOW + timedelta(days=1, minutes=1)
    assert portfolio.remove_strays(now=tomorrow) == 0, "nothing is deleted"
    PortfolioItem.objects.filter(title="een").delete()  # as it goes with a pupil or a school year: the row alone
    assert portfolio.remove_strays(now=NOW) == 0, "it may be of somebody who hands it in at this moment"
    settings.DEMO = True
    assert portfolio.remove_strays(now=tomorrow) == 0, "a demo keeps its hands off the files of the school beside it"
    settings.DEMO = False
    assert portfolio.remove_strays(now=tomorrow) == 1
    assert not gone.exists() and kept.exists()
    PortfolioItem.objects.all().delete()
    assert portfolio.remove_strays(now=tomorrow) == 1 and not kept.exists()


def test_an_empty_database_beside_the_files_of_a_school_removes_none(settings, tmp_path, db):
    settings.MEDIA_ROOT = tmp_path
    file = tmp_path / "portfolio" / "1" / "x"
    file.parent.mkdir(parents=True)
    file.write_bytes(PDF)
    assert portfolio.remove_strays(now=NOW + timedelta(days=999)) == 0 and file.exists()


@pytest.mark.req("V4")
def test_the_file_comes_after_permission_and_can_do_nothing(stage, as_):
    item = add(stage, title='Mijn "werk"\r\nX: y')
    guardian = as_.link(stage.fatma, confirmed=True)
    assert guardian.get(f"/bestand/{item.pk}/").status_code == 404
    release(stage)
    answer = guardian.get(f"/bestand/{item.pk}/")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="mijn-werk-x-y.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer["Content-Security-Policy"]


def test_too_big_is_said_in_one_sentence_and_nothing_of_it_is_kept(stage, as_, settings):
    settings.MAX_UPLOAD_MB = 1
    teacher = as_.staff(stage.saskia)
    for size in (1_100_000, 3_500_000):
        page = teacher.post(
            f"/gesprek/{stage.gesprek.pk}/rapport/",
            {"kind": "report", "title": "Rapport", "file": upload(PDF + b" " * size)},
        )
        assert page.status_code == 422 and "Dit bestand is te groot: hoogstens 1 MB." in page.content.decode()
        assert 'value="Rapport"' in page.content.decode(), "what was typed is still there"
    assert not PortfolioItem.objects.exists() and not Path(settings.MEDIA_ROOT).exists()


def test_a_pupil_hands_in_work_with_the_code_on_her_card_and_others_cannot(stage, as_):
    send = {"title": "Werkstuk", "file": upload(photo(), "x.jpg")}
    assert as_.pupil(stage.elif_).post(f"/mijn-werk/{stage.gesprek.pk}/", send).status_code == 302
    item = PortfolioItem.objects.get()
    assert (item.kind, item.by, item.content_type) == ("work", stage.elif_.person, "image/jpeg")
    assert sees(stage.elif_.person) and not sees(stage.elif_.person, LINK) and not sees(stage.fatma)
    assert as_.pupil(stage.noor).get(f"/mijn-werk/{stage.gesprek.pk}/").status_code == 404


# --- what is shown ---------------------------------------------------------------------------------------------------


@pytest.mark.req("V3", "I3")
def test_guardians_and_pupil_see_the_results_of_what_is_shown_and_of_nothing_else(stage):
    stage.with_development(vak="rekenen")
    stage.with_development(vak="spelling", title="anders")
    ShownChart.objects.filter(vak="spelling").delete()

    def vakken(person, level=CONFIRMED):
        return set(visible_results(Actor(person, level), stage.gesprek).values_list("vak", flat=True))

    for person in (stage.fatma, stage.ali, stage.elif_.person):
        assert vakken(person) == {"rekenen"} and vakken(person, LINK) == set()
        assert gesprekken_to_see(Actor(person, LINK)).count() == 1
    assert vakken(stage.saskia, ACCOUNT) == vakken(stage.pieter, ACCOUNT) == {"rekenen", "spelling"}
    assert (
        vakken(stage.kim)
        == vakken(stage.rob)
        == vakken(stage.ilse, ACCOUNT)
        == vakken(stage.annemiek, ACCOUNT)
        == set()
    )
    Relatie.objects.filter(person=stage.ali).update(information="op verzoek")
    assert vakken(stage.ali) == set() and not sees(stage.ali)


@pytest.mark.req("V3")
def test_routes_are_shown_only_when_chosen_together_and_parents_apart_see_the_same(stage):
    one = stage.gesprek
    other = stage.with_gesprek(stage.elif_, stage.ronde, party="2", guardians=[stage.ali])
    with pytest.raises(showing.NotAgreed):
        showing.show(gesprek=one, choices=[showing.Choice("rekenen", routes=["havo"])], by=stage.by)
    chosen = [showing.Choice("rekenen", "De tafels", ["havo"], agreed_with_pupil=True)]
    mark = showing.seen(one)
    showing.show(gesprek=one, choices=chosen, by=stage.by, seen_mark=mark)
    assert [(s.goal, s.routes) for s in ShownChart.objects.filter(gesprek__in=[one, other])] == [
        ("De tafels", ["havo"])
    ] * 2
    with pytest.raises(showing.StaleChoice):
        showing.show(gesprek=one, choices=[], by=stage.by, seen_mark=mark)
    assert visible_shown_charts(Actor(stage.ali, CONFIRMED)).count() == 2


@pytest.mark.req("V3")
def test_a_teacher_chooses_on_the_page_and_a_guardian_reads_it_after_the_second_step(stage, as_):
    stage.with_development()
    ShownChart.objects.all().delete()
    teacher, path = as_.staff(stage.saskia), f"/gesprek/{stage.gesprek.pk}/ontwikkeling/"
    form = teacher.get(path).context["form"]
    ((number, _chart),) = form.numbered()
    sent = {"seen": form["seen"].value(), f"show{number}": "on", f"goal{number}": "De tafels"}
    assert as_.link(stage.fatma, confirmed=True).get(f"/ontwikkeling/{stage.gesprek.pk}/").status_code == 404
    assert teacher.post(path, sent).status_code == 302
    assert teacher.post(path, {"seen": sent["seen"]}).status_code == 409, "a page from before the choice"
    page = as_.link(stage.fatma, confirmed=True).get(f"/ontwikkeling/{stage.gesprek.pk}/").content.decode()
    assert "De tafels" in page and "<title id=" in page and "eind groep 3" in page
    assert as_.link(stage.fatma).get(f"/ontwikkeling/{stage.gesprek.pk}/")["Location"].startswith("/code-per-mail/")


@pytest.mark.req("V3")
def test_on_paper_stands_what_is_shown_with_the_table_below_it(stage, as_):
    stage.with_development()
    content = as_.staff(stage.saskia).get(f"/gesprek/{stage.gesprek.pk}/ontwikkeling/pdf/").content
    words = " ".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages).split())
    assert "Hoe het gaat met Elif" in words and "E3 (eind groep 3)" in words
