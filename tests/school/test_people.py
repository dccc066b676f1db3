"""Inviting, switching off and on, roles: what leadership does for those who come in."""

from datetime import timedelta

import pytest

from school import access, people
from school.actor import ACCOUNT, Actor
from school.models import (
    AccessLink,
    AuditEvent,
    Medewerker,
    Outgoing,
    Person,
    Relatie,
    Rol,
    SecondStep,
    TrustedDevice,
    User,
)
from tests.cast import NOW


def acting(person):
    return Actor(person=person, level=ACCOUNT)


def imported(cast, name="Roos", email="roos@wilgenhof.example"):
    """Somebody as an import leaves her: known, without a login."""
    person = Person.objects.create(school=cast.school, first_name=name, last_name="Kuipers", email=email)
    return Medewerker.objects.create(school=cast.school, person=person, key=f"K-{name}")


# --- inviting --------------------------------------------------------------------------------------------------------


def test_an_invited_teacher_chooses_a_password_with_the_link_in_the_mail_and_signs_in(cast, as_, deliver, client):
    medewerker = imported(cast)
    as_.staff(cast.annemiek).post(f"/mensen/{medewerker.person_id}/uitnodigen/")
    [mail] = deliver()
    assert mail.to == ["roos@wilgenhof.example"]
    assert "De Wilgenhof" in mail.subject
    [link] = [word for word in mail.body.split() if "/reset/key/" in word]
    path = link.removeprefix("http://127.0.0.1:8000")
    page = client.get(path, follow=True)
    assert "Kies een wachtwoord" in page.text
    client.post(page.redirect_chain[-1][0], {"password1": "drie groene fietsen", "password2": "drie groene fietsen"})
    client.post("/account/login/", {"login": "roos@wilgenhof.example", "password": "drie groene fietsen"})
    assert client.get("/vandaag/").status_code == 200
    assert "werkt niet meer" in as_().get(path, follow=True).text  # once used, it is spent


def test_no_row_holds_the_link_that_was_mailed(cast, deliver):
    medewerker = imported(cast)
    people.invite_staff(medewerker=medewerker, by=acting(cast.annemiek))
    row = Outgoing.objects.get()
    assert "/reset/key/" not in str(vars(row))
    [mail] = deliver()
    [link] = [word for word in mail.body.split() if "/reset/key/" in word]
    row.refresh_from_db()
    assert row.state == "sent"
    assert link.rstrip("/").rsplit("/", 1)[1] not in row.sent_text  # the row keeps the text with the token masked
    assert "/reset/key/***" in row.sent_text


def test_inviting_again_sends_a_second_mail_and_makes_no_second_login(cast, deliver):
    medewerker = imported(cast)
    for _ in range(2):
        people.invite_staff(medewerker=medewerker, by=acting(cast.annemiek))
    assert len(deliver()) == 2
    assert User.objects.filter(email="roos@wilgenhof.example").count() == 1


def test_everybody_from_the_import_is_invited_in_one_go(cast, as_, deliver):
    imported(cast)
    imported(cast, "Tom", "tom@wilgenhof.example")
    imported(cast, "Zonder", "")
    gone = imported(cast, "Weg", "weg@wilgenhof.example")
    Medewerker.objects.filter(pk=gone.pk).update(left_on=NOW.date())
    response = as_.staff(cast.annemiek).post("/mensen/uitnodigen/", follow=True)
    assert "2 collega&#x27;s krijgen een uitnodiging." in response.text
    assert {m.to[0] for m in deliver()} == {"roos@wilgenhof.example", "tom@wilgenhof.example"}


def test_two_colleagues_with_one_address_do_not_share_a_login(cast, as_):
    imported(cast)
    imported(cast, "Tom", "roos@wilgenhof.example")
    response = as_.staff(cast.annemiek).post("/mensen/uitnodigen/", follow=True)
    assert "hetzelfde adres als een collega" in response.text
    assert Person.objects.filter(user__email="roos@wilgenhof.example").count() == 1


