"""The guide: nine steps, with what fits this kind and level."""

from datetime import date

import pytest
from django.urls import reverse

from gesprekken.models import Jaarplan, Soort
from gesprekken.talking import guide


def steps(cast, leerling, code, **fields):
    Soort.objects.update_or_create(school=cast.school, code=code, defaults={"name": code, **fields})
    gesprek = cast.with_gesprek(leerling, cast.with_ronde(state="open", code=code))
    return guide.steps_for(gesprek)


def words(found):
    return "\n".join([e.heading + "\n" + "\n".join(e.lines) for step in found for e in step.extras])


@pytest.mark.req("G1")
def test_the_nine_steps_in_the_order_of_the_source(cast):
    titles = [step["title"] for step in guide.read()["step"]]
    assert titles == [
        "Het doel",
        "Vragen en wensen van ouders en {naam}",
        "Begrijpen we hetzelfde?",
        "Vooruitkijken",
        "Misschien een doel",
        "Wat is daarvoor nodig?",
        "Wat we afspreken",
        "Wanneer kijken we terug?",
        "Hoe was dit gesprek?",
    ]


@pytest.mark.req("G1")
def test_looking_forward_is_there_from_the_level_the_school_chose(cast):
    assert [s.number for s in steps(cast, cast.noor, "voortgangsgesprek")] == [1, 2, 3, 5, 6, 7, 8, 9]
    assert [s.number for s in steps(cast, cast.emre, "voortgangsgesprek")] == list(range(1, 10))
    cast.school.outflow_from = 5
    cast.school.save(update_fields=["outflow_from"])
    assert 4 in [s.number for s in steps(cast, cast.tess, "voortgangsgesprek")]


@pytest.mark.req("G1", "V2")
def test_the_startgesprek_has_two_parts(cast):
    found = steps(cast, cast.noor, "startgesprek")
    headings = [extra.heading for step in found for extra in step.extras]
    assert [h for h in headings if h.startswith("Deel")] == ["Deel 1: ouders vertellen", "Deel 2: jij vertelt"]
    parts = {e.heading[:6]: e.lines for step in found for e in step.extras}
    assert (len(parts["Deel 1"]), len(parts["Deel 2"])) == (7, 2)


@pytest.mark.req("G2")
def test_the_voortgangsgesprek_has_its_six_talking_points(cast):
    extras = [e for step in steps(cast, cast.noor, "voortgangsgesprek") for e in step.extras]
    assert len(next(e for e in extras if e.heading == "Bespreekpunten").lines) == 6


@pytest.mark.req("G3")
def test_reading_is_for_the_lower_years_and_the_talk_at_home_for_everybody(cast):
    young, old = (steps(cast, child, "ontwikkelingsgesprek-1") for child in (cast.daan, cast.emre))
    assert "Lezen in de onderbouw" in words(young)
    assert "Lezen in de onderbouw" not in words(old)
    assert "Voor het gesprek thuis" in words(young)
    assert "Voor het gesprek thuis" in words(old)


def test_an_advice_conversation_names_who_is_there_and_the_dates_of_the_year(cast, as_):
    Jaarplan.objects.update(preliminary_from=date(2027, 1, 10), preliminary_until=date(2027, 1, 31))
    found = steps(cast, cast.emre, "voorlopig-advies", is_advice=True)
    assert "Een tweede collega zit altijd aan tafel" in words(found)
    page = as_.staff(cast.bas).get(reverse("talk", args=[cast.gesprek.pk])).content.decode()
    assert "zondag 10 januari" in page
    assert "zondag 31 januari" in page


def test_the_vooruitblik_of_group_seven_is_no_advice(cast):
    text = words(steps(cast, cast.emre, "vooruitblik-7"))
    assert "nog geen advies" in text
    assert "toetsuitslag" not in text


def test_the_steps_speak_of_the_child_by_name(cast):
    found = steps(cast, cast.noor, "voortgangsgesprek")
    assert "Vragen en wensen van ouders en Noor" in [step.title for step in found]
    assert "{naam}" not in words(found) + "".join(line for step in found for line in step.lines)


def test_a_group_without_a_year_level_gets_the_common_steps(cast):
    cast.groep5.jaargroep = "S"
    cast.groep5.save(update_fields=["jaargroep"])
    found = steps(cast, cast.noor, "ontwikkelingsgesprek-1")
    assert 4 not in [step.number for step in found]
    assert "Lezen in de onderbouw" not in words(found)


@pytest.mark.parametrize(
    "data",
    [
        {"step": []},
        {"step": [{"number": n, "title": "x", "lines": []} for n in range(1, 10)]},
        {"step": guide.read()["step"], "extra": [{"step": 10, "heading": "x", "lines": ["y"]}]},
        {"step": guide.read()["step"], "extra": [{"step": 1, "heading": "", "lines": ["y"]}]},
    ],
)
def test_a_broken_guide_is_refused(data):
    with pytest.raises(guide.BadGuide):
        guide.check(data)
    assert guide.check(guide.read())


@pytest.mark.req("V1")
def test_what_was_prepared_stands_beside_its_step(cast, as_):
    from gesprekken.preparing import preparation
    from gesprekken.preparing.questions import questions_for
    from school.actor import CONFIRMED, Actor

    cast.with_questions().with_gesprek()
    question = next(q for q in questions_for(cast.gesprek, "ouder") if q.step == 5)
    preparation.save(
        gesprek=cast.gesprek,
        by=Actor(person=cast.fatma, level=CONFIRMED),
        answers=[preparation.Given(question, "Vaker voorlezen")],
        seen_version=0,
    )
    page = as_.staff(cast.saskia).get(reverse("talk", args=[cast.gesprek.pk])).content.decode()
    start, end = page.index("Misschien een doel"), page.index("Wat is daarvoor nodig?")
    assert "Vaker voorlezen" in page[start:end]
