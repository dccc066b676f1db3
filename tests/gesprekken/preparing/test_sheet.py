"""What lies side by side: everybody who takes part, also before a time is chosen and a teacher is named."""

import pytest
from django.urls import reverse

from gesprekken.models import Deelname
from gesprekken.preparing import preparation, sheet
from gesprekken.preparing.questions import questions_for
from gesprekken.talking import recording
from school.actor import ACCOUNT, CONFIRMED, Actor
from tests.remembered import remembered


@pytest.fixture
@remembered
def opened(cast):
    """A ronde opened by the real verb: no teacher takes part yet."""
    cast.with_questions().with_open_ronde()
    return cast


def page(client, name, gesprek, query=""):
    response = client.get(reverse(name, args=[gesprek.pk]) + query)
    assert response.status_code == 200, name
    return response


def test_before_a_time_is_chosen_the_groups_teachers_are_named(opened, as_):
    gesprek = opened.gesprek_of(opened.daan)
    assert not gesprek.deelnames.filter(as_role=Deelname.As.LEERKRACHT).exists()
    assert sheet.teacher_names(gesprek) == "Ilse Smit en Maarten Peters"
    actor = Actor(person=opened.ilse, level=ACCOUNT)
    assert [c.person for c in sheet.columns(actor, gesprek)] == [opened.ria, opened.ilse, opened.maarten]
    for name in ["gesprek", "prepare_teacher", "talk", "record", "gesprek_print"]:
        page(as_.staff(opened.ilse), name, gesprek)
    assert "alleen Ilse Smit en Maarten Peters" in page(as_.link(opened.ria), "prepare", gesprek).content.decode()
    assert opened.maarten in recording.people_of(gesprek)
    assert opened.maarten.pk in recording.usually_concerned(gesprek)


@pytest.mark.req("V2", "C7")
def test_pupil_home_and_school_stand_in_this_order(cast):
    cast.with_questions().with_gesprek()
    columns = sheet.columns(Actor(person=cast.saskia, level=ACCOUNT), cast.gesprek)
    assert [column.side for column in columns] == ["leerling", "ouder", "ouder", "school"]
    assert columns[0].person == cast.elif_.person


def test_an_answer_in_another_language_says_which(cast, as_):
    cast.with_questions().with_gesprek()
    question = questions_for(cast.gesprek, "ouder")[0]
    preparation.save(
        gesprek=cast.gesprek,
        by=Actor(person=cast.fatma, level=CONFIRMED),
        answers=[preparation.Given(question, "Matematik hakkında")],
        seen_version=0,
    )
    html = page(as_.staff(cast.saskia), "gesprek", cast.gesprek).content.decode()
    assert 'lang="tr"' in html
    assert "geschreven in het Turks" in html


@pytest.mark.parametrize(("code", "name"), [("nl", ""), ("", ""), ("tr", "Turks"), ("ar", "Arabisch"), ("ti", "ti")])
def test_languages_have_a_dutch_name_or_their_code(code, name):
    assert sheet.language_name(code) == name


def test_the_print_is_one_sheet_and_says_for_whom(cast, as_):
    import io

    import pypdf

    cast.with_questions().with_gesprek()
    for query, words in [("", "blad voor op tafel"), ("?versie=eigen", "eigen blad, niet laten liggen")]:
        answer = page(as_.staff(cast.saskia), "gesprek_print", cast.gesprek, query)
        document = pypdf.PdfReader(io.BytesIO(answer.content))
        assert len(document.pages) == 1
        assert words in document.pages[0].extract_text()


@pytest.mark.once  # about paper alone
def test_an_answer_of_fifty_thousand_characters_prints(cast, as_):
    cast.with_questions().with_gesprek()
    question = questions_for(cast.gesprek, "ouder")[0]
    preparation.save(
        gesprek=cast.gesprek,
        by=Actor(person=cast.fatma, level=CONFIRMED),
        answers=[preparation.Given(question, "heel veel woorden " * 2_700 + "SLOT")],
        seen_version=0,
    )
    import io

    import pypdf

    answer = page(as_.staff(cast.saskia), "gesprek_print", cast.gesprek)
    document = pypdf.PdfReader(io.BytesIO(answer.content))
    assert "SLOT" in "".join(sheet.extract_text() for sheet in document.pages)
