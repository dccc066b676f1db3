"""What leadership sets for the school, and its logo."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from school import pictures
from school.models import AuditEvent


def form(**changes):
    return {
        "name": "De Wilgenhof", "soort": "po", "phone": "010 555 01 23", "address": "", "sender_name": "",
        "reply_to": "", "reply_to_teacher": "on", "languages": ["nl", "en"], "pupils_from": "4", "outflow_from": "6",
        **changes,
    }  # fmt: skip


def picture(kind="PNG", size=(900, 300), **save):
    out = io.BytesIO()
    Image.new("RGB", size, "#17565a").save(out, kind, **save)
    return SimpleUploadedFile(f"logo.{kind.lower()}", out.getvalue())


@pytest.mark.req("C3")
def test_leadership_changes_the_settings_and_it_is_traced_without_their_content(cast, as_):
    given = form(name="  De   Wilg ", reply_to="info@wilg.example", pupils_from="9", languages=["nl"])
    given.pop("reply_to_teacher")
    response = as_.staff(cast.annemiek).post("/instellingen/", given, follow=True)
    assert "De instellingen zijn bewaard." in response.text
    cast.school.refresh_from_db()
    assert (cast.school.name, cast.school.reply_to, cast.school.pupils_from) == ("De Wilg", "info@wilg.example", 9)
    assert not cast.school.reply_to_teacher
    event = AuditEvent.objects.get(verb="school_changed")
    assert set(event.detail["fields"]) == {"name", "reply_to", "reply_to_teacher", "pupils_from", "languages"}


def test_a_school_that_offers_dutch_alone_shows_no_other_language(cast, as_):
    client = as_.staff(cast.annemiek)
    assert "English" in client.get("/instellingen/").text
    client.post("/instellingen/", form(languages=[]))
    assert "English" in client.get("/instellingen/").text  # nothing chosen is no choice: all of them
    client.post("/instellingen/", form(languages=["nl"]))
    assert "English" not in client.get("/mijn-account/").text


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"reply_to": "geen adres"}, {"pupils_from": "40"}, {"soort": "x"}, {"languages": ["xx"]}]
)
def test_a_wrong_setting_is_refused_and_what_was_typed_stays(wrong, cast, as_):
    response = as_.staff(cast.annemiek).post("/instellingen/", form(phone="06 99 88", **wrong))
    assert response.status_code == 422
    assert "06 99 88" in response.text
    assert "Er is nog niets bewaard." in response.text
    cast.school.refresh_from_db()
    assert cast.school.phone == "010 555 01 23"


# --- the logo --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_logo_is_written_anew_and_shown_to_everybody(kind, cast, as_, client):
    leader = as_.staff(cast.annemiek)
    leader.post("/instellingen/", form(new_logo=picture(kind)))
    cast.school.refresh_from_db()
    assert "/logo/wilgenhof.png" in as_.link(cast.fatma).get("/mijn/").text
    response = client.get("/logo/wilgenhof.png")
    assert response["Content-Type"] == "image/png"
    shown = Image.open(io.BytesIO(response.content))
    assert (shown.format, shown.size) == ("PNG", (600, 200))
    assert client.get("/media/" + cast.school.logo.name).status_code == 404


def test_what_hides_in_a_picture_does_not_survive(cast, as_, client):
    exif = Image.Exif()
    exif[0x010E] = "GPS of the director's house"
    as_.staff(cast.annemiek).post("/instellingen/", form(new_logo=picture("JPEG", exif=exif)))
    assert b"director" not in client.get("/logo/wilgenhof.png").content


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "geen plaatje"),
        (b"\x89PNG\r\n\x1a\n broken", "geen plaatje"),
        (b"%PDF-1.7", "geen plaatje"),
        (b"x" * (pictures.MAX_BYTES + 1), "te groot"),
    ],
)
def test_what_is_no_picture_is_refused_in_one_sentence(content, sentence, cast, as_, client):
    response = as_.staff(cast.annemiek).post(
        "/instellingen/", form(new_logo=SimpleUploadedFile("logo.png", content), phone="06 11")
    )
    assert response.status_code == 422
    assert sentence in response.text
    assert "06 11" in response.text
    assert client.get("/logo/wilgenhof.png").status_code == 404


def test_a_small_file_that_unfolds_into_a_huge_picture_is_refused():
    bomb = picture("PNG", size=(9000, 9000))
    assert bomb.size < pictures.MAX_BYTES
    with pytest.raises(pictures.NotAPicture) as refusal:
        pictures.as_png(bomb)
    assert refusal.value.reason == "pixels"


def test_a_new_logo_replaces_the_old_file_and_taking_it_away_leaves_none(cast, as_, settings):
    from pathlib import Path

    leader = as_.staff(cast.annemiek)
    kept = Path(settings.MEDIA_ROOT) / "logos"
    for _ in range(2):
        leader.post("/instellingen/", form(new_logo=picture()))
    assert len(list(kept.iterdir())) == 1
    leader.post("/instellingen/", form(remove_logo="on"))
    assert list(kept.iterdir()) == []
    assert "/logo/" not in leader.get("/mijn-account/").text
