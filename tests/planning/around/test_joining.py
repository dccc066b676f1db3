"""Who joins a gesprek: an expert, another second colleague. Parents are told beforehand, always."""

from datetime import timedelta

import pytest

from gesprekken.models import Deelname, Gesprek, RondeGroep
from planning.around import joining
from planning.around.joining import JoiningRefused
from planning.around.meeting import MeetingRefused
from planning.inviting import opening
from planning.models import Occupancy, Slot, WeekException
from planning.times import booking
from school import bounces
from school.actor import ACCOUNT, LINK, Actor
from school.models import AuditEvent, Person, Relatie
from tests.cast import NOW
from tests.remembered import remembered

pytestmark = pytest.mark.django_db


@pytest.fixture
@remembered
def opened(cast, deliver):
    cast.with_open_ronde()
    deliver()
    return cast


def take(cast, child, person, teacher, number=0):
    slot = list(Slot.objects.filter(ronde=cast.ronde, medewerker=teacher.medewerker))[number]
    return booking.book(slot=slot, gesprek=cast.gesprek_of(child), by=Actor(person, LINK), now=NOW)


def add(cast, person, child=None, **about):
    gesprek = cast.gesprek_of(child or cast.elif_)
    by = Actor(cast.saskia, ACCOUNT)
    return joining.invite_expert(gesprek=gesprek, person=person, by=by, **{"now": NOW, **about})


def bodies(booked):
    return set(Occupancy.objects.filter(booking=booked).values_list("person_id", flat=True))


@pytest.mark.req("I1", "P2")
def test_every_guardian_is_told_by_mail_who_joins_and_sees_it_on_her_page(opened, deliver, as_):
    add(opened, None, name="Jo de Wit", what="logopedist")
    messages = {m.to[0]: m for m in deliver()}
    assert set(messages) == {"fatma@ouders.example", "ali@ouders.example"}
    assert "- Jo de Wit (logopedist)" in messages["ali@ouders.example"].body
    assert "- Saskia Mulder" in messages["ali@ouders.example"].body
    assert "Jo de Wit (logopedist)" in as_.link(opened.fatma).get("/mijn/").content.decode()
    expert = Person.objects.get(last_name="Wit")
    assert (expert.first_name, expert.user) == ("Jo de", None)


@pytest.mark.req("I1", "I4")
def test_whose_mail_came_back_is_told_in_person(opened):
    bounces.record(opened.ali, opened.ali.email)
    with pytest.raises(joining.JoiningRefused) as refused:
        add(opened, None, name="Jo de Wit")
    assert (refused.value.reason, refused.value.people) == ("untold", [opened.ali])
    add(opened, None, name="Jo de Wit", told=True)


@pytest.mark.req("P2")
def test_at_a_time_that_stands_the_expert_is_taken_up_and_has_to_be_free(opened, deliver):
    booked = take(opened, opened.elif_, opened.fatma, opened.saskia)
    add(opened, opened.pieter)
    assert opened.pieter.pk in bodies(booked)
    take(opened, opened.daan, opened.ria, opened.ilse)  # at the same time
    with pytest.raises(JoiningRefused) as refused:
        add(opened, opened.pieter, opened.daan, told=True)
    assert refused.value.reason == "busy"
    assert not Deelname.objects.filter(gesprek=opened.gesprek_of(opened.daan), person=opened.pieter).exists()


def test_who_joins_before_there_is_a_time_is_taken_up_with_it(opened):
    add(opened, opened.pieter)
    assert opened.pieter.pk in bodies(take(opened, opened.elif_, opened.fatma, opened.saskia))


@pytest.mark.req("I2")
def test_inside_the_week_it_is_agreed_or_has_a_reason(opened):
    take(opened, opened.elif_, opened.fatma, opened.saskia)
    later = NOW + timedelta(days=9)
    with pytest.raises(MeetingRefused):
        add(opened, opened.pieter, now=later)
    assert not Deelname.objects.filter(person=opened.pieter).exists()
    add(opened, opened.pieter, now=later, reason="Hij kent Elif.")
    assert WeekException.objects.get().reason == "Hij kent Elif."


