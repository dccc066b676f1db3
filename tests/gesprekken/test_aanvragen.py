"""A gesprek on request: a parent, a pupil or a teacher asks for it, the school answers (C2)."""

from datetime import timedelta

import pytest

from gesprekken import aanvragen, rondes
from gesprekken.models import Aanvraag, Gesprek, Ronde, Soort
from planning.inviting import opening
from planning.models import Invitation
from school.actor import ACCOUNT, LINK, Actor
from school.models import Outgoing, Relatie
from tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.req("C2")]
WHY = "Zij slaapt slecht sinds de zomer."


@pytest.fixture
def by(cast):
    return Actor(cast.saskia, ACCOUNT)


@pytest.fixture
def soort(cast):
    return Soort.objects.create(
        school=cast.school, code="ontwikkelingsgesprek-2", name="Tweede ontwikkelingsgesprek", is_optional=True
    )


@pytest.fixture
def aanvraag(cast, soort):
    return aanvragen.ask(leerling=cast.elif_, soort=soort, reason=WHY, by=Actor(cast.fatma, LINK), now=NOW)


def on_request(cast, **fields):
    return cast.with_ronde(code="ontwikkelingsgesprek-2", whom=Ronde.Whom.ASKED, groepen=[cast.groep5], **fields)


def test_a_parent_asks_sees_that_it_waits_and_takes_it_back(cast, soort, as_):
    client = as_.link(cast.fatma)
    assert f"/mijn/gesprek-vragen/{cast.elif_.pk}/" in client.get("/mijn/").content.decode()
    url = f"/mijn/gesprek-vragen/{cast.elif_.pk}/"
    empty = client.post(url, {"reason": " "})
    assert (empty.status_code, "Schrijf in een paar woorden waarom." in empty.content.decode()) == (422, True)
    confirmed = client.post(url, {"reason": WHY}, follow=True)
    assert "Uw vraag is bij de school" in confirmed.content.decode()
    client.post(url, {"reason": "Zij leest niet meer."})  # twice: one question, with the last reason
    assert list(Aanvraag.objects.values_list("reason", flat=True)) == ["Zij leest niet meer."]
    asked = Aanvraag.objects.get()
    for page in ("/mijn/", f"/mijn/gevraagd/{asked.pk}/"):  # a bare link writes, and does not read back
        assert "Zij leest" not in client.get(page).content.decode()
    father = as_.link(cast.ali, confirmed=True)
    assert "wacht op antwoord" not in father.get("/mijn/").content.decode()
    assert father.get(f"/mijn/gevraagd/{asked.pk}/").status_code == 404
    client.post(f"/mijn/gevraagd/{asked.pk}/", {"terug": "ja"})
    assert not Aanvraag.objects.exists()


def test_a_pupil_asks_in_few_words(cast, soort, as_):
    client = as_.pupil(cast.elif_)
    assert "Ik wil een gesprek" in client.get("/leerling/", follow=True).content.decode()
    page = client.post(f"/mijn/gesprek-vragen/{cast.elif_.pk}/", {"reason": "Ik wil iets zeggen."}, follow=True)
    assert "Je vraag is er" in page.content.decode()
    assert Aanvraag.objects.get().as_role == Aanvraag.As.LEERLING


def test_a_kind_for_another_level_or_left_out_cannot_be_asked(cast, soort, as_):
    client, url = as_.link(cast.fatma), f"/mijn/gesprek-vragen/{cast.elif_.pk}/"
    for change in ({"level_from": 8}, {"level_from": None, "archived": True}):
        Soort.objects.filter(pk=soort.pk).update(**change)
        assert client.get(url).status_code == 404
        assert url not in client.get("/mijn/").content.decode()


