"""The talk itself: what lies on the table and what does not, who spoke, what was brought in, and the compass."""

from datetime import date

import pytest
from django.urls import reverse

from gesprekken.models import Bespreekpunt, Deelname
from gesprekken.preparing import preparation
from gesprekken.preparing.questions import questions_for
from gesprekken.talking import agreements, compass, guide, recording
from school.actor import ACCOUNT, CONFIRMED, Actor
from school.models import Person
from tests.cast import NOW
from tests.remembered import remembered

SECRET = ["KANARIEantwoord", "KANARIEvertrouwd", "KANARIEnotitie", "KANARIEpunt", "KANARIEverslag", "KANARIEapart"]


@pytest.fixture
@remembered
def stage(cast):
    """A gesprek with something in every place, of which some is for the teacher or one guardian only."""
    cast.with_questions().with_gesprek()
    gesprek, teacher, fatma = cast.gesprek, Actor(cast.saskia, ACCOUNT), Actor(cast.fatma, CONFIRMED)
    asked = [q for q in questions_for(gesprek, "ouder") if not q.about_home]
    answers = [preparation.Given(asked[0], "Op tafel gelegd"), preparation.Given(asked[1], SECRET[0], "teacher")]
    preparation.save(gesprek=gesprek, by=fatma, answers=answers, seen_version=0)
    for text, visibility in [("Over zwemles", "table"), (SECRET[3], "teacher")]:
        Bespreekpunt.objects.create(
            school=cast.school, gesprek=gesprek, person=cast.fatma, text=text, visibility=visibility, created_at=NOW
        )
    draft = recording.save_draft(
        gesprek=gesprek, by=teacher, seen_version=0, about_child=SECRET[4], confidential={cast.fatma: SECRET[1]}
    )
    recording.save_note(gesprek=gesprek, by=teacher, seen_version=0, text=SECRET[2])
    everybody = [cast.fatma, cast.ali, cast.elif_.person]
    agreements.add(verslag=draft, by=teacher, concerns=everybody, who="Elif", what="Elke dag lezen")
    agreements.add(verslag=draft, by=teacher, concerns=[cast.fatma], who="Fatma", what=SECRET[5])
    return cast


def page(as_, stage, name="talk", person=None):
    return as_.staff(person or stage.saskia).get(reverse(name, args=[stage.gesprek.pk])).content.decode()


@pytest.mark.req("G1", "I3a")
def test_on_the_table_lies_what_everybody_may_see_and_nothing_else_also_not_hidden(stage, as_):
    table, own = page(as_, stage, "talk_table"), page(as_, stage)
    for shown in ["Op tafel gelegd", "Over zwemles", "Elke dag lezen", "Wanneer kijken we terug?"]:
        assert shown in table
    for secret in SECRET:
        assert secret not in table
        assert secret in own
    assert "kompas" not in table


def test_earlier_agreements_open_the_talk_and_only_shared_ones_lie_on_the_table(stage, as_):
    first = stage.gesprek
    later = stage.with_gesprek(ronde=stage.with_ronde(state="open", code="informeel", name="Vervolg"))
    assert "eerder afspraken" not in page(as_, stage)
    recording.finalise(gesprek=first, by=Actor(stage.saskia, ACCOUNT), seen_version=1, held_on=date(2026, 11, 10))
    own = page(as_, stage)
    assert "Elke dag lezen" in own and SECRET[5] in own
    assert "Elke dag lezen" not in page(as_, stage, "talk_table")
    recording.release(gesprek=first, by=Actor(stage.saskia, ACCOUNT))
    table = page(as_, stage, "talk_table")
    assert "Elke dag lezen" in table and SECRET[5] not in table
    assert later.pk != first.pk


def test_a_second_colleague_sees_the_points_on_the_table_and_ticks_what_was_talked_about(stage, as_):
    stage.gesprek.deelnames.create(school=stage.school, person=stage.pieter, as_role=Deelname.As.TWEEDE_COLLEGA)
    html = page(as_, stage, person=stage.pieter)
    assert "Over zwemles" in html and SECRET[3] not in html
    on_table, apart = Bespreekpunt.objects.order_by("pk")
    data = {f"g{on_table.pk}": "1", f"p{on_table.pk}": "1", f"g{apart.pk}": "1", f"p{apart.pk}": "1"}
    as_.staff(stage.pieter).post(reverse("save_points", args=[stage.gesprek.pk]), data)
    assert list(Bespreekpunt.objects.order_by("pk").values_list("discussed", flat=True)) == [True, None]


@pytest.mark.req("G2")
def test_who_had_a_turn_to_speak_is_noted_of_the_family_and_of_nobody_who_was_not_there(stage, as_):
    fatma, ali, saskia = (stage.gesprek.deelnames.get(person=p) for p in (stage.fatma, stage.ali, stage.saskia))
    data = {f"d{fatma.pk}": "ja", f"d{ali.pk}": "nee", f"d{saskia.pk}": "ja"}
    data |= {f"{letter}{row.pk}": "ja" for letter in "gs" for row in (fatma, ali, saskia)}
    as_.staff(stage.saskia).post(reverse("save_attendance", args=[stage.gesprek.pk]), data)
    said = dict(Deelname.objects.filter(gesprek=stage.gesprek).values_list("person__first_name", "spoke"))
    assert said == {"Fatma": True, "Ali": None, "Elif": None, "Saskia": None}


