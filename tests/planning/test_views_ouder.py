"""What a parent and a pupil find on their own pages: the next step first, and nothing that is not so."""

import gzip
import re
from datetime import datetime, timedelta

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone

from gesprekken.models import Aanvraag, Agreement, Gesprek, Ronde, Soort
from planning.inviting import followup
from planning.models import Booking, InterpreterRequest, Part, Slot, Wish
from planning.plan import wishes
from planning.times import booking
from school.actor import ACCOUNT, LINK, Actor
from school.models import Person
from tests.cast import NOW
from tests.remembered import remembered

LATER = timedelta(hours=1)
READ = "Lees wat we hebben besproken"


@pytest.fixture
@remembered
def opened(cast):
    cast.with_open_ronde()
    return cast


def slots_of(cast, teacher):
    return list(Slot.objects.filter(ronde=cast.ronde, medewerker=teacher.medewerker))


def choose_for(cast, pupil, teacher, parent, nth=0):
    gesprek = cast.gesprek_of(pupil)
    slot = slots_of(cast, teacher)[nth]
    return booking.book(slot=slot, gesprek=gesprek, by=Actor(parent, LINK), now=NOW)


def text(response):
    return response.content.decode()


def later(monkeypatch, *, days):
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=days))


# --- the first page --------------------------------------------------------------------------------------------------


@pytest.mark.req("G5")
def test_there_is_a_link_to_read_only_once_something_was_released_to_this_parent(cast, as_):
    verslag = cast.with_verslag()
    assert READ not in text(as_.link(cast.fatma).get("/mijn/"))
    verslag.released_at = NOW
    verslag.save()
    Agreement.objects.get().concerns.clear()
    verslag.released_to.set([cast.fatma])
    assert READ in text(as_.link(cast.fatma).get("/mijn/"))
    assert READ not in text(as_.link(cast.ali).get("/mijn/"))


@pytest.mark.req("G5")
def test_a_parent_whom_an_agreement_concerns_is_led_to_it(cast, as_):
    verslag = cast.with_verslag(released=True)
    verslag.released_to.clear()
    assert READ in text(as_.link(cast.fatma).get("/mijn/"))


@pytest.mark.parametrize("children", [1, 3, 30])
def test_released_records_cost_the_page_no_query_more(cast, as_, children, django_assert_max_num_queries):
    pupils = [cast.pupil(f"extra{n}", f"Kind{n}", "Extra", cast.groep5) for n in range(children)]
    cast.guardian("moeder", "Moeder", "Extra", pupils)
    cast.with_ronde()
    for pupil in pupils:
        cast.with_verslag(cast.with_gesprek(pupil), released=True)
    client = as_.link(cast.moeder)
    with django_assert_max_num_queries(26):
        page = text(client.get("/mijn/"))
    assert page.count(READ) == children


def test_after_the_choosing_period_the_page_offers_a_call_and_no_button_that_cannot_work(opened, as_, monkeypatch):
    client = as_.link(opened.fatma)
    assert "Kies een tijd voor Elif" in text(client.get("/mijn/"))
    Ronde.objects.update(starts_on=(NOW + timedelta(days=3)).date())
    page = text(client.get("/mijn/"))
    assert "Kies een tijd voor Elif" not in page
    assert "Zelf kiezen kan nu niet meer" in page
    assert "Bel mij" in page


def test_a_time_that_has_passed_is_no_longer_the_thing_to_do(opened, as_, monkeypatch):
    choose_for(opened, opened.elif_, opened.saskia, opened.fatma)
    later(monkeypatch, days=20)
    page = text(as_.link(opened.fatma).get("/mijn/"))
    assert page.index("Eerder") < page.index("Elif")


def test_a_time_in_a_closed_ronde_is_still_to_come(opened, as_):
    choose_for(opened, opened.elif_, opened.saskia, opened.fatma)
    Ronde.objects.update(state="closed")
    client = as_.link(opened.fatma)
    assert "Gesprek over Elif" in text(client.get("/mijn/"))
    page = text(client.get(f"/mijn/{opened.gesprek_of(opened.elif_).pk}/tijd/"))
    assert "Zeg deze tijd af" not in page