def test_who_works_at_two_schools_keeps_one_login_and_is_not_asked_for_a_new_password(cast, next_door, as_, deliver):
    people.invite_staff(medewerker=imported(next_door, "Saskia", "saskia@wilgenhof.example"), by=acting(next_door.vera))
    [mail] = deliver()
    assert "Je hebt al een wachtwoord" in mail.body
    assert "/reset/key/" not in mail.body
    client = as_.staff(cast.saskia)
    assert "De Zonneweide" in client.get("/mijn-account/").text
    other = Person.objects.get(school=next_door.school, user=cast.saskia.user)
    client.post(f"/mijn-account/school/{other.pk}/")
    assert "De Zonneweide" in client.get("/mijn-account/").content.decode().split("<title>")[1].split("</title>")[0]


def test_a_colleague_added_by_hand_is_invited(cast, as_, deliver):
    response = as_.staff(cast.annemiek).post(
        "/mensen/nieuw/",
        {"first_name": "Jan", "last_name": "Pot", "email": "Jan@Wilgenhof.example", "rollen": ["ib"]},
        follow=True,
    )
    assert "Jan Pot is uitgenodigd." in response.text
    assert [m.to for m in deliver()] == [["jan@wilgenhof.example"]]
    assert Rol.objects.filter(person__first_name="Jan", soort="ib").exists()


def test_a_taken_address_is_told_and_what_was_typed_is_kept(cast, as_):
    given = {"first_name": "Jan", "last_name": "Pot", "email": "saskia@wilgenhof.example"}
    response = as_.staff(cast.annemiek).post("/mensen/nieuw/", given)
    assert response.status_code == 422
    assert "Er werkt hier al iemand met dit adres." in response.text
    assert 'value="Pot"' in response.text
    assert not Person.objects.filter(last_name="Pot").exists()


def test_a_colleague_whom_the_import_brought_is_not_added_twice(cast, as_):
    imported(cast)
    given = {"first_name": "Roos", "last_name": "Kuipers", "email": "Roos@wilgenhof.example"}
    assert as_.staff(cast.annemiek).post("/mensen/nieuw/", given).status_code == 422
    assert Person.objects.filter(last_name="Kuipers").count() == 1


def test_an_invitation_to_somebody_switched_off_meanwhile_is_not_sent(cast, deliver):
    medewerker = imported(cast)
    people.invite_staff(medewerker=medewerker, by=acting(cast.annemiek))
    medewerker.refresh_from_db()
    people.deactivate(medewerker=medewerker, by=acting(cast.annemiek))
    assert deliver() == []


# --- off and on ------------------------------------------------------------------------------------------------------


def test_deactivating_closes_the_open_page_at_once(cast, as_):
    teacher = as_.staff(cast.saskia)
    assert teacher.get("/vandaag/").status_code == 200
    as_.staff(cast.annemiek).post(f"/mensen/{cast.saskia.pk}/uitzetten/")
    response = teacher.get("/vandaag/")
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")


def test_somebody_switched_off_cannot_sign_in_or_ask_a_new_password(cast, as_, client, deliver):
    from tests.cast import PASSWORD

    people.deactivate(medewerker=cast.saskia.medewerker, by=acting(cast.annemiek))
    response = client.post("/account/login/", {"login": "saskia@wilgenhof.example", "password": PASSWORD}, follow=True)
    assert "staat uit" in response.text
    client.post("/account/password/reset/", {"email": "saskia@wilgenhof.example"})
    assert deliver() == []


def test_after_reactivating_old_sessions_stay_closed_and_signing_in_works(cast, as_, client):
    from tests.cast import PASSWORD

    old = as_.staff(cast.saskia)
    leader = as_.staff(cast.annemiek)
    leader.post(f"/mensen/{cast.saskia.pk}/uitzetten/")
    leader.post(f"/mensen/{cast.saskia.pk}/aanzetten/")
    assert old.get("/vandaag/").status_code == 302
    client.post("/account/login/", {"login": "saskia@wilgenhof.example", "password": PASSWORD})
    assert client.get("/vandaag/").status_code == 200