@pytest.mark.req("S1")
def test_the_compass_tells_facts_and_no_score(stage):
    actor, gesprek = Actor(stage.saskia, ACCOUNT), stage.gesprek

    def facts():
        found = compass.directions(
            actor, gesprek, codes={"gaat-goed"}, points=[1], draft=recording.draft_of(gesprek), agreements=[1]
        )
        return {d.factor.number: d.facts for d in found if d.facts}

    assert set(facts()) == {3, 4, 5, 7, 9}
    recording.save_draft(gesprek=gesprek, by=actor, seen_version=1, at_home="vraag", interests="dans", perspective="x")
    assert set(facts()) == {3, 4, 5, 6, 7, 8, 9, 10}


@pytest.mark.req("C4", "C7")
def test_the_guide_names_who_is_there_and_who_is_still_missing(cast):
    gesprek = cast.with_gesprek(cast.emre, cast.with_ronde(state="open", code="opp-gesprek"))

    def extra(heading):
        return next(e for step in guide.steps_for(gesprek) for e in step.extras if e.heading == heading)

    assert "De intern begeleider staat nog niet" in extra("Wie is erbij").missing
    assert "Emre Yılmaz" in [name for name, _role in extra("Wie is erbij").people]
    gesprek.deelnames.create(school=cast.school, person=cast.pieter, as_role=Deelname.As.EXPERT, what="IB")
    assert extra("Wie is erbij").missing == ""
    assert ("Pieter de Jong", "IB") in extra("Wie is erbij").people
    assert extra("De inbreng van Emre").lines


@pytest.mark.req("G1", "G3", "G4", "G5")
def test_every_part_is_read_by_the_parent_and_carried_into_a_correction(stage, as_):
    actor, gesprek = Actor(stage.saskia, ACCOUNT), stage.gesprek
    texts = {
        "interests": "Dansen",
        "disappointment": "Geen plek",
        "perspective": "Wel dit",
        "at_home": "Vraag het Elif",
    }
    recording.save_draft(gesprek=gesprek, by=actor, seen_version=1, **texts)
    agreement = gesprek.agreements.get(who="Elif")
    agreements.change(
        agreement=agreement,
        by=actor,
        concerns=agreement.concerns.all(),
        seen_when="Elif pakt zelf een boek",
        shares=["leerling", "ouder"],
    )
    recording.finalise(gesprek=gesprek, by=actor, seen_version=2, held_on=date(2026, 11, 10))
    recording.release(gesprek=gesprek, by=actor)
    html = as_.link(stage.fatma, confirmed=True).get(reverse("record_read", args=[gesprek.pk])).content.decode()
    for shown in [*texts.values(), "Elif pakt zelf een boek", "ouders, leerling"]:
        assert shown in html
    draft = recording.correct(gesprek=gesprek, by=actor, reason="Verkeerde naam")
    copy = draft.agreements.get(who="Elif")
    assert (copy.seen_when, copy.shares, copy.origin) == ("Elif pakt zelf een boek", ["leerling", "ouder"], agreement)
    assert {name: getattr(draft, name) for name in texts} == texts
    recording.finalise(gesprek=gesprek, by=actor, seen_version=0, held_on=date(2026, 11, 10))
    again = recording.correct(gesprek=gesprek, by=actor, reason="Nog eens")
    assert again.agreements.get(who="Elif").origin == agreement


def test_one_of_the_smaller_fields_is_enough_to_finalise_and_not_to_hold_with_one_tap(cast):
    actor, gesprek = Actor(cast.saskia, ACCOUNT), cast.with_gesprek()
    recording.save_draft(gesprek=gesprek, by=actor, seen_version=0, at_home="Vraag naar het boek")
    with pytest.raises(recording.SomethingRecorded):
        recording.hold_nothing_further(gesprek=gesprek, by=actor, held_on=date(2026, 11, 10))
    assert recording.finalise(gesprek=gesprek, by=actor, seen_version=1, held_on=date(2026, 11, 10)).at_home


@pytest.mark.req("I5")
def test_the_steps_stand_in_the_parents_language_below_the_dutch_ones(stage, as_):
    assert "vertaald" not in page(as_, stage, "talk_table"), "this school has no Turkish"
    Person.objects.filter(pk=stage.fatma.pk).update(language="ar")
    table = page(as_, stage, "talk_table")
    assert '<p class="vertaald" lang="ar" dir="auto">متى نراجع ما اتفقنا عليه؟</p>' in table
    assert "Wanneer kijken we terug?" in table and "\u2068Elif\u2069" in table
    assert "vertaald" not in page(as_, stage), "the teacher's own page stays as it is"
