"""Tell me when it comes free: told once per freeing, without a promise, and never what is no longer news."""

from datetime import date, time, timedelta

import pytest

from gesprekken.models import Ronde
from planning.models import Booking, Slot, Watch
from planning.times import booking, watching
from planning.times.watching import WatchRefused, stop_watching, watch
from school.actor import ACCOUNT, LINK, Actor
from school.models import Outgoing, Person, Relatie
from tests.cast import NOW
from tests.remembered import remembered

SUBJECT = "Een tijd voor het gesprek over Tess is vrijgekomen"


@pytest.fixture
@remembered
def opened(cast, deliver):
    """Elif has Saskia's first time; Tess, in the same group, wants it."""
    cast.with_open_ronde()
    cast.people["taken"] = book(cast, cast.elif_, slots_of(cast)[0], cast.fatma)
    deliver()
    return cast


def slots_of(cast, teacher=None):
    return list(Slot.objects.filter(ronde=cast.ronde, medewerker=(teacher or cast.saskia).medewerker))


def book(cast, pupil, slot, by):
    return booking.book(slot=slot, gesprek=cast.gesprek_of(pupil), by=Actor(by, LINK), now=NOW)


def follow(cast, slot=None, *, by=None, pupil=None, now=NOW):
    by, pupil = by or cast.sander, pupil or cast.tess
    return watch(slot=slot or cast.taken.slot, gesprek=cast.gesprek_of(pupil), by=Actor(by, LINK), now=now)


def frees(cast):
    booking.cancel(gesprek=cast.taken.gesprek, by=Actor(cast.fatma, LINK), now=NOW)


def refused(reason, cast, **about):
    with pytest.raises(WatchRefused) as refusal:
        follow(cast, **about)
    assert refusal.value.reason == reason
    assert not Watch.objects.exists()


def subjects(mails):
    return {(mail.to[0], mail.subject) for mail in mails}


def text(response):
    return response.content.decode()


# --- following -------------------------------------------------------------------------------------------------------


@pytest.mark.req("P1")
def test_whoever_follows_a_time_is_told_when_it_comes_free(opened, deliver):
    follow(opened)
    frees(opened)
    mails = deliver()
    assert ("sander@ouders.example", SUBJECT) in subjects(mails)
    body = next(mail.body for mail in mails if mail.subject == SUBJECT)
    assert "dinsdag 24 november 2026" in body
    assert "om 15:00 uur" in body
    assert "Wie het eerst kiest, heeft deze tijd" in body
    assert "/u/" in body
    assert "Elif" not in body
    assert "Fatma" not in body


def test_a_move_frees_a_time_as_well(opened, deliver):
    follow(opened)
    booking.move(slot=slots_of(opened)[3], gesprek=opened.taken.gesprek, by=Actor(opened.fatma, LINK), now=NOW)
    assert ("sander@ouders.example", SUBJECT) in subjects(deliver())


def test_it_is_told_once_per_freeing_and_again_only_when_asked_again(opened, deliver):
    follow(opened)
    for expected in (1, 0):
        frees(opened)
        assert [mail.subject for mail in deliver()].count(SUBJECT) == expected
        opened.people["taken"] = book(opened, opened.elif_, slots_of(opened)[0], opened.fatma)
        deliver()
    follow(opened)
    frees(opened)
    assert [mail.subject for mail in deliver()].count(SUBJECT) == 1


def test_asking_twice_is_one_watch_and_stopping_twice_is_no_error(opened):
    assert follow(opened) == follow(opened)
    for _twice in range(2):
        stop_watching(slot=opened.taken.slot, gesprek=opened.gesprek_of(opened.tess), by=Actor(opened.sander, LINK))
    assert not Watch.objects.exists()


def test_after_stopping_nothing_is_told(opened, deliver):
    follow(opened)
    stop_watching(slot=opened.taken.slot, gesprek=opened.gesprek_of(opened.tess), by=Actor(opened.sander, LINK))
    frees(opened)
    assert SUBJECT not in [mail.subject for mail in deliver()]


