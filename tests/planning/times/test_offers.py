"""A time the school proposes: a parent says yes or no with one tap, also when choosing has closed."""

import re
from datetime import timedelta

import pytest

from gesprekken.models import Gesprek, Ronde
from planning.inviting import followup
from planning.models import Booking, Slot, TimeOffer, WeekException
from planning.times import booking, offers
from school import bounces
from school.actor import ACCOUNT, LINK, Actor
from school.models import Outgoing, Relatie
from tests.cast import NOW

LATE = NOW + timedelta(days=9)  # inside the week, and choosing has closed


@pytest.fixture
def proposed(cast, deliver, frozen_clock):
    """Saskia proposed her first time for Elif, five days before."""
    cast.with_open_ronde()
    deliver()
    frozen_clock.move_to(LATE)
    cast.people["elifs"] = cast.gesprek_of(cast.elif_)
    cast.people["first"], cast.people["second"], *_ = Slot.objects.filter(medewerker=cast.saskia.medewerker)
    cast.people["offer"] = propose(cast, cast.first)
    frozen_clock.shift(timedelta(minutes=5))
    return cast


def propose(cast, slot, gesprek=None):
    return offers.propose(gesprek=gesprek or cast.elifs, slot=slot, by=Actor(cast.saskia, ACCOUNT))


def say(cast, as_, answer, *, who=None, offer=None):
    data = {"voorstel": (offer or cast.offer).pk, "antwoord": answer}
    return as_.link(who or cast.fatma).post(f"/mijn/{cast.elifs.pk}/voorstel/", data, follow=True)


def text(response):
    return response.content.decode()


def times():
    return list(Booking.objects.active().values_list("gesprek", "slot", "chosen_by_guardian"))


@pytest.mark.req("I2", "P1")
def test_yes_books_it_as_a_chosen_time_after_choosing_closed_without_a_reason(proposed, as_, deliver):
    mails = {m.to[0]: m for m in deliver()}
    assert set(mails) == {"fatma@ouders.example", "ali@ouders.example"}
    assert mails["ali@ouders.example"].subject == "Wij stellen u een tijd voor"
    body = mails["ali@ouders.example"].body
    assert "dinsdag 24 november 2026" in body and "15:00" in body and "Saskia Mulder" in body and "/u/" in body
    assert "wacht op uw antwoord" in text(as_.link(proposed.fatma).get("/mijn/"))
    question = text(as_.link(proposed.fatma).get(f"/mijn/{proposed.elifs.pk}/voorstel/"))
    assert "Ja, deze tijd is goed" in question and "Saskia Mulder" in question
    assert times() == [] and proposed.elifs.time_offers.get().answered_at is None  # looking changes nothing
    assert "Uw tijd staat vast" in text(say(proposed, as_, "ja"))
    assert times() == [(proposed.elifs.pk, proposed.first.pk, True)]
    assert {(m.to[0], m.subject) for m in deliver()} == {
        ("fatma@ouders.example", "Uw gesprek over Elif staat vast"),
        ("ali@ouders.example", "Uw gesprek over Elif staat vast"),
    }
    assert not WeekException.objects.exists()
    # the other parent, and a second tap, find the time; the offer is done
    for who in (proposed.ali, proposed.fatma):
        assert "Uw tijd staat vast" in text(say(proposed, as_, "ja", who=who))
        assert "Uw tijd staat vast" in text(say(proposed, as_, "nee", who=who))
    assert Booking.objects.count() == 1
    assert TimeOffer.objects.get().answered_by == proposed.fatma
    assert "Bekijk het voorstel" not in text(as_.link(proposed.ali).get("/mijn/"))


@pytest.mark.req("I2", "P1")
def test_no_leads_to_what_does_suit_and_the_teacher_sees_it(proposed, as_):
    page = text(say(proposed, as_, "nee"))
    assert "Wij weten dat deze tijd niet past" in page
    assert f"/mijn/{proposed.elifs.pk}/geen-tijd-past/" in page and f"/mijn/{proposed.elifs.pk}/bel-mij/" in page
    assert "Wij weten dat" in text(say(proposed, as_, "nee")) and "Wij weten dat" in text(say(proposed, as_, "ja"))
    neutral = text(as_.link(proposed.ali).get(f"/mijn/{proposed.elifs.pk}/voorstel/"))
    assert "Wij weten dat" not in neutral and "Dit voorstel kan niet meer" in neutral  # it is not he who said so
    assert times() == []
    assert "past niet" in text(as_.staff(proposed.saskia).get(f"/gesprek/{proposed.elifs.pk}/plannen/"))