@pytest.mark.req("I3a")
def test_that_the_other_parent_asked_for_a_call_is_not_shown(opened, as_):
    gesprek = opened.gesprek_of(opened.elif_)
    followup.ask_for_call(gesprek=gesprek, by=Actor(opened.ali, LINK), now=NOW)
    assert "u wordt gebeld" in text(as_.link(opened.ali).get("/mijn/"))
    assert "u wordt gebeld" not in text(as_.link(opened.fatma).get("/mijn/"))


@pytest.mark.req("I4")
def test_the_teacher_sees_that_a_parent_with_a_time_wants_a_call(opened, as_):
    """After the choosing period a call is the only way to another time, so it must reach the teacher."""
    booked = choose_for(opened, opened.elif_, opened.saskia, opened.fatma)
    teacher = as_.staff(opened.saskia)
    followup.ask_for_call(gesprek=booked.gesprek, by=Actor(opened.fatma, LINK), note="Na vieren", now=NOW + LATER)
    assert "Na vieren" in text(teacher.get("/vandaag/"))
    assert "u wordt gebeld" in text(as_.link(opened.fatma).get("/mijn/"))


def test_choosing_a_time_oneself_answers_the_wish_to_be_called(opened, as_):
    gesprek = opened.gesprek_of(opened.elif_)
    followup.ask_for_call(gesprek=gesprek, by=Actor(opened.fatma, LINK), note="Na vieren", now=NOW - LATER)
    teacher = as_.staff(opened.saskia)
    assert "Na vieren" in text(teacher.get("/vandaag/"))
    choose_for(opened, opened.elif_, opened.saskia, opened.fatma)
    assert "Na vieren" not in text(teacher.get("/vandaag/"))


def test_an_old_page_that_asks_for_the_calendar_file_shows_the_times(opened, as_):
    response = as_.link(opened.fatma).get(f"/mijn/{opened.gesprek_of(opened.elif_).pk}/agenda.ics", follow=True)
    assert "Kies een tijd voor het gesprek over Elif" in text(response)


def test_without_a_number_the_parent_is_asked_to_write_it_down(opened, as_):
    url = f"/mijn/{opened.gesprek_of(opened.elif_).pk}/bel-mij/"
    client = as_.link(opened.fatma)
    assert "geen telefoonnummer van u" in text(client.get(url))
    Person.objects.filter(pk=opened.fatma.pk).update(phone="06 12 34 56 78")
    page = text(client.get(url))
    assert "geen telefoonnummer van u" not in page
    assert "06 12 34 56 78" in page


# --- the times -------------------------------------------------------------------------------------------------------


@pytest.mark.req("P2")
def test_beside_the_times_stand_only_gesprekken_that_are_still_to_come(opened, as_):
    earlier = choose_for(opened, opened.elif_, opened.saskia, opened.fatma)
    url = f"/mijn/{opened.gesprek_of(opened.emre).pk}/tijden/"
    client = as_.link(opened.fatma)
    assert "Elif heeft dinsdag 24 november" in text(client.get(url))
    moved = {"starts_at": NOW - timedelta(days=9), "ends_at": NOW - timedelta(days=9) + timedelta(minutes=15)}
    Booking.objects.filter(pk=earlier.pk).update(**moved)
    assert "Elif heeft" not in text(client.get(url))


@pytest.mark.req("P2")
def test_with_duo_teachers_each_time_stands_with_whose_it_is(opened, as_):
    page = text(as_.link(opened.ria).get(f"/mijn/{opened.gesprek_of(opened.daan).pk}/tijden/"))
    assert "bij Ilse Smit" in page
    assert "bij Maarten Peters" in page
    assert page.count(">15:00<") == 2
    assert "bij Saskia" not in text(as_.link(opened.fatma).get(f"/mijn/{opened.gesprek_of(opened.elif_).pk}/tijden/"))