def test_teacher_leadership_and_ib_read_why_and_nobody_else(cast, aanvraag, as_):
    for person, reads in ((cast.saskia, True), (cast.annemiek, True), (cast.ilse, False), (cast.pieter, True)):
        client = as_.staff(person)
        assert (WHY in client.get("/aanvragen/").content.decode()) == reads
        answers = reads and person != cast.pieter  # who reads along, does not answer
        assert ("Lees en antwoord" in client.get("/vandaag/").content.decode()) == answers
        answer = client.post(f"/aanvragen/{aanvraag.pk}/", {"antwoord": "bah"})
        assert answer.status_code == (422 if answers else 403 if reads else 404)


def test_without_a_ronde_leadership_is_led_to_making_one(cast, aanvraag, soort, as_):
    client, url = as_.staff(cast.annemiek), f"/rondes/nieuw/?soort={soort.pk}"
    assert url in client.get("/aanvragen/").content.decode()
    assert client.get(url).context["form"]["whom"].value() == Ronde.Whom.ASKED
    assert url not in as_.staff(cast.saskia).get("/aanvragen/").content.decode()
    assert "De schoolleiding ziet dit op haar overzicht" in as_.staff(cast.saskia).get("/aanvragen/").content.decode()
    for page in ("/vandaag/", "/rondes/"):
        assert url in client.get(page).content.decode()
    assert url not in as_.staff(cast.saskia).get("/vandaag/").content.decode()
    made = rondes.add_ronde(
        schooljaar=cast.year,
        soort=soort,
        by=Actor(cast.annemiek, ACCOUNT),
        groepen=[cast.groep5],
        starts_on=NOW.date() + timedelta(days=20),
        ends_on=NOW.date() + timedelta(days=24),
    )
    assert made.whom == Ronde.Whom.ASKED
    assert url not in client.get("/rondes/").content.decode()  # that task is done; answering is the next one


def test_granted_in_a_draft_it_comes_when_the_ronde_opens(cast, aanvraag, by, as_):
    ronde = on_request(cast)
    cast.with_times()
    client = as_.staff(cast.saskia)
    client.post(f"/aanvragen/{aanvraag.pk}/", {"antwoord": "ja", "ronde": ronde.pk})
    assert not Gesprek.objects.exists()
    assert "Het gesprek komt er" in as_.link(cast.fatma).get(f"/mijn/gevraagd/{aanvraag.pk}/").content.decode()
    assert opening.open_ronde(ronde=ronde, by=by, now=NOW) == 1
    assert {row.person for row in Invitation.objects.all()} == {cast.fatma, cast.ali}
    with pytest.raises(aanvragen.AanvraagRefused, match="have_one"):
        aanvragen.ask(leerling=cast.elif_, soort=ronde.soort, reason=WHY, by=Actor(cast.ali, LINK), now=NOW)


def test_granted_in_an_open_ronde_the_parents_are_invited_at_once(cast, aanvraag, by, deliver):
    ronde = on_request(cast, state=Ronde.State.OPEN)
    aanvragen.accept(aanvraag=aanvraag, ronde=ronde, by=by, now=NOW)
    assert [gesprek.leerling for gesprek in Gesprek.objects.all()] == [cast.elif_]
    mails = deliver()
    assert len(mails) == 2
    assert all(WHY not in mail.body for mail in mails)
    with pytest.raises(aanvragen.AanvraagRefused, match="answered"):
        aanvragen.decline(aanvraag=aanvraag, by=by, now=NOW)


def test_within_the_week_granting_needs_a_reason_and_nothing_typed_is_lost(cast, aanvraag, as_, frozen_clock):
    ronde = on_request(cast, state=Ronde.State.OPEN)
    frozen_clock.move_to(NOW + timedelta(days=8))
    client, url = as_.staff(cast.saskia), f"/aanvragen/{aanvraag.pk}/"
    refused = client.post(url, {"antwoord": "ja", "ronde": ronde.pk})
    assert (refused.status_code, "Schrijf op waarom" in refused.content.decode()) == (422, True)
    assert not Gesprek.objects.exists()
    client.post(url, {"antwoord": "ja", "ronde": ronde.pk, "reden": "het kan niet wachten"})
    assert Gesprek.objects.count() == 1