def test_switched_off_at_one_school_one_still_works_at_the_other(cast, next_door, as_):
    people.invite_staff(medewerker=imported(next_door, "Saskia", "saskia@wilgenhof.example"), by=acting(next_door.vera))
    people.deactivate(medewerker=cast.saskia.medewerker, by=acting(cast.annemiek))
    cast.saskia.user.refresh_from_db()
    client = as_.staff(cast.saskia)
    assert client.get("/vandaag/").status_code == 200
    assert "De Zonneweide" in client.get("/vandaag/").text


@pytest.mark.parametrize("door", ["uitzetten/", "rol/"])
def test_the_last_leader_stays(door, cast, as_):
    response = as_.staff(cast.annemiek).post(f"/mensen/{cast.annemiek.pk}/{door}", {"rol": "leiding"}, follow=True)
    assert "Er moet iemand zijn die de school leidt" in response.text
    cast.annemiek.medewerker.refresh_from_db()
    assert cast.annemiek.medewerker.is_active
    assert Rol.objects.filter(person=cast.annemiek, soort="leiding").exists()


def test_with_a_second_leader_the_first_may_go(cast):
    by = acting(cast.annemiek)
    people.give_rol(medewerker=cast.pieter.medewerker, soort="leiding", by=by)
    people.take_rol(medewerker=cast.annemiek.medewerker, soort="leiding", by=by)
    assert Rol.objects.filter(soort="leiding", school=cast.school).get().person == cast.pieter


def test_a_leader_who_cannot_sign_in_does_not_count_as_the_last(cast):
    by = acting(cast.annemiek)
    colleague = imported(cast)
    people.give_rol(medewerker=colleague, soort="leiding", by=by)
    with pytest.raises(people.LastLeader):
        people.deactivate(medewerker=cast.annemiek.medewerker, by=by)


def feed_of(person):
    return access.mint_link(person, expires_at=NOW + timedelta(days=9), purpose=AccessLink.Purpose.FEED)


def opens(calendar):
    return access.find_link(calendar, now=NOW, purposes=(AccessLink.Purpose.FEED,)) is not None


def test_a_calendar_address_ends_with_the_door_it_came_from(cast):
    leaving, staying, mother = feed_of(cast.saskia), feed_of(cast.bas), feed_of(cast.fatma)
    people.deactivate(medewerker=cast.saskia.medewerker, by=acting(cast.annemiek))
    assert not opens(leaving) and opens(staying) and opens(mother)
    people.change_person(person=cast.fatma, values={"phone": "010 1234567"}, by=acting(cast.annemiek))
    assert opens(mother)
    people.change_person(person=cast.fatma, values={"email": "ander@ouders.example"}, by=acting(cast.annemiek))
    assert not opens(mother) and opens(staying)


def test_signing_out_everywhere_leaves_this_page_open(cast, as_):
    here, there = as_.staff(cast.saskia), as_.staff(cast.saskia)
    calendar = feed_of(cast.saskia)
    here.post("/mijn-account/overal-uitloggen/")
    assert not opens(calendar)
    assert here.get("/vandaag/").status_code == 200
    assert there.get("/vandaag/").status_code == 302


# --- contact facts ---------------------------------------------------------------------------------------------------


