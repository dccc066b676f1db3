"""Brothers and sisters in one go: proposals back to back, a choice of one's own, all of it or nothing."""

import gzip
import re
from datetime import date, time, timedelta

import pytest
from django.contrib.staticfiles import finders

from gesprekken.models import Gesprek, Ronde
from planning.models import Booking, Slot
from planning.times import booking
from school.actor import ACCOUNT, LINK, Actor
from school.models import Outgoing
from tests.cast import NOW
from tests.remembered import remembered

PAGE, CHECK = "/mijn/samen/", "/mijn/samen/kiezen/"


@pytest.fixture
@remembered
def opened(cast):
    cast.with_open_ronde()
    return cast


def text(response):
    return response.content.decode()


def slots_of(cast, teacher):
    return list(Slot.objects.filter(ronde=cast.ronde, medewerker=teacher.medewerker))


def at(cast, teacher, hour, minute=0):
    return next(
        slot
        for slot in slots_of(cast, teacher)
        if slot.starts_at.astimezone(cast.school.zone).time() == time(hour, minute)
    )


def asking(cast, elif_slot, emre_slot, **more):
    named = {cast.elif_: elif_slot, cast.emre: emre_slot}
    return {f"g{cast.gesprek_of(child).pk}": slot.pk for child, slot in named.items() if slot} | more


def back_to_back(cast):
    return asking(cast, at(cast, cast.saskia, 15), at(cast, cast.bas, 15, 15))


def book(cast, pupil, slot, by, now=NOW):
    return booking.book(slot=slot, gesprek=cast.gesprek_of(pupil), by=Actor(by, LINK), now=now)


# --- the proposals ---------------------------------------------------------------------------------------------------


@pytest.mark.req("P1", "P2")
def test_the_page_proposes_times_right_after_each_other(opened, as_):
    client = as_.link(opened.fatma)
    assert "Plan alles in één keer" in text(client.get("/mijn/"))
    page = text(client.get(PAGE))
    assert page.count("direct na elkaar") == 6
    assert re.search(r"15:00</strong> Elif bij Saskia Mulder.*?15:15</strong> Emre bij Bas van den Berg", page, re.S)


def test_a_pause_between_two_is_said_in_minutes(cast, as_):
    cast.with_open_ronde(duration=15, buffer=5)
    page = text(as_.link(cast.fatma).get(PAGE))
    assert "5 minuten wachten" in page
    assert re.search(r"15:00</strong> Elif.*?15:20</strong> Emre", page, re.S)


def test_whoever_has_one_child_goes_to_its_own_times(opened, as_):
    response = as_.link(opened.sander).get(PAGE)
    assert response["Location"] == f"/mijn/{opened.gesprek_of(opened.tess).pk}/tijden/"
    assert "Plan alles" not in text(as_.link(opened.sander).get("/mijn/"))


@pytest.mark.parametrize("change", [{"state": "closed"}, {"choosing_opens_at": NOW + timedelta(days=1)}])
def test_where_nothing_can_be_chosen_now_there_is_nothing_to_plan(opened, as_, change):
    Ronde.objects.update(**change)
    client = as_.link(opened.fatma)
    assert client.get(PAGE)["Location"] == "/mijn/"
    response = client.post(CHECK, back_to_back(opened))
    assert response["Location"] == "/mijn/"
    assert not Booking.objects.exists()


def test_a_child_whose_ronde_is_not_open_is_left_out(opened, as_):
    other = Ronde.objects.get()
    other.pk, other.state = None, "draft"
    other.save()
    Gesprek.objects.filter(pk=opened.gesprek_of(opened.emre).pk).update(ronde=other)
    assert "Plan alles" not in text(as_.link(opened.fatma).get("/mijn/"))
    assert as_.link(opened.fatma).get(PAGE).status_code == 302


@pytest.mark.req("I3a")
def test_separated_parents_find_only_their_own_gesprekken(opened, as_):
    """Kim and Joost talk apart about Noor, and Kim has another child."""
    child = opened.pupil("bo", "Bo", "Dijk", opened.groep8)
    opened.people["kim"].relaties.create(school=opened.school, leerling=child)
    opened.with_gesprek(child, opened.ronde, guardians=[opened.kim])
    book(opened, opened.emre, at(opened, opened.bas, 15), opened.fatma)
    own, other = opened.gesprek_of(opened.noor, opened.kim), opened.gesprek_of(opened.noor, opened.joost)
    client = as_.link(opened.kim)
    page = text(client.get(PAGE))
    assert f"g{own.pk}=" in page
    assert f"g{other.pk}=" not in page
    slot = at(opened, opened.saskia, 15)
    client.post(CHECK, {f"g{other.pk}": slot.pk})
    assert not Booking.objects.filter(gesprek=other).exists()


