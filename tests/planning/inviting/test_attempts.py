"""What was tried to reach parents: noted once, taken back shortly after, and never about somebody else's child."""

from datetime import timedelta

import pytest

from gesprekken.models import Gesprek
from planning.inviting import attempts, followup
from planning.models import ContactAttempt, Invitation
from school.actor import ACCOUNT, LINK, Actor
from school.models import Relatie
from tests.cast import NOW, TODAY

pytestmark = pytest.mark.req("I4")


@pytest.fixture
def opened(cast):
    cast.with_open_ronde()
    return cast


@pytest.fixture
def tess(opened):
    return opened.gesprek_of(opened.tess)


@pytest.fixture
def saskia(opened):
    return Actor(opened.saskia, ACCOUNT)


def note(gesprek, person, code, by, *, after=timedelta()):
    way = attempts.WAYS[code]
    return attempts.log_attempt(
        gesprek=gesprek, person=person, how=way.how, outcome=way.outcome, by=by, now=NOW + after
    )


def test_a_double_click_is_one_attempt_and_a_second_call_is_another(opened, tess, saskia):
    first = note(tess, opened.sander, "phone-no_answer", saskia)
    assert note(tess, opened.sander, "phone-no_answer", saskia, after=timedelta(seconds=3)) == first
    note(tess, opened.sander, "phone-no_answer", saskia, after=timedelta(minutes=5))
    note(tess, opened.sander, "phone-spoken", saskia, after=timedelta(minutes=5, seconds=1))
    assert ContactAttempt.objects.count() == 3


def test_who_was_spoken_with_need_not_be_phoned_until_it_is_taken_back(opened, tess, saskia):
    followup.ask_for_call(gesprek=tess, by=Actor(opened.sander, LINK), note="na vieren", now=NOW)
    note(tess, opened.sander, "phone-no_answer", saskia)
    mine = Invitation.objects.get(gesprek=tess)
    assert mine.call_me_at == NOW  # nobody was spoken with yet
    attempt = note(tess, opened.sander, "phone-spoken", saskia)
    mine.refresh_from_db()
    assert mine.call_me_at is None
    attempts.take_back_attempt(attempt=attempt, by=saskia, now=NOW + timedelta(minutes=14))
    mine.refresh_from_db()
    assert (mine.call_me_at, mine.call_me_note) == (NOW, "na vieren")
    assert ContactAttempt.objects.get().outcome == "no_answer"


def test_the_other_parent_who_asked_for_a_call_still_gets_it(opened, saskia):
    elif_ = opened.gesprek_of(opened.elif_)
    followup.ask_for_call(gesprek=elif_, by=Actor(opened.fatma, LINK), now=NOW)
    note(elif_, opened.ali, "phone-spoken", saskia)
    (row,) = followup.standings(Gesprek.objects.filter(pk=elif_.pk))
    assert [i.person for i in row.call_notes] == [opened.fatma]


def test_only_ones_own_attempt_of_just_now_is_taken_back(opened, tess, saskia):
    attempt = note(tess, opened.sander, "phone-wrong", saskia)
    for by, after in [(Actor(opened.annemiek, ACCOUNT), 1), (saskia, 15)]:
        with pytest.raises(attempts.AttemptRefused):
            attempts.take_back_attempt(attempt=attempt, by=by, now=NOW + timedelta(minutes=after))
    assert ContactAttempt.objects.get() == attempt


def test_nothing_is_noted_about_a_gesprek_that_has_been(opened, tess, saskia):
    Gesprek.objects.filter(pk=tess.pk).update(held_on=TODAY)
    with pytest.raises(attempts.AttemptRefused):
        note(tess, opened.sander, "phone-spoken", saskia)


def test_on_the_page_it_takes_one_button_and_leads_back_to_where_she_was(opened, tess, as_):
    client, url = as_.staff(opened.saskia), f"/gesprek/{tess.pk}/contact/"
    typed = {"wie": opened.sander.pk, "wat": "phone-no_answer", "terug": "/opvolgen/?ronde=1"}
    answer = client.post(url, typed)
    assert answer["Location"] == f"/opvolgen/?ronde=1#g{tess.pk}"
    page = client.get("/opvolgen/").content.decode()
    assert "vandaag gebeld, geen gehoor" in page
    assert "door Saskia" in page
    for elsewhere in ("https://kwaad.example/", "//kwaad.example/", "/bestaat-niet/", "javascript:alert(1)"):
        assert client.post(url, typed | {"terug": elsewhere})["Location"] == f"/opvolgen/#g{tess.pk}"
    gone = client.post(f"/gesprek/{tess.pk}/contact/{ContactAttempt.objects.get().pk}/weg/", follow=True)
    assert "Weggehaald bij Tess" in gone.content.decode()
    assert not ContactAttempt.objects.exists()
    again = client.post(f"/gesprek/{tess.pk}/contact/1/weg/", follow=True)
    assert "Dit stond er al niet meer" in again.content.decode()


def test_with_who_may_have_no_contact_nothing_is_noted_and_nothing_shown(opened, tess, saskia, as_):
    client = as_.staff(opened.saskia)
    note(tess, opened.sander, "phone-no_answer", saskia)
    assert "gebeld, geen gehoor" in client.get("/opvolgen/").content.decode()
    Relatie.objects.filter(person=opened.sander).update(restriction=True)
    refused = client.post(f"/gesprek/{tess.pk}/contact/", {"wie": opened.sander.pk, "wat": "phone-spoken"}, follow=True)
    page = refused.content.decode()
    assert "Er is nog niets genoteerd" in page
    assert "Geen ouder die we kunnen bereiken" in page
    assert "Sander" not in page
    assert "gebeld, geen gehoor" not in page
    assert ContactAttempt.objects.count() == 1
