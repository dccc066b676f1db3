"""The follow-up list: who needs something, why, and in which order; nobody left out, nobody phoned for nothing."""

from datetime import timedelta

import pytest

from gesprekken.models import Gesprek, Ronde
from planning.inviting import followup, waiting
from planning.models import ContactAttempt, Invitation, Slot
from planning.times import booking, none_suits
from school.actor import ACCOUNT, LINK, Actor
from school.models import Bounce, Person
from tests.cast import NOW

pytestmark = pytest.mark.req("I4")


@pytest.fixture
def opened(cast):
    cast.with_open_ronde()
    return cast


def reasons(cast, *, days=4):
    gesprekken = Gesprek.objects.filter(ronde=cast.ronde).select_related("ronde__school")
    rows = waiting.needing(followup.standings(gesprekken), now=NOW + timedelta(days=days))
    return [(row.gesprek.leerling.person.first_name, row.why) for row in rows]


def test_everybody_who_needs_something_is_there_the_most_urgent_first(opened):
    followup.ask_for_call(gesprek=opened.gesprek_of(opened.tess), by=Actor(opened.sander, LINK), now=NOW)
    none_suits.say_none_suits(
        gesprek=opened.gesprek_of(opened.noor, opened.kim), by=Actor(opened.kim, LINK), can=set(), now=NOW
    )
    Bounce.objects.create(school=opened.school, person=opened.joost, address="JOOST@ouders.example")
    booking.book(
        slot=Slot.objects.filter(medewerker=opened.saskia.medewerker).first(),
        gesprek=opened.gesprek_of(opened.elif_), by=Actor(opened.fatma, LINK), now=NOW,
    )  # fmt: skip
    assert reasons(opened) == [
        ("Tess", "call"), ("Noor", "unsuited"), ("Noor", "bounced"), ("Daan", "unprinted"), ("Emre", "silent"),
    ]  # fmt: skip


def test_an_address_that_was_corrected_since_counts_no_more(opened):
    Bounce.objects.create(school=opened.school, person=opened.sander, address=opened.sander.email)
    assert ("Tess", "bounced") in reasons(opened)
    Person.objects.filter(pk=opened.sander.pk).update(email="nieuw@ouders.example")
    assert ("Tess", "silent") in reasons(opened)


def test_who_was_invited_just_now_waits_and_a_letter_is_followed_at_once(opened):
    fresh = dict(reasons(opened, days=0))
    assert (fresh["Tess"], fresh["Daan"]) == ("fresh", "unprinted")  # who got no letter yet knows of nothing
    Invitation.objects.filter(person=opened.ria).update(printed_at=NOW)
    assert dict(reasons(opened, days=0))["Daan"] == "letter"
    assert dict(reasons(opened, days=3))["Tess"] == "silent"


def test_nobody_is_phoned_before_there_is_anything_to_choose(opened):
    Ronde.objects.filter(pk=opened.ronde.pk).update(choosing_opens_at=NOW + timedelta(days=5))
    assert reasons(opened, days=4) == []
    assert ("Tess", "fresh") in reasons(opened, days=5)


def test_who_takes_part_without_an_invitation_of_her_own_is_not_forgotten(opened):
    Invitation.objects.filter(person=opened.sander).delete()
    assert (dict(reasons(opened, days=0))["Tess"], dict(reasons(opened))["Tess"]) == ("fresh", "silent")


def test_who_was_spoken_with_stays_on_the_list_until_there_is_a_time(opened):
    tess = opened.gesprek_of(opened.tess)
    ContactAttempt.objects.create(school=opened.school, gesprek=tess, person=opened.sander, how="phone", outcome="spoken")  # fmt: skip
    assert reasons(opened)[-1] == ("Tess", "spoken")
    booking.book(
        slot=Slot.objects.filter(medewerker=opened.saskia.medewerker).first(), gesprek=tess,
        by=Actor(opened.saskia, ACCOUNT), agreed=True, now=NOW,
    )  # fmt: skip
    assert "Tess" not in dict(reasons(opened))


def test_a_teacher_sees_her_own_and_leadership_all_to_filter(opened, as_, frozen_clock):
    frozen_clock.shift(timedelta(days=4))
    Invitation.objects.filter(person=opened.sander).update(reminders=2)
    hers = as_.staff(opened.saskia).get("/opvolgen/").content.decode()
    assert "Tess van &#x27;t Hof" in hers
    assert "4 dagen geen reactie" in hers
    assert "2 keer herinnerd" in hers
    assert "Emre" not in hers
    for everybody in (opened.annemiek, opened.pieter):
        client = as_.staff(everybody)
        assert "Emre" in client.get("/opvolgen/").content.decode()
        one = client.get(f"/opvolgen/?groep={opened.groep8.pk}&ronde={opened.ronde.pk}").content.decode()
        assert "Emre" in one
        assert "Tess" not in one
        assert "Hier hoeft niemand iets" in client.get("/opvolgen/?groep=999999&pagina=oeps").content.decode()
    assert "Plan nu" in as_.staff(opened.annemiek).get("/opvolgen/").content.decode()
    assert "Plan nu" not in as_.staff(opened.pieter).get("/opvolgen/").content.decode()  # the IB reaches, and plans not
    assert "Nog geen reactie" in as_.staff(opened.saskia).get("/vandaag/").content.decode()


def test_after_planning_one_is_back_at_the_list(opened, as_, frozen_clock):
    frozen_clock.shift(timedelta(days=4))
    client, tess = as_.staff(opened.saskia), opened.gesprek_of(opened.tess)
    slot = Slot.objects.filter(medewerker=opened.saskia.medewerker).first()
    typed = {"slot": slot.pk, "agreed": "ja"}
    url = f"/gesprek/{tess.pk}/plannen/?terug="
    assert client.get(url + "/opvolgen/").content.decode().count("Terug naar de lijst") == 1
    assert client.get(url + "//kwaad.example").content.decode().count("Terug naar de lijst") == 0
    assert client.post(url + "/opvolgen/%3Fgroep%3D1", typed)["Location"] == "/opvolgen/?groep=1"


@pytest.mark.parametrize("pupils", [1, 3, 30])
def test_the_list_costs_the_same_number_of_queries_whatever_its_size(
    cast, as_, pupils, frozen_clock, django_assert_num_queries
):
    cast.with_ronde(groepen=[cast.groep5], state="open")
    for n in range(pupils):
        child = cast.pupil(f"extra{n}", f"Kind{n}", "Extra", cast.groep5)
        parent = cast.guardian(f"ouder{n}", f"Ouder{n}", "Extra", [child])
        gesprek = cast.with_gesprek(child)
        Invitation.objects.create(
            school=cast.school, gesprek=gesprek, person=parent, channel="mail", created_at=NOW, none_suits_at=NOW
        )
        ContactAttempt.objects.create(
            school=cast.school, gesprek=gesprek, person=parent, how="phone", outcome="no_answer", by=cast.saskia
        )
    client = as_.staff(cast.saskia)
    with django_assert_num_queries(14):
        assert client.get("/opvolgen/").content.decode().count("Noteer contact") == pupils


def test_the_list_says_what_comes_when_everybody_reacted(cast, as_):
    client = as_.staff(cast.saskia)
    assert "Er loopt nu geen ronde" in client.get("/opvolgen/").content.decode()
    cast.with_open_ronde(groepen=[cast.groep5])
    assert "Nu hoeft niemand gebeld te worden" in client.get("/opvolgen/").content.decode()
    Gesprek.objects.update(held_on=NOW.date())
    assert "Iedereen heeft gereageerd" in client.get("/opvolgen/").content.decode()