@pytest.mark.req("I2")
def test_staff_propose_instead_of_planning_and_see_that_there_is_no_answer_yet(proposed, as_, deliver):
    teacher, tess = as_.staff(proposed.saskia), proposed.gesprek_of(proposed.tess)
    page = f"/gesprek/{tess.pk}/voorstel/"
    nothing = teacher.post(page, {"agreed": "nee", "reason": "Dit typte ik al"})
    assert nothing.status_code == 422 and "Kies eerst een tijd." in text(nothing) and "Dit typte ik al" in text(nothing)
    deliver()
    told = text(teacher.post(page, {"agreed": "nee", "slot": proposed.second.pk}, follow=True))
    assert "Dinsdag 24 november om 15:15 is voorgesteld. Bericht gaat naar Sander van" in told
    assert "nog geen antwoord" in told
    assert [m.to for m in deliver()] == [["sander@ouders.example"]]
    groep = f"/rondes/{proposed.ronde.pk}/groep/{proposed.groep5.pk}/"
    assert text(teacher.get(groep)).count("voorgesteld, nog geen antwoord") == 2
    for _twice in range(2):
        teacher.post(f"/gesprek/{tess.pk}/voorstel/intrekken/")
    assert text(teacher.get(groep)).count("voorgesteld, nog geen antwoord") == 1
    booking.book(slot=proposed.second, gesprek=tess, by=Actor(proposed.saskia, ACCOUNT), agreed=True)
    taken = teacher.post(f"/gesprek/{proposed.elifs.pk}/voorstel/", {"agreed": "nee", "slot": proposed.second.pk})
    assert taken.status_code == 409 and "Deze tijd is net gekozen" in text(taken)


@pytest.mark.req("I2", "I4")
def test_whom_no_mail_reaches_is_not_said_to_hear_and_still_wants_to_be_phoned(proposed, as_, deliver):
    deliver()
    bounces.record(proposed.ali, proposed.ali.email)
    for parent in (proposed.fatma, proposed.ali):
        followup.ask_for_call(gesprek=proposed.elifs, by=Actor(parent, LINK))
    page = f"/gesprek/{proposed.elifs.pk}/voorstel/"
    told = text(as_.staff(proposed.saskia).post(page, {"agreed": "nee", "slot": proposed.second.pk}, follow=True))
    assert re.search(r"Bericht gaat naar Fatma \w+;", told)
    assert [m.to for m in deliver()] == [[proposed.fatma.email]]
    wanting = proposed.elifs.invitations.filter(call_me_at__isnull=False)
    assert [invitation.person for invitation in wanting] == [proposed.ali]
    bounces.record(proposed.fatma, proposed.fatma.email)
    with pytest.raises(offers.OfferRefused, match="nobody"):
        propose(proposed, proposed.first)


def test_a_new_proposal_takes_the_place_of_the_old_one_and_an_old_page_says_so(proposed, as_, deliver):
    new = propose(proposed, proposed.second)
    assert proposed.elifs.time_offers.filter(answered_at=None).get() == new
    assert len(deliver()) == 2  # the mail about the old one no longer holds
    page = text(say(proposed, as_, "ja"))
    assert "De school heeft intussen een andere tijd voorgesteld" in page and "15:15" in page
    assert times() == []
    say(proposed, as_, "ja", offer=new)
    assert times() == [(proposed.elifs.pk, proposed.second.pk, True)]


MEANWHILE = {
    "somebody else took it": lambda c: booking.book(
        slot=c.first, gesprek=c.gesprek_of(c.tess), by=Actor(c.saskia, ACCOUNT), agreed=True
    ),
    "the time was taken back": lambda c: c.first.delete(),
    "it has been": lambda c: Slot.objects.filter(pk=c.first.pk).update(starts_at=NOW),
    "the ronde closed": lambda c: Ronde.objects.update(state="closed"),
    "the gesprek was held": lambda c: Gesprek.objects.update(held_on=NOW.date()),
    "the gesprek was cancelled": lambda c: Gesprek.objects.update(cancelled_at=NOW),
    "withdrawn": lambda c: offers.withdraw(offer=c.offer, by=Actor(c.saskia, ACCOUNT)),
    "booked otherwise": lambda c: booking.book(
        slot=c.second, gesprek=c.elifs, by=Actor(c.saskia, ACCOUNT), agreed=True
    ),
    "booked and cancelled": lambda c: (
        MEANWHILE["booked otherwise"](c),
        booking.cancel(gesprek=c.elifs, by=Actor(c.saskia, ACCOUNT), agreed=True),
    ),
}