def test_a_new_address_of_a_colleague_closes_the_old_door_and_opens_only_from_the_new_mailbox(cast, as_, deliver):
    teacher = as_.staff(cast.saskia)
    given = {"first_name": "Saskia", "last_name": "Mulder", "email": "s.mulder@wilgenhof.example", "language": "nl"}
    response = as_.staff(cast.annemiek).post(f"/mensen/{cast.saskia.pk}/", given, follow=True)
    assert "een uitnodiging om een wachtwoord te kiezen" in response.text
    assert teacher.get("/vandaag/").status_code == 302
    cast.saskia.user.refresh_from_db()
    assert cast.saskia.user.email == "s.mulder@wilgenhof.example"
    assert not cast.saskia.user.has_usable_password()
    assert [m.to for m in deliver()] == [["s.mulder@wilgenhof.example"]]


def test_a_login_that_also_opens_another_school_stays_where_it_is(cast, next_door, as_, deliver):
    """Else a leader could add the neighbours' leader as a colleague, change the address to her own, and walk in."""
    victim = next_door.vera.user
    address, password = victim.email, victim.password
    leader = as_.staff(cast.annemiek)
    leader.post("/mensen/nieuw/", {"first_name": "Vera", "last_name": "Hier", "email": address})
    here = Person.objects.get(school=cast.school, user=victim)
    leader.post(
        f"/mensen/{here.pk}/",
        {"first_name": "Vera", "last_name": "Hier", "email": "mijn@bus.example", "language": "nl"},
    )
    deliver()
    victim.refresh_from_db()
    assert (victim.email, victim.password, victim.session_round) == (address, password, 0)
    assert Person.objects.get(pk=next_door.vera.pk).user == victim
    assert User.objects.get(email="mijn@bus.example").people.get() == here


def test_the_login_of_an_operator_is_not_a_schools_to_move(cast):
    operator = User.objects.create_superuser("beheer@wolk.example", "drie groene fietsen")
    by, name = acting(cast.annemiek), ("Op", "", "Erator")
    colleague = people.add_staff(school=cast.school, name=name, email=operator.email, by=by)
    person = Person.objects.get(pk=colleague.person_id)
    people.change_person(person=person, values={"email": "mijn@bus.example"}, by=by)
    operator.refresh_from_db()
    assert operator.email == "beheer@wolk.example" and operator.has_usable_password()
    assert not operator.people.exists()


def test_an_address_of_somebody_else_is_refused_and_nothing_changes(cast, as_):
    given = {"first_name": "Saskia", "last_name": "Mulders", "email": "bas@wilgenhof.example", "language": "nl"}
    response = as_.staff(cast.annemiek).post(f"/mensen/{cast.saskia.pk}/", given)
    assert response.status_code == 422
    assert 'value="Mulders"' in response.text
    cast.saskia.refresh_from_db()
    assert (cast.saskia.last_name, cast.saskia.email) == ("Mulder", "saskia@wilgenhof.example")


@pytest.mark.req("I5")
def test_leadership_notes_a_guardians_address_phone_and_language(cast, as_):
    given = {"first_name": "Ria", "last_name": "Bos", "email": "ria@ouders.example", "phone": "06 12", "language": "pl"}
    as_.staff(cast.annemiek).post(f"/mensen/{cast.ria.pk}/", given)
    cast.ria.refresh_from_db()
    assert (cast.ria.email, cast.ria.phone, cast.ria.language) == ("ria@ouders.example", "06 12", "pl")
    assert AuditEvent.objects.get(verb="person_changed").detail == {"fields": ["email", "phone", "language"]}


def test_with_a_new_address_a_guardian_proves_anew_who_she_is(cast, as_):
    """The old address may have been somebody else's: what was proven with it does not open the record any longer."""
    access.trust_device(cast.fatma)
    access.trust_device(cast.ali)
    access.ask_second_step(cast.fatma)
    given = {"first_name": "Fatma", "last_name": "Yılmaz", "email": "nieuw@ouders.example", "language": "tr"}
    as_.staff(cast.annemiek).post(f"/mensen/{cast.fatma.pk}/", {**given, "phone": "06 12"})
    assert list(TrustedDevice.objects.values_list("person", flat=True)) == [cast.ali.pk]
    assert not SecondStep.objects.filter(person=cast.fatma).exists()