@pytest.mark.req("I1")
def test_parents_without_an_address_are_told_in_person_and_that_is_kept(opened):
    with pytest.raises(JoiningRefused) as refused:
        add(opened, opened.pieter, opened.daan)
    assert (refused.value.reason, refused.value.people) == ("untold", [opened.ria])
    add(opened, opened.pieter, opened.daan, told=True)
    assert AuditEvent.objects.get(verb="add_expert").detail["told_in_person"] == [opened.ria.pk]


def test_nobody_from_the_family_and_nobody_twice(opened):
    for person, reason in [
        (opened.fatma, "there"), (opened.noor.person, "family"), (opened.elif_.person, "there"),
    ]:  # fmt: skip
        with pytest.raises(JoiningRefused) as refused:
            add(opened, person)
        assert refused.value.reason == reason


def test_an_expert_who_does_not_come_after_all_is_free_again_and_parents_hear_it(opened, deliver):
    booked = take(opened, opened.elif_, opened.fatma, opened.saskia)
    add(opened, opened.pieter)
    deliver()
    joining.remove_expert(
        gesprek=opened.gesprek_of(opened.elif_), person=opened.pieter, by=Actor(opened.saskia, ACCOUNT), now=NOW
    )
    assert opened.pieter.pk not in bodies(booked)
    messages = deliver()
    assert len(messages) == 2
    assert all("Pieter" not in m.body for m in messages)
    with pytest.raises(JoiningRefused):
        joining.remove_expert(
            gesprek=opened.gesprek_of(opened.elif_), person=opened.pieter, by=Actor(opened.saskia, ACCOUNT), now=NOW
        )


def test_who_may_have_no_contact_hears_nothing_of_it(opened, deliver):
    add(opened, opened.pieter)
    Relatie.objects.filter(person=opened.ali).update(restriction=True)
    assert [m.to[0] for m in deliver()] == ["fatma@ouders.example"]


def test_nobody_is_asked_to_tell_who_may_have_no_contact_in_person(opened, as_):
    Person.objects.filter(pk=opened.ali.pk).update(email="", phone="06 99 88 77 66")
    Relatie.objects.filter(person=opened.ali, leerling=opened.elif_).update(restriction=True)
    gesprek = opened.gesprek_of(opened.elif_)
    teacher = as_.staff(opened.saskia)
    data = {"e-name": "Jo Wit", "e-what": "logopedist"}
    page = teacher.post(f"/gesprek/{gesprek.pk}/opzet/erbij/", data, follow=True).content.decode()
    assert "Bericht gaat naar Fatma Yılmaz." in page
    assert "Ali" not in page
    assert AuditEvent.objects.get(verb="add_expert").detail["told_in_person"] == []
    teacher.post(f"/gesprek/{gesprek.pk}/opzet/vorm/", {"form": "telefoon"})
    assert not Gesprek.objects.filter(pk=gesprek.pk, form="telefoon").exists()  # his number is no number to call