def test_a_page_of_sixty_times_fits_the_first_round_trip(opened, as_):
    gesprek, zone = opened.gesprek_of(opened.elif_), opened.school.zone
    Slot.objects.all().delete()
    for day in range(23, 28):
        for quarter in range(12):
            starts = datetime(2026, 11, day, 15, tzinfo=zone) + timedelta(minutes=15 * quarter)
            Slot.objects.create(
                school=opened.school,
                ronde=opened.ronde,
                medewerker=opened.saskia.medewerker,
                starts_at=starts,
                ends_at=starts + timedelta(minutes=15),
            )
    page = as_.link(opened.fatma).get(f"/mijn/{gesprek.pk}/tijden/").content
    assert page.count(b'class="btn" href="/mijn/') == 60
    assets = set(re.findall(rb'(?:href|src)="/static/([^"]+)"', page))
    weight = len(gzip.compress(page))
    for asset in assets:
        with open(finders.find(asset.decode()), "rb") as file:  # noqa: PTH123 - a path from the finder
            weight += len(gzip.compress(file.read()))
    assert weight <= 14_000
    assert len(assets) + 1 <= 4


def test_a_time_that_went_meanwhile_says_so_before_the_button(opened, as_):
    gesprek, slot = opened.gesprek_of(opened.tess), slots_of(opened, opened.saskia)[0]
    choose_for(opened, opened.elif_, opened.saskia, opened.fatma)
    page = text(as_.link(opened.sander).get(f"/mijn/{gesprek.pk}/tijden/{slot.pk}/"))
    assert "net gekozen" in page
    assert "Kies deze tijd" not in page
    assert "15:15" in page


def test_going_back_to_the_question_after_answering_shows_the_answer(opened, as_):
    booked = choose_for(opened, opened.elif_, opened.saskia, opened.fatma)
    response = as_.link(opened.fatma).get(f"/mijn/{booked.gesprek_id}/tijden/{booked.slot_id}/", follow=True)
    assert "Uw tijd staat vast" in text(response)


# --- the confirmation ------------------------------------------------------------------------------------------------


@pytest.mark.req("P2")
def test_after_one_child_the_next_without_a_time_is_offered(opened, as_):
    booked = choose_for(opened, opened.elif_, opened.saskia, opened.fatma)
    client = as_.link(opened.fatma)
    page = text(client.get(f"/mijn/{booked.gesprek_id}/tijd/"))
    assert "Kies nu ook een tijd voor Emre" in page
    assert f"/mijn/{opened.gesprek_of(opened.emre).pk}/tijden/" in page
    choose_for(opened, opened.emre, opened.bas, opened.fatma, nth=2)
    assert "Kies nu ook" not in text(client.get(f"/mijn/{booked.gesprek_id}/tijd/"))


@pytest.mark.parametrize("change", [{"cancelled_at": NOW}, {"held_on": NOW.date()}])
def test_a_child_whose_gesprek_is_over_is_not_offered(opened, as_, change):
    booked = choose_for(opened, opened.elif_, opened.saskia, opened.fatma)
    Gesprek.objects.filter(pk=opened.gesprek_of(opened.emre).pk).update(**change)
    assert "Kies nu ook" not in text(as_.link(opened.fatma).get(f"/mijn/{booked.gesprek_id}/tijd/"))


def test_a_parent_without_mail_is_told_to_write_it_down_also_when_the_other_gets_a_mail(opened, as_):
    Person.objects.filter(pk=opened.fatma.pk).update(email="")
    booked = choose_for(opened, opened.elif_, opened.saskia, opened.fatma)
    page = text(as_.link(opened.fatma).get(f"/mijn/{booked.gesprek_id}/tijd/"))
    assert "Schrijf de tijd op" in page
    assert "naar Ali Yılmaz" in page


# --- letting go ------------------------------------------------------------------------------------------------------


def test_cancelling_ends_on_a_page_that_can_be_opened_again(opened, as_):
    """Back, reload, another language: none of them meets a form that was sent before."""
    booked = choose_for(opened, opened.elif_, opened.saskia, opened.fatma)
    client, url = as_.link(opened.fatma), f"/mijn/{booked.gesprek_id}/afzeggen/"
    assert client.get(url, follow=True).redirect_chain  # nothing was cancelled by looking
    assert Booking.objects.active().count() == 1
    assert client.post(url).status_code == 302
    page = text(client.get(url))
    assert "De tijd is afgezegd" in page
    assert "zet deze tijd terug" in page
    assert "Fatma" in page