def test_a_child_without_a_free_time_is_named_and_the_others_can_still_be_planned(opened, as_):
    Slot.objects.filter(medewerker=opened.bas.medewerker).delete()
    page = text(as_.link(opened.fatma).get(PAGE))
    assert "Voor Emre is nu geen tijd vrij" in page
    assert "Bekijk mijn keuze" in page


# --- all in one go ---------------------------------------------------------------------------------------------------


@pytest.mark.req("P1", "P2")
def test_a_choice_is_checked_and_planned_with_one_button(opened, as_):
    client = as_.link(opened.fatma)
    page = text(client.get(CHECK, back_to_back(opened)))
    assert "Kies deze 2 tijden" in page
    assert not Booking.objects.exists()
    page = text(client.post(CHECK, back_to_back(opened), follow=True))
    assert "Dit staat vast: Elif dinsdag 24 november om 15:00; Emre dinsdag 24 november om 15:15." in page
    assert "Ali Yılmaz en Fatma Yılmaz" in page
    assert Booking.objects.active().count() == 2
    assert Outgoing.objects.filter(message="planning.booked").count() == 4


def test_a_double_tap_plans_once_and_tells_once(opened, as_):
    client = as_.link(opened.fatma)
    for _twice in range(2):
        assert client.post(CHECK, back_to_back(opened))["Location"] == "/mijn/"
    assert Booking.objects.count() == 2
    assert Outgoing.objects.filter(message__in=["planning.booked", "planning.moved"]).count() == 4


@pytest.mark.req("P1")
def test_a_lost_race_changes_nothing_and_shows_what_is_free_now(opened, as_):
    client = as_.link(opened.fatma)
    client.get(CHECK, back_to_back(opened))
    book(opened, opened.tess, at(opened, opened.saskia, 15), opened.sander)
    page = text(client.post(CHECK, back_to_back(opened), follow=True))
    assert "Een van deze tijden is net gekozen. Er is niets veranderd." in page
    assert "Kies deze tijden" in page
    assert Booking.objects.filter(gesprek__in=[opened.gesprek_of(p) for p in (opened.elif_, opened.emre)]).count() == 0


def test_a_race_lost_inside_the_verb_reads_the_same(opened, as_, monkeypatch):
    def too_late(**_about):
        raise booking.BookingRefused("taken")

    monkeypatch.setattr(booking, "book_all", too_late)
    page = text(as_.link(opened.fatma).post(CHECK, back_to_back(opened), follow=True))
    assert "Er is niets veranderd. Dit kan nog wel:" in page


@pytest.mark.parametrize("reason", booking.BookingRefused.REASONS)
def test_every_refusal_is_a_friendly_page(opened, as_, monkeypatch, reason):
    def refuse(**_about):
        raise booking.BookingRefused(reason)

    monkeypatch.setattr(booking, "book_all", refuse)
    response = as_.link(opened.fatma).post(CHECK, back_to_back(opened), follow=True)
    assert response.status_code == 200
    assert "melding warning" in text(response)


def test_two_times_that_fall_together_are_said_by_name_and_stay_picked(opened, as_):
    same = asking(opened, at(opened, opened.saskia, 15), at(opened, opened.bas, 15))
    page = text(as_.link(opened.fatma).get(CHECK, same, follow=True))
    assert "De tijden van Elif en Emre vallen samen" in page
    assert page.count(" checked") == 2


def test_walking_time_is_asked_for_in_a_choice_of_ones_own_too(cast, as_):
    cast.with_open_ronde(walking=10)
    page = text(as_.link(cast.fatma).get(CHECK, back_to_back(cast), follow=True))
    assert "liggen te dicht op elkaar" in page


def test_one_child_now_and_the_other_later_is_possible(opened, as_):
    client = as_.link(opened.fatma)
    only = asking(opened, at(opened, opened.saskia, 15), None)
    assert "Kies deze tijd<" in text(client.get(CHECK, only))
    client.post(CHECK, only)
    assert Booking.objects.get().gesprek == opened.gesprek_of(opened.elif_)


@pytest.mark.parametrize("data", [{}, {"g1": "x"}, {"g999999": "1"}])
def test_choosing_nothing_says_what_to_do(opened, as_, data):
    assert "Kies eerst een tijd" in text(as_.link(opened.fatma).get(CHECK, data, follow=True))


# --- replacing -------------------------------------------------------------------------------------------------------


