"""The workbook: the same numbers as the page, no content, and no formula of somebody else's making."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from gesprekken.models import Gesprek, Verslag
from planning.models import Invitation
from school.models import Groep, Person
from school.spreadsheet import harmless, workbook
from tests.cast import NOW, TODAY

ATTACK = '=HYPERLINK("http://x.example","klik")'


def book_of(client, ronde):
    response = client.get(reverse("overview_xlsx", args=[ronde.pk]))
    assert response.status_code == 200
    return load_workbook(BytesIO(response.content))


def test_the_first_sheet_counts_and_the_second_lists_the_pupils(cast, as_):
    gesprek = cast.with_gesprek()
    noor = cast.with_gesprek(cast.noor, party=str(cast.kim.pk), guardians=[cast.kim])
    Invitation.objects.create(
        school=cast.school, gesprek=noor, person=cast.kim, channel="mail", call_me_at=NOW, call_me_note="kanarie-bel"
    )
    Gesprek.objects.filter(pk=gesprek.pk).update(held_on=TODAY)
    Verslag.objects.create(school=cast.school, gesprek=gesprek, about_child="kanarie-verslag")
    book = book_of(as_.staff(cast.annemiek), cast.ronde)
    assert book.sheetnames == ["Per groep", "Per leerling"]
    assert [c.value for c in book["Per groep"][3]] == ["Groep 5", 2, 1, 1, 0, 1, 1, 0, 0]  # one was held
    assert [c.value for c in book["Per groep"][5]] == ["Samen", 2, 1, 1, 0, 1, 1, 0, 0]
    rows = [[c.value for c in row] for row in book["Per leerling"].iter_rows(min_row=2)]
    assert rows[0][:4] == ["Groep 5", "Vries, Noor de", "Kim van Dijk", "vraagt om contact"]
    assert rows[1][:4] == ["Groep 5", "Yılmaz, Elif", None, "gehouden, nog niet vastgelegd"]
    assert rows[1][6].date() == TODAY
    everything = str([[c.value for c in row] for sheet in book for row in sheet.iter_rows()])
    assert "Noor" in everything and "kanarie" not in everything


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "\u3000=1", "\uff1d1", "\uff0b1",
        "\uff0d1", "\uff20A1", "\u22121", "\ufeff=1", "\u200b=1", "\t", "  \t +1", "\x00=1", "\x0b=1",
    ],
)  # fmt: skip
def test_what_a_spreadsheet_would_run_becomes_text(text):
    assert harmless(text).startswith("'")
    cell = load_workbook(BytesIO(workbook([("Blad", ["Naam"], [[text]])])))["Blad"]["A2"]
    assert cell.data_type != "f" and cell.value.startswith("'")


@pytest.mark.parametrize("text", ["Noor", "Groep 5", "Yılmaz, Elif", "'t Hof", "3-4", "", "(leeg)", "Ünal", "王小明"])
def test_ordinary_words_stay_as_they_are(text):
    assert harmless(text) == text


def test_a_sign_that_no_workbook_can_hold_is_left_out():
    """With one of them Excel opens nothing of the file."""
    book = load_workbook(BytesIO(workbook([("Blad", ["Groep\uffff"], [["A\x01\ufffeB"]])])))
    assert [cell.value for cell in book["Blad"]["A"]] == ["Groep", "AB"]


def test_a_name_that_is_a_formula_is_no_formula_in_the_download(cast, as_):
    cast.with_gesprek()
    Person.objects.filter(pk=cast.elif_.person_id).update(last_name=ATTACK, first_name="", prefix="")
    Groep.objects.filter(pk=cast.groep5.pk).update(name=ATTACK)
    book = book_of(as_.staff(cast.annemiek), cast.ronde)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert sum(cell.value == f"'{ATTACK}" for cell in cells) == 3


def test_the_name_of_a_ronde_never_breaks_the_headers(cast, as_):
    ronde = cast.with_ronde(state="open", name='Ronde "één"; x\u2028=\u00e9/..')
    response = as_.staff(cast.annemiek).get(reverse("overview_xlsx", args=[ronde.pk]))
    assert response["Content-Disposition"] == 'attachment; filename="overzicht-ronde-een-xe.xlsx"'


def test_an_empty_ronde_gives_a_workbook_too(cast, as_):
    book = book_of(as_.staff(cast.pieter), cast.with_ronde(state="closed"))
    assert book["Per leerling"].max_row == 1


def test_a_ronde_in_preparation_or_of_another_school_is_not_there(cast, next_door, as_):
    annemiek = as_.staff(cast.annemiek)
    for ronde in (cast.with_ronde(), next_door.with_ronde(state="open")):
        assert annemiek.get(reverse("overview_xlsx", args=[ronde.pk])).status_code == 404