def test_a_double_tap_on_cancel_shows_the_same_page(opened, as_):
    booked = choose_for(opened, opened.elif_, opened.saskia, opened.fatma)
    client, url = as_.link(opened.fatma), f"/mijn/{booked.gesprek_id}/afzeggen/"
    client.post(url)
    assert "De tijd is afgezegd" in text(client.post(url, follow=True))


def test_undo_is_not_offered_once_somebody_else_has_the_time(opened, as_):
    booked = choose_for(opened, opened.elif_, opened.saskia, opened.fatma)
    client, url = as_.link(opened.fatma), f"/mijn/{booked.gesprek_id}/afzeggen/"
    client.post(url)
    choose_for(opened, opened.tess, opened.saskia, opened.sander)
    assert "zet deze tijd terug" not in text(client.get(url))
    undo = f"/mijn/{booked.gesprek_id}/toch-wel/{booked.pk}/"
    assert "net gekozen" in text(client.post(undo, follow=True))
    assert client.get(undo).status_code == 302


@pytest.mark.req("P2")
def test_times_right_before_and_after_a_brother_stand_on_top(opened, as_):
    choose_for(opened, opened.elif_, opened.saskia, opened.fatma, nth=2)
    page = text(as_.link(opened.fatma).get(f"/mijn/{opened.gesprek_of(opened.emre).pk}/tijden/"))
    section = page[page.index("Met weinig wachten") : page.index("</section>")]
    assert re.findall(r">(\d\d:\d\d)<", section) == ["15:15", "15:45", "15:00"]
    assert "Met weinig wachten" not in text(
        as_.link(opened.sander).get(f"/mijn/{opened.gesprek_of(opened.tess).pk}/tijden/")
    )


# --- moving, and back again ------------------------------------------------------------------------------------------


def moved_by(cast, by, *, nth=1):
    booked = choose_for(cast, cast.elif_, cast.saskia, cast.fatma)
    slot = slots_of(cast, cast.saskia)[nth]
    moved = booking.move(slot=slot, gesprek=booked.gesprek, by=by, now=NOW + LATER, agreed=True)
    return booked, moved


@pytest.mark.req("P1")
def test_after_moving_one_tap_takes_the_old_time_back(opened, as_):
    booked, moved = moved_by(opened, Actor(opened.fatma, LINK))
    client, url = as_.link(opened.fatma), f"/mijn/{booked.gesprek_id}/tijd/"
    assert "Uw oude tijd, dinsdag 24 november om 15:00, is nog vrij" in text(client.get(url))
    page = text(client.post(f"/mijn/{booked.gesprek_id}/tijden/{booked.slot_id}/", {"replace": moved.pk}, follow=True))
    assert "van 15:00 tot 15:15" in page
    assert Booking.objects.active().get().slot == booked.slot


def test_the_way_back_is_gone_once_somebody_else_has_the_old_time(opened, as_):
    booked, moved = moved_by(opened, Actor(opened.fatma, LINK))
    choose_for(opened, opened.tess, opened.saskia, opened.sander)
    client = as_.link(opened.fatma)
    assert "Toch de oude tijd" not in text(client.get(f"/mijn/{booked.gesprek_id}/tijd/"))
    page = text(client.post(f"/mijn/{booked.gesprek_id}/tijden/{booked.slot_id}/", {"replace": moved.pk}, follow=True))
    assert "net gekozen" in page


def test_what_the_school_moved_is_not_offered_back(opened, as_):
    booked, _moved = moved_by(opened, Actor(opened.saskia, ACCOUNT))
    assert "Toch de oude tijd" not in text(as_.link(opened.fatma).get(f"/mijn/{booked.gesprek_id}/tijd/"))


# --- a pupil ---------------------------------------------------------------------------------------------------------