@pytest.mark.parametrize("words", ["yilmaz", "YILMAZ fatma", "Yılmaz", "elif"])
def test_guardians_are_found_by_any_spelling_and_by_their_child(words, cast, as_):
    page = as_.staff(cast.annemiek).get("/mensen/ouders/", {"q": words}).text
    assert "Yılmaz, Fatma" in page
    assert "Kuiper" not in page


def test_a_pupil_has_no_page_here(cast, as_):
    assert as_.staff(cast.annemiek).get(f"/mensen/{cast.elif_.person_id}/").status_code == 404


# --- restriction, apart ----------------------------------------------------------------------------------------------


@pytest.mark.req("I3a")
def test_a_restriction_closes_the_open_page_of_that_guardian_and_nothing_of_the_other(cast, as_):
    cast.with_gesprek(cast.noor)
    joost, kim = as_.link(cast.joost, confirmed=True), as_.link(cast.kim, confirmed=True)
    before = kim.get("/mijn/").content
    relatie = cast.joost.relaties.get()
    as_.staff(cast.annemiek).post(f"/mensen/contact/{relatie.pk}/", {"restrict": "1"})
    assert joost.get("/mijn/").status_code == 302
    strip = lambda html: html.split(b"csrfmiddlewaretoken")[0]  # noqa: E731
    assert strip(kim.get("/mijn/").content) == strip(before)


@pytest.mark.req("I3a")
def test_a_guardian_with_another_child_keeps_the_link_for_that_child(cast, as_):
    fatma = as_.link(cast.fatma)
    people.restrict(relatie=cast.fatma.relaties.get(leerling=cast.emre), by=acting(cast.annemiek))
    assert fatma.get("/mijn/").status_code == 200


def test_a_restriction_tells_the_other_floors_and_leaves_a_trace(cast, monkeypatch):
    from school import registry

    told = []
    monkeypatch.setitem(registry.reactions, "restricted", [lambda **about: told.append(about)])
    relatie = cast.joost.relaties.get()
    for _ in range(2):  # twice the same click is one event
        people.restrict(relatie=relatie, by=acting(cast.annemiek), now=NOW)
    assert [(t["relatie"], t["now"]) for t in told] == [(relatie, NOW)]
    assert AuditEvent.objects.filter(verb="relatie_restricted", object_id=relatie.pk).count() == 1
    people.lift_restriction(relatie=relatie, by=acting(cast.annemiek))
    assert not Relatie.objects.get(pk=relatie.pk).restriction


@pytest.mark.req("I3")
def test_apart_counts_for_brothers_and_sisters_with_the_same_parents_only(cast):
    half = cast.pupil("half", "Deniz", "Yılmaz", cast.groep3)
    Relatie.objects.create(school=cast.school, person=cast.ali, leerling=half)
    apart = dict.fromkeys([cast.fatma.pk, cast.ali.pk], Relatie.Talks.APART)
    people.talk(leerling=cast.elif_, ways=apart, by=acting(cast.annemiek), now=NOW)
    found = set(Relatie.objects.filter(apart=True).values_list("leerling__person__first_name", flat=True))
    assert found == {"Elif", "Emre", "Noor"}  # Noor's parents already talked apart
    together = dict.fromkeys(apart, Relatie.Talks.TOGETHER)
    people.talk(leerling=cast.emre, ways=together, by=acting(cast.annemiek), now=NOW)
    assert not cast.elif_.relaties.filter(apart=True).exists()


# --- the list --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["/mensen/", "/mensen/ouders/"])
def test_the_lists_ask_as_many_questions_for_forty_as_for_one(url, cast, as_, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = as_.staff(cast.annemiek)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for n in range(40):
        cast.staff(f"extra{n}", f"Extra{n}", "Collega" * 8, groepen=[cast.groep5])
        cast.guardian(f"ouder{n}", f"Ouder{n}", "Achternaam", [cast.noor])
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)