@pytest.mark.parametrize("wrong", ["everybody", "other group", "other kind", "closed"])
def test_a_ronde_in_which_it_cannot_be_is_refused(cast, aanvraag, by, wrong):
    ronde = on_request(cast)
    changes = {"everybody": {"whom": Ronde.Whom.EVERYBODY}, "closed": {"state": Ronde.State.CLOSED}}
    Ronde.objects.filter(pk=ronde.pk).update(**changes.get(wrong, {}))
    if wrong == "other group":
        ronde.ronde_groepen.update(groep=cast.groep8)
    if wrong == "other kind":
        ronde = cast.with_ronde(whom=Ronde.Whom.ASKED)
    with pytest.raises(aanvragen.AanvraagRefused, match="no_ronde"):
        aanvragen.accept(aanvraag=aanvraag, ronde=ronde, by=by, now=NOW)


def test_declined_the_parent_who_asked_hears_it_kindly_and_nobody_else(cast, aanvraag, by, as_, deliver):
    as_.staff(cast.saskia).post(f"/aanvragen/{aanvraag.pk}/", {"antwoord": "nee"})
    (mail,) = deliver()
    assert mail.to == ["fatma@ouders.example"]
    assert WHY not in mail.body
    assert Aanvraag.objects.get().answer == Aanvraag.Answer.DECLINED


def test_declined_the_colleague_who_asked_hears_it_without_a_word_about_the_pupil(cast, soort, by, as_, deliver):
    aanvraag = aanvragen.ask(leerling=cast.elif_, soort=soort, reason=WHY, by=by, now=NOW)
    aanvragen.decline(aanvraag=aanvraag, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    (mail,) = deliver()
    assert mail.to == ["saskia@wilgenhof.example"]
    assert "/aanvragen/" in mail.body
    assert cast.annemiek.name in as_.staff(cast.saskia).get("/aanvragen/").content.decode()  # with whom to talk of it
    for word in (WHY, "Elif", cast.elif_.person.last_name, soort.name):
        assert word not in mail.subject + mail.body + mail.alternatives[0][0]


def test_who_declines_what_she_asked_herself_gets_no_mail(cast, soort, by, deliver):
    aanvraag = aanvragen.ask(leerling=cast.elif_, soort=soort, reason=WHY, by=by, now=NOW)
    aanvragen.decline(aanvraag=aanvraag, by=by, now=NOW)
    assert deliver() == []


def test_a_colleague_who_no_longer_teaches_the_pupil_gets_no_mail(cast, soort, by, deliver):
    aanvraag = aanvragen.ask(leerling=cast.elif_, soort=soort, reason=WHY, by=by, now=NOW)
    aanvragen.decline(aanvraag=aanvraag, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    cast.saskia.medewerker.lesgeven.all().delete()
    assert deliver() == []
    assert Outgoing.objects.get().state == Outgoing.State.DROPPED


def test_a_restriction_meanwhile_stops_the_mail(cast, aanvraag, by, deliver):
    aanvragen.decline(aanvraag=aanvraag, by=by, now=NOW)
    Relatie.objects.filter(person=cast.fatma).update(restriction=True)
    assert deliver() == []
    assert Outgoing.objects.get().state == Outgoing.State.DROPPED


def test_a_ronde_that_is_taken_out_leaves_what_was_granted_waiting_again(cast, aanvraag, by):
    ronde = on_request(cast)
    aanvragen.accept(aanvraag=aanvraag, ronde=ronde, by=by, now=NOW)
    rondes.remove_ronde(ronde=ronde, by=Actor(cast.annemiek, ACCOUNT))
    aanvraag.refresh_from_db()
    assert (aanvraag.answer, aanvraag.ronde) == (Aanvraag.Answer.WAITING, None)