def test_a_pupil_finds_the_year_and_after_the_gesprek_what_was_agreed(opened, as_):
    gesprek = opened.gesprek_of(opened.elif_)
    client = as_.link(opened.elif_.person)
    page = text(client.get("/leerling/"))
    assert "Er komt een gesprek" in page
    assert "/jaar/gedeeld/" in page
    assert "Lees wat jullie afspraken" not in page
    opened.with_verslag(gesprek, released=True)
    page = text(client.get("/leerling/"))
    assert "Er komt een gesprek" not in page
    assert "Lees wat jullie afspraken" in page


@pytest.mark.parametrize("address", ["/code-per-mail/", "/code-per-mail/?verstuurd=1", "/jaar/gedeeld/"])
def test_a_pupil_is_spoken_to_as_a_pupil(opened, as_, address):
    opened.with_shared_year()
    page = text(as_.link(opened.elif_.person).get(address))
    content = page[page.index("<main") : page.index("</main>")]
    assert not re.search(r"\b[Uu]w?\b", re.sub(r"<[^>]+>", " ", content))


# --- to be called ----------------------------------------------------------------------------------------------------


@pytest.mark.req("P1")
def test_the_page_to_be_called_asks_first_and_says_afterwards_that_it_is_so(opened, as_):
    client, url = as_.link(opened.sander), f"/mijn/{opened.gesprek_of(opened.tess).pk}/bel-mij/"
    Person.objects.filter(pk=opened.sander.pk).update(phone="06 1234")
    page = text(client.get(url))
    assert "Wilt u dat wij u bellen?" in page
    assert "De leerkracht gaat u bellen" not in page
    client.post(url, {"note": "na vieren"})
    mine = text(client.get("/mijn/"))
    assert "De leerkracht belt u om samen een tijd te vinden" in mine
    assert "Verander wanneer wij bellen" in mine
    page = text(client.get(url))
    assert "De leerkracht gaat u bellen" in page
    assert "na vieren" in page
    client.post(url, {"terug": "ja"})
    assert "u wordt gebeld" not in text(client.get("/mijn/"))


@pytest.mark.req("P1")
def test_who_has_no_number_is_asked_for_one(opened, as_):
    client, url = as_.link(opened.sander), f"/mijn/{opened.gesprek_of(opened.tess).pk}/bel-mij/"
    Person.objects.filter(pk=opened.sander.pk).update(phone="")
    response = client.post(url, {"note": " "})
    assert response.status_code == 422
    assert "Schrijf uw telefoonnummer op" in text(response)
    assert client.post(url, {"note": "06 1234"}).status_code == 302


@pytest.mark.req("P1")
def test_a_call_that_is_asked_for_after_the_ronde_closed_reaches_the_teacher(opened, as_, monkeypatch):
    choose_for(opened, opened.tess, opened.saskia, opened.sander)
    later(monkeypatch, days=1)
    Ronde.objects.filter(pk=opened.ronde.pk).update(state=Ronde.State.CLOSED)
    gesprek = opened.gesprek_of(opened.tess)
    Person.objects.filter(pk=opened.sander.pk).update(phone="06 1234")
    as_.link(opened.sander).post(f"/mijn/{gesprek.pk}/bel-mij/", {"note": "ik kan toch niet"})
    page = text(as_.staff(opened.saskia).get("/vandaag/"))
    assert "ik kan toch niet" in page
    assert "Noor" not in page  # nobody is asked to react any more


@pytest.mark.req("P1")
def test_in_a_closed_ronde_nobody_fills_in_what_nobody_reads(opened, as_):
    Ronde.objects.filter(pk=opened.ronde.pk).update(state=Ronde.State.CLOSED)
    client, pk = as_.link(opened.sander), opened.gesprek_of(opened.tess).pk
    for page in ("geen-tijd-past", "bel-mij"):
        assert "Bel de school" in text(client.get(f"/mijn/{pk}/{page}/", follow=True))
    page = text(client.get(f"/mijn/{pk}/tijden/"))
    assert "Bel de school" in page
    assert "Zeg wanneer u kunt" not in page
    assert "Bel mij" not in page


