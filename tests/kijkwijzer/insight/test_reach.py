"""Reach and follow-up: every gesprek counted once, per group, without a rank."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gesprekken.models import Gesprek, Ronde, RondeGroep, Verslag
from kijkwijzer.insight import reach as insight
from kijkwijzer.insight.reach import CALL, CHOSEN, HELD, NOTHING, RECORDED, followed, reach, state_of
from planning.inviting import followup
from planning.models import Booking, Invitation, Wish
from school.models import Groep, Leerling, Lidmaatschap, Person
from tests.cast import NOW, TODAY


def plan(cast, gesprek, at, **fields):
    return Booking.objects.create(
        school=cast.school, gesprek=gesprek, medewerker=gesprek.groep.lesgeven.first().medewerker,
        starts_at=at, ends_at=at + timedelta(minutes=15), **fields,
    )  # fmt: skip


def invite(cast, gesprek, person, **fields):
    return Invitation.objects.create(school=cast.school, gesprek=gesprek, person=person, channel="mail", **fields)


@pytest.fixture
def five(cast):
    """Five gesprekken, each in another state."""
    elif_, noor, tess, daan, emre = (
        cast.with_gesprek(child) for child in (cast.elif_, cast.noor, cast.tess, cast.daan, cast.emre)
    )
    for gesprek, person in [(elif_, cast.fatma), (elif_, cast.ali), (noor, cast.kim), (daan, cast.ria)]:
        invite(cast, gesprek, person)
    Invitation.objects.filter(person=cast.ria).update(call_me_at=NOW)
    plan(cast, tess, NOW + timedelta(days=14))
    Gesprek.objects.filter(pk__in=[noor.pk, elif_.pk]).update(held_on=TODAY)
    Verslag.objects.create(school=cast.school, gesprek=elif_, state="final", finalised_at=NOW, released_at=NOW)
    Verslag.objects.create(school=cast.school, gesprek=noor)  # a draft records nothing yet
    return {g.leerling.person.first_name: g for g in (elif_, noor, tess, daan, emre)}


def test_every_gesprek_is_in_exactly_one_state(cast, five):
    found = {g.leerling.person.first_name: state_of(g) for g in followed(cast.ronde)}
    assert found == {"Elif": RECORDED, "Noor": HELD, "Tess": CHOSEN, "Daan": CALL, "Emre": NOTHING}


def test_counts_per_group_are_those_of_its_gesprekken(cast, five):
    total, (g3, g5, g8) = reach(cast.ronde, followed(cast.ronde), NOW)
    assert [row.groep.name for row in (g3, g5, g8)] == ["Groep 3", "Groep 5", "Groep 8"]
    assert (g5.gesprekken, g5.invited, g5.planned, g5.held, g5.recorded, g5.released) == (3, 2, 3, 2, 1, 1)
    assert (g3.asked_call, g3.no_reaction, g8.no_reaction) == (1, 0, 1)
    assert total.gesprekken == 5 and total.to_record == 1 and sum(total.states.values()) == 5


def test_the_numbers_are_those_of_the_ronde_and_group_pages_and_add_up(cast, five):
    total, rows = reach(cast.ronde, followed(cast.ronde), NOW)
    for row in [total, *rows]:
        gesprekken = Gesprek.objects.filter(ronde=cast.ronde)
        counts = followup.counted(followup.standings(gesprekken.filter(groep=row.groep) if row.groep else gesprekken))
        assert row.planned == counts["chosen"] + counts["held"]
        assert (row.asked_call, row.no_reaction) == (counts["call"], counts["silent"])
        assert row.planned + row.asked_call + row.no_reaction == row.gesprekken
    assert total.uninvited == 2  # Tess and Emre


def test_two_guardians_of_one_gesprek_count_once(cast, five):
    total, _ = reach(cast.ronde, followed(cast.ronde), NOW)
    assert total.invited == 3  # Elif (two guardians), Noor, Daan


def test_cancelled_gesprekken_and_cancelled_bookings_do_not_count(cast, five):
    Gesprek.objects.filter(pk=five["Emre"].pk).update(cancelled_at=NOW)
    Booking.objects.update(state="cancelled", cancelled_at=NOW)
    total, _ = reach(cast.ronde, followed(cast.ronde), NOW)
    assert (total.gesprekken, total.planned, total.no_reaction) == (4, 2, 1)  # the two that were held


def test_a_time_that_passed_without_a_word_is_overdue(cast, five):
    total, _ = reach(cast.ronde, followed(cast.ronde), NOW + timedelta(days=30))
    assert total.overdue == 1
    assert reach(cast.ronde, followed(cast.ronde), NOW)[0].overdue == 0


def test_a_group_without_gesprekken_stays_in_sight(cast):
    ronde = cast.with_ronde(state=Ronde.State.OPEN)
    total, rows = reach(ronde, followed(ronde), NOW)
    assert total.gesprekken == 0 and [row.groep.name for row in rows] == ["Groep 3", "Groep 5", "Groep 8"]


def test_one_begins_with_the_ronde_that_is_open_now(cast):
    past = cast.with_ronde(
        state="closed", name="Voorbij", starts_on=TODAY.replace(month=9), ends_on=TODAY.replace(month=9)
    )
    assert insight.chosen_ronde([past], TODAY) == past
    now = cast.with_ronde(state="open")
    later = cast.with_ronde(state="open", starts_on=TODAY.replace(year=2027), ends_on=TODAY.replace(year=2027))
    assert insight.chosen_ronde([past, later, now], TODAY) == now
    assert insight.chosen_ronde([], TODAY) is None


# --- the page --------------------------------------------------------------------------------------------------------


@pytest.fixture
def annemiek(cast, as_):
    return as_.staff(cast.annemiek)


def test_the_page_says_what_to_do_next_in_sentences(cast, five, annemiek):
    page = annemiek.get(reverse("overview")).content.decode()
    for sentence in (
        "Voor 1 gesprek is nog geen tijd gekozen",
        "1 ouder vraagt om contact",
        "1 gesprek is gehouden en nog niet vastgelegd",
        "Groep 5: 1 vastgelegd, 1 gehouden, nog niet vastgelegd, 1 tijd gekozen",  # the bar, in words
    ):
        assert sentence in page
    assert 'style="' not in page


def test_no_teacher_is_named_and_groups_keep_their_own_order(cast, five, annemiek):
    page = annemiek.get(reverse("overview")).content.decode()
    for person in (cast.saskia, cast.ilse, cast.bas):
        assert person.last_name not in page
    assert page.index("Groep 3") < page.index("Groep 5") < page.index("Groep 8")


def test_empty_pages_say_what_will_be_here(cast, annemiek):
    assert "Zodra er een ronde open is" in annemiek.get(reverse("overview")).content.decode()
    cast.with_ronde(state="open")
    assert "nog geen gesprekken" in annemiek.get(reverse("overview")).content.decode()


def test_another_ronde_can_be_chosen_but_not_a_foreign_or_mangled_one(cast, next_door, five, annemiek):
    past = cast.with_ronde(state="closed", name="De eerste ronde")
    draft = cast.with_ronde(name="Nog in de maak")
    foreign = next_door.with_ronde(state="open")
    assert annemiek.get(reverse("overview"), {"ronde": past.pk}).context["ronde"] == past
    for pk in (foreign.pk, draft.pk, 999_999):
        assert annemiek.get(reverse("overview"), {"ronde": pk}).status_code == 404
    for mangled in ("x", "-1", "9" * 40, "1'; --"):
        assert annemiek.get(reverse("overview"), {"ronde": mangled}).status_code in (200, 404)


def grow(cast, ronde, total):
    """Groups of two pupils each, until there are `total` of them in the ronde."""
    while ronde.ronde_groepen.count() < total:
        n = Groep.objects.count()
        groep = Groep.objects.create(
            school=cast.school, schooljaar=cast.year, key=f"X{n}", name=f"Groep 6x{n}", jaargroep="6"
        )
        RondeGroep.objects.create(school=cast.school, ronde=ronde, groep=groep)
        for m in range(2):
            person = Person.objects.create(school=cast.school, first_name="Kind", last_name=f"{n}-{m}")
            leerling = Leerling.objects.create(school=cast.school, person=person, key=f"X{n}-{m}")
            Lidmaatschap.objects.create(school=cast.school, groep=groep, leerling=leerling)
            Gesprek.objects.create(school=cast.school, ronde=ronde, leerling=leerling, groep=groep)


@pytest.mark.parametrize("name", ["overview", "overview_xlsx"])
def test_the_number_of_queries_is_the_same_for_1_3_and_30_groups(cast, annemiek, name):
    ronde = cast.with_ronde(state="open", groepen=[cast.groep5])
    cast.with_gesprek(ronde=ronde)
    url = reverse(name, args=[ronde.pk]) if name.endswith("xlsx") else reverse(name)
    counts = []
    for total in (1, 3, 30):
        grow(cast, ronde, total)
        with CaptureQueriesContext(connection) as asked:
            assert annemiek.get(url).status_code == 200
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts


def test_a_school_that_is_still_empty_is_told_to_begin_by_reading_it_in(cast, annemiek):
    from school.models import Groep

    Groep.objects.all().delete()
    page = annemiek.get(reverse("overview")).content.decode()
    assert "Welkom. Zo begin je" in page
    assert 'href="/inlezen/"' in page


@pytest.mark.req("I4")
def test_who_said_when_it_can_be_did_react(cast):
    ronde = cast.with_open_ronde(mode="wishes")
    Wish.objects.create(school=cast.school, ronde=ronde, person=cast.sander, on=ronde.starts_on, part="15-18", can="no")
    total, _rows = insight.reach(ronde, insight.followed(ronde), NOW)
    assert (total.states[insight.WISHED], total.no_reaction) == (1, 5)