def test_five_times_and_no_more(opened):
    child = opened.groep5
    for n, slot in enumerate(slots_of(opened)[1:6]):
        pupil = opened.pupil(f"extra{n}", f"Kind{n}", "Extra", child)
        opened.guardian(f"ouder{n}", f"Ouder{n}", "Extra", [pupil])
        staff = Actor(opened.annemiek, ACCOUNT)
        booking.book(slot=slot, gesprek=opened.with_gesprek(pupil, opened.ronde), by=staff, now=NOW, agreed=True)
    for slot in slots_of(opened)[:5]:
        follow(opened, slot)
    with pytest.raises(WatchRefused) as refusal:
        follow(opened, slots_of(opened)[5])
    assert refusal.value.reason == "full"
    assert Watch.objects.count() == watching.MOST


def test_a_time_that_is_free_is_chosen_not_followed(opened):
    refused("free", opened, slot=slots_of(opened)[1])


def test_a_time_of_another_teacher_cannot_be_followed(opened):
    refused("gone", opened, slot=slots_of(opened, opened.bas)[0])


def test_a_time_that_has_been_cannot_be_followed(opened):
    Ronde.objects.update(booking_closes_days=0)
    Slot.objects.filter(pk=opened.taken.slot.pk).update(starts_at=NOW - timedelta(hours=1))
    refused("gone", opened, slot=Slot.objects.get(pk=opened.taken.slot.pk))


@pytest.mark.parametrize("change", [{"state": "closed"}, {"starts_on": NOW.date()}, {"mode": "wishes"}])
def test_when_nothing_can_be_chosen_nothing_is_followed(opened, change):
    Ronde.objects.update(**change)
    refused("closed", opened)


# --- what is no longer news ------------------------------------------------------------------------------------------


def dropped(cast, deliver):
    assert SUBJECT not in [mail.subject for mail in deliver()]
    return Outgoing.objects.get(message="planning.came_free").state == Outgoing.State.DROPPED


def test_not_told_when_somebody_was_quicker(opened, deliver):
    follow(opened)
    frees(opened)
    book(opened, opened.elif_, slots_of(opened)[0], opened.fatma)
    assert dropped(opened, deliver)


def test_not_told_when_the_gesprek_has_that_time_already(opened, deliver):
    follow(opened)
    frees(opened)
    book(opened, opened.tess, slots_of(opened)[0], opened.sander)
    assert dropped(opened, deliver)


@pytest.mark.parametrize("change", [{"state": "closed"}, {"starts_on": NOW.date()}])
def test_not_told_when_choosing_is_over(opened, deliver, change):
    follow(opened)
    frees(opened)
    Ronde.objects.update(**change)
    assert dropped(opened, deliver)


def test_not_told_when_the_time_is_gone_by(opened, deliver):
    follow(opened)
    frees(opened)
    Slot.objects.filter(pk=slots_of(opened)[0].pk).update(starts_at=NOW - timedelta(minutes=1))
    assert dropped(opened, deliver)


@pytest.mark.req("I3a")
def test_who_may_not_be_reached_any_more_hears_nothing(opened, deliver):
    follow(opened)
    frees(opened)
    Relatie.objects.filter(person=opened.sander).update(restriction=True)
    assert dropped(opened, deliver)


# --- the page --------------------------------------------------------------------------------------------------------


def page_of(cast):
    return f"/mijn/{cast.gesprek_of(cast.tess).pk}/gekozen-tijden/"


@pytest.mark.req("P1", "I3a")
def test_the_page_lists_taken_times_and_no_names_of_others(opened, as_):
    client = as_.link(opened.sander)
    assert "Ook gekozen tijden tonen" in text(client.get(f"/mijn/{opened.gesprek_of(opened.tess).pk}/tijden/"))
    page = text(client.get(page_of(opened)))
    assert page.count("Laat het me weten") == 1
    assert "15:00" in page
    assert "15:15" not in page
    for name in ("Elif", "Fatma", "Yılmaz"):
        assert name not in page


def test_following_and_stopping_happen_on_the_same_page(opened, as_):
    client, slot = as_.link(opened.sander), opened.taken.slot
    page = text(client.post(page_of(opened), {"volg": slot.pk}, follow=True))
    assert "Komt deze tijd vrij, dan mailen wij u" in page
    assert "u krijgt bericht" in page
    page = text(client.post(page_of(opened), {"stop": slot.pk}, follow=True))
    assert "geen bericht meer" in page
    assert "Laat het me weten" in page