def test_asking_for_a_call_is_never_lost_for_want_of_an_invitation(opened):
    gesprek = opened.gesprek_of(opened.tess)
    gesprek.invitations.all().delete()
    followup.ask_for_call(gesprek=gesprek, by=Actor(opened.sander, LINK), note="na vieren", now=NOW)
    assert gesprek.invitations.get(person=opened.sander).call_me_note == "na vieren"


def test_who_gets_no_mail_is_not_promised_one(cast, as_):
    assert "U krijgt een brief zodra" in text(as_.link(cast.ria).get("/mijn/"))
    assert "U krijgt een mail zodra" in text(as_.link(cast.sander).get("/mijn/"))


# --- wish mode says what is so now -----------------------------------------------------------------------------------


@pytest.fixture
@remembered
def wishing(cast):
    cast.with_open_ronde(mode=Ronde.Mode.WISHES)
    ronde = Ronde.objects.get(pk=cast.ronde.pk)
    wishes.give_wishes(
        ronde=ronde, person=cast.sander, wishes={(ronde.starts_on, Part.EVENING): Wish.Can.YES},
        by=Actor(cast.sander, LINK), now=NOW,
    )  # fmt: skip
    return cast


@pytest.mark.req("P2")
def test_what_she_said_is_shown_with_what_happens_next_from_now(wishing, as_):
    client, url, mine = as_.link(wishing.sander), f"/mijn/wensen/{wishing.ronde.pk}/klaar/", Ronde.objects
    assert "kunt u dit nog veranderen" in text(client.get(url))
    mine.update(booking_closes_days=30)
    page = text(client.get(url))
    assert "kunt u dit nog veranderen" not in page
    assert "Veranderen kan niet meer" in page
    mine.update(plan_released_at=NOW)
    page = text(client.get(url))
    assert "De planning is klaar" in page
    assert "Daarna maken wij een planning" not in page
    assert "Wij maken nu" not in page


@pytest.mark.req("P2")
def test_a_time_of_before_the_plan_is_not_said_to_be_past_swapping(wishing, as_):
    choose_slot = slots_of(wishing, wishing.saskia)[0]
    gesprek = wishing.gesprek_of(wishing.tess)
    booking.book(slot=choose_slot, gesprek=gesprek, by=Actor(wishing.saskia, ACCOUNT), now=NOW, agreed=True)
    page = text(as_.link(wishing.sander).get(f"/mijn/{gesprek.pk}/tijd/"))
    assert "Zelf wisselen kan niet meer" not in page
    assert "Bel mij" in page


@pytest.mark.req("P2")
def test_an_old_address_of_times_says_one_thing_when_wishes_have_closed(wishing, as_):
    Ronde.objects.update(booking_closes_days=30)
    page = text(as_.link(wishing.sander).get(f"/mijn/{wishing.gesprek_of(wishing.tess).pk}/tijden/", follow=True))
    assert "Doorgeven kan niet meer" in page
    assert "In deze ronde geeft u aan wanneer u kunt" not in page


# --- several at once -------------------------------------------------------------------------------------------------


@pytest.mark.req("P1")
def test_of_two_rondes_at_once_each_gesprek_says_which_it_is(opened, as_):
    assert "Voortgangsgesprekken november</span>" not in text(as_.link(opened.sander).get("/mijn/"))
    first, tess = opened.ronde, opened.gesprek_of(opened.tess)
    in_december = datetime(2026, 12, 7).date()
    opened.with_ronde(state=Ronde.State.OPEN, name="Extra ronde", starts_on=in_december, ends_on=in_december)
    later_one = opened.with_gesprek(opened.tess)
    page = text(as_.link(opened.sander).get("/mijn/"))
    assert "Voortgangsgesprekken november</span>" in page
    assert "Extra ronde</span>" in page
    assert "/mijn/samen/" not in page  # one child in two rondes has no brother to come right after
    assert "/mijn/samen/" in text(as_.link(opened.fatma).get("/mijn/"))
    booking.book(
        slot=first.slots.filter(medewerker=opened.saskia.medewerker)[0],
        gesprek=tess,
        by=Actor(opened.sander, LINK),
        now=NOW,
    )
    assert "24 november" not in text(as_.link(opened.sander).get(f"/mijn/{later_one.pk}/tijden/"))