def test_an_expert_of_another_group_plans_and_steps_back_without_meeting_a_closed_page(cast, as_):
    cast.with_ronde(groepen=[cast.groep5])
    cast.with_times(cast.saskia)
    opening.open_ronde(ronde=cast.ronde, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    add(cast, cast.bas)
    gesprek, expert = cast.gesprek_of(cast.elif_), as_.staff(cast.bas)
    page = f"/gesprek/{gesprek.pk}/plannen/"
    assert f"/rondes/{cast.ronde.pk}/groep/" not in expert.get(page).content.decode()
    slot = Slot.objects.filter(ronde=cast.ronde).first()
    assert expert.post(page, {"slot": slot.pk, "agreed": "ja"}, follow=True).status_code == 200
    assert expert.post(f"{page}gebeld/", follow=True).status_code == 200
    gone = expert.post(f"/gesprek/{gesprek.pk}/opzet/erbij/{cast.bas.pk}/weg/", follow=True)
    assert gone.status_code == 200
    assert expert.get(page).status_code == 404


@pytest.fixture
@remembered
def in_two_hats(opened):
    """Pieter, the intern begeleider, is the father of Elif too; he may have no contact with her."""
    hat = Person.objects.create(school=opened.school, last_name="Jong", linked_to=opened.pieter)
    Relatie.objects.create(school=opened.school, person=hat, leerling=opened.elif_, restriction=True)
    return opened


def test_who_is_a_parent_of_this_child_under_another_hat_joins_in_no_role(in_two_hats):
    with pytest.raises(JoiningRefused) as refused:
        add(in_two_hats, in_two_hats.pieter)
    assert refused.value.reason == "family"
    with pytest.raises(JoiningRefused) as refused:
        joining.replace_colleague(
            gesprek=in_two_hats.gesprek_of(in_two_hats.elif_),
            medewerker=in_two_hats.pieter.medewerker,
            by=Actor(in_two_hats.saskia, ACCOUNT),
            now=NOW,
        )
    assert refused.value.reason == "family"
    assert not Deelname.objects.filter(person=in_two_hats.pieter).exists()
    add(in_two_hats, in_two_hats.pieter, in_two_hats.daan, told=True)


def test_of_two_changes_shortly_after_each_other_the_last_is_told(opened, deliver):
    add(opened, opened.pieter)
    add(opened, None, name="Jo Wit", what="logopedist")
    assert len(deliver()) == 2


# --- the second colleague --------------------------------------------------------------------------------------------


@pytest.fixture
@remembered
def advice(cast, deliver):
    ronde = cast.with_ronde(code="adviesgesprek", groepen=[cast.groep8])
    ronde.soort.is_advice = True
    ronde.soort.save()
    RondeGroep.objects.filter(ronde=ronde).update(tweede_collega=cast.pieter.medewerker)
    cast.with_times()
    opening.open_ronde(ronde=ronde, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    deliver()
    return cast


@pytest.mark.req("C4")
def test_another_second_colleague_for_the_whole_group_is_told_to_its_parents(advice, deliver):
    advice.pupil("jip", "Jip", "Hof", advice.groep8)
    gesprek = advice.gesprek_of(advice.emre)
    booked = take(advice, advice.emre, advice.fatma, advice.bas)
    deliver()
    joining.replace_colleague(
        gesprek=gesprek, medewerker=advice.ilse.medewerker, by=Actor(advice.annemiek, ACCOUNT), now=NOW,
        whole_groep=True,
    )  # fmt: skip
    assert advice.ilse.pk in bodies(booked)
    assert advice.pieter.pk not in bodies(booked)
    assert {m.to[0] for m in deliver()} == {"fatma@ouders.example", "ali@ouders.example"}
    assert RondeGroep.objects.get(ronde=advice.ronde).tweede_collega == advice.ilse.medewerker


@pytest.mark.req("C4")
def test_the_second_colleague_is_never_the_only_teacher_and_an_advice_gesprek_never_goes_without(advice):
    gesprek = advice.gesprek_of(advice.emre)
    with pytest.raises(JoiningRefused) as refused:
        joining.replace_colleague(
            gesprek=gesprek, medewerker=advice.bas.medewerker, by=Actor(advice.annemiek, ACCOUNT), now=NOW
        )
    assert refused.value.reason == "own_teacher"
    gesprek.deelnames.filter(as_role=Deelname.As.TWEEDE_COLLEGA).delete()
    with pytest.raises(booking.BookingRefused) as alone:
        take(advice, advice.emre, advice.fatma, advice.bas)
    assert alone.value.reason == "no_colleague"


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_teacher_asks_somebody_from_outside_and_chooses_her_again_for_the_next(opened, as_):
    teacher = as_.staff(opened.saskia)
    first, second = opened.gesprek_of(opened.elif_), opened.gesprek_of(opened.tess)
    wrong = teacher.post(f"/gesprek/{first.pk}/opzet/erbij/", {"e-name": "Jo Wit"})
    assert "Schrijf op wat deze persoon doet" in wrong.content.decode()
    page = teacher.post(
        f"/gesprek/{first.pk}/opzet/erbij/", {"e-name": "Jo Wit", "e-what": "logopedist"}, follow=True
    ).content.decode()
    assert "Bericht gaat naar Fatma Yılmaz, Ali Yılmaz." in page
    person = Person.objects.get(last_name="Wit")
    assert f'value="{person.pk}"' in teacher.get(f"/gesprek/{second.pk}/opzet/").content.decode()
    teacher.post(f"/gesprek/{second.pk}/opzet/erbij/", {"e-person": person.pk, "e-what": "logopedist"})
    assert Gesprek.objects.filter(deelnames__person=person).count() == 2
