"""The sheets for in class: one for each pupil who takes part, with nothing on them that anybody wrote."""

import io

import pypdf
import pytest
from django.urls import reverse

from gesprekken.models import Deelname, Gesprek
from gesprekken.preparing import preparation
from gesprekken.preparing.preparation import Given
from gesprekken.preparing.questions import questions_for
from school.actor import CONFIRMED, Actor

pytestmark = pytest.mark.once  # about paper alone


@pytest.fixture
def stage(cast):
    cast.with_questions().with_gesprek()
    return cast


def document(answer):
    assert answer["Content-Type"] == "application/pdf"
    return pypdf.PdfReader(io.BytesIO(answer.content))


def group_url(stage):
    return reverse("class_sheets", args=[stage.ronde.pk, stage.groep5.pk])


@pytest.mark.req("V2", "V5")
def test_a_group_has_a_sheet_of_two_sides_per_pupil_tagged_and_without_answers(stage, as_, caplog):
    question = questions_for(stage.gesprek, "leerling")[0]
    by = Actor(stage.elif_.person, CONFIRMED)
    preparation.save(gesprek=stage.gesprek, by=by, answers=[Given(question, "kanarie van Elif")], seen_version=0)
    for guardian in (stage.kim, stage.joost):  # parents who talk apart: still one sheet
        stage.with_gesprek(stage.noor, party=str(guardian.pk), guardians=[guardian])
    found = document(as_.staff(stage.saskia).get(group_url(stage)))
    text = "".join(page.extract_text() for page in found.pages)
    assert len(found.pages) == 4
    assert found.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "required alt" not in caplog.text
    assert text.count("Teken hier wat je wilt laten zien") == 2
    assert "0800-0432" in text
    assert "kanarie" not in text


def test_one_pupil_has_a_sheet_in_dutch_whatever_a_colleague_reads(stage, as_):
    client = as_.staff(stage.saskia)
    client.post("/taal/", {"language": "en"})
    text = document(client.get(reverse("class_sheet", args=[stage.gesprek.pk]))).pages[0].extract_text()
    assert "Waarin ben je vooruitgegaan?" in text


def test_where_no_pupil_takes_part_there_is_a_sentence_instead(stage, as_):
    Deelname.objects.filter(as_role=Deelname.As.LEERLING).delete()
    for url in (group_url(stage), reverse("class_sheet", args=[stage.gesprek.pk])):
        assert "niet uitgenodigd voor het gesprek" in as_.staff(stage.saskia).get(url, follow=True).content.decode()
    assert Gesprek.objects.exists()