def test_what_one_parent_follows_the_other_does_not_see(opened, as_):
    book(opened, opened.tess, slots_of(opened)[1], opened.sander)
    watch(slot=slots_of(opened)[1], gesprek=opened.taken.gesprek, by=Actor(opened.ali, LINK), now=NOW)
    url = f"/mijn/{opened.taken.gesprek_id}/gekozen-tijden/"
    assert "u krijgt bericht" in text(as_.link(opened.ali).get(url))
    assert "u krijgt bericht" not in text(as_.link(opened.fatma).get(url))


def test_a_time_that_just_came_free_is_offered_at_once(opened, as_):
    client, slot = as_.link(opened.sander), opened.taken.slot
    client.get(page_of(opened))
    frees(opened)
    page = text(client.post(page_of(opened), {"volg": slot.pk}, follow=True))
    assert "Deze tijd is vrij. U kunt hem nu kiezen." in page
    assert "Kies deze tijd" in page


def test_a_parent_without_an_address_is_told_to_look_herself(opened, as_):
    Person.objects.filter(pk=opened.sander.pk).update(email="")
    page = text(as_.link(opened.sander).post(page_of(opened), {"volg": opened.taken.slot.pk}, follow=True))
    assert "Kijk zelf af en toe" in page


@pytest.mark.parametrize("data", [{}, {"volg": "x"}, {"volg": "999999"}, {"stop": "999999"}])
def test_a_time_that_is_gone_is_said_kindly(opened, as_, data):
    assert "Deze tijd is er niet meer" in text(as_.link(opened.sander).post(page_of(opened), data, follow=True))


def test_after_choosing_closed_the_page_leads_to_a_call(opened, as_):
    Ronde.objects.update(starts_on=NOW.date())
    page = text(as_.link(opened.sander).post(page_of(opened), {"volg": opened.taken.slot.pk}, follow=True))
    assert "Klik op 'Bel mij'" in page or "Klik op &#x27;Bel mij&#x27;" in page


@pytest.mark.parametrize("families", [1, 3, 30])
def test_the_page_costs_the_same_whatever_the_number_of_families(cast, as_, families, django_assert_max_num_queries):
    cast.with_ronde(state=Ronde.State.OPEN)
    cast.with_times(on=date(2026, 11, 24), starts=time(13), ends=time(21))
    cast.with_gesprek(cast.tess)
    for n, slot in zip(range(families), slots_of(cast), strict=False):
        child = cast.pupil(f"extra{n}", f"Kind{n}", "Extra", cast.groep5)
        cast.guardian(f"ouder{n}", f"Ouder{n}", "Extra", [child])
        by = Actor(cast.annemiek, ACCOUNT)
        booking.book(slot=slot, gesprek=cast.with_gesprek(child), by=by, now=NOW, agreed=True)
    client = as_.link(cast.sander)
    with django_assert_max_num_queries(12):
        assert text(client.get(page_of(cast))).count("Laat het me weten") == families
    assert Booking.objects.count() == families


@pytest.mark.req("P1")
def test_who_has_no_address_is_not_promised_a_mail(cast, as_):
    cast.with_open_ronde()
    other = cast.pupil("milo", "Milo", "Kok", cast.groep3)
    taken = cast.with_gesprek(other, guardians=[cast.guardian("oma", "Oma", "Kok", [other])])
    slot = Slot.objects.filter(ronde=cast.ronde, medewerker=cast.ilse.medewerker).first()
    booking.book(slot=slot, gesprek=taken, by=Actor(cast.oma, LINK), now=NOW)
    client, pk = as_.link(cast.ria), cast.gesprek_of(cast.daan).pk
    page = client.get(f"/mijn/{pk}/gekozen-tijden/").content.decode()
    assert "Kijk zelf af en toe" in page
    assert "Wij mailen u" not in page
    assert "Laat het me weten" not in page
    said = client.post(f"/mijn/{pk}/geen-tijd-past/", {"note": "na zes uur"}, follow=True).content.decode()
    assert "U hoort de tijd van de leerkracht" in said
    assert "U krijgt bericht" not in said