@pytest.mark.req("P2")
def test_times_that_were_there_are_replaced_together(opened, as_):
    first = book(opened, opened.elif_, at(opened, opened.saskia, 15), opened.fatma)
    second = book(opened, opened.emre, at(opened, opened.bas, 16, 30), opened.fatma)
    client = as_.link(opened.fatma)
    assert "Elif heeft dinsdag 24 november van 15:00 tot 15:15" in text(client.get(PAGE))
    new = asking(opened, at(opened, opened.saskia, 16), at(opened, opened.bas, 16, 15))
    page = text(client.get(CHECK, new))
    assert page.count("komt dan vrij") == 2
    client.post(CHECK, {**new, "was": [first.pk, second.pk]})
    starts = [b.slot for b in Booking.objects.active().order_by("starts_at")]
    assert starts == [at(opened, opened.saskia, 16), at(opened, opened.bas, 16, 15)]
    assert Outgoing.objects.filter(message="planning.moved").count() == 4


def test_a_time_that_is_there_can_stay_while_a_brother_gets_one_next_to_it(opened, as_):
    kept = book(opened, opened.elif_, at(opened, opened.saskia, 16), opened.fatma)
    client = as_.link(opened.fatma)
    page = text(client.get(PAGE))
    assert re.search(r"16:00</strong> Elif.*?16:15</strong> Emre", page, re.S)
    client.post(CHECK, asking(opened, at(opened, opened.saskia, 16), at(opened, opened.bas, 16, 15), was=[kept.pk]))
    assert Booking.objects.active().count() == 2
    assert Booking.objects.get(pk=kept.pk).state == "active"


def test_two_children_can_change_places(opened, as_):
    """Each in the minutes of the other: both move in one step."""
    first = book(opened, opened.elif_, at(opened, opened.saskia, 15), opened.fatma)
    second = book(opened, opened.emre, at(opened, opened.bas, 15, 15), opened.fatma)
    new = asking(opened, at(opened, opened.saskia, 15, 15), at(opened, opened.bas, 15), was=[first.pk, second.pk])
    as_.link(opened.fatma).post(CHECK, new)
    assert {b.slot for b in Booking.objects.active()} == {
        at(opened, opened.saskia, 15, 15),
        at(opened, opened.bas, 15),
    }


def test_a_stale_page_never_replaces_what_the_other_parent_chose(opened, as_):
    mother = as_.link(opened.fatma)
    mother.get(CHECK, back_to_back(opened))
    chosen = book(opened, opened.elif_, at(opened, opened.saskia, 16), opened.ali)
    page = text(mother.post(CHECK, back_to_back(opened), follow=True))
    assert "Er is net al een tijd gekozen" in page
    assert Booking.objects.active().get() == chosen


# --- light -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("families", [1, 3, 30])
@pytest.mark.parametrize("hours", [1, 3, 6])
def test_the_page_costs_the_same_whatever_the_slots_and_families(
    cast, as_, families, hours, django_assert_max_num_queries
):
    cast.with_ronde(state=Ronde.State.OPEN)
    for day in (24, 25, 26):
        cast.with_times(on=date(2026, 11, day), starts=time(13), ends=time(13 + hours))
    for pupil in (cast.elif_, cast.emre):
        cast.with_gesprek(pupil)
    for n, slot in zip(range(families), reversed(slots_of(cast, cast.saskia)), strict=False):
        child = cast.pupil(f"extra{n}", f"Kind{n}", "Extra", cast.groep5)
        cast.guardian(f"ouder{n}", f"Ouder{n}", "Extra", [child])
        by = Actor(cast.annemiek, ACCOUNT)
        booking.book(slot=slot, gesprek=cast.with_gesprek(child), by=by, now=NOW, agreed=True)
    client = as_.link(cast.fatma)
    with django_assert_max_num_queries(13):
        assert client.get(PAGE).status_code == 200


def test_two_children_and_a_full_week_fit_in_the_first_round_trip(cast, as_):
    cast.with_ronde(state=Ronde.State.OPEN)
    for day in range(23, 28):
        cast.with_times(on=date(2026, 11, day), starts=time(15), ends=time(21))
    for pupil in (cast.elif_, cast.emre):
        cast.with_gesprek(pupil)
    page = as_.link(cast.fatma).get(PAGE).content
    assets = set(re.findall(rb'(?:href|src)="/static/([^"]+)"', page))
    weight = sum(len(gzip.compress(p)) for p in [page, *(open(finders.find(a.decode()), "rb").read() for a in assets)])  # noqa: SIM115, PTH123
    assert weight <= 14_000
    assert len(assets) + 1 <= 4
    assert b"<script" not in page


def test_each_child_reads_its_own_place(opened, as_):
    gesprek = opened.gesprek_of(opened.emre)
    Gesprek.objects.filter(pk=gesprek.pk).update(form=Ronde.Form.HOME, place="Kerkstraat 3")
    page = text(as_.link(opened.fatma).get(CHECK, back_to_back(opened)))
    assert page.count("Kerkstraat 3") == 1