@pytest.mark.req("P1")
def test_a_pupil_whose_parents_talk_apart_sees_with_whom_each_gesprek_is(opened, as_):
    page = text(as_.link(opened.noor.person).get("/leerling/"))
    assert "en Kim van Dijk" in page
    assert "en Joost de Vries" in page
    assert "en Fatma" not in text(as_.link(opened.elif_.person).get("/leerling/"))


@pytest.mark.req("I5")
def test_asking_an_interpreter_again_keeps_what_was_written_and_a_confirmed_one_is_said_to_come(opened, as_):
    client, gesprek = as_.link(opened.sander), opened.gesprek_of(opened.tess)
    url = f"/mijn/{gesprek.pk}/tolk/"
    client.post(url, {"language": "uk", "note": "liefst een vrouw"})
    client.post(url, {"language": "uk", "note": ""})
    asked = InterpreterRequest.objects.get(gesprek=gesprek)
    assert asked.note == "liefst een vrouw"
    assert "Er is een tolk gevraagd" in text(client.get("/mijn/"))
    InterpreterRequest.objects.update(state=InterpreterRequest.State.CONFIRMED)
    page = text(client.get("/mijn/"))
    assert "Er komt een tolk" in page
    assert "Er is een tolk gevraagd" not in page


@pytest.mark.req("P1")
def test_who_plans_all_and_gets_no_mail_is_told_to_write_it_down_also_when_the_other_parent_is_mailed(opened, as_):
    Person.objects.filter(pk=opened.fatma.pk).update(email="")
    slots = {opened.elif_: slots_of(opened, opened.saskia)[0], opened.emre: slots_of(opened, opened.bas)[2]}
    chosen = {f"g{opened.gesprek_of(child).pk}": slot.pk for child, slot in slots.items()}
    page = text(as_.link(opened.fatma).post("/mijn/samen/kiezen/", chosen, follow=True))
    assert "naar Ali Yılmaz" in page
    assert "Schrijf de tijden op" in page


@pytest.mark.req("P1")
def test_on_the_day_itself_who_cannot_come_phones_the_school_and_afterwards_nobody_is_asked(opened, as_, monkeypatch):
    choose_for(opened, opened.tess, opened.saskia, opened.sander)
    url = f"/mijn/{opened.gesprek_of(opened.tess).pk}/tijd/"
    later(monkeypatch, days=14)
    page = text(as_.link(opened.sander).get(url))
    assert "Het gesprek is vandaag" in page
    assert "tel:010 555 01 23" in page
    assert "Bel mij" not in page
    later(monkeypatch, days=15)
    page = text(as_.link(opened.sander).get(url))
    assert "Uw tijd" in page
    assert "Kunt u toch niet?" not in page


@pytest.mark.parametrize("children", [1, 4])
def test_the_personal_page_asks_little_whatever_the_number_of_children(
    cast, as_, django_assert_max_num_queries, children
):
    """With something to read, something agreed and something asked for about each of them."""
    theirs = [cast.pupil(f"kind{number}", f"Kind{number}", "Bakker", cast.groep5) for number in range(children)]
    mother = cast.guardian("mother", "Mia", "Bakker", theirs)
    cast.with_open_ronde(mode=Ronde.Mode.WISHES)
    for gesprek in Gesprek.objects.filter(deelnames__person=mother):
        cast.with_verslag(gesprek, released=True)
        Aanvraag.objects.create(
            school=cast.school, leerling=gesprek.leerling, soort=gesprek.ronde.soort, person=mother,
            as_role="ouder", reason="Wij willen praten",
        )  # fmt: skip
    Soort.objects.update(is_optional=True)
    client = as_.link(mother, confirmed=True)
    client.get("/mijn/")
    with django_assert_max_num_queries(21):
        page = client.get("/mijn/").content.decode()
    assert page.count("Elke avond tien minuten lezen") == children