@pytest.mark.parametrize("change", MEANWHILE)
def test_whatever_happened_meanwhile_the_page_says_so_kindly_and_books_nothing(proposed, as_, deliver, change):
    MEANWHILE[change](proposed)
    before, client = times(), as_.link(proposed.fatma)
    assert not any(m.subject == "Wij stellen u een tijd voor" for m in deliver())
    assert "wacht op uw antwoord" not in text(client.get("/mijn/"))
    shown = client.get(f"/mijn/{proposed.elifs.pk}/voorstel/", follow=True)
    for answer in ["ja", "ja", "nee"]:
        page = say(proposed, as_, answer)
        assert page.status_code == 200 and "<h1" in text(page)
        assert "Ja, deze tijd is goed" not in text(page)
    assert times() == before
    assert shown.status_code == 200
    if change in ("somebody else took it", "it has been"):
        assert "Dit voorstel kan niet meer" in text(shown) and "Bel mij" in text(shown)
    if change == "somebody else took it":
        teacher = as_.staff(proposed.saskia)
        propose(proposed, proposed.second)
        booking.book(
            slot=proposed.second,
            gesprek=proposed.gesprek_of(proposed.noor, proposed.kim),
            by=Actor(proposed.saskia, ACCOUNT),
            agreed=True,
        )
        assert "intussen gekozen door een ander" in text(teacher.get(f"/gesprek/{proposed.elifs.pk}/plannen/"))
    if change == "the ronde closed":
        assert "Bel de school" in text(shown)


@pytest.mark.req("I2")
def test_yes_to_another_time_moves_the_one_that_stands(proposed, as_, deliver, frozen_clock):
    booking.book(slot=proposed.first, gesprek=proposed.elifs, by=Actor(proposed.saskia, ACCOUNT), agreed=True)
    frozen_clock.shift(timedelta(minutes=5))
    new = propose(proposed, proposed.second)
    deliver()
    assert "komt dan vrij" in text(as_.link(proposed.ali).get(f"/mijn/{proposed.elifs.pk}/voorstel/"))
    say(proposed, as_, "ja", who=proposed.ali, offer=new)
    assert times() == [(proposed.elifs.pk, proposed.second.pk, True)]
    assert {m.subject for m in deliver()} == {"Uw gesprek over Elif heeft een nieuwe tijd"}
    assert not WeekException.objects.exists()


@pytest.mark.req("I2", "I3a")
def test_of_parents_who_talk_apart_each_hears_of_her_own_and_of_nothing_else(proposed, as_, deliver):
    deliver()
    propose(proposed, proposed.second, proposed.gesprek_of(proposed.noor, proposed.kim))
    assert [m.to for m in deliver()] == [["kim@ouders.example"]]
    joosts = proposed.gesprek_of(proposed.noor, proposed.joost)
    assert "wacht op uw antwoord" not in text(as_.link(proposed.joost).get("/mijn/"))
    assert as_.link(proposed.joost).get(f"/mijn/{joosts.pk}/voorstel/").status_code == 302
    kims = proposed.gesprek_of(proposed.noor, proposed.kim)
    assert as_.link(proposed.joost).get(f"/mijn/{kims.pk}/voorstel/").status_code == 404


@pytest.mark.req("C4")
def test_an_advice_gesprek_waits_for_its_second_colleague(proposed, as_):
    proposed.ronde.soort.__class__.objects.update(is_advice=True)
    teacher, page = as_.staff(proposed.saskia), f"/gesprek/{proposed.gesprek_of(proposed.tess).pk}/voorstel/"
    refused = teacher.post(page, {"agreed": "nee", "slot": proposed.second.pk})
    assert refused.status_code == 409 and "Kies eerst wie dat is" in text(refused)
    assert "altijd een tweede collega" in text(say(proposed, as_, "ja")) and times() == []


@pytest.mark.req("I4")
def test_a_proposal_wants_somebody_who_can_be_written_to(proposed):
    Relatie.objects.filter(person=proposed.sander).update(restriction=True)
    with pytest.raises(offers.OfferRefused) as refused:
        propose(proposed, proposed.second, proposed.gesprek_of(proposed.tess))
    assert refused.value.reason == "nobody"
    assert not Outgoing.objects.filter(message="planning.time_offer", recipient=proposed.sander).exists()
    assert followup.standings(Gesprek.objects.filter(pk=proposed.elifs.pk))[0].state == followup.SILENT
