"""On paper: a letter with QR and code for who has no address, a card per pupil."""

import io
import re

import pypdf
import pytest

from planning.inviting import letters, paper, pieces
from planning.models import Invitation
from school import access
from school.actor import ACCOUNT, Actor
from school.models import Relatie
from tests.remembered import remembered

CODE = re.compile(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}")


@pytest.fixture
@remembered
def opened(cast):
    cast.with_open_ronde()
    return cast


def text_of(content):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


@pytest.mark.req("I3", "I5")
def test_a_letter_tells_the_same_as_the_mail_and_its_code_opens_the_page(opened, as_):
    content = letters.print_at_once(ronde=opened.ronde, groep=opened.groep3, by=Actor(opened.annemiek, ACCOUNT))
    text = text_of(content)
    assert "Ria Bos" in text
    assert "Daan" in text
    assert "15 minuten" in text
    (code,) = CODE.findall(text)
    client = as_()
    assert client.post("/code/", {"code": code}).status_code == 302
    assert "Gesprek over Daan" in client.get("/mijn/").content.decode()
    assert Invitation.objects.get(person=opened.ria).printed_at is not None


def test_printing_again_does_not_break_the_letter_that_lies_at_home(opened):
    by = Actor(opened.annemiek, ACCOUNT)
    codes = [
        CODE.findall(text_of(letters.print_at_once(ronde=opened.ronde, groep=opened.groep3, by=by)))[0]
        for _ in range(2)
    ]
    assert all(access.find_link(code) for code in codes)


def test_no_letter_waits_for_who_may_have_no_contact(opened):
    assert paper.letters_to_print(opened.ronde) == 1
    Relatie.objects.filter(person=opened.ria).update(restriction=True)
    assert paper.letters_to_print(opened.ronde) == 0


def test_a_group_in_which_everybody_has_mail_needs_no_letters(opened):
    assert letters.print_at_once(ronde=opened.ronde, groep=opened.groep5, by=Actor(opened.annemiek, ACCOUNT)) is None


def test_cards_are_for_the_pupils_who_are_invited(opened, as_):
    content = paper.cards(ronde=opened.ronde, groep=opened.groep5, by=Actor(opened.saskia, ACCOUNT))
    text = text_of(content)
    assert all(name in text for name in ["Elif", "Noor", "Tess"])
    codes = CODE.findall(text)
    assert len(codes) == 3
    client = as_()
    client.post("/code/", {"code": codes[0]})
    assert client.get("/", follow=True).redirect_chain[-1][0] == "/leerling/"
    assert paper.cards(ronde=opened.ronde, groep=opened.groep3, by=Actor(opened.ilse, ACCOUNT)) is None


def test_two_pupils_with_one_first_name_get_cards_that_say_which_is_whose(cast):
    """Two called Noor: "Noor" alone would hand one child the other's page."""
    cast.pupil("noor2", "Noor", "Jansen", cast.groep5)
    cast.with_open_ronde()
    text = " ".join(text_of(paper.cards(ronde=cast.ronde, groep=cast.groep5, by=Actor(cast.saskia, ACCOUNT))).split())
    assert "Noor de Vries" in text
    assert "Noor Jansen" in text
    assert "Elif Y" not in text


def test_cards_are_offered_only_where_a_pupil_takes_part(opened, as_):
    page = as_.staff(opened.annemiek).get(f"/rondes/{opened.ronde.pk}/").content.decode()
    assert f"/groep/{opened.groep5.pk}/kaartjes/" in page
    assert f"/groep/{opened.groep3.pk}/kaartjes/" not in page


def test_a_line_of_dutch_among_lines_from_the_right_keeps_its_full_stop_at_its_end():
    letter = "لماذا هذا اللقاء؟\nWe vertellen hoe het gaat.\n- Rekenen\n\u2068Jet\u2069 مدعو."
    asked, dutch, *rest = pieces.from_their_own_side(letter, "ar").split("\n")
    assert dutch == "We vertellen hoe het gaat.\u200e"  # a mark that runs from the left
    assert [asked, *rest] == [line for line in letter.split("\n") if line != "We vertellen hoe het gaat."]
    assert pieces.from_their_own_side(letter, "nl") == letter
